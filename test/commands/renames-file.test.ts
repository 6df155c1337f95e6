/** Answers about renames in a file of the project: what its lines mean, when they say nothing, what is wrong with one. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EntitySchema } from "typeorm";
import { withFormerNames } from "../../src";
import type { Limbeck } from "../../src/open";
import { failure } from "../support/error";
import { entity, id, SqliteProject, text } from "./sqlite-project";

const before = [entity("account", { id, name: text, note: text })];
const after = [entity("customer", { id, full_name: text, note: text })];

let project: SqliteProject;
beforeEach(async () => {
  project = new SqliteProject();
  await project.migrate(before, "first");
  await project.query("INSERT INTO account (name) VALUES ('Zoë') RETURNING id");
});
afterEach(() => project.remove());

/** The project as it is wanted now, with a file of answers. */
async function answered(file: string): Promise<Limbeck> {
  writeFileSync(join(project.folder, "renames.txt"), file);
  return await project.open(after, { renames: "renames.txt" });
}

const generate = { autogenerate: true, message: "second" };
const LINES = "# by hand\r\naccount:customer # the table\r\n\r\n  account.name:full_name\r\n";

test("what the lines rename keeps its rows, and afterwards they say nothing", async () => {
  const limbeck = await answered(LINES);
  const { differences } = await limbeck.revision(generate);
  expect(differences).toEqual([
    "rename table account to customer",
    "change column customer.name: rename to full_name",
  ]);
  await limbeck.upgrade();
  expect(await project.query("SELECT full_name FROM customer")).toEqual([{ full_name: "Zoë" }]);
  expect((await limbeck.revision(generate)).differences).toEqual([]);
});

test("the header of the file tells who answered each rename, and what merely follows from one", async () => {
  const viewOf = (name: string, expression: string) =>
    new EntitySchema({ name, type: "view", expression, columns: { id: { type: "integer" } } });
  const asWanted = withFormerNames(
    entity("account", { id, title: text, rank: text, index: text, code: text }),
    {
      columns: { title: "name" },
    },
  );
  const views = [viewOf("old_ids", "SELECT id FROM account"), viewOf("ids", "SELECT id FROM account")];
  const wide = entity("account", { id, name: text, note: text, place: text, kind: text });
  await project.migrate([wide, ...views.slice(0, 1)], "wide");
  writeFileSync(join(project.folder, "renames.txt"), "account.note:rank\n");
  const limbeck = await project.open([asWanted, ...views.slice(1)], { renames: "renames.txt" });
  const asked: string[] = [];
  const { file = "" } = await limbeck.revision({
    ...generate,
    renames: ["account.place:index", "old_ids:ids"],
    askRename: ({ fresh }) => Promise.resolve(asked.push(fresh) - 1),
  });
  expect(asked).toEqual(["column account.code"]);
  const detected = /Detected:\n([^]*?)\n \*\//.exec(readFileSync(file, "utf8"))?.[1];
  expect(detected?.split("\n")).toEqual(
    [
      "drop view old_ids",
      "change column account.place: rename to index (answered by --rename)",
      "change column account.note: rename to rank (answered by the file of `renames`)",
      'change column account.name: rename to title (answered by @RenamedFrom("name") of account.title)',
      "change column account.kind: rename to code (answered by askRename)",
      "create view ids (old_ids renamed, answered by --rename)",
    ].map((line) => ` *   ${line}`),
  );
});

test("a caller's own function says who answers", async () => {
  const limbeck = await project.open([entity("account", { id, title: text, note: text })]);
  const askRename = Object.assign(() => Promise.resolve(0), { by: "by the people of the shop" });
  const { file = "" } = await limbeck.revision({ ...generate, askRename });
  expect(readFileSync(file, "utf8")).toContain("rename to title (answered by the people of the shop)");
});

test("an answer that is typed counts against one in the file, whose table it may name", async () => {
  const limbeck = await answered(LINES);
  const typed = { renames: ["account.note:full_name"], noRenames: true };
  const { differences } = await limbeck.revision({ ...generate, ...typed });
  expect(differences).toContain("change column customer.note: rename to full_name");
  expect(differences).toContain("drop column customer.name");
});

test.each([
  ["account\n", /renames\.txt:1: account is not of the form old:new$/, "USAGE"],
  [
    "\naccount:custmer\n",
    /renames\.txt:2: account:custmer: the entities have no table "custmer" there$/,
    "USAGE",
  ],
  [
    "acount:customer\n",
    /renames\.txt:1: acount:customer: the database has nothing called "acount"$/,
    "USAGE",
  ],
])("a line that is wrong is named: %j", async (file, message, code) => {
  const limbeck = await answered(file);
  const error = await failure(limbeck.revision(generate));
  expect(error).toMatchObject({ code, message: expect.stringMatching(message) as string });
});

test("a file that is not there is said, with what a line looks like", async () => {
  const limbeck = await project.open(after, { renames: "gone.txt" });
  expect(await failure(limbeck.revision(generate))).toMatchObject({
    code: "CONFIG_INVALID",
    message: expect.stringContaining("the file of `renames` cannot be read") as string,
    file: join(project.folder, "gone.txt"),
    hint: expect.stringContaining("account.name:full_name") as string,
  });
});
