/** Reading the schema, and asking the server whether expressions are the same. */
import { sessionOf } from "../../../src/dialects/mysql/inspect";
import { findTable } from "../../../src/model/schema";
import type { Schema } from "../../../src/model/schema";
import { mysqlServers, onMysql } from "../../support/mysql";
import type { MysqlTest } from "../../support/mysql";
import { difference } from "./edit";
import { describeOn } from "../../support/describe-on";

const read = async ({ dialect, db }: MysqlTest): Promise<Schema> =>
  dialect.normalize(await dialect.inspect(db, { schemas: [] }));

describeOn(mysqlServers, "on %s", (server) => {
  test("the number of queries does not depend on the number of tables", async () => {
    const counts: number[] = [];
    for (const tables of [1, 30]) {
      const ddl = Array.from(
        { length: tables },
        (_, place) => `CREATE TABLE t${place} (id int PRIMARY KEY, a int CHECK (a > 0), KEY (a))`,
      );
      await onMysql(server, ddl, async (on) => {
        expect((await read(on)).tables).toHaveLength(tables);
        counts.push(on.db.statements);
      });
    }
    expect(counts[0]).toBe(counts[1]);
    expect(counts[0]).toBeLessThan(10);
  });

  test("keys, indexes and options are read as they are", async () => {
    const ddl = [
      "CREATE TABLE parent (a int, b int, PRIMARY KEY (a, b)) ENGINE=InnoDB",
      `CREATE TABLE child (id int PRIMARY KEY, x int, y int, word varchar(50), body text,
        KEY prefix (word(5)), FULLTEXT KEY words (body), UNIQUE KEY pair (y, x),
        CONSTRAINT fk FOREIGN KEY (x, y) REFERENCES parent (a, b) ON DELETE CASCADE) COMMENT 'it''s'`,
    ];
    await onMysql(server, ddl, async (on) => {
      const child = findTable(await read(on), { name: "child" });
      expect(child?.comment).toBe("it's");
      expect(child?.options?.engine).toBe("InnoDB");
      // The index that the server made for the foreign key is no one's wish.
      expect(child?.indexes).toEqual([
        { name: "pair", parts: [{ column: "y" }, { column: "x" }], unique: true },
        { name: "prefix", parts: [{ column: "word", length: 5 }] },
        { name: "words", parts: [{ column: "body" }], method: "fulltext" },
      ]);
      expect(child?.constraints[0]).toMatchObject({
        kind: "foreignKey",
        name: "fk",
        columns: ["x", "y"],
        references: { name: "parent" },
        referencedColumns: ["a", "b"],
        onDelete: "CASCADE",
      });
    });
  });

  test("what entities have no words for stays as it is", async () => {
    const ddl = [
      "CREATE TABLE parent (id int PRIMARY KEY)",
      `CREATE TABLE t (id int PRIMARY KEY, a text, b varchar(200), x int,
        KEY prefix (b(5), a(10)), KEY ordered (id, x DESC), FOREIGN KEY (x) REFERENCES parent (id))`,
    ];
    await onMysql(server, ddl, async (on) => {
      const found = await read(on);
      // The server named the foreign key, and its index after the column.
      expect(findTable(found, { name: "t" })?.indexes.map(({ name }) => name)).toEqual(["ordered", "prefix"]);
      const target = {
        ...found,
        tables: found.tables.map((one) => ({
          ...one,
          indexes: one.indexes.map((index) => ({
            ...index,
            parts: index.parts.map(({ column = "" }) => ({ column })),
          })),
        })),
      };
      expect(await difference(on, found, target)).toEqual([]);
    });
  });

  test.each([
    ["int", { name: "int", width: 5 }, false],
    ["smallint unsigned", { name: "smallint", width: 3, unsigned: true }, false],
    ["tinyint", { name: "tinyint", width: 1 }, true],
    ["int(9) zerofill", { name: "int", width: 5, unsigned: true, zerofill: true }, true],
  ])("a display width is asked for where the server keeps one: %s as %p", async (sql, type, always) => {
    await onMysql(server, [`CREATE TABLE t (id int PRIMARY KEY, a ${sql})`], async (on) => {
      const found = await read(on);
      const target = {
        ...found,
        tables: found.tables.map((one) => ({
          ...one,
          columns: one.columns.map((column) => (column.name === "a" ? { ...column, type } : column)),
        })),
      };
      const { capabilities } = await sessionOf(on.db, server);
      expect(await difference(on, found, target)).toHaveLength(always || capabilities.displayWidths ? 1 : 0);
      for (const operation of await difference(on, found, target)) await on.context().perform(operation);
      expect(await difference(on, await read(on), target)).toEqual([]);
    });
  });

  test.each<[string, string, boolean]>([
    ["a > 0 AND b <> 'x'", "( A>0 and `b`!='x' )", true],
    ["a > 0 AND b <> 'x'", "(a > 0) AND (b <> 'x')", true],
    ["a > 0 AND b <> 'x'", "a > 0 AND b <> 'X'", false],
    ["length(b) > 1", "octet_length(b) > 1", true],
    ["a IN (1, 2)", "a IN (1, 3)", false],
    ["a > 0", "missing > 0", false],
    ["b LIKE '%it''s%'", "b LIKE '%it\\'s%'", true],
    ["b <> 'größe 日本'", "(b<>'größe 日本')", true],
    ["b <> 'größe'", "b <> 'Größe'", false],
  ])("a check on %s and one on %s", async (live, wanted, same) => {
    const ddl = [
      // Old servers would make it latin1.
      "ALTER DATABASE CHARACTER SET utf8mb4",
      `CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20), CONSTRAINT c CHECK (${live}))`,
    ];
    await onMysql(server, ddl, async (on) => {
      const found = await read(on);
      const target = on.dialect.normalize({
        ...found,
        tables: found.tables.map((table) => ({
          ...table,
          constraints: table.constraints.map((one) =>
            one.kind === "check" ? { ...one, expression: wanted } : one,
          ),
        })),
      });
      const respelt = await on.dialect.canonicalize?.(on.db, target, found);
      expect(JSON.stringify(respelt) === JSON.stringify(found)).toBe(same);
      expect(await read(on)).toEqual(found);
    });
  });

  test.each<[string, boolean]>([
    ["SELECT id, a AS b FROM t WHERE a > 1", true],
    ["select `t`.`id`, t.a as `b` from t where (t.a > 1)", true],
    ["SELECT id, a AS c FROM t WHERE a > 1", false],
    ["SELECT id, a AS b FROM t WHERE a > 2", false],
    ["SELECT id, a AS b FROM t WHERE id = 5 AND a > 1", false],
    ["SELECT id, missing AS b FROM t", false],
  ])("a view and the query %s", async (wanted, same) => {
    const ddl = [
      "CREATE TABLE t (id int PRIMARY KEY, a int)",
      "CREATE VIEW v AS SELECT id, a AS b FROM t WHERE a > 1",
    ];
    await onMysql(server, ddl, async (on) => {
      const found = await read(on);
      const target = { ...found, views: found.views.map((view) => ({ ...view, sql: wanted })) };
      const respelt = await on.dialect.canonicalize?.(on.db, target, found);
      expect(JSON.stringify(respelt?.views) === JSON.stringify(found.views)).toBe(same);
    });
  });

  test("a script stops where the version rows are others, byte by byte", async () => {
    const ddl = [
      "CREATE TABLE v (version_num varchar(255) PRIMARY KEY)",
      "INSERT INTO v VALUES ('a1'), ('b2')",
    ];
    await onMysql(server, ddl, async (on) => {
      const expects = async (...rows: readonly string[]): Promise<void> => {
        for (const { sql } of on.dialect.expectVersions({ name: "v" }, "version_num", rows))
          await on.db.query(sql);
      };
      await expects("b2", "a1");
      await expect(expects()).rejects.toThrow("the database is not at no revision");
      await expect(expects("a1")).rejects.toThrow("the database is not at a1");
      await expect(expects("A1", "b2")).rejects.toThrow("the database is not at A1, b2");
    });
  });

  test("several changes of a table are one ALTER TABLE, with algorithm and lock", async () => {
    const ddl = ["CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20), KEY ix (a))"];
    await onMysql(server, ddl, async (on) => {
      const run = { algorithm: "copy", lock: "shared" };
      const table = { name: "t" };
      const statements = await on.context().prepare({
        kind: "batchAlterTable",
        table,
        operations: [
          { kind: "addColumn", table, column: { name: "c", type: { name: "int" }, nullable: true }, run },
          { kind: "alterColumn", table, column: "b", change: { type: { name: "varchar", length: 30 } }, run },
          { kind: "dropIndex", table, name: "ix", run },
          { kind: "createIndex", table, index: { name: "ix", parts: [{ column: "c" }] }, run },
        ],
      });
      expect(statements.map(({ sql }) => sql)).toEqual([
        "ALTER TABLE `t` ADD COLUMN `c` int NULL, MODIFY COLUMN `b` varchar(30) NULL, DROP INDEX `ix`," +
          " ADD INDEX `ix` (`c`), ALGORITHM = COPY, LOCK = SHARED",
      ]);
      for (const { sql } of statements) await on.db.query(sql);
      expect(findTable(await read(on), table)?.indexes).toEqual([{ name: "ix", parts: [{ column: "c" }] }]);
    });
  });
});
