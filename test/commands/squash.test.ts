/** One revision for several: written, proved on a scratch database, and what databases on the old ones do with it. */
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { SquashOptions } from "../../src/commands/squash";
import type { Limbeck } from "../../src/open";
import { SqliteProject } from "./sqlite-project";

/** The bodies of a line of revisions: a table, a column, a rename, an index, and another table. */
const LINE = [
  [
    `await op.createTable("account", { columns: [{ name: "id", type: "integer", generated: "increment" }, { name: "nick", type: "varchar" }], primaryKey: { columns: ["id"] } });`,
    `await op.dropTable("account");`,
  ],
  [
    `await op.addColumn("account", { name: "age", type: "integer", nullable: true });`,
    `await op.dropColumn("account", "age");`,
  ],
  [
    `await op.alterColumn("account", "nick", { newName: "name" });`,
    `await op.alterColumn("account", "name", { newName: "nick" });`,
  ],
  [`await op.createIndex("IDX_name", "account", ["name"]);`, `await op.dropIndex("IDX_name", "account");`],
  [
    `await op.createTable("note", { columns: [{ name: "id", type: "integer" }] });`,
    `await op.dropTable("note");`,
  ],
] as const;

const IDS = ["a1", "b2", "c3", "d4", "e5"];

class Line {
  readonly project = new SqliteProject();

  constructor(bodies: readonly (readonly [string, string])[] = LINE) {
    for (const [place, [up, down]] of bodies.entries()) {
      this.write(IDS[place] ?? "", place === 0 ? null : (IDS[place - 1] ?? null), up, down);
    }
  }

  write(id: string, down: string | null, up: string, back: string): void {
    this.project.writeRevision(
      `${id}.ts`,
      `export const revision = "${id}";
export const downRevision = ${JSON.stringify(down)};
export const branchLabels = null;
export const dependsOn = null;
export const message = "revision ${id}";
export async function upgrade(op: any) { ${up} }
export async function downgrade(op: any) { ${back} }
`,
    );
  }

  async open(): Promise<Limbeck> {
    return await this.project.open([]);
  }

  async squash(options: SquashOptions) {
    return await (await this.open()).squash({ id: "squashed", ...options });
  }

  async tables(): Promise<readonly string[]> {
    const rows = await this.project.query<{ sql: string }>(
      "SELECT sql FROM sqlite_master WHERE tbl_name NOT LIKE 'limbeck%' AND name <> 'sqlite_sequence' AND sql IS NOT NULL ORDER BY name",
    );
    return rows.map(({ sql }) => sql);
  }

  async rows(): Promise<readonly string[]> {
    const rows = await this.project.query<{ version_num: string }>("SELECT version_num FROM limbeck_version");
    return rows.map(({ version_num }) => version_num);
  }

  remove(): void {
    this.project.remove();
  }
}

const lines: Line[] = [];
afterEach(() => {
  for (const line of lines.splice(0)) line.remove();
});
function line(bodies?: readonly (readonly [string, string])[]): Line {
  const made = new Line(bodies);
  lines.push(made);
  return made;
}

test("from the very beginning, the new revision makes what the old ones made, in one go", async () => {
  const old = line();
  await (await old.open()).upgrade();
  const expected = await old.tables();
  const fresh = line();
  const { file, replaces } = await fresh.squash({ range: ":d4", message: "the first four" });
  expect(replaces).toEqual(["a1", "b2", "c3", "d4"]);
  const text = readFileSync(file, "utf8");
  expect(text).toContain('export const replaces = ["a1", "b2", "c3", "d4"];');
  expect(text.match(/await op\./g)).toHaveLength(2);
  const limbeck = await fresh.open();
  const { steps } = await limbeck.upgrade();
  expect(steps.map(({ revision }) => revision)).toEqual(["squashed", "e5"]);
  expect(await fresh.tables()).toEqual(expected);
  await limbeck.downgrade({ revision: "base" });
  expect(await fresh.tables()).toEqual([]);
});

test("higher up, the operations stay what they were, so that a rename keeps its rows", async () => {
  const fresh = line();
  await (await fresh.open()).upgrade({ revisions: ["a1"] });
  await fresh.project.query("INSERT INTO account (nick) VALUES ('first')");
  await fresh.squash({ range: "b2:d4" });
  await (await fresh.open()).upgrade();
  expect(await fresh.project.query("SELECT name FROM account")).toEqual([{ name: "first" }]);
});

test("a database that has run all of them is at the new one, and its row becomes that", async () => {
  const used = line();
  await (await used.open()).upgrade({ revisions: ["e5"] });
  await used.squash({ range: ":e5" });
  const limbeck = await used.open();
  expect((await limbeck.current()).map(({ revision }) => revision)).toEqual(["squashed"]);
  expect(await used.rows()).toEqual(["e5"]);
  expect((await limbeck.upgrade()).steps).toEqual([]);
  expect(await used.rows()).toEqual(["squashed"]);
  for (const name of IDS) used.project.removeRevision(`${name}.ts`);
  const later = await used.open();
  expect((await later.upgrade()).steps).toEqual([]);
  await later.downgrade({ revision: "base" });
  expect(await used.tables()).toEqual([]);
});

