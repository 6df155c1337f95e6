/**
 * The settings around a run on SQLite, for both drivers and every transaction mode: nothing is deleted by a cascade, what
 * would dangle is refused and leaves the file as it was, and the connection's own settings come back.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { DataSource } from "typeorm";
import { DataSource as OlderDataSource } from "typeorm-0.3";
import { open } from "../../src/open";
import type { Limbeck } from "../../src/open";
import { hasClient } from "../roundtrip/databases";

const FIRST = `
exports.upgrade = async (op) => {
  await op.createTable("p", { columns: [{ name: "id", type: "integer" }, { name: "a", type: "text", nullable: true }], primaryKey: { columns: ["id"] } });
  await op.createTable("c", {
    columns: [{ name: "p", type: "integer" }],
    foreignKeys: [{ name: "fk", columns: ["p"], references: "p", referencedColumns: ["id"], onDelete: "CASCADE" }],
  });
  await op.bulkInsert("p", [{ id: 1, a: "x" }, { id: 2, a: null }]);
  await op.bulkInsert("c", [{ p: 1 }, { p: 2 }]);
};
exports.downgrade = async (op) => { await op.dropTable("c"); await op.dropTable("p"); };`;
const SECOND = `
exports.upgrade = async (op) => {
  await op.batchAlterTable("p", (batch) => {
    batch.alterColumn("a", { type: "varchar", length: 30 });
    batch.addColumn({ name: "n", type: "integer", default: 3 });
  });
};
exports.downgrade = async (op) => {
  await op.batchAlterTable("p", (batch) => {
    batch.dropColumn("n");
    batch.alterColumn("a", { type: "text", length: "" });
  });
};`;
const BROKEN = `
exports.upgrade = async (op) => {
  await op.batchAlterTable("p", (batch) => batch.dropColumn("n"));
  await op.execute("INSERT INTO c VALUES (77)");
};
exports.downgrade = async () => {};`;

const BREAKING_KEY = `
exports.upgrade = async (op) => {
  await op.createTable("d", { columns: [{ name: "p", type: "integer" }] });
  await op.bulkInsert("d", [{ p: 99 }]);
  await op.batchAlterTable("d", (batch) => batch.createForeignKey("fk_d", ["p"], "p", ["id"]));
};
exports.downgrade = async () => {};`;

const UNKNOWN = (options: string): string => `
exports.upgrade = async (op) => {
  await op.execute("CREATE TRIGGER tr AFTER INSERT ON p BEGIN DELETE FROM c WHERE p = new.id; END");
  await op.batchAlterTable("p", ${options}(batch) => batch.alterColumn("n", { type: "text" }));
};
exports.downgrade = async () => {};`;

function feed(file: string, script: string): void {
  execFileSync("sqlite3", [file], { input: script, stdio: ["pipe", "ignore", "pipe"] });
}

/** A number; nothing where the database is still empty. */
function countOf(file: string, sql: string): unknown {
  const database = new Database(file);
  try {
    const isEmpty = database.prepare("SELECT count(*) FROM sqlite_schema").pluck().get() === 0;
    return isEmpty ? undefined : database.prepare(sql).pluck().get();
  } finally {
    database.close();
  }
}

function revision(id: string, parent: string | null, body: string): string {
  const constants = { revision: id, downRevision: parent, branchLabels: null, dependsOn: null, message: id };
  const lines = Object.entries(constants).map(
    ([name, value]) => `exports.${name} = ${JSON.stringify(value)};`,
  );
  return [...lines, body].join("\n");
}

interface Driver {
  readonly name: string;
  make(database: string): unknown;
}
const drivers: readonly Driver[] = [
  { name: "better-sqlite3", make: (database) => new DataSource({ type: "better-sqlite3", database }) },
  {
    name: "sqlite3 under TypeORM 0.3",
    make: (database) => new OlderDataSource({ type: "sqlite", database }),
  },
];
const modes = ["all", "each", "none"] as const;

