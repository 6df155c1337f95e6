/**
 * `op.bulkInsert` means the same however its rows travel: as literals where they are few, beside the statement where they
 * are many, and as text in a script.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { open } from "../../src/open";
import { connected, kinds } from "../roundtrip/databases";
import type { Kind } from "../roundtrip/databases";

const NAMES = ["better-sqlite3", "sqlite", "postgres", "mariadb", "mysql"];
const places = kinds.filter(({ name }) => NAMES.includes(name));

/** Values that go wrong where a driver, a cast or a quote has ideas of its own. */
const VALUES = `[
  { i: 1, big: 9007199254740993n, f: 1.5, t: "it's \\\\ \\"q\\" {a,b} $1 ? NULL", b: true, raw: new Uint8Array([0, 255, 92, 39]), at: new Date("2026-03-01T12:34:56.789Z"), j: { a: [1, null, "x'y"] }, n: null },
  { i: -2, big: 5, f: -0.25, t: "", b: false, raw: new Uint8Array([]), at: new Date("1999-12-31T23:59:59.000Z"), j: {}, n: null },
  { i: 0, big: -7, f: 1e21, t: "NULL", b: true, raw: new Uint8Array([7]), at: new Date("2026-03-01T00:00:00.000Z"), j: { sql: "now()" }, n: null },
  { i: 3, big: 8, f: 5, t: "line\\nbreak \\u{1f600}", b: false, raw: new Uint8Array([1, 2]), at: new Date("2026-03-01T00:00:00.000Z"), j: {}, n: "last" },
]`;

const TYPES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  postgres: { f: "float8", raw: "bytea", at: "timestamp(3)", j: "jsonb", b: "boolean" },
  mysql: { f: "double", raw: "blob", at: "datetime(3)", j: "json", b: "tinyint" },
  sqlite: { f: "real", raw: "blob", at: "datetime", j: "text", b: "boolean" },
};

function typesOf({ name }: Kind): Readonly<Record<string, string>> {
  return (name === "postgres" ? TYPES.postgres : name.includes("sqlite") ? TYPES.sqlite : TYPES.mysql) ?? {};
}

function table(name: string, kind: Kind): string {
  const { f, raw, at, j, b } = typesOf(kind);
  return `await op.execute("CREATE TABLE ${name} (i integer NOT NULL, big bigint, f ${f}, t varchar(200), b ${b}, raw ${raw}, at ${at}, j ${j}, n varchar(40), later integer DEFAULT 7)");`;
}

const BODY = (kind: Kind) => `
const VALUES = ${VALUES};
const MANY = Array.from({ length: 30 }, () => VALUES).flat();
export async function upgrade(op) {
  ${table("few", kind)}
  ${table("many", kind)}
  ${table("mixed", kind)}
  for (let time = 0; time < 30; time++) await op.bulkInsert("few", VALUES);
  await op.bulkInsert("many", MANY);
  await op.bulkInsert("mixed", MANY.map((row, index) => (index === 5 ? { ...row, i: () => "10 - 3", later: undefined } : row)));
}
export async function downgrade() {}
`;

const file = (id: string, down: string | null, body: string) => `export const revision = "${id}";
export const downRevision = ${JSON.stringify(down)};
export const branchLabels = null;
export const dependsOn = null;
export const message = "rows";
${body}`;

