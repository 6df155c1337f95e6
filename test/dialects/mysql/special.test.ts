/** What only some servers have: read, found equal, kept through a change of another column, dropped and made again. */
import { findTable } from "../../../src/model/schema";
import type { Schema, Table } from "../../../src/model/schema";
import { createOperations } from "../../../src/runtime/op";
import { describeOn } from "../../support/describe-on";
import { mysqlServers, onMysql } from "../../support/mysql";
import type { MysqlTest } from "../../support/mysql";
import { difference } from "./edit";

interface Special {
  /** Behind the columns `id` and `a`. */
  readonly columns: string;
  /** From which version on servers have it; absent where they never do. */
  readonly mysql?: readonly [number, number];
  readonly mariadb?: readonly [number, number];
  /** What is read of it. */
  readonly expected: Partial<Table>;
}

const specials: Readonly<Record<string, Special>> = {
  "issue 1594: the order of an index": {
    columns: "b int, KEY ix (a, b DESC)",
    mysql: [8, 0],
    mariadb: [10, 8],
    expected: { indexes: [{ name: "ix", parts: [{ column: "a" }, { column: "b", order: "DESC" }] }] },
  },
  "issue 327: an index on an expression": {
    columns: "b varchar(20), UNIQUE KEY ix ((lower(b)), a)",
    mysql: [8, 0],
    expected: {
      indexes: [{ name: "ix", parts: [{ expression: "lower(`b`)" }, { column: "a" }], unique: true }],
    },
  },
  "the parser of a full-text index": {
    columns: "b text, FULLTEXT KEY ix (b) WITH PARSER ngram, FULLTEXT KEY plain (b)",
    mysql: [5, 7],
    expected: {
      indexes: [
        { name: "ix", parts: [{ column: "b" }], method: "fulltext", parser: "ngram" },
        { name: "plain", parts: [{ column: "b" }], method: "fulltext" },
      ],
    },
  },
  "a spatial index": {
    columns: "b point NOT NULL, SPATIAL KEY ix (b)",
    mysql: [5, 7],
    mariadb: [10, 2],
    expected: { indexes: [{ name: "ix", parts: [{ column: "b" }], method: "spatial" }] },
  },
  "a vector": {
    columns: "b vector(3) NOT NULL",
    mysql: [9, 0],
    mariadb: [11, 7],
    expected: { indexes: [] },
  },
  "an index on a vector": {
    columns: "b vector(3) NOT NULL, VECTOR KEY ix (b)",
    mariadb: [11, 7],
    expected: { indexes: [{ name: "ix", parts: [{ column: "b" }], method: "vector" }] },
  },
};

const read = async ({ dialect, db }: MysqlTest): Promise<Schema> =>
  dialect.normalize(await dialect.inspect(db, { schemas: [] }));

describeOn(mysqlServers, "on %s", (server) => {
  test.each(Object.entries(specials))("%s", async (title, { columns, expected, ...since }) => {
    await onMysql(server, [], async (on) => {
      const [row] = await on.db.query<{ version: string }>("SELECT VERSION() AS version");
      const [major = 0, minor = 0] = (row?.version ?? "").split(".").map(Number);
      const [wanted, least] = since[server] ?? [Infinity, 0];
      if (major < wanted || (major === wanted && minor < least)) {
        console.log(`not tested: ${row?.version} has nothing like "${title}"`);
        return;
      }
      await on.db.query(`CREATE TABLE t (id int PRIMARY KEY, a int, ${columns})`);
      const found = await read(on);
      expect(findTable(found, { name: "t" })).toMatchObject(expected);
      expect(await difference(on, found, found)).toEqual([]);
      await createOperations(on.context(), { autocommit: (block) => block() }).run((op) =>
        op.alterColumn("t", "a", { type: "bigint", nullable: true, comment: "it's" }),
      );
      const changed = await read(on);
      const after = findTable(changed, { name: "t" });
      if (!after) throw new Error("the table is gone");
      expect(after.indexes).toEqual(findTable(found, { name: "t" })?.indexes);
      await on.db.query("DROP TABLE t");
      await on.context().perform({ kind: "createTable", table: after });
      expect(await read(on)).toEqual(changed);
    });
  });
});
