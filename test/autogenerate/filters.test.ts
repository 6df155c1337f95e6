import type { Config } from "../../src/config/config";
import type { IncludedObject } from "../../src/autogenerate/filter";
import { entity, id, SqliteProject, text } from "../commands/sqlite-project";

let project: SqliteProject;
beforeEach(() => {
  project = new SqliteProject();
});
afterEach(() => project.remove());

const account = entity("account", { id, name: text, old_name: text });
const log = entity("log", { id });

async function differences(config: Partial<Config>, entities = [account, log]): Promise<readonly string[]> {
  return (await (await project.open(entities, config)).check()).differences;
}

describe("what is looked at", () => {
  const created = "create table account (3 columns)";
  const withoutOld = "create table account (2 columns)";
  test.each<[string, Partial<Config>, readonly string[]]>([
    ["a glob of tables", { exclude: ["lo*"] }, [created]],
    ["a glob of columns, by their name", { exclude: ["column:old_*"], include: ["account"] }, [withoutOld]],
    ["a glob of columns, with their table", { exclude: ["column:account.old_*", "log"] }, [withoutOld]],
    ["a glob of columns of another table", { exclude: ["column:log.old_*", "log"] }, [created]],
    [
      "a function that sees the definition",
      {
        exclude: ["log"],
        includeObject: (object) => object.kind !== "column" || !object.definition.name.startsWith("old"),
      },
      [withoutOld],
    ],
  ])("%s", async (_name, config, expected) => {
    expect(await differences(config)).toEqual(expected);
  });

  test("an object on both sides is asked about once, with what the database has", async () => {
    await project.migrate([account, log], "first");
    const asked: IncludedObject[] = [];
    const includeObject = (object: IncludedObject): boolean => {
      asked.push(object);
      return true;
    };
    const widened = entity("account", { id, name: { ...text, length: 20 }, extra: text });
    await (await project.open([widened], { includeObject })).check();
    const about = asked.map(
      (one) =>
        `${one.kind} ${one.name}${one.reflected ? " reflected" : ""}${one.compareTo ? " compared" : ""}`,
    );
    expect(about).toEqual([
      "table account compared",
      "column id compared",
      "column name compared",
      "column extra",
      "column old_name reflected",
      "table log reflected",
      "column id reflected",
    ]);
    const name = asked.find((one) => one.kind === "column" && one.name === "name");
    expect(name).toMatchObject({ definition: { type: { length: 20 } }, compareTo: { name: "name" } });
    expect(
      asked.filter(
        ({ kind, table }) => kind === "column" && table?.name !== "account" && table?.name !== "log",
      ),
    ).toEqual([]);
  });

  test("what is refused is left out on both sides: neither dropped nor created", async () => {
    await project.migrate([account, log], "first");
    expect(await differences({ includeObject: ({ name }) => name !== "log" }, [account])).toEqual([]);
    expect(await differences({}, [account])).toEqual(["drop table log"]);
  });

  test("a name filter is asked of the database alone", async () => {
    await project.migrate([account, log], "first");
    const asked: string[] = [];
    const includeName: Config["includeName"] = (name, kind, { table }) => {
      asked.push(`${kind} ${table === undefined ? "" : `${table}.`}${name}`);
      return name !== "log";
    };
    expect(await differences({ includeName }, [account])).toEqual([]);
    expect(asked).toContain("table log");
    expect(asked).toContain("column account.old_name");
    expect(await differences({ includeName }, [account, log])).toEqual(["create table log (1 column)"]);
  });
});

describe("which differences count", () => {
  const wanted = entity("account", {
    id,
    name: { type: "text", nullable: true, default: "x" },
    old_name: text,
  });
  const all = 'change column account.name: varchar -> text, allow null, default "x"';
  test.each<[string, Partial<Config>, readonly string[]]>([
    ["all, unless said", {}, [all]],
    ["all, where true is said", { compareType: true, compareDefault: true }, [all]],
    ["no types", { compareType: false }, ['change column account.name: allow null, default "x"']],
    [
      "no nulls and no defaults",
      { compareNullable: false, compareDefault: false },
      ["change column account.name: varchar -> text"],
    ],
    [
      "none",
      {
        compareType: false,
        compareNullable: false,
        compareDefault: false,
        compareGenerated: false,
        compareCollation: false,
      },
      [],
    ],
    [
      "not those that a function takes for the same",
      {
        compareType: ({ live, target }) =>
          live?.name === "varchar" && target?.name === "text" ? false : undefined,
      },
      ['change column account.name: allow null, default "x"'],
    ],
    [
      "those that a function leaves to Limbeck",
      { compareType: () => undefined, compareDefault: ({ column }) => column === "id" },
      ["change column account.name: varchar -> text, allow null"],
    ],
    [
      "those that a function sees where there are none",
      {
        compareNullable: ({ table, column }) => table.name === "account" && column === "old_name",
        compareType: false,
        compareDefault: false,
      },
      ["change column account.old_name: set not null"],
    ],
  ])("%s", async (_name, config, expected) => {
    await project.migrate([account], "first");
    expect(await differences(config, [wanted])).toEqual(expected);
  });
});

test("env.ts may steer for itself, over the configuration", async () => {
  await project.migrate([account], "first");
  project.writeEnvironment(
    `exports.default = async (context) => {
      const dataSource = await context.dataSource();
      await context.connect(dataSource, async (queryRunner) => {
        await context.configure({ queryRunner, target: dataSource, exclude: ["log"] });
        await context.runMigrations();
      });
    };`,
  );
  expect(await differences({ exclude: ["account"] })).toEqual([]);
});
