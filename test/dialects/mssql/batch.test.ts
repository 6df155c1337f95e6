/** Batches that copy their table, as the statements of SQL Server. */
import { mssql } from "../../../src/dialects/mssql";
import type { Column, Schema } from "../../../src/model/schema";
import { emptySchema } from "../../../src/model/schema";
import { complete } from "../../../src/operations/complete";
import type { BatchAlterTable } from "../../../src/operations/operation";
import { emptyRegistry } from "../../../src/operations/registry";
import { grammarErrors } from "./grammar";

const column = (name: string, more: Partial<Column> = {}): Column => ({
  name,
  type: { name: "int" },
  nullable: false,
  ...more,
});
const reference = (name: string, column: string) =>
  ({
    kind: "foreignKey",
    name,
    columns: [column],
    references: { name: "t" },
    referencedColumns: ["id"],
    onDelete: "NO ACTION",
    onUpdate: "NO ACTION",
  }) as const;
const schema: Schema = mssql.normalize({
  ...emptySchema,
  tables: [
    {
      name: "t",
      columns: [
        column("id", { generated: { kind: "increment" } }),
        column("up", { nullable: true }),
        column("a", { default: { value: 1 } }),
        column("b", { comment: "what" }),
      ],
      constraints: [
        reference("FK_t", "up"),
        { kind: "primaryKey", name: "PK_t", columns: ["id"] },
        { kind: "check", name: "CHK_t", expression: "a > 0" },
      ],
      indexes: [{ name: "IDX_t", parts: [{ column: "a" }] }],
      triggers: [{ name: "tr", sql: "CREATE TRIGGER [tr] ON [t] AFTER UPDATE AS PRINT N'x'" }],
    },
    { name: "c", columns: [column("t")], constraints: [reference("FK_c", "t")], indexes: [] },
  ],
});

function statementsOf(batch: Omit<BatchAlterTable, "kind" | "table">): readonly string[] {
  const operation = complete({ kind: "batchAlterTable", table: { name: "t" }, ...batch }, schema);
  const steps = mssql.rewrite?.([operation], schema) ?? [];
  return steps.flatMap((step) => mssql.compile(step, { registry: emptyRegistry }).map(({ sql }) => sql));
}

const COPY = [
  "DECLARE @held",
  "ALTER TABLE [c] DROP CONSTRAINT [FK_c]",
  "CREATE TABLE [_limbeck_new_t] (",
  "SET IDENTITY_INSERT",
  "DECLARE @count bigint",
  "DECLARE @rights",
  "DROP TABLE [t]",
  "EXEC sp_rename",
  "ALTER TABLE [t] ADD CONSTRAINT [DF_",
  "ALTER TABLE [t] ADD CONSTRAINT [CHK_t]",
  "ALTER TABLE [t] ADD CONSTRAINT [PK_t]",
  "ALTER TABLE [t] ADD CONSTRAINT [FK_t]",
  "CREATE INDEX [IDX_t]",
  "DECLARE @schema sysname",
  "CREATE TRIGGER [tr]",
  "ALTER TABLE [c] ADD CONSTRAINT [FK_c]",
];

it.each<readonly [string, Omit<BatchAlterTable, "kind" | "table">, readonly string[]]>([
  ["asked to", { operations: [], recreate: "always" }, ["id", "up", "a", "b"]],
  ["columns change places", { operations: [], reorder: [["b", "a"]] }, ["id", "up", "b", "a"]],
  ["one is moved", { operations: [], moves: [{ column: "up", after: null }] }, ["up", "id", "a", "b"]],
])("a table is copied where %s", (_where, batch, columns) => {
  const statements = statementsOf(batch);
  expect(statements.map((sql, place) => sql.startsWith(COPY[place] ?? "?") || sql)).toEqual(
    COPY.map(() => true),
  );
  const create = statements.find((sql) => sql.startsWith("CREATE TABLE")) ?? "";
  expect([...create.matchAll(/[(,] ?\[(\w+)\]/g)].map(([, name]) => name)).toEqual(columns);
});

/** What the guard takes for known, by the catalogue view that it asks. */
it("asks the catalogue first whether a copy would lose anything that is not known", () => {
  const [guard = ""] = statementsOf({ operations: [], recreate: "always" });
  expect(guard).toContain("FROM [t] WITH (HOLDLOCK, TABLOCKX)");
  expect(guard).toContain("THROW 50000, @message, 1");
  const known: readonly (readonly [string, string])[] = [
    ["sys.columns WHERE object_id = @table AND name", "N'id', N'up', N'a', N'b'"],
    ["sys.key_constraints WHERE type = 'PK' AND parent_object_id = @table AND name", "N'PK_t'"],
    ["sys.check_constraints WHERE parent_object_id = @table AND name", "N'CHK_t'"],
    ["sys.foreign_keys WHERE parent_object_id = @table AND name", "N'FK_t'"],
    ["referenced_object_id = @table AND parent_object_id <> @table AND name", "N'FK_c'"],
    ["is_unique_constraint = 0 AND name", "N'IDX_t'"],
    ["sys.triggers WHERE parent_id = @table AND name", "N'tr'"],
    ["c.object_id = @table AND c.name", "N'a'"],
    ["p.name = N'MS_Description' AND c.name", "N'b'"],
  ];
  for (const [view, names] of known) expect(guard).toContain(`${view} NOT IN (${names})`);
  expect(guard).toContain("sys.key_constraints WHERE type = 'UQ' AND parent_object_id = @table;");
  expect(grammarErrors(guard)).toEqual([]);
});

it("is refused where a copy is needed and forbidden", () => {
  expect(() => statementsOf({ operations: [], reorder: [["b", "a"]], recreate: "never" })).toThrow(
    'SQL Server cannot change "t" in place, and `recreate: "never"` forbids to copy it',
  );
  expect(statementsOf({ operations: [], reorder: [["a", "b"]], recreate: "never" })).toEqual([]);
});
