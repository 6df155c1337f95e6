/** Databases of every kind that TypeORM made, by synchronize() and by its migrations, taken over with their rows. */
import { join } from "node:path";
import type { DataSource } from "typeorm";
import type { AdoptOptions } from "../../src/commands/adopt";
import { initFromTypeorm } from "../../src/init";
import { open } from "../../src/open";
import { connected, kinds } from "../roundtrip/databases";
import type { TestDatabase } from "../roundtrip/databases";
import { makeProject, removeProjects } from "../support/project";

afterAll(removeProjects);

const ENTITIES = `const { EntitySchema } = require("typeorm");
exports.customer = new EntitySchema({
  name: "customer",
  columns: {
    id: { type: Number, primary: true, generated: true },
    email: { type: String, length: 120, unique: true },
    token: { type: String, generated: "uuid" },
    kind: { type: "simple-enum", enum: ["person", "company"], default: "person" },
    balance: { type: "decimal", precision: 10, scale: 2, default: 0 },
    isActive: { type: Boolean, default: true },
    note: { type: String, nullable: true, default: "none" },
    createdAt: { type: Date, createDate: true },
  },
  indices: [{ columns: ["kind", "email"] }],
});
exports.tag = new EntitySchema({ name: "tag", columns: { name: { type: String, length: 40, primary: true } } });
exports.invoice = new EntitySchema({
  name: "invoice",
  columns: { id: { type: Number, primary: true, generated: true }, number: { type: Number } },
  uniques: [{ columns: ["customer", "number"] }],
  relations: {
    customer: { type: "many-to-one", target: "customer", onDelete: "CASCADE", nullable: false },
    tags: { type: "many-to-many", target: "tag", joinTable: true },
  },
});
`;

const MEMBER = `const { EntitySchema } = require("typeorm");
exports.member = new EntitySchema({
  name: "member",
  columns: { id: { type: "integer", primary: true }, name: { type: "varchar", length: 40, nullable: true } },
});
`;

/** A migration class in TypeORM's own terms, as they are the same for every database. */
const migration = (
  name: string,
  up: string,
  down: string,
): string => `const { Table, TableColumn } = require("typeorm");
exports.${name} = class ${name} {
  async up(queryRunner) { ${up} }
  async down(queryRunner) { ${down} }
};
`;
const MIGRATIONS = {
  "migrations/1.js": migration(
    "Create1700000000000",
    `await queryRunner.createTable(new Table({ name: "member", columns: [{ name: "id", type: "integer", isPrimary: true }] }));
     await queryRunner.query("INSERT INTO member (id) VALUES (1)");`,
    'await queryRunner.dropTable("member");',
  ),
  "migrations/2.js": migration(
    "Widen1700000000001",
    'await queryRunner.addColumn("member", new TableColumn({ name: "name", type: "varchar", length: "40", isNullable: true }));',
    'await queryRunner.dropColumn("member", "name");',
  ),
  "migrations/3.js": migration(
    "Fill1700000000002",
    `await queryRunner.query("UPDATE member SET name = 'one'");`,
    'await queryRunner.query("UPDATE member SET name = NULL");',
  ),
};

class Site {
  readonly folder: string;
  readonly #database: TestDatabase;

  constructor(database: TestDatabase, files: Readonly<Record<string, string>>) {
    const options = `{ ...${JSON.stringify(database.options)},
  entities: [__dirname + "/entities.js"], migrations: [__dirname + "/migrations/*.js"], migrationsTransactionMode: "each" }`;
    this.#database = database;
    this.folder = makeProject({
      "package.json": "{}",
      "data-source.js": `const { DataSource } = require("typeorm");\nmodule.exports = new DataSource(${options});\n`,
      ...files,
    });
  }

  async connected<T>(body: (dataSource: DataSource) => Promise<T>, migrations = "*"): Promise<T> {
    const options = {
      ...this.#database.options,
      entities: [join(this.folder, "entities.js")],
      migrations: [join(this.folder, `migrations/${migrations}.js`)],
      migrationsTransactionMode: "each" as const,
    };
    return await connected(options, body);
  }

  async adopt(options: Partial<AdoptOptions> = {}) {
    const adopted = await initFromTypeorm({ cwd: this.folder, env: {}, ...options });
    return { ...adopted, limbeck: await open({ cwd: this.folder, env: {} }) };
  }

