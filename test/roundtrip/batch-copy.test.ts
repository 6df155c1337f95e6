/**
 * Tables that are copied because a batch asks for it, on every database: rows, names, counts, what refers to the table and
 * what stands around it are as they were, and the columns stand where they are told to; up, down, online and in a script.
 */
import type { DataSourceOptions } from "typeorm";
import { dialectOfDriver, loadDialect } from "../../src/dialects";
import type { Schema, Table } from "../../src/model/schema";
import { findTable } from "../../src/model/schema";
import { open } from "../../src/open";
import type { Limbeck } from "../../src/open";
import { queryableOf } from "../../src/runtime/queryable";
import type { Operations as OperationCalls } from "../../src/operations/spec";
import { Operations } from "../../src/standalone";
import { failure } from "../support/error";
import { makeProject, removeProjects, writeIn } from "../support/project";
import { connected, kinds } from "./databases";
import type { Kind, TestDatabase } from "./databases";

type Row = Readonly<Record<string, unknown>>;

const TABLES = `
  await op.createTable("p", { columns: [{ name: "id", type: "int" }], primaryKey: { name: "PK_p", columns: ["id"] } });
  await op.createTable("t", {
    columns: [
      { name: "id", type: op.dialect === "sqlite" ? "integer" : "int", generated: "increment" },
      { name: "name", type: "varchar", length: 40, default: "no name", comment: "what it is called" },
      { name: "amount", type: "int" },
      { name: "p", type: "int", nullable: true },
      { name: "up", type: op.dialect === "sqlite" ? "integer" : "int", nullable: true },
    ],
    primaryKey: { name: "PK_t", columns: ["id"] },
    uniques: [{ name: "UQ_t", columns: ["name", "amount"] }],
    checks: [{ name: "CHK_t", expression: "amount > 0" }],
    foreignKeys: [
      { name: "FK_t_p", columns: ["p"], references: "p", referencedColumns: ["id"], onDelete: "CASCADE" },
      { name: "FK_t_up", columns: ["up"], references: "t", referencedColumns: ["id"] },
    ],
    indexes: [{ name: "IDX_t", parts: ["amount"] }],
    comment: "things",
  });
  await op.createTable("c", {
    columns: [{ name: "t", type: op.dialect === "sqlite" ? "integer" : "int" }],
    foreignKeys: [{ name: "FK_c", columns: ["t"], references: "t", referencedColumns: ["id"], onDelete: "CASCADE" }],
  });
  await op.bulkInsert("p", [{ id: 1 }]);
  await op.bulkInsert("t", [{ name: "Zoë", amount: 1, p: 1 }, { name: "it's", amount: 2 }, { name: "gone", amount: 3 }]);
  await op.execute("UPDATE t SET up = 1 WHERE amount = 2");
  await op.execute("DELETE FROM t WHERE amount = 3");
  await op.bulkInsert("c", [{ t: 1 }, { t: 2 }]);
`;
const BATCH = `
  await op.batchAlterTable("t", { recreate: "always", reorder: [["amount", "name"]] }, (batch) => {
    batch.addColumn({ name: "extra", type: "int", default: 7 }, { before: "p" });
    batch.alterColumn("up", {}, { after: "id" });
  });
`;
const BACK = `
  await op.batchAlterTable("t", { recreate: "always", reorder: [["name", "amount", "p", "up"]] }, (batch) => {
    batch.dropColumn("extra");
  });
`;
const STARTED = ["id", "name", "amount", "p", "up"];
const REORDERED = ["id", "up", "amount", "name", "extra", "p"];

/** What stands around the table, by dialect: a trigger that counts changes of its rows, and a view. */
const AROUND = `
  await op.execute("CREATE VIEW v AS SELECT name, amount FROM t WHERE amount > 1");
  await op.execute({
    postgres: "CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO p VALUES (NEW.amount * 100); RETURN NEW; END $$",
    mysql: "", mariadb: "", sqlite: "", mssql: "",
  });
  await op.execute({
    postgres: "CREATE TRIGGER noted AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION noted()",
    mysql: "CREATE TRIGGER noted AFTER UPDATE ON t FOR EACH ROW INSERT INTO p VALUES (NEW.amount * 100)",
    sqlite: "CREATE TRIGGER noted AFTER UPDATE ON t BEGIN INSERT INTO p VALUES (NEW.amount * 100); END",
    mssql: "CREATE TRIGGER noted ON t AFTER UPDATE AS INSERT INTO p SELECT amount * 100 FROM inserted",
  });
`;

function revision(id: string, parent: string | null, upgrade: string, downgrade = ""): string {
  return `export const revision = "${id}";
export const downRevision = ${JSON.stringify(parent)};
export const branchLabels = null;
export const dependsOn = null;
export const message = "revision ${id}";
export async function upgrade(op) {${upgrade}}
export async function downgrade(op) {${downgrade}}
`;
}

const made: TestDatabase[] = [];
afterEach(async () => {
  for (const database of made.splice(0)) await database.drop();
});
afterAll(removeProjects);

