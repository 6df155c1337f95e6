// Twenty common edits of an entity: how the table is before and after, and the rows in it. `renames` answers what Limbeck
// would ask about.
const id = { type: Number, primary: true };
const name = { type: String, length: 40 };
const ROWS = [
  { id: 1, name: "one", amount: 10 },
  { id: 2, name: "O'Brien", amount: 20 },
];

/** A table "thing" with these columns beside its key. */
const thing = (columns, more = {}) => [
  { name: "Thing", tableName: "thing", columns: { id, ...columns }, ...more },
];
const owner = (columns) => ({ name: "Owner", tableName: "owner", columns: { id, ...columns } });
const owned = (columns, options) => [
  owner(columns),
  {
    name: "Thing",
    tableName: "thing",
    columns: { id, name },
    relations: { owner: { type: "many-to-one", target: "Owner", onDelete: "CASCADE", ...options } },
  },
];
const OWNED_ROWS = {
  owner: [{ id: 1, name: "first" }],
  thing: [
    { id: 1, name: "one", ownerId: 1 },
    { id: 2, name: "two", ownerId: 1 },
  ],
};

module.exports.EDITS = [
  { edit: "a longer varchar", before: thing({ name }), after: thing({ name: { ...name, length: 200 } }) },
  {
    edit: "a shorter varchar that still fits",
    before: thing({ name }),
    after: thing({ name: { ...name, length: 20 } }),
  },
  { edit: "varchar to text", before: thing({ name }), after: thing({ name: { type: "text" } }) },
  {
    edit: "int to bigint",
    before: thing({ amount: { type: "int" } }),
    after: thing({ amount: { type: "bigint" } }),
  },
  {
    edit: "int to decimal",
    before: thing({ amount: { type: "int" } }),
    after: thing({ amount: { type: "decimal", precision: 12, scale: 2 } }),
  },
  {
    edit: "a default is added",
    before: thing({ name }),
    after: thing({ name: { ...name, default: "new" } }),
  },
  { edit: "null is allowed", before: thing({ name }), after: thing({ name: { ...name, nullable: true } }) },
  { edit: "null is forbidden", before: thing({ name: { ...name, nullable: true } }), after: thing({ name }) },
  {
    edit: "a new column that may be null",
    before: thing({ name }),
    after: thing({ name, note: { type: "text", nullable: true } }),
  },
  {
    edit: "a new column with a default",
    before: thing({ name }),
    after: thing({ name, amount: { type: "int", default: 7 } }),
  },
  {
    edit: "a renamed column",
    before: thing({ name }),
    after: thing({ title: name }),
    renames: ["thing.name:title"],
    renamed: { name: "title" },
  },
  {
    edit: "a renamed and longer column",
    before: thing({ name }),
    after: thing({ title: { ...name, length: 200 } }),
    renames: ["thing.name:title"],
    renamed: { name: "title" },
  },
  {
    edit: "two renamed columns",
    before: thing({ name, amount: { type: "int" } }),
    after: thing({ title: name, sum: { type: "int" } }),
    renames: ["thing.name:title", "thing.amount:sum"],
    renamed: { name: "title", amount: "sum" },
  },
  {
    edit: "a renamed table",
    before: thing({ name }),
    after: [{ ...thing({ name })[0], tableName: "item" }],
    renames: ["thing:item"],
    table: "item",
  },
  {
    edit: "an index is added",
    before: thing({ name }),
    after: thing({ name }, { indices: [{ name: "by_name", columns: ["name"] }] }),
  },
  {
    edit: "a unique is added",
    before: thing({ name }),
    after: thing({ name }, { uniques: [{ name: "one_name", columns: ["name"] }] }),
  },
  {
    edit: "a check is added",
    before: thing({ amount: { type: "int" } }),
    after: thing({ amount: { type: "int" } }, { checks: [{ name: "positive", expression: "amount > 0" }] }),
  },
  {
    edit: "a value is added to an enum",
    before: thing({ name: { type: "simple-enum", enum: ["one", "two"] } }),
    rows: {
      thing: [
        { id: 1, name: "one" },
        { id: 2, name: "two" },
      ],
    },
    after: thing({ name: { type: "simple-enum", enum: ["one", "two", "more"] } }),
  },
  {
    edit: "a longer column of a table that others refer to",
    before: owned({ name }),
    after: owned({ name: { ...name, length: 200 } }),
    rows: OWNED_ROWS,
  },
  {
    edit: "another ON DELETE",
    before: owned({ name }),
    after: owned({ name }, { onDelete: "NO ACTION" }),
    rows: OWNED_ROWS,
  },
];

/** The rows of an edit, by table: of the usual ones, what the table has columns for. */
module.exports.rowsOf = ({ before, rows }) => {
  if (rows) return rows;
  const [{ tableName, columns }] = before;
  return {
    [tableName]: ROWS.map((row) => Object.fromEntries(Object.keys(columns).map((key) => [key, row[key]]))),
  };
};
