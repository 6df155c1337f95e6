/** Values that are added to an enum type of PostgreSQL: alone, inside the transaction that made the type, or by a new type. */
import { EntitySchema } from "typeorm";
import { failure } from "../support/error";
import { kinds } from "../roundtrip/databases";
import type { Kind } from "../roundtrip/databases";
import { ServerProject } from "./server-project";
import { describeOn } from "../support/describe-on";

const servers = kinds.filter(({ name }) => name === "postgres");
const MAKE = `await op.createEnum("colour", ["red", "green"]);
  await op.createTable("thing", { columns: [
    { name: "id", type: "int" },
    { name: "a", type: "enum", enumName: "colour", default: "red" },
    { name: "list", type: "enum", enumName: "colour", array: true, nullable: true },
  ], primaryKey: { columns: ["id"] } });
  await op.execute("INSERT INTO thing VALUES (1, 'red', '{green,red}'), (2, 'green', NULL)");`;
const ADD = 'await op.alterEnum("colour", { add: [{ value: "blue", after: "red" }] });';
const USE = `await op.alterColumn("thing", "a", { default: "blue" });
  await op.execute("INSERT INTO thing (id) VALUES (3)");`;
const FAIL = 'await op.execute("SELECT 1 / 0");';

interface Row {
  readonly id: number;
  readonly a: string;
  readonly list: string | null;
}

const projects: ServerProject[] = [];
afterAll(async () => {
  for (const project of projects) await project.remove();
});

function projectOn(kind: Kind): ServerProject {
  const made = new ServerProject(kind);
  projects.push(made);
  return made;
}

const rowsOf = (on: ServerProject): Promise<readonly Row[]> =>
  on.query<Row>("SELECT id, a::text AS a, list::text AS list FROM thing ORDER BY id");
const valuesOf = async (on: ServerProject): Promise<readonly string[]> => {
  const rows = await on.query<{ value: string }>(
    "SELECT enumlabel AS value FROM pg_enum JOIN pg_type t ON t.oid = enumtypid WHERE typname = 'colour' ORDER BY enumsortorder",
  );
  return rows.map(({ value }) => value);
};

const ROWS = [
  { id: 1, a: "red", list: "{green,red}" },
  { id: 2, a: "green", list: null },
];

