import { readFileSync } from "node:fs";
import { EntitySchema } from "typeorm";
import { registryOf } from "../../src/autogenerate/plugin";
import type { Plugin } from "../../src/autogenerate/plugin";
import { replaceableObjects } from "../../src/autogenerate/replaceable";
import { loadDialect } from "../../src/dialects/index";
import type { Table } from "../../src/model/schema";
import { describe as describeOperation } from "../../src/operations/describe";
import type { Operation } from "../../src/operations/operation";
import { order } from "../../src/operations/order";
import type { CustomOperation, Dependencies } from "../../src/operations/registry";
import type { RenderItem } from "../../src/render/items";
import { failure } from "../support/error";
import { entity, id, SqliteProject, text } from "../commands/sqlite-project";

let project: SqliteProject;
beforeEach(() => {
  project = new SqliteProject();
});
afterEach(() => project.remove());

interface Rows {
  [code: string]: { name: string };
}

/** Rows of reference data as objects. */
function countries(wanted: Rows): Plugin {
  return replaceableObjects<{ name: string }>({
    kind: "country",
    target: () => Object.entries(wanted).map(([name, definition]) => ({ name, definition })),
    inspect: async ({ live, query }) =>
      live.tables.some(({ name }) => name === "country")
        ? (await query<{ code: string; name: string }>("SELECT code, name FROM country ORDER BY code")).map(
            ({ code, name }) => ({ name: code, definition: { name } }),
          )
        : [],
    create: ({ name, definition }, { literal }) => [
      `INSERT INTO country (code, name) VALUES (${literal(name)}, ${literal(definition.name)})`,
    ],
    drop: ({ name }, { literal }) => [`DELETE FROM country WHERE code = ${literal(name)}`],
    replace: ({ name, definition }, _from, { literal }) => [
      `UPDATE country SET name = ${literal(definition.name)} WHERE code = ${literal(name)}`,
    ],
    needs: () => [{ kind: "table", name: "country" }],
  });
}

const country = entity("country", { code: { type: "varchar", primary: true }, name: text });
const rows = () => project.query("SELECT code, name FROM country ORDER BY code");

