/** Calls written by hand: in the words of other databases, with conditions, with a way to run; and what calls cannot say. */
import { mariadb, mysql } from "../../../src/dialects/mysql";
import type { Index, Schema, Table } from "../../../src/model/schema";
import { findTable } from "../../../src/model/schema";
import type { Operations } from "../../../src/operations/spec";
import { emptyRegistry } from "../../../src/operations/registry";
import { MigrationContext } from "../../../src/runtime/context";
import { recorder } from "../../../src/runtime/executor";
import { simulatedSchema } from "../../../src/runtime/known-schema";
import { createOperations } from "../../../src/runtime/op";
import { versionTables } from "../../../src/runtime/version-table";
import { mysqlServers, onMysql } from "../../support/mysql";
import type { MysqlTest, ServerName } from "../../support/mysql";
import { describeOn } from "../../support/describe-on";

type Body = (op: Operations) => void | Promise<void>;

const read = async ({ dialect, db }: MysqlTest): Promise<Schema> =>
  dialect.normalize(await dialect.inspect(db, { schemas: [] }));
const tableOf = async (on: MysqlTest, name = "t"): Promise<Table> => {
  const table = findTable(await read(on), { name });
  if (!table) throw new Error(`there is no table ${name}`);
  return table;
};
const perform = async (on: MysqlTest, body: Body): Promise<void> => {
  await createOperations(on.context(), { autocommit: (block) => block() }).run(body);
};

/** The statements of calls as a script has them, for a server of that version. */
async function scripted(body: Body, schema: Schema, serverVersion: string): Promise<readonly string[]> {
  const executor = recorder();
  const context = new MigrationContext({
    dialect: /mariadb/i.test(serverVersion) ? mariadb : mysql,
    executor,
    schema: simulatedSchema(() => Promise.resolve(schema), emptyRegistry),
    registry: emptyRegistry,
    transaction: "none",
    serverVersion,
    tables: versionTables({ name: "limbeck_version" }, { name: "limbeck_history" }),
  });
  await createOperations(context, { autocommit: (block) => block() }).run(body);
  return executor.statements.map(({ sql }) => sql);
}

const DDL = [
  "CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20), KEY ix (a), UNIQUE KEY uq (a, b))",
  "INSERT INTO t VALUES (1, 2, 'it''s')",
];