describe.each(places)("rows on $name", (kind) => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "limbeck-rows-"));
    mkdirSync(join(folder, "revisions", "versions"), { recursive: true });
    writeFileSync(join(folder, "package.json"), '{"type":"module"}');
    writeFileSync(join(folder, "revisions", "versions", "a.js"), file("a1", null, BODY(kind)));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("are the same as literals, as values of the driver, and in a script", async () => {
    const [online, offline] = [await kind.create(folder, "online"), await kind.create(folder, "offline")];
    try {
      const script: string[] = [];
      const limbeck = await open({
        cwd: folder,
        config: { dataSource: online.options },
        write: (text) => script.push(text),
      });
      await limbeck.upgrade();
      const rowsOf = async (options: typeof online.options, name: string) =>
        await connected(options, async (dataSource): Promise<string> => {
          const types = kind.name.includes("sqlite") ? ", typeof(i), typeof(f), typeof(t), typeof(big)" : "";
          const rows = await dataSource.query<readonly object[]>(`SELECT *${types} FROM ${name}`);
          expect(rows.length).toBe(120);
          return JSON.stringify(rows.map((row) => JSON.stringify(row)).sort());
        });
      const few = await rowsOf(online.options, "few");
      expect(few).toContain("it's");
      expect(await rowsOf(online.options, "many")).toBe(few);
      const mixed = await rowsOf(online.options, "mixed");
      expect(mixed).not.toBe(few);
      if (!offline.feed) return;
      await limbeck.upgrade({ sql: true });
      const text = script.join("");
      expect(text).not.toMatch(/\?,|\$2|CAST\(/);
      offline.feed(text);
      expect(await rowsOf(offline.options, "few")).toBe(few);
      expect(await rowsOf(offline.options, "many")).toBe(few);
      expect(await rowsOf(offline.options, "mixed")).toBe(mixed);
    } finally {
      await online.drop();
      await offline.drop();
    }
  });

  it("of an ad-hoc table are the texts of its types, and are refused in a column it does not have", async () => {
    const database = await kind.create(folder, "typed");
    const list = kind.name === "postgres" ? "jsonb" : kind.name.includes("sqlite") ? "text" : "json";
    writeFileSync(
      join(folder, "revisions", "versions", "b.js"),
      file(
        "b2",
        "a1",
        `export async function upgrade(op) {
  await op.execute("CREATE TABLE typed (d date, tags varchar(40), list ${list}, filler integer)");
  const typed = op.table("typed", { d: "date", tags: "simple-array", list: "json", filler: "int" });
  const row = { d: new Date("1990-10-03T00:00:00Z"), tags: ["a", "b"], list: ["x", 1] };
  await op.bulkInsert(typed, [row]);
  await op.bulkInsert(typed, Array.from({ length: 200 }, () => row));
  await op.bulkInsert("typed", [{}]);
  let refusal = "";
  try { op.bulkInsert(typed, [{ nickname: "x" }]); } catch (error) { refusal = error.message; }
  if (!refusal.includes("nickname")) throw new Error("not refused: " + refusal);
  try { op.bulkInsert("typed", { d: 1 }); } catch (error) { refusal = error.message; }
  if (!refusal.includes("list of objects")) throw new Error("not refused: " + refusal);
}
export async function downgrade() {}
`,
      ),
    );
    try {
      const limbeck = await open({ cwd: folder, config: { dataSource: database.options } });
      await limbeck.upgrade();
      const rows = await connected(database.options, async (dataSource) =>
        dataSource.query<readonly { n: unknown; d: string; tags: string; list: string }[]>(
          `SELECT count(*) AS n, CAST(d AS char(10)) AS d, tags, CAST(list AS ${kind.name === "postgres" ? "text" : "char"}) AS list FROM typed GROUP BY d, tags, list ORDER BY 1`,
        ),
      );
      expect(
        rows.map(({ n, d, tags, list: text }) => [Number(n), d, tags, text?.replace(/\s/g, "")]),
      ).toEqual([
        [1, null, null, undefined],
        [201, "1990-10-03", "a,b", '["x",1]'],
      ]);
    } finally {
      await database.drop();
    }
  });

  it("that a column cannot hold are an error, however many they are", async () => {
    const database = await kind.create(folder, "long");
    const limit = kind.name.includes("sqlite") ? "t text CHECK (length(t) < 5)" : "t varchar(4)";
    for (const count of [1, 200]) {
      writeFileSync(
        join(folder, "revisions", "versions", `c${count}.js`),
        file(
          `c${count}`,
          null,
          `export async function upgrade(op) {
  await op.execute("CREATE TABLE long_${count} (${limit})");
  await op.bulkInsert("long_${count}", Array.from({ length: ${count} }, () => ({ t: "12345" })));
}
export async function downgrade() {}
`,
        ),
      );
    }
    try {
      for (const id of ["c1", "c200"]) {
        const limbeck = await open({ cwd: folder, config: { dataSource: database.options } });
        await expect(limbeck.upgrade({ revisions: [id], fromStart: true })).rejects.toMatchObject({
          code: "STATEMENT_FAILED",
        });
        await connected(database.options, (dataSource) =>
          dataSource.query(`DROP TABLE IF EXISTS long_${id.slice(1)}`),
        );
      }
    } finally {
      await database.drop();
    }
  });
});
