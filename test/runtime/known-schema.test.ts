/** What a script knows of the tables that revisions before it have made, or have changed by SQL text. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DialectName } from "../../src/operations/spec";
import { open } from "../../src/open";
import { failure } from "../support/error";
import { temporaryFolder } from "../support/sqlite";

const REVISIONS = ["a1", "b2", "c3"];
const ACCOUNT = `await op.createTable("account", {
  columns: [{ name: "id", type: "int" }, { name: "name", type: "varchar", length: 40 }],
  primaryKey: { name: "PK_account", columns: ["id"] },
});`;
const CHANGED =
  'await op.execute("ALTER TABLE account RENAME TO old; CREATE TABLE account (id int, name text)");';
const WIDER = 'await op.alterColumn("account", "name", { length: 80 });';

/** The script from a revision to the head, where the three do these. */
async function script(dialect: DialectName, start: string, bodies: readonly string[]): Promise<string> {
  const { folder, remove } = temporaryFolder();
  try {
    const versions = join(folder, "revisions", "versions");
    mkdirSync(versions, { recursive: true });
    for (const [index, id] of REVISIONS.entries()) {
      const source = `exports.revision = "${id}";
exports.downRevision = ${JSON.stringify(REVISIONS[index - 1] ?? null)};
exports.branchLabels = null;
exports.dependsOn = null;
exports.message = "${id}";
exports.upgrade = async (op) => {
  ${bodies[index] ?? ""}
};
`;
      writeFileSync(join(versions, `${id}.js`), source);
    }
    const written: string[] = [];
    const limbeck = await open({ cwd: folder, config: { dialect }, write: (text) => written.push(text) });
    await limbeck.upgrade({ revisions: [`${start}:head`], sql: true });
    return written.join("");
  } finally {
    remove();
  }
}

describe.each(["postgres", "mysql", "sqlite", "mssql"] as const)("a script for %s", (dialect) => {
  test.each(["base", "a1", "b2"])(
    "from %s does not know a table that SQL text changed before",
    async (start) => {
      const error = await failure(script(dialect, start, [ACCOUNT, CHANGED, WIDER]));
      expect(error.message).toContain('what table "account" looks like cannot be known in a script');
    },
  );

  test("is written where the revision says what the table is like", async () => {
    const said = WIDER.replace("});", '}, { existing: { type: "varchar", length: 40 } });');
    const batch = `await op.batchAlterTable("account", { copyFrom: ${/\{[^]*\}/.exec(ACCOUNT)?.[0] ?? ""} }, (batch) => {
  batch.alterColumn("name", { length: 80 });
});`;
    const wider = dialect === "sqlite" ? batch : said;
    expect(await script(dialect, "b2", [ACCOUNT, CHANGED, wider])).toContain("account");
  });
});

test.each(["postgres", "mysql", "mssql"] as const)(
  "what needs nothing of the table is written in a script for %s",
  async (dialect) => {
    const more = `await op.addColumn("account", { name: "note", type: "text", nullable: true });
await op.dropTable("account");`;
    const from = (start: string): Promise<string> => script(dialect, start, [ACCOUNT, CHANGED, more]);
    expect(await from("b2")).toMatch(/ADD .*note.*DROP TABLE/s);
    expect(await from("base")).toMatch(/ADD .*note.*DROP TABLE/s);
  },
);
