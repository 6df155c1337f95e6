/** Databases that TypeORM made, by its own migrations and by synchronize(), taken over. */
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DataSourceOptions, MigrationInterface, QueryRunner } from "typeorm";
import { EntitySchema, Table } from "typeorm";
import type { AdoptOptions, AdoptResult } from "../../src/commands/adopt";
import { LimbeckError } from "../../src/errors";
import { initFromTypeorm } from "../../src/init";
import { open } from "../../src/open";
import type { Limbeck } from "../../src/open";
import { connected } from "../roundtrip/databases";
import { makeProject, removeProjects } from "../support/project";

afterAll(removeProjects);

class CreateAccount1700000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE TABLE account (id integer PRIMARY KEY, name varchar(40) NOT NULL)`);
  }
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE account`);
  }
}
class CreateNote1700000000001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.createTable(
      new Table({ name: "note", columns: [{ name: "id", type: "integer", isPrimary: true }] }),
    );
  }
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable("note");
  }
}
class AddPlain1700000000002 implements MigrationInterface {
  transaction = false;
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`INSERT INTO account VALUES (?, ?)`, [1, "it's"]);
  }
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DELETE FROM account`);
  }
}

/** The files of the classes, which import the same table builder. */
const FILES: Readonly<Record<string, string>> = {
  "migrations/a.ts": `export class CreateAccount1700000000000 {
  async up(queryRunner: any) { await queryRunner.query("CREATE TABLE account (id integer PRIMARY KEY, name varchar(40) NOT NULL)"); }
  async down(queryRunner: any) { await queryRunner.query("DROP TABLE account"); }
}`,
  "migrations/b.ts": `import { Table } from "typeorm";
export default class CreateNote1700000000001 {
  async up(queryRunner: any) {
    await queryRunner.createTable(new Table({ name: "note", columns: [{ name: "id", type: "integer", isPrimary: true }] }));
  }
  async down(queryRunner: any) { await queryRunner.dropTable("note"); }
}`,
  "migrations/c.ts": `export class AddPlain1700000000002 {
  transaction = false;
  async up(queryRunner: any) { await queryRunner.query("INSERT INTO account VALUES (?, ?)", [1, "it's"]); }
  async down(queryRunner: any) { await queryRunner.query("DELETE FROM account"); }
}`,
};
const CLASSES = [CreateAccount1700000000000, CreateNote1700000000001, AddPlain1700000000002];

interface Case {
  readonly files?: Readonly<Record<string, string>>;
  /** More options of the data source, as text and as data. */
  readonly options?: Readonly<Record<string, string>>;
}

class Site {
  readonly folder: string;
  readonly #more: Readonly<Record<string, string>>;

  constructor({ files = FILES, options = {} }: Case = {}) {
    this.#more = options;
    const folder = makeProject({ "package.json": "{}", ...files });
    this.folder = folder;
    const text = `import { DataSource, EntitySchema } from "typeorm";
const account = new EntitySchema({ name: "account", columns: { id: { type: "integer", primary: true }, name: { type: "varchar", length: 40 } } });
export const dataSource = new DataSource({
  type: "better-sqlite3", database: ${JSON.stringify(join(folder, "app.db"))}, entities: [account],
  migrations: [${JSON.stringify(join(folder, "migrations/*.ts"))}], ...${JSON.stringify(options)} });
