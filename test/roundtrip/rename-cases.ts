/** What renames do to tables with rows, as data: entities before and after, answers, and what becomes of the rows. */
import { EntitySchema } from "typeorm";
import type { EntitySchemaColumnOptions } from "typeorm";
import { withFormerNames } from "../../src";
import type { FormerNames } from "../../src";

export type Row = Readonly<Record<string, unknown>>;
type Columns = Readonly<Record<string, EntitySchemaColumnOptions>>;

export interface Case {
  readonly before: readonly EntitySchema[];
  readonly after: readonly EntitySchema[];
  readonly rows: Readonly<Record<string, readonly Row[]>>;
  readonly answers?: readonly string[];
  /** What the tables hold afterwards, by their new names. */
  readonly becomes: Readonly<Record<string, readonly Row[]>>;
  /** All that the new revision does, in words. */
  readonly says?: readonly string[];
  /** Indexes and constraints of the same content are renamed only where that is answered. */
  readonly names?: "content";
  /** SQL that hangs something on a view, by database: it is kept. */
  readonly attached?: Readonly<Record<string, string>>;
  /** Only where this runs. */
  readonly on?: readonly string[];
}

const id: EntitySchemaColumnOptions = { type: "int", primary: true };
const text = (more: Partial<EntitySchemaColumnOptions> = {}): EntitySchemaColumnOptions => ({
  type: "varchar",
  length: 40,
  ...more,
});

function table(name: string, columns: Columns, more: object = {}, former?: FormerNames): EntitySchema {
  const schema = new EntitySchema<unknown>({ name, tableName: name, columns: { id, ...columns }, ...more });
  return former === undefined ? schema : withFormerNames(schema, former);
}

const status = (...values: string[]): EntitySchemaColumnOptions => ({
  type: "simple-enum",
  enum: values,
  default: values[0],
});
const owned = (column: string, target: string, referenced = "id") => ({
  foreignKeys: [{ target, columnNames: [column], referencedColumnNames: [referenced] }],
});
const state = (number: number, value: string): Row => ({ id: number, state: value });
const zoe = { id: 1, a: "Zoë", b: "x" };

function view(name: string, columns: Columns, expression: string, former?: FormerNames): EntitySchema {
  return table(name, columns, { type: "view", expression }, former);
}

/** A table whose key counts by itself; the sequence behind it is called after both. */
function counted(name: string, key: string, former?: FormerNames): EntitySchema {
  const counter: EntitySchemaColumnOptions = { type: "int", primary: true, generated: "increment" };
  const columns = { [key]: counter, a: text(), b: text() };
  const schema = new EntitySchema<unknown>({ name, tableName: name, columns });
  return former === undefined ? schema : withFormerNames(schema, former);
}

const parent = table("parent", {});
/** A relation to it, `owner`, by its join column, and others. */
const owner = (column: string, others: object = {}) => ({
  relations: {
    owner: { type: "many-to-one", target: "parent", joinColumn: { name: column }, nullable: false },
    ...others,
  },
});
/** Many of them, `owners`, by the junction table. */
const many = (name: string) => ({
  owners: { type: "many-to-many", target: "parent", joinTable: { name } },
});
const unique = (name: string) => ({ name, columns: ["a"] });
const check = (name: string, value: string) => ({ name, expression: `a <> '${value}'` });
const index = (name: string, ...columns: string[]) => ({ name, columns });

/** Values that get other names, where the database keeps them under a path. */
function valuesOf(path: string, on: readonly string[]): Case {
  return {
    before: [table("t", { state: status("open", "done") })],
    after: [table("t", { state: status("active", "closed", "gone") })],
    rows: { t: [state(1, "open"), state(2, "done")] },
    answers: [`${path}.open:active`, `${path}.done:closed`],
    becomes: { t: [state(1, "active"), state(2, "closed")] },
    on,
  };
}