describe("objects that a plugin keeps", () => {
  const first = { AT: { name: "Austria" }, CH: { name: "Switzerland" } };
  const second = { AT: { name: "Österreich" }, DE: { name: "Germany" } };

  async function upgraded(wanted: Rows, message: string, entities = [country]): Promise<string> {
    const limbeck = await project.open(entities, { plugins: [countries(wanted)] });
    const { file, differences } = await limbeck.revision({ autogenerate: true, message });
    project.written.push(...differences);
    await limbeck.upgrade();
    expect((await limbeck.check()).differences).toEqual([]);
    return readFileSync(file ?? "", "utf8");
  }

  test("are created after what they need, replaced, dropped, and put back on the way down", async () => {
    expect(await upgraded(first, "first")).toMatch(
      /await op\.invoke\("createCountry", \{\s+name: "AT",\s+definition: \{ name: "Austria" \},\s+\}\);/,
    );
    expect(project.written).toEqual([
      "create table country (2 columns)",
      "create country AT",
      "create country CH",
    ]);
    expect(await rows()).toEqual([
      { code: "AT", name: "Austria" },
      { code: "CH", name: "Switzerland" },
    ]);
    project.written.length = 0;
    await upgraded(second, "second");
    expect(project.written).toEqual(["create country DE", "replace country AT", "drop country CH"]);
    const limbeck = await project.open([country], { plugins: [countries(second)] });
    await limbeck.downgrade({ revision: "-1" });
    expect(await rows()).toEqual([
      { code: "AT", name: "Austria" },
      { code: "CH", name: "Switzerland" },
    ]);
    await limbeck.downgrade({ revision: "base" });
    expect(await project.query("SELECT name FROM sqlite_schema WHERE name = 'country'")).toEqual([]);
  });

  test("go before the table that they lean on", async () => {
    await upgraded(first, "first");
    const limbeck = await project.open([entity("other", { id })], { plugins: [countries({})] });
    const { differences } = await limbeck.check({ noRenames: true });
    expect(differences.filter((line) => !line.includes("other"))).toEqual([
      "drop country AT",
      "drop country CH",
      "drop table country",
    ]);
  });

  test("that no revision made are left alone, unless they are asked for", async () => {
    await upgraded(first, "first");
    await project.query("INSERT INTO country (code, name) VALUES ('FR', 'France')");
    const limbeck = await project.open([country], { plugins: [countries(first)] });
    const { differences, unmanaged } = await limbeck.check();
    expect(differences).toEqual([]);
    expect(unmanaged).toEqual([{ kind: "object", type: "country", name: "FR" }]);
    expect((await limbeck.check({ includeUnmanaged: true })).differences).toEqual(["drop country FR"]);
  });

  test.each([
    ["a glob", { exclude: ["country:A*"] }],
    [
      "a function",
      {
        includeObject: ({ name, type }: { name: string; type?: string }) =>
          type !== "country" || name !== "AT",
      },
    ],
  ])("are filtered by %s", async (_name, config) => {
    const limbeck = await project.open([country], { plugins: [countries(first)], ...config });
    expect((await limbeck.check()).differences).toEqual([
      "create table country (2 columns)",
      "create country CH",
    ]);
  });

  test("of other databases are not asked for", async () => {
    const [comparator] = countries(first).comparators ?? [];
    const plugins = comparator
      ? [{ ...countries(first), comparators: [{ ...comparator, dialects: ["postgres" as const] }] }]
      : [];
    const limbeck = await project.open([country], { plugins });
    expect((await limbeck.check()).differences).toEqual(["create table country (2 columns)"]);
  });

  test("are known from the revisions alone", async () => {
    await upgraded(first, "first");
    await project.query("DELETE FROM country");
    const limbeck = await project.open([country], { plugins: [countries(second)] });
    expect((await limbeck.check({ against: "revisions" })).differences).toEqual([
      "create country DE",
      "replace country AT",
      "drop country CH",
    ]);
  });
});

const analyze: CustomOperation<{ table: string }> = {
  name: "analyze",
  describe: ({ table }) => `gather statistics of ${table}`,
  invert: (payload) => ({ name: "analyze", payload }),
  compile: {
    sqlite: ({ table }, { quote }) => [`ANALYZE ${quote(table)}`],
    postgres: ({ table }, { quote }) => [{ sql: `VACUUM ANALYZE ${quote(table)}`, outsideTransaction: true }],
    mysql: ({ table }, { quote }) => [`ANALYZE TABLE ${quote(table)}`],
  },
  losses: ({ table }) => [`takes long where ${table} is large`],
};
const statistics: Plugin = { name: "statistics", operations: [analyze] };
const call: Operation = { kind: "custom", name: "analyze", payload: { table: "account" } };

