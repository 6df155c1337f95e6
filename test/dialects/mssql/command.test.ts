/** The commands on SQL Server, as far as they need no server. */
import { open } from "../../../src/open";
import { makeProject, removeProjects } from "../../support/project";

afterAll(removeProjects);

const REVISION = `
exports.revision = "a1";
exports.downRevision = null;
exports.message = "first";
exports.upgrade = async (op) => {
  await op.createSchema("audit");
  await op.createTable("audit.entry", {
    columns: [{ name: "id", type: "int", generated: "increment" }, { name: "text", type: "nvarchar", length: "max" }],
    primaryKey: { name: "PK_entry", columns: ["id"] },
  });
  await op.alterColumn("audit.entry", "id", { type: "bigint" });
  await op.bulkInsert("audit.entry", [{ id: 1, text: "first\\nGO\\nlast" }]);
};
exports.downgrade = async (op) => {
  await op.dropTable("audit.entry");
  await op.dropSchema("audit");
};
`;

async function script(config: object): Promise<string> {
  const folder = makeProject({ "revisions/versions/a1_first.js": REVISION });
  const written: string[] = [];
  const limbeck = await open({
    cwd: folder,
    config: { dialect: "mssql", ...config },
    write: (text) => written.push(text),
  });
  await limbeck.upgrade({ sql: true });
  return written.join("");
}

test("a script cuts into batches, each of them guarded, and says what it needs of its session", async () => {
  const text = await script({});
  const batches = text.split(/^GO$/m).map((batch) => batch.trim());
  expect(batches[0]).toContain("SET NOCOUNT, XACT_ABORT ON;");
  expect(batches).toContain("CREATE SCHEMA [audit];");
  expect(batches.at(-2)).toBe("SET NOEXEC OFF;");
  const own = batches.slice(1, -2).filter((batch) => !batch.startsWith("IF @@ERROR"));
  expect(batches.filter((batch) => batch.startsWith("IF @@ERROR"))).toHaveLength(own.length);
  // What a row holds does not end a batch.
  expect(batches.find((batch) => batch.includes("INSERT INTO [audit].[entry]"))).toContain("N'GO");
  // The key that stands in the way of the new type is taken down and put back.
  const order = [
    "DROP CONSTRAINT [PK_entry]",
    "ALTER COLUMN [id] bigint NOT NULL",
    "ADD CONSTRAINT [PK_entry]",
  ];
  const places = order.map((part) => batches.findIndex((batch) => batch.includes(part)));
  expect(places).toEqual(places.toSorted((left, right) => left - right));
  expect(places).not.toContain(-1);
});

test("the line between batches can be another one", async () => {
  const text = await script({ batchSeparator: "GO_ON" });
  expect(text.split(/^GO_ON$/m).length).toBeGreaterThan(10);
  expect(text).not.toMatch(/^GO$/m);
});