describeOn(mysqlServers, "on %s", (server: ServerName) => {
  test("a column of a foreign key gets another name under a computed column and a check", async () => {
    const ddl = [
      ...DDL,
      `CREATE TABLE other (id int PRIMARY KEY, a int, c int AS (a + 1) VIRTUAL,
        CONSTRAINT ck CHECK (a > 0), CONSTRAINT fk FOREIGN KEY (a) REFERENCES t (id))`,
      "INSERT INTO other (id, a) VALUES (5, 1)",
    ];
    await onMysql(server, ddl, async (on) => {
      const before = await tableOf(on, "other");
      await perform(on, (op) => op.alterColumn("other", "a", { newName: "b" }));
      expect((await on.connection.query("SELECT id, b, c FROM other"))[0]).toEqual([{ id: 5, b: 1, c: 2 }]);
      expect((await tableOf(on, "other")).constraints).toMatchObject([
        { kind: "check", name: "ck" },
        { kind: "foreignKey", name: "fk", columns: ["b"] },
        { kind: "primaryKey" },
      ]);
      await perform(on, (op) => op.alterColumn("other", "b", { newName: "a" }));
      expect(await tableOf(on, "other")).toEqual(before);
    });
  });

  test("a foreign key that comes and goes in one run takes the index along that the server made for it", async () => {
    await onMysql(server, [...DDL, "CREATE TABLE other (id int PRIMARY KEY, b int)"], async (on) => {
      await perform(on, async (op) => {
        for (const turn of [1, 2]) {
          await op.createForeignKey("fk", "other", ["b"], "t", ["id"]);
          await op.dropConstraint("fk", "other", { type: "foreignKey" });
          await op.addColumn("other", { name: `after_${turn}`, type: "int", nullable: true });
        }
      });
      expect(await tableOf(on, "other")).toMatchObject({
        constraints: [{ kind: "primaryKey" }],
        indexes: [],
      });
    });
  });

  test.each<[string, Body, readonly string[]]>([
    ["dropConstraint", (op) => op.dropConstraint("uq", "t"), ["ix"]],
    ["dropConstraint with its type", (op) => op.dropConstraint("uq", "t", { type: "unique" }), ["ix"]],
    [
      "dropConstraint by its columns",
      (op) => op.dropConstraint(null, "t", { type: "unique", columns: ["a", "b"] }),
      ["ix"],
    ],
    [
      "dropConstraint of none",
      (op) => op.dropConstraint("no", "t", { type: "unique", ifExists: true }),
      ["ix", "uq"],
    ],
    ["renameConstraint", (op) => op.renameConstraint("uq", "t", "uq_other"), ["ix", "uq_other"]],
    ["createUniqueConstraint", (op) => op.createUniqueConstraint("uq_b", "t", ["b"]), ["ix", "uq", "uq_b"]],
    [
      "createUniqueConstraint, dropped again as an index",
      async (op) => {
        await op.createUniqueConstraint("uq_b", "t", ["b"]);
        await op.dropIndex("uq_b", "t");
      },
      ["ix", "uq"],
    ],
    [
      "createUniqueConstraint without a name, dropped by its columns",
      async (op) => {
        await op.createUniqueConstraint(null, "t", ["b"]);
        await op.dropConstraint(null, "t", { type: "unique", columns: ["b"] });
        await op.dropConstraint("uq", "t");
        await op.createUniqueConstraint("uq", "t", ["b"]);
      },
      ["ix", "uq"],
    ],
    [
      "a batch",
      (op) =>
        op.batchAlterTable("t", (batch) => {
          batch.dropConstraint("uq");
          batch.createUniqueConstraint("uq_2", ["b"]);
          batch.renameConstraint("uq_2", "uq_3");
        }),
      ["ix", "uq_3"],
    ],
    [
      "a new table's unique, dropped at once",
      async (op) => {
        await op.createTable("fresh", {
          columns: [
            { name: "id", type: "int" },
            { name: "n", type: "int" },
          ],
          primaryKey: { columns: ["id"] },
          uniques: [{ name: "uq_n", columns: ["n"] }],
        });
        await op.dropConstraint("uq_n", "fresh");
        await op.dropColumn("fresh", "n");
      },
      ["ix", "uq"],
    ],
  ])("a unique is an index: %s", async (_title, body, names) => {
    await onMysql(server, DDL, async (on) => {
      await perform(on, body);
      expect((await tableOf(on)).indexes.map(({ name }) => name)).toEqual(names);
      expect(findTable(await read(on), { name: "fresh" })?.indexes ?? []).toEqual([]);
    });
  });

  test("a constraint that is not there is an error that names those that are", async () => {
    await onMysql(server, DDL, async (on) => {
      await expect(perform(on, (op) => op.dropConstraint("ix", "t"))).rejects.toThrow(
        'there is no constraint "ix" on "t"',
      );
    });
  });

  const conditional: readonly (readonly [string, Body])[] = [
    ["createIndex", (op) => op.createIndex("ix_b", "t", ["b"], { ifNotExists: true })],
    ["createIndex, unique", (op) => op.createIndex("uq_b", "t", ["b"], { unique: true, ifNotExists: true })],
    [
      "createIndex, full-text",
      (op) => op.createIndex("ft_b", "t", ["b"], { fulltext: true, ifNotExists: true }),
    ],
    ["dropIndex", (op) => op.dropIndex("ix", "t", { ifExists: true })],
    [
      "addColumn",
      (op) => op.addColumn("t", { name: "c", type: "int", nullable: true }, { ifNotExists: true }),
    ],
    ["dropColumn", (op) => op.dropColumn("t", "b", { ifExists: true })],
    ["dropConstraint", (op) => op.dropConstraint("uq", "t", { type: "unique", ifExists: true })],
  ];
  test.each(conditional)("%s with a condition does nothing the second time", async (_title, body) => {
    await onMysql(server, DDL, async (on) => {
      const before = await tableOf(on);
      await perform(on, body);
      const after = await tableOf(on);
      expect(after).not.toEqual(before);
      await perform(on, body);
      expect(await tableOf(on)).toEqual(after);
    });
  });

  // Both servers take what MySQL needs; only MariaDB has words of its own.
  const versions = server === "mariadb" ? ["8.4.3", "10.11.2-MariaDB"] : ["8.4.3"];
  test.each(
    versions.flatMap((version) => conditional.map(([title, body]) => [title, version, body] as const)),
  )(
    "%s with a condition, from a script for %s, does nothing the second time",
    async (_title, version, body) => {
      await onMysql(server, DDL, async (on) => {
        const before = await tableOf(on);
        const statements = await scripted(body, await read(on), version);
        for (const sql of statements) await on.db.query(sql);
        const after = await tableOf(on);
        expect(after).not.toEqual(before);
        for (const sql of statements) await on.db.query(sql);
        expect(await tableOf(on)).toEqual(after);
      });
    },
  );

  const how = { algorithm: "copy", lock: "shared" };
  test.each<[string, Body]>([
    ["alterTable", (op) => op.alterTable("t", { charset: "utf8mb4" }, how)],
    ["createTableComment", (op) => op.createTableComment("t", "it's", how)],
    ["dropTableComment", (op) => op.dropTableComment("t", how)],
    ["addColumn", (op) => op.addColumn("t", { name: "c", type: "int" }, how)],
    [
      "addColumn with a fill",
      (op) => op.addColumn("t", { name: "c", type: "int" }, { ...how, fill: () => "id + 1" }),
    ],
    ["alterColumn", (op) => op.alterColumn("t", "b", { type: "varchar", length: 30 }, how)],
    ["dropColumn", (op) => op.dropColumn("t", "b", how)],
    ["createIndex", (op) => op.createIndex("ix_b", "t", ["b"], how)],
    ["dropIndex", (op) => op.dropIndex("ix", "t", how)],
    ["renameIndex", (op) => op.renameIndex("ix", "t", "ix_2", how)],
    ["createUniqueConstraint", (op) => op.createUniqueConstraint("uq_b", "t", ["b"], how)],
    ["createCheckConstraint", (op) => op.createCheckConstraint("ck", "t", "a > 0", how)],
    ["createForeignKey", (op) => op.createForeignKey("fk", "t", ["a"], "t", ["id"], how)],
    ["renameConstraint", (op) => op.renameConstraint("uq", "t", "uq_2", how)],
    ["dropConstraint", (op) => op.dropConstraint("uq", "t", how)],
    [
      "createPrimaryKey",
      async (op) => {
        await op.dropConstraint(null, "t", { type: "primary", ...how });
        await op.createPrimaryKey(null, "t", ["id", "a"], how);
      },
    ],
  ])("%s says algorithm and lock, online and in a script", async (_title, body) => {
    await onMysql(server, DDL, async (on) => {
      await on.connection.query("UPDATE t SET a = 1");
      // InnoDB copies no table with a new key to another one as long as keys are checked.
      await on.connection.query("SET FOREIGN_KEY_CHECKS = 0");
      const script = await scripted(
        body,
        await read(on),
        on.server === "mariadb" ? "10.11.2-MariaDB" : "9.7.0",
      );
      const alters = script.filter((sql) => sql.startsWith("ALTER TABLE"));
      expect(alters.length).toBeGreaterThan(0);
      for (const sql of alters) expect(sql).toMatch(/, ALGORITHM = COPY, LOCK = SHARED$/);
      const sent: string[] = [];
      const query = on.db.query.bind(on.db);
      on.db.query = async (sql, parameters) => {
        sent.push(sql);
        return await query(sql, parameters);
      };
      await perform(on, body);
      expect(sent.filter((sql) => sql.startsWith("ALTER TABLE"))).toEqual(alters);
      const [rows] = await on.connection.query("SELECT id FROM t");
      expect(rows).toEqual([{ id: 1 }]);
    });
  });

  test("INSTANT and NONE are taken where the server can, and its refusal is told where it cannot", async () => {
    await onMysql(server, DDL, async (on) => {
      await perform(on, (op) => op.addColumn("t", { name: "c", type: "int" }, { algorithm: "instant" }));
      await perform(on, (op) => op.createIndex("ix_c", "t", ["c"], { algorithm: "inplace", lock: "none" }));
      const change = perform(on, (op) =>
        op.alterColumn("t", "b", { type: "int", nullable: true }, { algorithm: "instant" }),
      );
      await expect(change).rejects.toThrow();
      expect((await tableOf(on)).columns.find(({ name }) => name === "b")?.type.name).toBe("varchar");
    });
  });

  test("invisible columns and indexes, prefixes and column checks are read, and kept through changes", async () => {
    const isMariaDb = server === "mariadb";
    const [hidden, expression] = isMariaDb ? ["IGNORED", ""] : ["INVISIBLE", ", KEY ix_lower ((lower(b)))"];
    const ddl = [
      `CREATE TABLE t (id int PRIMARY KEY, a int NULL DEFAULT 3 INVISIBLE COMMENT 'it''s', b varchar(20)${isMariaDb ? " CHECK (b <> '')" : ""},
        KEY ix (b(3)), UNIQUE KEY uq (b(5), a)${expression})`,
      "INSERT INTO t (id, a, b) VALUES (1, 2, 'größe')",
    ];
    await onMysql(server, ddl, async (on) => {
      const [[version]] = (await on.connection.query("SELECT VERSION() AS version")) as unknown as [
        [{ version: string }],
      ];
      const ignores = !isMariaDb || Number(/^10\.(\d+)/.exec(version.version)?.[1] ?? 99) >= 6;
      if (ignores) await on.connection.query(`ALTER TABLE t ALTER INDEX ix ${hidden}`);
      const before = await tableOf(on);
      const index = (name: string): Index | undefined => before.indexes.find((one) => one.name === name);
      expect(before.columns.map(({ invisible }) => invisible)).toEqual([undefined, true, undefined]);
      if (ignores)
        expect(index("ix")).toMatchObject({ parts: [{ column: "b", length: 3 }], invisible: true });
      expect(index("uq")).toMatchObject({
        parts: [{ column: "b", length: 5 }, { column: "a" }],
        unique: true,
      });
      if (isMariaDb) expect(before.columns[2]?.check).toBe("`b` <> ''");
      else expect(index("ix_lower")).toMatchObject({ parts: [{ expression: "lower(`b`)" }] });
      // In one statement with all of the column, and by CHANGE, which takes the whole of it too.
      await perform(on, async (op) => {
        await op.alterColumn("t", "a", { type: "bigint", nullable: true });
        await op.alterColumn("t", "b", { type: "varchar", length: 30, comment: "who's" });
        if (isMariaDb) await op.alterColumn("t", "b", { newName: "c" });
        if (isMariaDb) await op.alterColumn("t", "c", { newName: "b" });
      });
      const after = await tableOf(on);
      expect(after.indexes).toEqual(before.indexes);
      expect(after.columns.map(({ check, invisible }) => [check, invisible])).toEqual(
        before.columns.map(({ check, invisible }) => [check, invisible]),
      );
      // And through a drop and its way back.
      await perform(on, (op) => op.dropTable("t"));
      await on.context().perform({ kind: "createTable", table: after });
      expect(await tableOf(on)).toEqual(after);
    });
  });
});