test("what comes after the new revision runs on a database that is still on an old row", async () => {
  const used = line();
  await (await used.open()).upgrade({ revisions: ["d4"] });
  await used.squash({ range: ":d4" });
  for (const name of IDS.slice(0, 4)) used.project.removeRevision(`${name}.ts`);
  const { steps } = await (await used.open()).upgrade();
  expect(steps.map(({ revision }) => revision)).toEqual(["e5"]);
  expect(await used.rows()).toEqual(["e5"]);
});

test("a database in the middle goes on with the old files, and is told what to do where they are gone", async () => {
  const used = line();
  await (await used.open()).upgrade({ revisions: ["b2"] });
  await used.squash({ range: ":d4" });
  const limbeck = await used.open();
  const pending = await limbeck.current({ pending: true });
  expect(pending.map(({ revision }) => revision)).toEqual(["b2", "c3", "d4", "e5"]);
  used.project.removeRevision("c3.ts");
  used.project.removeRevision("d4.ts");
  await expect((await used.open()).upgrade()).rejects.toThrow(
    "the database is at b2, in the middle of what revision squashed replaces, and the files from there to d4 are gone",
  );
});

test("a database in the middle ends at the same place by the old files", async () => {
  const used = line();
  await (await used.open()).upgrade({ revisions: ["b2"] });
  await used.squash({ range: ":d4" });
  const { steps } = await (await used.open()).upgrade();
  expect(steps.map(({ revision }) => revision)).toEqual(["c3", "d4", "e5"]);
  const other = line();
  await other.squash({ range: ":d4" });
  await (await other.open()).upgrade();
  expect((await used.tables()).length).toBe((await other.tables()).length);
  expect(await used.rows()).toEqual(await other.rows());
});

test("history and show tell what it stands for, and an old id is no place any more", async () => {
  const fresh = line();
  await fresh.squash({ range: ":d4" });
  const limbeck = await fresh.open();
  const [top, squashed] = await limbeck.history();
  expect([top?.revision, top?.parents]).toEqual(["e5", ["squashed"]]);
  expect(squashed?.replaces).toEqual(["a1", "b2", "c3", "d4"]);
  expect((await limbeck.show(["d4"])).map(({ revision }) => revision)).toEqual(["squashed"]);
  await expect(limbeck.show(["b2"])).rejects.toThrow("revision b2 is replaced by squashed");
});

test("what was squashed is squashed again", async () => {
  const used = line();
  await (await used.open()).upgrade({ revisions: ["b2"] });
  await used.squash({ range: ":b2", id: "one" });
  const { replaces } = await used.squash({ range: ":d4", id: "two" });
  expect(replaces).toEqual(["a1", "b2", "one", "c3", "d4"]);
  const { steps } = await (await used.open()).upgrade();
  expect(steps.map(({ revision }) => revision)).toEqual(["c3", "d4", "e5"]);
});

const START = LINE.slice(0, 1);
test.each([
  ["SQL text", `await op.execute("UPDATE account SET nick = 1");`, /revision b2 uses op\.execute/],
  ["rows", `await op.bulkInsert("account", [{ nick: "x" }]);`, /revision b2 uses op\.bulkInsert/],
  ["a connection", `await op.queryRunner.query("SELECT 1");`, /revision b2 uses op\.queryRunner/],
  ["a question to the database", `await op.query("SELECT 1");`, /revision b2 uses op\.query/],
  ["a look at where it runs", `if (!op.isOffline) return;`, /revision b2 uses op\.isOffline/],
])("%s is a barrier, which is named, and nothing is written", async (_what, body, said) => {
  const fresh = line([...START, [body, ""]]);
  await expect(fresh.squash({ range: ":b2" })).rejects.toThrow(said);
  expect(readdirSync(fresh.project.versions).sort()).toEqual(["a1.ts", "b2.ts"]);
});

test.each([
  [":a1", /:a1 is 1 revision: there is nothing to squash/],
  ["c3:a1", /c3 does not lead to a1/],
  ["a1:c3", /revision side goes on from b2, in the middle of the range/],
])("the range %s is refused", async (range, said) => {
  const fresh = line();
  fresh.write("side", "b2", "", "");
  await expect(fresh.squash({ range })).rejects.toThrow(said);
});

test("a way back that does not fit is found by the proof, and nothing is written", async () => {
  const fresh = line([
    ...LINE.slice(0, 1),
    [LINE[1][0], `await op.dropTable("account");`],
    [LINE[4][0], LINE[4][1]],
  ]);
  await expect(fresh.squash({ range: "b2:c3" })).rejects.toThrow(/does not make the same schema/);
  expect(readdirSync(fresh.project.versions)).toHaveLength(3);
  rmSync(join(fresh.project.versions, "c3.ts"));
});
