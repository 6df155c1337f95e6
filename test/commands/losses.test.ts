/** What may be lost: counted in the database, said in the file, on the terminal and to programs. */
import { readFileSync } from "node:fs";
import { EntitySchema } from "typeorm";
import type { EntitySchemaColumnOptions } from "typeorm";
import { open } from "../../src/open";
import { temporaryFolder } from "../support/sqlite";
import { connected, kinds } from "../roundtrip/databases";

type Columns = Readonly<Record<string, EntitySchemaColumnOptions>>;

const id: EntitySchemaColumnOptions = { type: "int", primary: true };
const table = (name: string, columns: Columns, more: object = {}): EntitySchema =>
  new EntitySchema({ name, tableName: name, columns: { id, ...columns }, ...more });

const before = [
  table("old", { a: { type: "int" } }),
  table("parent", {}),
  table("t", {
    gone: { type: "varchar", length: 10, nullable: true },
    empty: { type: "int", nullable: true },
    name: { type: "varchar", length: 20 },
    code: { type: "int" },
    parent: { type: "int" },
    sum: { type: "int", nullable: true },
    state: { type: "simple-enum", enum: ["open", "done"], default: "open" },
  }),
];
const after = [
  table("parent", {}),
  table(
    "t",
    {
      empty: { type: "int" },
      full_name: { type: "varchar", length: 4 },
      code: { type: "int", unique: true },
      parent: { type: "int" },
      sum: { type: "int", nullable: true, asExpression: "code + 1", generatedType: "STORED" },
      state: { type: "simple-enum", enum: ["open"], default: "open" },
      must: { type: "int" },
    },
    {
      checks: [{ expression: "code > 5" }],
      foreignKeys: [{ target: "parent", columnNames: ["parent"], referencedColumnNames: ["id"] }],
    },
  ),
];
const rows = [
  { id: 1, gone: "x", empty: 1, name: "Ada", code: 5, parent: 1, sum: 7, state: "open" },
  { id: 2, gone: null, empty: null, name: "Barbara", code: 6, parent: 9, sum: null, state: "done" },
  { id: 3, gone: "y", empty: null, name: "Zoë", code: 6, parent: 9, sum: 8, state: "open" },
];

/** What is at risk, with how many rows. */
const expected: readonly (readonly [RegExp, number])[] = [
  [/^loses every row of old/, 1],
  [/^loses what t\.gone holds/, 2],
  [/^loses what t\.sum holds, which is computed from then on/, 2],
  [/^fails where t\.empty is null/, 2],
  [/^narrows t\.full_name from .*\(20\) to .*\(4\)/, 1],
  [/^fails where rows of t (share code|are not unique)/, 2],
  [/^fails where rows of t break/, 1],
  [/^fails where parent of t refers to no row of parent/, 2],
  [/done/, 1],
  [/^fails when t has rows: must needs a default/, 3],
];

test.each(kinds)("$name counts the rows at risk and says how to check", async (kind) => {
  const place = temporaryFolder();
  const database = await kind.create(place.folder, "losses");
  const project = async (entities: readonly EntitySchema[]) =>
    await open({
      cwd: place.folder,
      config: { dataSource: { ...database.options, entities: [...entities] } },
    });
  try {
    const first = await project(before);
    await first.revision({ autogenerate: true, message: "first" });
    await first.upgrade();
    await connected({ ...database.options, entities: before }, async (dataSource) => {
      await dataSource.getRepository("old").insert({ id: 1, a: 1 });
      await dataSource.getRepository("parent").insert({ id: 1 });
      await dataSource.getRepository("t").insert(rows);
    });
    const limbeck = await project(after);
    const answers = { renames: ["t.name:full_name"], noRenames: true };
    const { losses, lossCount } = await limbeck.check(answers);
    expect(lossCount).toBe(losses.length);
    for (const [sentence, count] of expected) {
      const found = losses.find((loss) => sentence.test(loss.sentence));
      expect([String(sentence), found?.rows]).toEqual([String(sentence), count]);
      const [row] = await connected(database.options, (dataSource) =>
        dataSource.query<Readonly<Record<string, unknown>>[]>(found?.check ?? ""),
      );
      expect(Object.values(row ?? {}).map(Number)).toEqual([count]);
    }
    const { file = "", losses: said } = await limbeck.revision({
      autogenerate: true,
      message: "next",
      ...answers,
    });
    expect(said).toEqual(losses.map(({ sentence }) => sentence));
    const text = readFileSync(file, "utf8");
    for (const { sentence, check } of losses) {
      expect(text).toContain(`// ${sentence}\n`);
      expect(text).toContain(`// check: ${check ?? ""}\n`);
    }
  } finally {
    await database.drop();
    place.remove();
  }
});