export const cases: Readonly<Record<string, Case>> = {
  "two columns of one table, with their keys": {
    before: [
      table(
        "t",
        { a: text({ unique: true }), b: text() },
        { indices: [{ columns: ["b"] }], checks: [{ expression: "b <> 'no'" }] },
      ),
    ],
    after: [
      table(
        "t",
        { c: text({ unique: true }), d: text() },
        { indices: [{ columns: ["d"] }], checks: [{ expression: "d <> 'no'" }] },
      ),
    ],
    rows: { t: [zoe] },
    answers: ["t.a:c", "t.b:d"],
    becomes: { t: [{ id: 1, c: "Zoë", d: "x" }] },
  },
  "a column that gets another type, too": {
    before: [table("t", { a: { type: "int" } })],
    after: [table("t", { c: { type: "bigint" } })],
    rows: { t: [{ id: 1, a: 41 }] },
    answers: ["t.a:c"],
    becomes: { t: [{ id: 1, c: 41 }] },
  },
  "two columns that swap their names": {
    before: [table("t", { a: text(), b: text() }, { indices: [{ columns: ["a"] }, { columns: ["b"] }] })],
    after: [table("t", { a: text(), b: text() }, { indices: [{ columns: ["a"] }, { columns: ["b"] }] })],
    rows: { t: [zoe] },
    answers: ["t.a:b", "t.b:a"],
    becomes: { t: [{ id: 1, a: "x", b: "Zoë" }] },
  },
  "a chain of columns, said by the entity": {
    before: [table("t", { a: text(), b: text() })],
    after: [table("t", { b: text(), c: text() }, {}, { columns: { b: "a", c: "b" } })],
    rows: { t: [zoe] },
    becomes: { t: [{ id: 1, b: "Zoë", c: "x" }] },
  },
  "a table that others refer to, and its key": {
    before: [
      table("parent", { a: text() }),
      table(
        "child",
        { parent_id: { type: "int" } },
        { ...owned("parent_id", "parent"), indices: [{ columns: ["parent_id"] }] },
      ),
    ],
    after: [
      table("owner", { a: text() }, {}, { table: "parent" }),
      table(
        "child",
        { owner_id: { type: "int" } },
        { ...owned("owner_id", "owner"), indices: [{ columns: ["owner_id"] }] },
      ),
    ],
    rows: { parent: [{ id: 7, a: "Zoë" }], child: [{ id: 1, parent_id: 7 }] },
    answers: ["child.parent_id:owner_id"],
    becomes: { owner: [{ id: 7, a: "Zoë" }], child: [{ id: 1, owner_id: 7 }] },
  },
  "a table and a column of it, answered by either name": {
    before: [table("t", { a: text(), b: text() })],
    after: [table("u", { c: text(), d: text() })],
    rows: { t: [zoe] },
    answers: ["t:u", "t.a:c", "u.b:d"],
    becomes: { u: [{ id: 1, c: "Zoë", d: "x" }] },
  },
  "two tables that swap their names": {
    before: [table("t", { a: text() }), table("u", { a: text() })],
    after: [table("t", { a: text() }), table("u", { a: text() })],
    rows: { t: [{ id: 1, a: "t" }], u: [{ id: 1, a: "u" }] },
    answers: ["t:u", "u:t"],
    becomes: { t: [{ id: 1, a: "u" }], u: [{ id: 1, a: "t" }] },
  },
  "values of an enum, one of them the default": valuesOf("t.state", ["better-sqlite3", "mariadb", "mysql"]),
  "values of an enum type, one of them the default": valuesOf("t_state_enum", ["postgres"]),
  "a table and its key, which counts by itself": {
    before: [counted("t", "id")],
    after: [counted("u", "key", { table: "t", columns: { key: "id" } })],
    rows: { t: [zoe] },
    becomes: { u: [{ key: 1, a: "Zoë", b: "x" }] },
  },
  "relations, which tell of join columns and a junction table": {
    before: [
      parent,
      table("s", { parent_id: { type: "int" } }, owner("parent_id")),
      table("t", { parent_id: { type: "int" } }, owner("parent_id", many("t_parents"))),
    ],
    after: [
      parent,
      table("s", {}, owner("owner_id"), { columns: { owner: "parent_id" } }),
      // Here the join column is a property, too.
      table("t", { owner_id: { type: "int" } }, owner("owner_id", many("t_owners")), {
        columns: { owner: "parent_id", owners: "t_parents" },
      }),
    ],
    rows: {
      parent: [{ id: 7 }],
      s: [{ id: 1, parent_id: 7 }],
      t: [{ id: 1, parent_id: 7 }],
      t_parents: [{ tId: 1, parentId: 7 }],
    },
    becomes: {
      s: [{ id: 1, owner_id: 7 }],
      t: [{ id: 1, owner_id: 7 }],
      t_owners: [{ tId: 1, parentId: 7 }],
    },
  },
  "a view that says its old name, with what hangs on it and the table that it reads": {
    before: [table("t", { a: text() }), view("v", { a: text() }, "SELECT id, a FROM t")],
    after: [
      table("u", { a: text() }, {}, { table: "t" }),
      view("w", { a: text() }, "SELECT id, a FROM u", { table: "v" }),
    ],
    rows: { t: [{ id: 1, a: "Zoë" }] },
    attached: {
      postgres: "COMMENT ON VIEW v IS 'of all'",
      "better-sqlite3": "CREATE TRIGGER r INSTEAD OF DELETE ON v BEGIN SELECT 1; END",
    },
    becomes: { u: [{ id: 1, a: "Zoë" }], w: [{ id: 1, a: "Zoë" }] },
  },
  "indexes that swap their names, and one that gets another": {
    before: [
      table(
        "t",
        { a: text(), b: text() },
        { indices: [index("x", "a"), index("y", "b"), { ...index("z", "a", "b"), unique: true }] },
      ),
    ],
    after: [
      table(
        "t",
        { a: text(), b: text() },
        { indices: [index("y", "a"), index("x", "b"), { ...index("n", "a", "b"), unique: true }] },
      ),
    ],
    rows: { t: [zoe] },
    answers: ["t.x:y", "t.y:x", "t.z:n"],
    becomes: { t: [zoe] },
    says: [
      "rename index z of t to n",
      "rename index x of t to limbeck_between_1",
      "rename index y of t to x",
      "rename index limbeck_between_1 of t to y",
    ],
    names: "content",
  },
  "checks that swap their names, and a unique constraint": {
    before: [
      table("t", { a: text() }, { checks: [check("x", "no"), check("y", "none")], uniques: [unique("u")] }),
    ],
    after: [
      table("t", { a: text() }, { checks: [check("y", "no"), check("x", "none")], uniques: [unique("v")] }),
    ],
    rows: { t: [{ id: 1, a: "Zoë" }] },
    answers: ["t.x:y", "t.y:x", "t.u:v"],
    becomes: { t: [{ id: 1, a: "Zoë" }] },
    says: [
      "rename constraint u of t to v",
      "rename constraint x of t to limbeck_between_1",
      "rename constraint y of t to x",
      "rename constraint limbeck_between_1 of t to y",
    ],
    names: "content",
    // On the others TypeORM has no checks, and makes indexes of uniques.
    on: ["better-sqlite3", "postgres"],
  },
  "a column whose enum type is called after it": {
    before: [table("t", { state: status("open", "done") })],
    after: [table("u", { status: status("open", "done") })],
    rows: { t: [{ id: 1, state: "done" }] },
    answers: ["t:u", "t.state:status"],
    becomes: { u: [{ id: 1, status: "done" }] },
  },
};