  /** Makes the database a new one. */
  async clear(): Promise<void> {
    await this.connected((dataSource) => dataSource.dropDatabase());
    expect(await this.tables()).toEqual([]);
  }

  /** The tables that are not Limbeck's. */
  async tables(): Promise<readonly string[]> {
    return await this.connected(async (dataSource) => {
      const queryRunner = dataSource.createQueryRunner();
      const found = await Promise.all(TABLES.map((name) => queryRunner.hasTable(name)));
      await queryRunner.release();
      return TABLES.filter((_name, place) => found[place]);
    });
  }
}

const TABLES = ["customer", "tag", "invoice", "invoice_tags_tag", "member"];

describe.each(kinds.map((kind) => [kind.name, kind] as const))("on %s", (_name, kind) => {
  let site: Site;
  let database: TestDatabase;
  const begin = async (files: Readonly<Record<string, string>>): Promise<void> => {
    database = await kind.create(makeProject({}), "app");
    site = new Site(database, files);
  };
  afterEach(() => database.drop());

  test("what synchronize() made is one revision, stamped with every row in place, and made anew from nothing", async () => {
    await begin({ "entities.js": ENTITIES });
    const rows = () =>
      site.connected((dataSource) =>
        dataSource.getRepository("invoice").find({ relations: { customer: true, tags: true } }),
      );
    await site.connected(async (dataSource) => {
      await dataSource.synchronize();
      const customer = await dataSource.getRepository("customer").save({ email: "ünï@example.org" });
      const tags = [await dataSource.getRepository("tag").save({ name: "paid" })];
      await dataSource.getRepository("invoice").save({ number: 7, customer, tags });
    });
    const before = await rows();
    const { revisions, stamped, limbeck } = await site.adopt();
    expect([revisions.length, stamped]).toEqual([1, revisions]);
    expect(await limbeck.check()).toMatchObject({ differences: [], unmanaged: [] });
    expect(await rows()).toEqual(before);

    await site.clear();
    await limbeck.upgrade();
    expect(await limbeck.check()).toMatchObject({ differences: [], unmanaged: [] });
    await site.connected(async (dataSource) => {
      const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
      expect(upQueries).toEqual([]);
    });
  });

  test("migration classes are revisions: what ran is stamped, what waits runs, and each is taken back by its own down", async () => {
    await begin({ "entities.js": MEMBER, ...MIGRATIONS });
    await site.connected((dataSource) => dataSource.runMigrations(), "[12]");
    const { revisions, stamped, pending, limbeck } = await site.adopt({ keepMigrationsTable: true });
    expect([stamped, pending]).toEqual([[revisions[1]], ["Fill1700000000002"]]);
    await limbeck.upgrade();
    await site.connected(async (dataSource) => {
      expect(await dataSource.query("SELECT * FROM member")).toEqual([{ id: 1, name: "one" }]);
      expect(await dataSource.showMigrations()).toBe(false);
    });
    expect(await limbeck.check()).toMatchObject({ differences: [], unmanaged: [] });
    await limbeck.downgrade({ revision: "base" });
    expect(await site.tables()).toEqual([]);
    await limbeck.upgrade();
    expect(await site.tables()).toEqual(["member"]);
  });

  test("a baseline instead of the classes makes on a new database what they made on this one", async () => {
    await begin({ "entities.js": MEMBER, ...MIGRATIONS });
    await site.connected((dataSource) => dataSource.runMigrations());
    const { revisions, stamped, limbeck } = await site.adopt({ baseline: true });
    expect([revisions.length, stamped]).toEqual([1, revisions]);
    const [file = ""] = (await limbeck.show(["head"])).map(({ source }) => source);
    expect(file).toContain('op.createTable("member"');
    expect(file).not.toContain("typeormMigration");
    await expect(limbeck.downgrade({ revision: "-1" })).rejects.toMatchObject({
      code: "IRREVERSIBLE_REVISION",
    });
    await site.connected(async (dataSource) => {
      expect(await dataSource.query("SELECT id, name FROM member")).toEqual([{ id: 1, name: "one" }]);
    });
    await site.clear();
    await limbeck.upgrade();
    expect(await limbeck.check()).toMatchObject({ differences: [], unmanaged: [] });
    await site.connected(async (dataSource) => {
      expect(await dataSource.query("SELECT id, name FROM member")).toEqual([]);
    });
  });
});
