/** Every kind of script stops at its first failed batch, wherever that is, and leaves no transaction open. */
import { open } from "../../../src/open";
import type { Limbeck } from "../../../src/open";
import { makeProject, removeProjects } from "../../support/project";
import { runScript } from "./client";
import type { Failure } from "./client";

afterAll(removeProjects);

const revision = (id: string, down: string | null, upgrade: string, more = ""): string => `
exports.revision = "${id}";
exports.downRevision = ${JSON.stringify(down)};
exports.message = "${id}";
${more}
exports.upgrade = async (op) => { ${upgrade} };
exports.downgrade = async (op) => { await op.dropTable("${id}"); };
`;
const table = (id: string): string =>
  `await op.createTable("${id}", { columns: [{ name: "id", type: "int", nullable: true }] });`;

const FILES = {
  "revisions/versions/a.js": revision("a", null, table("a")),
  "revisions/versions/b.js": revision(
    "b",
    "a",
    `${table("b")} await op.autocommitBlock(async () => { await op.execute("ALTER DATABASE CURRENT SET READ_WRITE"); });
     await op.createIndex("IDX_b", "b", ["id"], { resumable: true });
     await op.alterColumn("b", "id", { newName: "number" });`,
  ),
  "revisions/versions/c.js": revision("c", "b", table("c"), "exports.transaction = false;"),
  "revisions/versions/d.js": revision(
    "d",
    "c",
    `${table("d")} await op.createView("v", "SELECT 1 AS [one]");`,
  ),
};

const KINDS: readonly (readonly [string, object, (limbeck: Limbeck) => Promise<unknown>])[] = [
  ["an upgrade", {}, (limbeck) => limbeck.upgrade({ sql: true })],
  [
    "an upgrade, each revision on its own",
    { transaction: "each" },
    (limbeck) => limbeck.upgrade({ sql: true }),
  ],
  ["an upgrade without transactions", { transaction: "none" }, (limbeck) => limbeck.upgrade({ sql: true })],
  ["a downgrade", {}, (limbeck) => limbeck.downgrade({ revision: "head:base", sql: true })],
  ["a stamp", {}, (limbeck) => limbeck.stamp({ revisions: ["head"], sql: true })],
  ["the version tables alone", {}, (limbeck) => limbeck.ensureVersion({ sql: true })],
];

async function written(config: object, write: (limbeck: Limbeck) => Promise<unknown>): Promise<string> {
  const texts: string[] = [];
  const limbeck = await open({
    cwd: makeProject(FILES),
    config: { dialect: "mssql", ...config },
    write: (text) => texts.push(text),
  });
  await write(limbeck);
  return texts.join("");
}

describe.each(KINDS)("the script of %s", (_name, config, write) => {
  test.each<Failure>(["statement", "procedure"])("stops where a %s fails", async (as) => {
    const script = await written(config, write);
    const whole = runScript(script);
    expect(whole.ran.length).toBeGreaterThan(1);
    expect(whole.isOpen).toBe(false);
    for (const [place, batch] of whole.ran.entries()) {
      if (as === "procedure" && !/\bEXEC\b/.test(batch)) continue;
      const { ran, isOpen, kept } = runScript(script, { place, as });
      expect({ ran, isOpen }).toEqual({ ran: whole.ran.slice(0, place), isOpen: false });
      // What was committed before stays, and nothing else.
      expect(whole.kept.slice(0, kept.length)).toEqual(kept);
      expect(kept).not.toContain(batch);
    }
  });
});

test("a client that heeds no guard would go on", async () => {
  const script = await written({}, (limbeck) => limbeck.upgrade({ sql: true }));
  const whole = runScript(script);
  const unguarded = script.replaceAll(/^IF @@ERROR.*$/gm, "");
  expect(runScript(unguarded, { place: 3, as: "statement" }).ran.length).toBe(whole.ran.length - 1);
});