describe.each(drivers.flatMap((driver) => modes.map((mode) => [driver.name, mode, driver] as const)))(
  "on %s with transaction: %s",
  (_name, transaction, driver) => {
    let folder: string;
    let file: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "limbeck-drivers-"));
      file = join(folder, "a.db");
      mkdirSync(join(folder, "revisions", "versions"), { recursive: true });
      writeFileSync(join(folder, "package.json"), "{}");
      write("a", revision("a1", null, FIRST));
      write("b", revision("b2", "a1", SECOND));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    const write = (name: string, text: string): void =>
      writeFileSync(join(folder, "revisions", "versions", `${name}.js`), text);
    const project = async (
      dataSource: unknown = driver.make(file),
      written: string[] = [],
    ): Promise<Limbeck> =>
      await open({
        cwd: folder,
        config: { dataSource, transaction },
        write: (text) => written.push(text),
      });
    const rows = (name = file): readonly unknown[] => {
      const database = new Database(name);
      try {
        expect(database.pragma("foreign_key_check")).toEqual([]);
        return ["p", "c"].map((table) => database.prepare(`SELECT * FROM ${table}`).raw().all());
      } finally {
        database.close();
      }
    };
    const before = [
      [
        [1, "x"],
        [2, null],
      ],
      [[1], [2]],
    ];
    const after = [
      [
        [1, "x", 3],
        [2, null, 3],
      ],
      [[1], [2]],
    ];

    it("no row of another table goes, neither on the way up nor on the way down", async () => {
      const limbeck = await project();
      await limbeck.upgrade();
      expect(rows()).toEqual(after);
      await limbeck.downgrade({ revision: "-1" });
      expect(rows()).toEqual(before);
      await limbeck.upgrade();
      expect(rows()).toEqual(after);
    });

    it("the connection that it was given keeps its own settings", async () => {
      const dataSource = driver.make(file) as DataSource;
      await dataSource.initialize();
      try {
        await (await project(dataSource)).upgrade();
        expect(await dataSource.query("PRAGMA foreign_keys")).toEqual([{ foreign_keys: 1 }]);
        expect(await dataSource.query("PRAGMA legacy_alter_table")).toEqual([{ legacy_alter_table: 0 }]);
      } finally {
        await dataSource.destroy();
      }
    });

    it("a script does the same", async () => {
      const written: string[] = [];
      const limbeck = await project(driver.make(file), written);
      await limbeck.upgrade({ sql: true });
      await limbeck.downgrade({ revision: "b2:a1", sql: true });
      const script = written.join("");
      if (!hasClient("sqlite3")) {
        console.warn("not run: this machine has no client for SQLite");
        return;
      }
      feed(file, script);
      expect(rows()).toEqual(before);
    });

    it("a foreign key that rows break is not made", async () => {
      await (await project()).upgrade();
      write("c", revision("c3", "b2", BREAKING_KEY));
      await expect((await project()).upgrade()).rejects.toMatchObject({ code: "FOREIGN_KEY_VIOLATION" });
      expect(rows()).toEqual(after);
      const database = new Database(file);
      expect(database.pragma("foreign_key_list(d)")).toEqual([]);
      expect(
        database.prepare("SELECT count(*) FROM limbeck_version WHERE version_num = 'c3'").pluck().get(),
      ).toBe(0);
      database.close();
    });

    it("a script cannot know what SQL text made of a table, until it is told", async () => {
      write("c", revision("c3", "b2", UNKNOWN("")));
      const limbeck = await project();
      await expect(limbeck.upgrade({ sql: true })).rejects.toThrow(
        'what table "p" looks like cannot be known',
      );
      // A module is loaded once: what it says now stands in another file.
      rmSync(join(folder, "revisions", "versions", "c.js"));
      const written: string[] = [];
      const columns =
        '[{ name: "id", type: "integer" }, { name: "a", type: "varchar", nullable: true }, { name: "n", type: "integer" }]';
      write(
        "d",
        revision(
          "c3",
          "b2",
          UNKNOWN(`{ copyFrom: { columns: ${columns}, primaryKey: { columns: ["id"] } } }, `),
        ),
      );
      await (await project(driver.make(file), written)).upgrade({ sql: true });
      if (!hasClient("sqlite3")) return;
      // The trigger that the SQL text made would go with the table: the script stops before it.
      expect(() => feed(file, written.join(""))).toThrow(
        "p has columns, indexes or triggers that this script does not know",
      );
      expect(countOf(file, "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'")).toBe(
        transaction === "all" ? undefined : transaction === "each" ? 0 : 1,
      );
      // Its rows, if any, are there.
      if (transaction !== "all") expect(rows()).toEqual(after);
    });

    if (transaction !== "none") {
      it("what would refer to nothing is refused by table and row, and the file is as it was", async () => {
        await (await project()).upgrade();
        write("c", revision("c3", "b2", BROKEN));
        await expect((await project()).upgrade()).rejects.toMatchObject({
          code: "FOREIGN_KEY_VIOLATION",
          message: expect.stringMatching(
            /^1 row would refer to a row that does not exist: c \(row 3\) -> p;.*rolled back/,
          ) as string,
        });
        expect(rows()).toEqual(after);
      });
    }
  },
);