`;
    writeFileSync(join(folder, "data-source.ts"), text);
  }

  get database(): DataSourceOptions {
    return {
      type: "better-sqlite3",
      database: join(this.folder, "app.db"),
      migrationsTransactionMode: "each",
      ...this.#more,
    };
  }

  /** Runs migrations by TypeORM's own executor. */
  async migrate(classes: readonly (new () => MigrationInterface)[]): Promise<void> {
    await connected({ ...this.database, migrations: [...classes] }, async (dataSource) => {
      await dataSource.runMigrations();
    });
  }

  async synchronize(): Promise<void> {
    const note = new EntitySchema({
      name: "note",
      columns: {
        id: { type: "integer", primary: true, generated: true },
        text: { type: "varchar", default: "none" },
        account: { type: "integer", nullable: true },
      },
      indices: [{ columns: ["text"] }],
      checks: [{ expression: "account > 0" }],
    });
    await connected({ ...this.database, entities: [note] }, async (dataSource) => {
      await dataSource.synchronize();
    });
  }

  async adopt(options: Partial<AdoptOptions> = {}): Promise<AdoptResult> {
    return await initFromTypeorm({ cwd: this.folder, env: {}, ...options });
  }

  async limbeck(write: (text: string) => void = () => undefined, said: string[] = []): Promise<Limbeck> {
    const say = (text: string): void => void said.push(text);
    return await open({ cwd: this.folder, env: {}, write, reporter: { info: say, warn: say } });
  }

  /** The text of a revision file. */
  read(place: number): string {
    return readFileSync(join(this.folder, "revisions/versions", this.versions()[place] ?? ""), "utf8");
  }

  async query<Row>(sql: string): Promise<readonly Row[]> {
    return await connected(this.database, (dataSource) => dataSource.query<Row[]>(sql));
  }

  async tables(): Promise<readonly string[]> {
    const rows = await this.query<{ name: string }>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'limbeck%' AND name NOT LIKE 'sqlite%' ORDER BY name",
    );
    return rows.map(({ name }) => name);
  }

  async definitions(): Promise<readonly string[]> {
    const rows = await this.query<{ sql: string }>(
      "SELECT sql FROM sqlite_master WHERE tbl_name NOT LIKE 'limbeck%' AND name <> 'sqlite_sequence' ORDER BY name",
    );
    return rows.map(({ sql }) => sql.trim());
  }

  /** Whether TypeORM itself finds something to run. */
  async pendingForTypeorm(): Promise<boolean> {
    return await connected({ ...this.database, migrations: CLASSES }, (dataSource) =>
      dataSource.showMigrations(),
    );
  }

  versions(): readonly string[] {
    const folder = join(this.folder, "revisions", "versions");
    return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".ts")) : [];
  }
}

test("applied migrations are stamped, pending ones run as they are, and downgrades run them back", async () => {
  const site = new Site();
  await site.migrate(CLASSES.slice(0, 2));
  const { revisions, stamped, pending } = await site.adopt();
  expect(revisions).toHaveLength(3);
  expect(stamped).toEqual([revisions[1]]);
  expect(pending).toEqual(["AddPlain1700000000002"]);
  const limbeck = await site.limbeck();
  expect((await limbeck.current()).map(({ revision }) => revision)).toEqual(stamped);
  await limbeck.upgrade();
  expect(await site.query("SELECT * FROM account")).toEqual([{ id: 1, name: "it's" }]);
  const executed = "SELECT name FROM migrations";
  expect(await site.query(executed)).toHaveLength(2);
  await limbeck.downgrade({ revision: "base" });
  expect(await site.tables()).toEqual(["migrations"]);
  await limbeck.upgrade();
  expect(await site.tables()).toEqual(["account", "migrations", "note"]);
});

test("the ids are the same wherever a project is adopted, and the classes keep their wish for no transaction", async () => {
  const [one, two] = [new Site(), new Site()];
  expect((await one.adopt()).revisions).toEqual((await two.adopt()).revisions);
  const texts = one
    .versions()
    .map((name) => readFileSync(join(one.folder, "revisions/versions", name), "utf8"));
  expect(texts.filter((text) => text.includes("export const transaction = false;"))).toHaveLength(1);
});

test("with keepMigrationsTable TypeORM's table says what Limbeck ran, up and down, also where it was not there", async () => {
  const site = new Site({ options: { migrationsTableName: "ran" } });
  await site.adopt({ keepMigrationsTable: true });
  const limbeck = await site.limbeck();
  await limbeck.upgrade();
  expect(await site.pendingForTypeorm()).toBe(false);
  await limbeck.downgrade({ revision: "-1" });
  expect(await site.query("SELECT id, timestamp, name FROM ran")).toEqual([
    { id: 1, timestamp: 1700000000000, name: "CreateAccount1700000000000" },
    { id: 2, timestamp: 1700000000001, name: "CreateNote1700000000001" },
  ]);
  expect(await site.pendingForTypeorm()).toBe(true);
});

test("a script holds what a class asks by query, and names what else it uses", async () => {
  const site = new Site();
  const [first = ""] = (await site.adopt()).revisions;
  const written: string[] = [];
  const limbeck = await site.limbeck((text) => written.push(text));
  await limbeck.upgrade({ revisions: [first], sql: true });
  expect(written.join("")).toContain("CREATE TABLE account (id integer PRIMARY KEY");
  await expect(limbeck.upgrade({ sql: true })).rejects.toThrow(
    /CreateNote1700000000001 uses queryRunner\.createTable, which a script does not have/,
  );
});

test("a script refuses a class that reads what a query answers", async () => {
  const site = new Site({
    files: {
      "migrations/a.ts": `export class Read1700000000000 {
  async up(queryRunner: any) { const rows = await queryRunner.query("SELECT 1"); if (rows.length > 0) return; }
  async down(queryRunner: any) {}
}`,
    },
  });
  await site.adopt();
  const limbeck = await site.limbeck();
  await expect(limbeck.upgrade({ sql: true })).rejects.toThrow(/reads what queryRunner\.query answers/);
});

test("a database of synchronize() gets one revision, and nothing is left to find or to change", async () => {
  const site = new Site({ files: {} });
  await site.synchronize();
  const before = await site.definitions();
  const { revisions, stamped } = await site.adopt();
  expect(stamped).toEqual(revisions);
  expect(revisions).toHaveLength(1);
  expect(await site.definitions()).toEqual(before);
  const limbeck = await site.limbeck();
  await expect(limbeck.downgrade({ revision: "-1" })).rejects.toMatchObject({
    code: "IRREVERSIBLE_REVISION",
  });
  expect(await site.definitions()).toEqual(before);
  expect(site.read(0)).toContain("so there is no downgrade: it would drop every table with its rows");
  rmSync(join(site.folder, "app.db"));
  await limbeck.upgrade();
  expect(await site.definitions()).toEqual(before);
});

test("a baseline beside the classes takes the schema as it is, and makes what they made", async () => {
  const site = new Site();
  await site.migrate(CLASSES);
  const { revisions, pending } = await site.adopt({ baseline: true });
  expect(revisions).toHaveLength(1);
  expect(pending).toEqual([]);
  const limbeck = await site.limbeck();
  rmSync(join(site.folder, "app.db"));
  await limbeck.upgrade();
  expect(await site.tables()).toEqual(["account", "note"]);
});

const LATER = `export class AddIndex1700000000003 {
  async up(queryRunner: any) { await queryRunner.query("CREATE INDEX later ON account (name)"); }
  async down(queryRunner: any) { await queryRunner.query("DROP INDEX later"); }
}`;

test("classes that are added later are noticed by check, and get their revisions on top", async () => {
  const site = new Site();
  await site.migrate(CLASSES);
  const { stamped } = await site.adopt();
  await expect(site.adopt()).rejects.toThrow(
    "each migration class of the data source has its revision already",
  );
  writeFileSync(join(site.folder, "migrations/d.ts"), LATER);
  const warnings: string[] = [];
  const limbeck = await site.limbeck(undefined, warnings);
  await limbeck.check({ includeUnmanaged: false });
  expect(warnings).toContainEqual(
    expect.stringContaining("no revision runs the migration class AddIndex1700000000003 of the data source"),
  );
  const more = await site.adopt();
  expect(more).toMatchObject({ stamped: [], pending: ["AddIndex1700000000003"], changed: [] });
  const again = await site.limbeck();
  await again.upgrade();
  const [item] = await again.current();
  expect(item).toMatchObject({ revision: more.revisions[0], parents: stamped });
});

test("a class that TypeORM has run since is stamped with its revision, where the database has all that is before", async () => {
  const site = new Site();
  await site.migrate(CLASSES);
  await site.adopt();
  writeFileSync(join(site.folder, "migrations/d.ts"), LATER);
  await site.query(
    "INSERT INTO migrations (timestamp, name) VALUES (1700000000003, 'AddIndex1700000000003')",
  );
  const { stamped, revisions } = await site.adopt();
  expect(revisions).toHaveLength(1);
  expect(stamped).toEqual(revisions);
});

test("another database that TypeORM has migrated is told which revision it is at, and nothing is run there", async () => {
  const site = new Site();
  await site.migrate(CLASSES.slice(0, 2));
  const [id = ""] = (await site.adopt()).stamped;
  for (const table of ["limbeck_version", "limbeck_history"]) await site.query(`DROP TABLE ${table}`);
  const said: string[] = [];
  const limbeck = await site.limbeck(undefined, said);
  const refusal = { code: "DATABASE_BEHIND", hint: expect.stringContaining(`limbeck stamp ${id}`) as string };
  await expect(limbeck.check()).rejects.toMatchObject(refusal);
  await expect(limbeck.upgrade()).rejects.toMatchObject(refusal);
  expect(await limbeck.current()).toEqual([]);
  expect(said.at(-1)).toContain(
    `the database is at base: no revision has been applied: run \`limbeck stamp ${id}\``,
  );
  await limbeck.stamp({ revisions: [id] });
  await limbeck.upgrade();
  expect(await site.query("SELECT * FROM account")).toHaveLength(1);
});

