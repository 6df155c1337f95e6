/** The SQL of candidate operations in the words of each database, and the same file from every machine. */
import { readFileSync } from "node:fs";
import type { DataSourceOptions } from "typeorm";
import { diff } from "../../src/diff/diff";
import { loadDialect } from "../../src/dialects";
import type { DialectName } from "../../src/dialects/dialect";
import type { Schema } from "../../src/model/schema";
import { emptyRegistry } from "../../src/operations/registry";
import { readMetadata } from "../../src/metadata/read";
import * as everything from "../../fixtures/entities/everything";
import * as everythingMssql from "../../fixtures/entities/everything-mssql";
import * as everythingMysql from "../../fixtures/entities/everything-mysql";
import * as everythingPostgres from "../../fixtures/entities/everything-postgres";
import { CONFIG, DATA_SOURCE, ENTITIES, Project, TSCONFIG } from "../cli/project";
import { build } from "../metadata/build";
import type { DatabaseType } from "../metadata/build";
import { entity, SqliteProject } from "./sqlite-project";

let project: SqliteProject;
beforeEach(() => {
  project = new SqliteProject();
});
afterEach(() => project.remove());

const note = entity("note", {
  id: { type: "int", primary: true },
  line: { type: "varchar", length: "20", default: "it's" },
});

test.each<[DataSourceOptions, readonly string[]]>([
  [
    { type: "better-sqlite3", database: ":memory:" },
    [
      `CREATE TABLE "note" ("id" integer PRIMARY KEY NOT NULL, "line" varchar(20) NOT NULL DEFAULT ('it''s'));`,
    ],
  ],
  [
    { type: "postgres" },
    [
      `CREATE TABLE "note" ("id" integer NOT NULL, "line" character varying(20) DEFAULT 'it''s' NOT NULL, CONSTRAINT "PK_96d0c172a4fba276b1bbed43058" PRIMARY KEY ("id"));`,
    ],
  ],
  [
    { type: "mysql", database: "nowhere" },
    [
      "CREATE TABLE `note` (`id` int NOT NULL, `line` varchar(20) NOT NULL DEFAULT 'it''s', PRIMARY KEY (`id`));",
    ],
  ],
  [
    { type: "mariadb", database: "nowhere" },
    [
      "CREATE TABLE `note` (`id` int NOT NULL, `line` varchar(20) NOT NULL DEFAULT 'it''s', PRIMARY KEY (`id`));",
    ],
  ],
  [
    { type: "mssql", host: "nowhere" },
    [
      "CREATE TABLE [note] ([id] int NOT NULL, [line] varchar(20) NOT NULL CONSTRAINT [DF_4971f89d216e7df37da6dccb6ea] DEFAULT 'it''s', CONSTRAINT [PK_96d0c172a4fba276b1bbed43058] PRIMARY KEY ([id]));",
    ],
  ],
])("the SQL for %j is that database's, and no server is asked", async (options, sql) => {
  const limbeck = await project.open([], { dataSource: { ...options, entities: [note] } });
  const [diff] = await limbeck.diff({ against: "empty" });
  expect(diff?.sql).toEqual(sql);
});

describe("everything is in the same order on every machine", () => {
  const FIXTURES = [
    ["better-sqlite3", everything],
    ["postgres", everythingPostgres],
    ["mysql", everythingMysql],
    ["mariadb", everythingMysql],
    ["mssql", everythingMssql],
  ] as const;

  test.each(FIXTURES)(
    "on %s, whatever order entities are loaded and catalogues answer in",
    async (type, fixture) => {
      const dialect = loadDialect(NAMES[type]);
      const read = async (entities: readonly unknown[]) =>
        dialect.normalize(readMetadata(await build(type, entities)).schema);
      const [from, to] = [await read(fixture.entities), await read(fixture.edited)];
      const options = {
        forwardReferences: dialect.traits.forwardReferences,
        registry: emptyRegistry,
        names: "strategy",
      } as const;
      const operations = diff(from, to, options);
      expect(operations.length).toBeGreaterThan(3);
      const again = await read([...fixture.edited].reverse());
      expect(diff(reversed(from), again, options)).toEqual(operations);
    },
  );

  test("in a file, whatever the time zone and the language", () => {
    const machine = new Project({
      "tsconfig.json": TSCONFIG,
      "entities.ts": ENTITIES,
      "data-source.ts": DATA_SOURCE,
      "ormconfig.ts": CONFIG,
    });
    const textOn = (id: string, variables: Readonly<Record<string, string>>): string => {
      const { stdout } = machine.runIn(
        variables,
        ..."revision --autogenerate --against empty --head base --rev-id".split(" "),
        id,
      );
      const file = stdout.replace(/^created /, "").trim();
      return readFileSync(file, "utf8")
        .replace(/Create Date.*/, "")
        .replaceAll(id, "ID");
    };
    const one = textOn("a1", { TZ: "Asia/Tokyo", LANG: "sv_SE.UTF-8", LC_ALL: "sv_SE.UTF-8" });
    const two = textOn("b2", { TZ: "America/New_York", LANG: "C", LC_ALL: "C" });
    expect(two).toBe(one);
    expect(one).toContain(" * Detected:\n *   create table account (2 columns)\n");
    machine.remove();
  });
});

const NAMES: Readonly<Record<DatabaseType, DialectName>> = {
  "better-sqlite3": "sqlite",
  postgres: "postgres",
  mysql: "mysql",
  mariadb: "mariadb",
  mssql: "mssql",
};

/** The same schema with everything that has no order of its own the other way round. */
function reversed(schema: Schema): Schema {
  return {
    ...schema,
    namespaces: schema.namespaces.toReversed(),
    enums: schema.enums.toReversed(),
    extensions: schema.extensions.toReversed(),
    views: schema.views.toReversed(),
    tables: schema.tables
      .map((table) => ({
        ...table,
        constraints: table.constraints.toReversed(),
        indexes: table.indexes.toReversed(),
      }))
      .reverse(),
  };
}