describeOn(servers, "on %s", (kind) => {
  const project = (): ServerProject => projectOn(kind);

  test.each([{}, { lockTimeout: "5s" }])(
    "a value of a type that the same run makes can be used at once, and goes with the run where it fails (%j)",
    async (config) => {
      const on = project();
      on.write("a1", null, MAKE);
      on.write("b2", "a1", ADD + USE);
      on.write("c3", "b2", FAIL);
      await failure((await on.open(config)).upgrade());
      expect(await valuesOf(on)).toEqual([]);
      await (await on.open(config)).upgrade({ revisions: ["b2"] });
      expect(await valuesOf(on)).toEqual(["red", "blue", "green"]);
      expect(await rowsOf(on)).toEqual([...ROWS, { id: 3, a: "blue", list: null }]);
    },
  );

  test("a value of a type that was there stays when the run fails later, and can be used", async () => {
    const on = project();
    on.write("a1", null, MAKE);
    await (await on.open()).upgrade();
    on.write("b2", "a1", ADD + USE);
    on.write("c3", "b2", FAIL);
    const limbeck = await on.open();
    const error = await failure(limbeck.upgrade());
    expect(await valuesOf(on)).toEqual(["red", "blue", "green"]);
    const halfDone = "the upgrade to b2 stopped half done, after 1 of its statements";
    expect(error.message).toContain(
      `what ran since the last commit was rolled back, what ran before stays done: ${halfDone}; the database is at a1`,
    );
    for (const told of [failure(limbeck.upgrade({ plan: true })), failure(limbeck.check())]) {
      expect(await told).toMatchObject({ code: "HALF_DONE", message: halfDone });
    }
    await limbeck.stamp({ revisions: ["a1"] });
    expect(on.reported.at(-1)).toBe(`${halfDone}: that is forgotten now`);
  });

  test("generated revisions add values before everything else, so that what fails later is undone whole", async () => {
    const on = project();
    on.write("a1", null, MAKE);
    await (await on.open()).upgrade();
    const { options } = await on.database();
    const colours = { type: "enum", enum: ["red", "blue", "green"], enumName: "colour" } as const;
    const thing = new EntitySchema({
      name: "Thing",
      tableName: "thing",
      columns: {
        id: { type: "int", primary: true },
        a: { ...colours, default: "blue" },
        list: { ...colours, array: true, nullable: true },
        size: { type: "int" },
      },
    });
    const limbeck = await on.open({ dataSource: { ...options, entities: [thing] } });
    await limbeck.revision({ autogenerate: true, message: "blue", id: "b2" });
    const error = await failure(limbeck.upgrade());
    expect(error.message).toContain("contains null values");
    expect(await valuesOf(on)).toEqual(["red", "blue", "green"]);
    await on.query("INSERT INTO thing (id) VALUES (3)");
    expect(await rowsOf(on)).toEqual([...ROWS, { id: 3, a: "red", list: null }]);
    await on.query("DELETE FROM thing");
    await limbeck.upgrade();
    expect((await limbeck.current()).map(({ revision }) => revision)).toEqual(["b2"]);
  });

  test("a type that was renamed meanwhile counts as one that was there", async () => {
    const on = project();
    on.write(
      "a1",
      null,
      `await op.createEnum("hue", ["red", "green"]); await op.alterEnum("hue", { newName: "colour" });
      ${MAKE.replace(/^[^\n]*/, "")} ${ADD} ${USE}`,
    );
    await (await on.open()).upgrade();
    expect(await rowsOf(on)).toContainEqual({ id: 3, a: "blue", list: null });
  });

  test("with a new type for it, a value is part of the transaction, and rows and defaults stay", async () => {
    const on = project();
    const rebuild = { enumStrategy: "rebuild" } as const;
    on.write("a1", null, MAKE);
    await (await on.open(rebuild)).upgrade();
    on.write("b2", "a1", ADD);
    on.write("c3", "b2", USE);
    on.write("d4", "c3", FAIL);
    await failure((await on.open(rebuild)).upgrade());
    expect(await valuesOf(on)).toEqual(["red", "green"]);
    expect(await rowsOf(on)).toEqual(ROWS);
    await (await on.open(rebuild)).upgrade({ revisions: ["b2"] });
    expect(await valuesOf(on)).toEqual(["red", "blue", "green"]);
    expect(await rowsOf(on)).toEqual(ROWS);
    await (await on.open(rebuild)).upgrade({ revisions: ["c3"] });
    expect(await rowsOf(on)).toEqual([...ROWS, { id: 3, a: "blue", list: null }]);
  });

  test("a value that is renamed keeps rows, lists and defaults, and one that is mapped to another takes its rows there", async () => {
    const on = project();
    on.write("a1", null, MAKE);
    on.write("b2", "a1", 'await op.alterEnum("colour", { rename: { red: "crimson" } });');
    on.write(
      "c3",
      "b2",
      'await op.alterEnum("colour", { values: ["crimson"], mapping: { green: "crimson" } });',
    );
    await (await on.open()).upgrade({ revisions: ["b2"] });
    expect(await rowsOf(on)).toEqual([
      { id: 1, a: "crimson", list: "{green,crimson}" },
      { id: 2, a: "green", list: null },
    ]);
    await on.query("INSERT INTO thing (id) VALUES (3)");
    await (await on.open()).upgrade();
    expect(await valuesOf(on)).toEqual(["crimson"]);
    expect(await rowsOf(on)).toEqual([
      { id: 1, a: "crimson", list: "{crimson,crimson}" },
      { id: 2, a: "crimson", list: null },
      { id: 3, a: "crimson", list: null },
    ]);
  });

  test("in a script, the way of adding shows in its transactions", async () => {
    const on = project();
    on.write("a1", null, MAKE);
    on.write("b2", "a1", ADD);
    const script = async (revision: string, config: object): Promise<string> => {
      let text = "";
      const limbeck = await on.open(config, { write: (line: string) => (text += line) });
      await limbeck.upgrade({ revisions: [revision], sql: true });
      return text;
    };
    const commits = (text: string): number => text.match(/^COMMIT;/gm)?.length ?? 0;
    expect(commits(await script("base:b2", {}))).toBe(1);
    expect(commits(await script("a1:b2", {}))).toBe(2);
    expect(await script("a1:b2", {})).toContain("ADD VALUE");
    const rebuilt = await script("a1:b2", { enumStrategy: "rebuild" });
    expect(commits(rebuilt)).toBe(1);
    expect(rebuilt).toContain("CREATE TYPE");
  });
});