const ONE = { "migrations/a.ts": FILES["migrations/a.ts"] ?? "" };
interface Refusal extends Case {
  readonly name: string;
  readonly ran: readonly (new () => MigrationInterface)[];
  readonly synchronized?: boolean;
  readonly baseline?: boolean;
  readonly said: RegExp;
}
const REFUSALS: readonly Refusal[] = [
  {
    name: "a row that no class has",
    files: ONE,
    ran: CLASSES.slice(0, 2),
    said: /CreateNote1700000000001 has been applied, which is no migration class/,
  },
  {
    name: "a class that was left out before later ones",
    ran: CLASSES.slice(0, 1).concat(CLASSES.slice(2)),
    said: /CreateNote1700000000001 waits to be run although/,
  },
  {
    name: "a baseline while migrations wait",
    ran: CLASSES.slice(0, 1),
    baseline: true,
    said: /2 migrations of TypeORM wait to be run/,
  },
  {
    name: "tables, and no row of a migration",
    ran: [],
    synchronized: true,
    said: /the database has tables \(note\), and by its table migrations no migration/,
  },
  {
    name: "another migrationsTableName",
    ran: CLASSES,
    options: { migrationsTableName: "other" },
    said: /by its table other no migration has been applied/,
  },
  { name: "an empty database without classes", files: {}, ran: [], said: /the database is empty/ },
  {
    name: "a class without a timestamp",
    files: { "migrations/a.ts": "export class Plain { async up() {} async down() {} }" },
    ran: [],
    said: /the name of migration Plain does not end with a timestamp/,
  },
  {
    name: "two classes of one name",
    files: { ...ONE, "migrations/b.ts": ONE["migrations/a.ts"] },
    ran: [],
    said: /two migrations are called CreateAccount1700000000000/,
  },
];
test.each(REFUSALS)(
  "$name: one sentence, and nothing is written",
  async ({ ran, synchronized, baseline = false, said, ...site }) => {
    const place = new Site(site);
    if (ran.length > 0) {
      const { options: _options, ...usual } = site;
      void usual;
      await connected(
        {
          type: "better-sqlite3",
          database: join(place.folder, "app.db"),
          migrations: [...ran],
          migrationsTransactionMode: "each",
        },
        async (dataSource) => {
          await dataSource.runMigrations();
        },
      );
    }
    if (synchronized) await place.synchronize();
    const error: unknown = await place.adopt({ baseline }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LimbeckError);
    expect((error as LimbeckError).message).toMatch(said);
    expect((error as LimbeckError).hint).toBeDefined();
    expect(existsSync(join(place.folder, "ormconfig.ts"))).toBe(false);
    expect(existsSync(join(place.folder, "revisions"))).toBe(false);
  },
);

test("a database that has been taken over is not taken over again", async () => {
  const site = new Site();
  await site.migrate(CLASSES);
  await site.adopt();
  for (const name of ["ormconfig.ts", "revisions"]) rmSync(join(site.folder, name), { recursive: true });
  await expect(site.adopt()).rejects.toThrow(/has been taken over already: its table limbeck_version says/);
});