async function project(
  kind: Kind,
  files: Readonly<Record<string, string>>,
): Promise<{ readonly limbeck: Limbeck; readonly database: TestDatabase; readonly written: string[] }> {
  const folder = makeProject({});
  for (const [name, text] of Object.entries(files)) writeIn(folder, `revisions/versions/${name}.ts`, text);
  const database = await kind.create(folder, "a");
  made.push(database);
  const written: string[] = [];
  const limbeck = await open({
    cwd: folder,
    config: { dataSource: database.options },
    write: (text) => written.push(text),
  });
  return { limbeck, database, written };
}

async function schemaOf(options: DataSourceOptions): Promise<Schema> {
  return await connected(options, async (dataSource) => {
    const dialect = loadDialect(dialectOfDriver(options.type));
    return dialect.normalize(
      await dialect.inspect(queryableOf(dataSource.createQueryRunner()), { schemas: [] }),
    );
  });
}

const query = async (options: DataSourceOptions, sql: string): Promise<readonly Row[]> =>
  await connected(options, async (dataSource) => await dataSource.query<Row[]>(sql));

async function tableOf(options: DataSourceOptions): Promise<Table> {
  const table = findTable(await schemaOf(options), { name: "t" });
  if (table) return table;
  throw new Error("there is no table t");
}

/** Everything but the order of the columns, and what the batch adds. */
function unordered({ columns, constraints, indexes, ...rest }: Table): unknown {
  const byName = (left: { readonly name?: string }, right: { readonly name?: string }): number =>
    (left.name ?? "") < (right.name ?? "") ? -1 : 1;
  return {
    ...rest,
    columns: columns.filter(({ name }) => name !== "extra").toSorted(byName),
    constraints: constraints.toSorted(byName),
    indexes: indexes.toSorted(byName),
  };
}

const namesOf = ({ columns }: Table): readonly string[] => columns.map(({ name }) => name);
const places = kinds.flatMap((kind) => {
  const reasons = ["names", "nullability", "copies"].flatMap((need) => kind.lacks?.[need] ?? []);
  if (reasons.length === 0) return [[kind.name, kind] as const];
  console.warn(
    `not run: a batch that copies its table on ${kind.name}, because of the server: ${reasons.join("; ")}`,
  );
  test.skip(`on ${kind.name}`, () => undefined);
  return [];
});