describe("a custom operation", () => {
  const registry = registryOf([statistics]);

  test.each([
    ["sqlite", [{ sql: 'ANALYZE "account"' }]],
    ["postgres", [{ sql: 'VACUUM ANALYZE "account"', outsideTransaction: true }]],
    ["mysql", [{ sql: "ANALYZE TABLE `account`" }]],
    ["mariadb", [{ sql: "ANALYZE TABLE `account`" }]],
  ] as const)("has its own SQL for %s", (dialect, statements) => {
    const made = loadDialect(dialect).compile(call, { registry });
    expect(made.map(({ operation: _operation, ...statement }) => statement)).toEqual(statements);
  });

  test("without SQL for a database, or that nobody brings, is an error that says so", async () => {
    expect(() => loadDialect("mssql").compile(call, { registry })).toThrow(
      'the custom operation "analyze" has no SQL for mssql',
    );
    const limbeck = await project.open([], {});
    project.writeRevision("one.js", revision('op.invoke("analyze", { table: "account" })'));
    expect(await failure(limbeck.upgrade())).toMatchObject({ code: "INVALID_OPERATION" });
  });

  test("is written, run and taken back by its own functions", async () => {
    const limbeck = await project.open([entity("account", { id, name: text })], {
      plugins: [statistics],
      processRevisionDirectives: (_context, _revision, directives) => {
        for (const { upgrade } of directives) upgrade.push(call);
      },
    });
    const told = ["takes long where account is large"];
    const [shown] = await limbeck.diff();
    expect(shown?.changes.map((change) => change.losses)).toEqual([[], told]);
    expect(await limbeck.check()).toMatchObject({ lossCount: 1, losses: [{ sentence: told[0] }] });
    const { file, differences, losses } = await limbeck.revision({ autogenerate: true, message: "first" });
    expect(differences).toEqual(["create table account (2 columns)", "gather statistics of account"]);
    expect(losses).toEqual(told);
    const source = readFileSync(file ?? "", "utf8");
    expect(source.match(/op\.invoke\("analyze", \{ table: "account" \}\)/g)).toHaveLength(2);
    await limbeck.upgrade();
    await limbeck.downgrade({ revision: "base" });
  });

  test.each([
    ["a plugin that stands twice", [statistics, statistics], 'the plugin "statistics" stands twice'],
    [
      "an operation that two bring",
      [statistics, { ...statistics, name: "others" }],
      '"analyze" is registered twice',
    ],
  ])("%s is refused", async (_name, plugins, sentence) => {
    const limbeck = await project.open([], { plugins });
    expect((await failure(limbeck.check())).message).toContain(sentence);
  });
});

function revision(body: string): string {
  return `exports.revision = "one"; exports.downRevision = null; exports.branchLabels = null; exports.dependsOn = null;
exports.message = "one"; exports.upgrade = async (op) => { await ${body}; }; exports.downgrade = async () => {};`;
}

describe("the place of a custom operation", () => {
  const table: Table = {
    name: "account",
    columns: [
      { name: "id", type: { name: "int" }, nullable: false },
      { name: "code", type: { name: "text" }, nullable: false, default: { sql: "new_code()" } },
    ],
    constraints: [],
    indexes: [],
  };
  const column = { name: "size", type: { name: "int" }, nullable: true } as const;
  const account = { name: "account" };
  const doing = (name: string, dependencies: Dependencies): CustomOperation => ({
    name,
    describe: () => name,
    compile: () => [],
    dependencies: () => dependencies,
  });
  const operations = [
    doing("make new_code", { creates: [{ kind: "function", name: "new_code" }] }),
    doing("drop new_code", { drops: [{ kind: "function", name: "new_code" }] }),
    doing("count accounts", { needs: [{ kind: "table", name: "account" }] }),
    doing("use size", { needs: [{ kind: "column", name: "size", table: account }] }),
    doing("forget size", { releases: [{ kind: "column", name: "size", table: account }] }),
    doing("grant", {
      needs: [
        { kind: "function", name: "new_code" },
        { kind: "enum", name: "mood" },
      ],
    }),
  ];
  const registry = registryOf([{ name: "all", operations }]);
  const custom = (name: string): Operation => ({ kind: "custom", name, payload: {} });
  const createTable: Operation = { kind: "createTable", table };
  const dropTable: Operation = { kind: "dropTable", table: account, was: table };

  test.each<[string, readonly Operation[], readonly string[]]>([
    [
      "after the table that it needs, whose default names a function",
      [custom("count accounts"), createTable, custom("make new_code")],
      ["make new_code", "create table account (2 columns)", "count accounts"],
    ],
    [
      "after the last use of what it drops",
      [custom("drop new_code"), dropTable],
      ["drop table account", "drop new_code"],
    ],
    [
      "after a column that it needs",
      [custom("use size"), { kind: "addColumn", table: account, column }],
      ["add column account.size int", "use size"],
    ],
    [
      "before a column goes that it let go of",
      [{ kind: "dropColumn", table: account, column: "size", was: column }, custom("forget size")],
      ["forget size", "drop column account.size"],
    ],
    [
      "after an enum and an object of another plugin",
      [
        custom("grant"),
        { kind: "createEnum", enum: { name: "mood", values: ["a"] } },
        custom("make new_code"),
      ],
      ["create enum mood (a)", "make new_code", "grant"],
    ],
  ])("%s", (_name, given, expected) => {
    const ordered = order(given, { forwardReferences: false, registry });
    expect(ordered.map((one) => describeOperation(one, registry))).toEqual(expected);
  });
});

