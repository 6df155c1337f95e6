/** Every example of `op` in docs/ is run: on each kind of database that is here, on the tables that the reference begins with. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { QueryRunner } from "typeorm";
import example from "../../ormconfig.example";
import { MigrationContext, Operations } from "../../src/index";
import { connected, kinds } from "../roundtrip/databases";
import type { Kind } from "../roundtrip/databases";
import { failure } from "../support/error";
import { revisionBody } from "../support/evaluate";
import { pages } from "./pages";
import { javascript } from "./reference/operations";
import { SETTING } from "./reference/examples";

/** What the chapter calls the kinds of database. */
const TITLES: Readonly<Record<string, string>> = {
  "better-sqlite3": "SQLite",
  sqlite: "SQLite",
  postgres: "PostgreSQL",
  mysql: "MySQL",
  mariadb: "MariaDB",
  mssql: "SQL Server",
};

/** Runs, but leaves neither in the schema nor among the rows what could be seen there. */
const UNSEEN = new Set([
  "validateConstraint",
  "refreshView",
  "alterSequence",
  "createSchema",
  "dropSchema",
  "onlineOnly",
  "query",
  "invoke",
]);

const EXAMPLES = [...pages].flatMap(([name, { steps }]) => {
  const blocks = steps.flatMap((step) => (step.kind === "operations" ? [step.text] : []));
  const isSetting = name === "reference/operations.md";
  return blocks.length === 0 || isSetting ? [] : [{ name, blocks }];
});

test("the examples begin with the tables that their chapter shows", () => {
  const [shown] = pages.get("reference/operations.md")?.steps ?? [];
  expect(shown).toMatchObject({ kind: "operations", text: SETTING.trim() });
});

/** The SQL that a page shows for a database; nothing where it shows none. */
function shownSql(name: string, title: string): string | undefined {
  const text = readFileSync(join(__dirname, "..", "..", "docs", name), "utf8");
  const sections = text.matchAll(/^([A-Z][^\n]*):\n\n```sql\n([^]*?)\n```/gm);
  for (const [, titles = "", sql] of sections) if (titles.split(", ").includes(title)) return sql;
  return undefined;
}

async function seen(queryRunner: QueryRunner) {
  const schema = await MigrationContext.configure(queryRunner).inspect();
  const rows = schema.tables.some(({ name }) => name === "account")
    ? ((await queryRunner.query("SELECT * FROM account ORDER BY id")) as unknown)
    : [];
  return { schema, rows };
}

/** What a test must not do on a server that others use: a schema is a database of the server there. */
const isAlone = (kind: Kind, name: string): boolean => {
  if (!/^(mysql|mariadb)$/.test(kind.name) || !/\/(create|drop)Schema\.md$/.test(name)) return true;
  console.warn(`not run: docs/${name} on ${kind.name}, because a schema is a database of the server there`);
  return false;
};

describe.each(kinds)("on $name", (kind: Kind) => {
  const folder = mkdtempSync(join(tmpdir(), "limbeck-examples-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(EXAMPLES.filter(({ name }) => isAlone(kind, name)))("$name", async ({ name, blocks }) => {
    const sql = shownSql(name, TITLES[kind.name] ?? "");
    const refused = /^-- refused: (.*)$/m.exec(sql ?? "")?.[1];
    const database = await kind.create(folder, name.replace(/\W/g, "_"));
    try {
      await connected(database.options, async (dataSource) => {
        const queryRunner = dataSource.createQueryRunner();
        const run = async (text: string): Promise<void> =>
          await Operations.run(queryRunner, revisionBody(javascript(text)), { plugins: example.plugins });
        await run(SETTING);
        await run(
          `await op.bulkInsert("account", [{ id: 7, name: "Ada", age: 36 }, { id: 8, name: "Bo", age: 9 }]);`,
        );
        const all = async (): Promise<void> => {
          for (const text of blocks.slice(0, -1)) await run(text);
          const before = await seen(queryRunner);
          await run(blocks.at(-1) ?? "");
          const after = await seen(queryRunner);
          const isSeen = sql !== "-- nothing" && !UNSEEN.has(/(\w+)\.md$/.exec(name)?.[1] ?? "");
          if (isSeen) expect(after).not.toEqual(before);
          else expect(after.schema).toEqual(before.schema);
        };
        if (refused === undefined) await all();
        else expect((await failure(all())).message).toContain(refused.split(",")[0] ?? "");
        await queryRunner.release();
      });
    } finally {
      await database.drop();
    }
  });
});
