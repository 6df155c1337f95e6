/**
 * Scripts that start where SQL text has made what later revisions change: what can be written without seeing it is
 * written, the rest is refused, and no database is touched.
 */
import type { DialectName } from "../../src/dialects/dialect";
import { LimbeckError } from "../../src/errors";
import { open } from "../../src/open";
import type { Limbeck } from "../../src/open";
import { onDatabase } from "../support/postgres";
import { makeProject, removeProjects } from "../support/project";

afterAll(removeProjects);

const MADE = `CREATE TYPE mood AS ENUM ('sad'); CREATE TABLE t (id integer, name varchar(40), "count" integer DEFAULT 1, note text);
  CREATE VIEW v AS SELECT id FROM t; CREATE INDEX i ON t (id)`;

const file = (
  id: string,
  parent: string | null,
  up: string,
  down = "",
): string => `export const revision = "${id}";
export const downRevision = ${JSON.stringify(parent)};
export const branchLabels = null;
export const dependsOn = null;
export const message = "${id}";
export async function upgrade(op) { ${up} }
export async function downgrade(op) { ${down} }
`;

const BY_TEXT = `for (const sql of ${JSON.stringify(MADE.split(";"))}) await op.execute(sql);`;

async function project(
  dialect: DialectName,
  up: string,
  { first = BY_TEXT, down = "", written = [] as string[] } = {},
): Promise<Limbeck> {
  const cwd = makeProject({
    "package.json": '{"type":"module"}',
    "revisions/versions/a1.js": file("a1", null, first),
    "revisions/versions/b2.js": file("b2", "a1", up, down),
  });
  return await open({ cwd, config: { dialect }, write: (text) => void written.push(text) });
}

/** What a script from a1 to b2 runs. */
async function statements(dialect: DialectName, up: string, first = BY_TEXT): Promise<string> {
  const written: string[] = [];
  await (await project(dialect, up, { first, written })).upgrade({ revisions: ["a1:b2"], sql: true });
  const [, body = ""] = written.join("").split(/-- upgrade a1 -> b2: b2\n/);
  return body;
}

const WRITTEN: readonly (readonly [DialectName, string, readonly string[]])[] = [
  [
    "postgres",
    'await op.alterColumn("t", "name", { newName: "label" });',
    ['RENAME COLUMN "name" TO "label"'],
  ],
  [
    "postgres",
    'await op.alterColumn("t", "count", { type: "bigint", nullable: false, default: 7, comment: "how many" });',
    [
      'ALTER TABLE "t" ALTER COLUMN "count" DROP DEFAULT;',
      'ALTER TABLE "t" ALTER COLUMN "count" TYPE bigint;',
      'ALTER TABLE "t" ALTER COLUMN "count" SET NOT NULL;',
      'ALTER TABLE "t" ALTER COLUMN "count" SET DEFAULT 7;',
      `COMMENT ON COLUMN "t"."count" IS 'how many';`,
    ],
  ],
  [
    "postgres",
    'await op.alterColumn("t", "note", { nullable: true, default: null });',
    ['"note" DROP DEFAULT;', '"note" DROP NOT NULL;'],
  ],
  [
    "postgres",
    'await op.alterColumn("t", "note", { type: "enum", enumName: "mood" }, { using: "note::mood" });',
    ['TYPE "mood" USING note::mood;'],
  ],
  [
    "postgres",
    'await op.dropView("v"); await op.createView("v", "SELECT name FROM t");',
    [
      'DROP VIEW "v";',
      `DELETE FROM "typeorm_metadata" WHERE "type" = 'VIEW'`,
      'CREATE VIEW "v" AS SELECT name',
    ],
  ],
  [
    "postgres",
    'await op.batchAlterTable("t", async (t) => { await t.addColumn({ name: "x", type: "int" }); await t.dropColumn("note"); });',
    ['ADD COLUMN "x" int NOT NULL;', 'DROP COLUMN "note";'],
  ],
  [
    "postgres",
    'await op.renameTable("t", "u"); await op.alterColumn("u", "name", { newName: "label" });',
    ['RENAME TO "u";', 'ALTER TABLE "u" RENAME COLUMN "name" TO "label"'],
  ],
  [
    "mysql",
    'await op.addColumn("t", { name: "x", type: "int" }); await op.dropColumn("t", "note");',
    ["ADD COLUMN `x` int NOT NULL", "DROP COLUMN `note`"],
  ],
  [
    "mysql",
    'await op.alterColumn("t", "name", { length: 80 }, { existing: { type: "varchar", length: 40 } });',
    ["MODIFY COLUMN `name` varchar(80) NOT NULL"],
  ],
  ["sqlite", 'await op.alterColumn("t", "name", { newName: "label" });', ['RENAME COLUMN "name" TO "label"']],
  [
    "sqlite",
    'await op.addColumn("t", { name: "x", type: "int", nullable: true });',
    ['ALTER TABLE "t" ADD COLUMN "x" int'],
  ],
  [
    "mssql",
    'await op.addColumn("t", { name: "x", type: "int", nullable: true }); await op.dropIndex("i", "t");',
    ["ADD [x] int NULL", "DROP INDEX [i] ON [t]"],
  ],
];
test.each(WRITTEN)("on %s a script holds what needs no look at the table: %s", async (dialect, up, parts) => {
  const script = await statements(dialect, up);
  for (const part of parts) expect(script).toContain(part);
});