describe("types, defaults and columns as code of the user's own", () => {
  test("with what the file must import", async () => {
    const wanted = entity("account", {
      id,
      price: { type: "decimal", precision: 12, scale: 2 },
      at: { type: "datetime", default: () => "CURRENT_TIMESTAMP" },
      tenant: { type: "integer" },
    });
    const limbeck = await project.open([wanted], {
      renderItem: (item, file) => {
        if (item.kind === "type" && item.definition.name === "decimal") {
          file.addImport('import { money } from "../../src/columns";');
          return "money()";
        }
        if (item.kind === "default") return "now";
        return item.kind === "column" && item.column === "tenant" ? 'tenant("tenant")' : undefined;
      },
    });
    const { file } = await limbeck.revision({ autogenerate: true, message: "first" });
    const source = readFileSync(file ?? "", "utf8");
    expect(source).toContain('import { money } from "../../src/columns";\n');
    expect(source.match(/^import .*/gm)).toHaveLength(2);
    expect(source).toContain('{ name: "price", ...money() },');
    expect(source).toMatch(/name: "at", type: "datetime", default: now /);
    expect(source).toMatch(/^\s+tenant\("tenant"\),$/m);
  });

  test("writes constraints and indexes, in a table, on their own and in a batch", async () => {
    const table = (name: string, more: object) =>
      new EntitySchema({ name, columns: { id, name: text, rank: { type: "integer" } }, ...more });
    const parts = {
      indices: [{ name: "by_name", columns: ["name"] }],
      uniques: [{ name: "one_rank", columns: ["rank"] }],
      checks: [{ name: "positive", expression: "rank > 0" }],
    };
    const places: string[] = [];
    const renderItem: RenderItem = (item) => {
      if (item.kind !== "index" && item.kind !== "constraint") return undefined;
      places.push(
        `${item.place}: ${item.kind} ${item.definition.name ?? "of the key"} of ${item.table.name}`,
      );
      if (item.kind === "constraint")
        return item.place === "createTable" && item.definition.kind === "check" ? "check()" : undefined;
      return item.place === "createTable" ? "byName()" : `createIndex(...byName("${item.place}"))`;
    };
    await project.migrate([table("old", {}), table("other", {})], "first");
    const other = table("other", { indices: [{ name: "other_name", columns: ["name"] }] });
    const limbeck = await project.open([table("old", parts), table("fresh", parts), other], { renderItem });
    const { file = "" } = await limbeck.revision({ autogenerate: true, message: "second" });
    const source = readFileSync(file, "utf8");
    expect(places).toEqual([
      "createTable: constraint of the key of fresh",
      "createTable: constraint one_rank of fresh",
      "createTable: constraint positive of fresh",
      "createTable: index by_name of fresh",
      "batch: constraint positive of old",
      "batch: constraint one_rank of old",
      "batch: index by_name of old",
      "op: index other_name of other",
    ]);
    expect(source).toContain("indexes: [byName()],");
    expect(source).toContain("checks: [check()],");
    expect(source).toContain('uniques: [{ name: "one_rank", columns: ["rank"] }],');
    expect(source).toContain('  batch.createIndex(...byName("batch"));');
    expect(source).toContain('  await op.createIndex(...byName("op"));');
  });
});