describe.each(places)("a batch that copies its table on %s", (_name, kind) => {
  it("keeps rows, names, counts and all that stands around, up and down", async () => {
    const { limbeck, database } = await project(kind, {
      a: revision("a1", null, TABLES + AROUND),
      b: revision("b2", "a1", BATCH, BACK),
    });
    const { options } = database;
    await limbeck.upgrade({ revisions: ["a1"] });
    const [before, rows] = [await tableOf(options), await query(options, "SELECT * FROM t ORDER BY id")];
    const others = (await schemaOf(options)).views;
    for (const [run, columns] of [
      [() => limbeck.upgrade(), REORDERED],
      [() => limbeck.downgrade({ revision: "a1" }), STARTED],
      [() => limbeck.upgrade(), REORDERED],
    ] as const) {
      await run();
      const now = await tableOf(options);
      expect(namesOf(now)).toEqual(columns);
      expect(unordered(now)).toEqual(unordered(before));
      const extra = columns === REORDERED ? { extra: 7 } : {};
      expect(await query(options, "SELECT * FROM t ORDER BY id")).toEqual(
        rows.map((row) => ({ ...row, ...extra })),
      );
    }
    expect((await schemaOf(options)).views).toEqual(others);
    expect(await query(options, "SELECT * FROM v")).toEqual([{ name: "it's", amount: 2 }]);
    await query(options, "INSERT INTO t (name, amount) VALUES ('next', 9)");
    expect(await query(options, "SELECT id FROM t WHERE amount = 9")).toEqual([{ id: 4 }]);
    await query(options, "UPDATE t SET amount = 5 WHERE amount = 9");
    expect(await query(options, "SELECT id FROM p ORDER BY id")).toEqual([{ id: 1 }, { id: 500 }]);
    await connected(options, async (dataSource) => {
      if (kind.name.includes("sqlite")) await dataSource.query("PRAGMA foreign_keys = ON");
      await dataSource.query("UPDATE t SET up = NULL WHERE id = 2");
      await dataSource.query("DELETE FROM t WHERE id = 2");
    });
    expect(await query(options, "SELECT t FROM c")).toEqual([{ t: 1 }]);
  });

  it("does the same in a script", async () => {
    const { limbeck, database, written } = await project(kind, {
      a: revision("a1", null, TABLES),
      b: revision("b2", "a1", BATCH, BACK),
    });
    if (!database.feed) {
      console.warn(`not run: this machine has no client for ${kind.name}`);
      return;
    }
    const { options } = database;
    await limbeck.upgrade({ revisions: ["a1"] });
    const [before, rows] = [await tableOf(options), await query(options, "SELECT * FROM t ORDER BY id")];
    for (const [write, columns] of [
      [() => limbeck.upgrade({ revisions: ["a1:b2"], sql: true }), REORDERED],
      [() => limbeck.downgrade({ revision: "b2:a1", sql: true }), STARTED],
    ] as const) {
      await write();
      database.feed(written.splice(0).join(""));
      const now = await tableOf(options);
      expect(namesOf(now)).toEqual(columns);
      expect(unordered(now)).toEqual(unordered(before));
    }
    expect(await query(options, "SELECT * FROM t ORDER BY id")).toEqual(rows);
  });

  it("takes the table from the call in a script where SQL text has changed it, and else stops", async () => {
    const start = `
      await op.createTable("t", {
        columns: ["id", "a"].map((name) => ({ name, type: "int" })),
        primaryKey: { name: "PK_t", columns: ["id"] },
      });
      await op.bulkInsert("t", [{ id: 1, a: 2 }]);
      await op.execute("ALTER TABLE t ADD note int");`;
    const copyFrom = (names: readonly string[]): string => `copyFrom: {
      columns: ${JSON.stringify(names)}.map((name) => ({ name, type: "int", nullable: name === "note" })),
      primaryKey: { name: "PK_t", columns: ["id"] },
    }`;
    const batch = (options: string): string =>
      `await op.batchAlterTable("t", { recreate: "always", ${options} }, () => undefined);`;
    const { limbeck, database, written } = await project(kind, {
      a: revision("a1", null, start),
      b: revision("b2", "a1", batch(`reorder: [["a", "id"]], ${copyFrom(["id", "a"])}`)),
      c: revision("c3", "a1", batch(`reorder: [["note", "a"]], ${copyFrom(["id", "a", "note"])}`)),
      d: revision("d4", "a1", batch('reorder: [["a", "id"]]')),
    });
    if (!database.feed) return;
    await limbeck.upgrade({ revisions: ["a1"] });
    const error = await failure(limbeck.upgrade({ revisions: ["a1:d4"], sql: true }));
    expect(error).toMatchObject({ code: "INCOMPLETE_OPERATION" });
    written.splice(0);
    await limbeck.upgrade({ revisions: ["a1:b2"], sql: true });
    const careless = written.splice(0).join("");
    // The servers that copy by themselves lose nothing.
    if (!/mysql|mariadb/.test(kind.name)) {
      expect(() => database.feed?.(careless)).toThrow();
      expect(namesOf(await tableOf(database.options))).toEqual(["id", "a", "note"]);
    }
    await limbeck.upgrade({ revisions: ["a1:c3"], sql: true });
    database.feed(written.join(""));
    expect(namesOf(await tableOf(database.options))).toEqual(["id", "note", "a"]);
    expect(await query(database.options, "SELECT * FROM t")).toEqual([{ id: 1, note: null, a: 2 }]);
  });

  it("moves columns without being told to copy, and copies nothing where that is forbidden", async () => {
    const { database } = await project(kind, {});
    const { options } = database;
    const run = async (body: (op: OperationCalls) => Promise<void>): Promise<void> =>
      await connected(options, (dataSource) => Operations.run(dataSource.createQueryRunner(), body));
    await run(async (op) => {
      await op.createTable("t", { columns: ["a", "b", "c"].map((name) => ({ name, type: "int" })) });
      await op.bulkInsert("t", [{ a: 1, b: 2, c: 3 }]);
      await op.batchAlterTable("t", { reorder: [["c", "a"]] }, (batch) => {
        batch.alterColumn("b", { newName: "z", nullable: true }, { first: true });
      });
    });
    expect(namesOf(await tableOf(options))).toEqual(["z", "c", "a"]);
    expect(await query(options, "SELECT * FROM t")).toEqual([{ z: 2, c: 3, a: 1 }]);
    const forbidden = run((op) =>
      op.batchAlterTable("t", { recreate: "never", reorder: [["a", "c"]] }, () => undefined),
    );
    if (/mysql|mariadb/.test(kind.name)) await forbidden;
    else await expect(forbidden).rejects.toThrow('cannot change "t" in place, and `recreate: "never"`');
  });

  it("leaves the table as it was where the copy fails", async () => {
    const { database } = await project(kind, {});
    const { options } = database;
    const run = async (body: (op: OperationCalls) => Promise<void>): Promise<void> =>
      await connected(options, (dataSource) => Operations.run(dataSource.createQueryRunner(), body));
    await run(async (op) => {
      await op.createTable("t", {
        columns: [{ name: "a", type: "int" }],
        indexes: [{ name: "i", parts: ["a"] }],
      });
      await op.bulkInsert("t", [{ a: 1 }, { a: 1 }]);
    });
    const before = await schemaOf(options);
    const failing = run((op) =>
      op.batchAlterTable("t", { recreate: "always" }, (batch) => batch.createUniqueConstraint("u", ["a"])),
    );
    await expect(failing).rejects.toThrow();
    expect(await schemaOf(options)).toEqual(before);
    expect(await query(options, "SELECT * FROM t")).toEqual([{ a: 1 }, { a: 1 }]);
  });
});