const REFUSED: readonly (readonly [DialectName, string, string])[] = [
  [
    "postgres",
    'await op.alterEnum("mood", { values: ["sad", "happy"] });',
    'what enum type "mood" looks like cannot be known',
  ],
  ["postgres", 'await op.alterColumn("t", "name", { length: 80 });', 'what table "t" looks like'],
  [
    "postgres",
    'await op.batchAlterTable("t", { recreate: "always" }, () => undefined);',
    'what table "t" looks like',
  ],
  ["mysql", 'await op.alterColumn("t", "name", { newName: "label" });', 'what table "t" looks like'],
  ["mysql", 'await op.dropConstraint("FK_x", "t");', 'what table "t" looks like'],
  ["sqlite", 'await op.alterColumn("t", "name", { nullable: false });', 'what table "t" looks like'],
  ["sqlite", 'await op.addColumn("t", { name: "x", type: "int" });', 'what table "t" looks like'],
  ["mssql", 'await op.alterColumn("t", "name", { length: 80 });', 'what table "t" looks like'],
];
test.each(REFUSED)(
  "on %s a script is refused where the table must be seen, with the way out: %s",
  async (dialect, up, said) => {
    const written: string[] = [];
    const limbeck = await project(dialect, up, { written });
    const error: unknown = await limbeck
      .upgrade({ revisions: ["a1:b2"], sql: true })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LimbeckError);
    const { code, message, hint = "", sql = "" } = error as LimbeckError;
    expect(code).toBe("INCOMPLETE_OPERATION");
    expect(message).toContain('upgrade to b2 ("b2") cannot be written as a script: ');
    expect(message).toContain(said);
    expect(message).not.toContain("rolled back");
    expect(hint).toContain("--plan -o");
    expect(sql).toContain("CREATE");
    expect(written).toEqual([]);
  },
);

test("a revision that asks the database may have made anything, and a table that is made later is known", async () => {
  const first = 'await op.createTable("known", { columns: [] }); await op.queryRunner.query("SELECT 1");';
  expect(
    await statements("postgres", 'await op.alterColumn("known", "a", { newName: "b" });', first),
  ).toContain('RENAME COLUMN "a" TO "b"');
  const typed = 'await op.alterColumn("t", "a", { length: 9 });';
  await expect(statements("postgres", typed, first)).rejects.toThrow(
    "because revision a1 before it can be followed on a database only",
  );
  const made = `await op.createTable("t", { columns: [{ name: "a", type: "varchar", length: 5 }] }); ${typed}`;
  expect(await statements("postgres", made, first)).toContain('"a" TYPE varchar(9);');
});

test("a name that nothing has made is a mistake still", async () => {
  await expect(
    statements("postgres", 'await op.alterColumn("other", "a", { newName: "b" });'),
  ).rejects.toThrow('there is no table "other"');
});

test("show --sql goes on behind what it leaves out, and says what that is", async () => {
  const limbeck = await project(
    "postgres",
    'await op.alterEnum("mood", { values: ["sad", "happy"] }); await op.dropColumn("t", "note");',
  );
  const [shown] = await limbeck.showSql(["b2"]);
  expect(shown?.sql).toEqual(['ALTER TABLE "t" DROP COLUMN "note";']);
  expect(shown?.left).toEqual([
    expect.stringMatching(/^change enum mood: .*what enum type "mood" looks like/),
  ]);
});

test("the statements do on PostgreSQL what the revision says", async () => {
  const limbeck = await project(
    "postgres",
    `await op.dropView("v");
     await op.alterColumn("t", "name", { newName: "label", type: "varchar", length: 80, nullable: false }, { fill: "none" });
     await op.alterColumn("t", "count", { type: "bigint", default: 7 });
     await op.addColumn("t", { name: "code", type: "char", length: 3 }, { fill: "EUR" });
     await op.createView("v", "SELECT label FROM t");`,
  );
  const [{ sql } = { sql: [] }] = await limbeck.showSql(["b2"]);
  const ddl = [
    MADE,
    "INSERT INTO t (id) VALUES (1)",
    ...sql,
    "INSERT INTO t (id, label, code) VALUES (2, 'two', 'USD')",
  ].join(";\n");
  await onDatabase(ddl, async (db) => {
    expect(await db.query('SELECT label, "count", code FROM t WHERE id = 1')).toEqual([
      { label: "none", count: "1", code: "EUR" },
    ]);
    expect(
      await db.query("SELECT column_default FROM information_schema.columns WHERE column_name = 'count'"),
    ).toEqual([{ column_default: "7" }]);
  });
});
