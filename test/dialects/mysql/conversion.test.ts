/** Changes of a type, each with values that survive it, there and back, and values for which it is refused with their number. */
import { normalizeType, parseType } from "../../../src/dialects/mysql/type";
import type { ColumnType, Schema } from "../../../src/model/schema";
import { invertAll } from "../../../src/operations/invert";
import { mysqlServers, onMysql } from "../../support/mysql";
import type { ServerName } from "../../support/mysql";
import { describeOn } from "../../support/describe-on";
import { difference, perform, read, table } from "./edit";

interface Values {
  readonly fit: readonly string[];
  readonly unfit: readonly string[];
  /** Where only some servers have the types: which, and from which version on. */
  readonly since?: Partial<Record<ServerName, readonly [number, number]>>;
}

const UUID = "'8b2b7a44-2c3a-4d0a-9a43-0f2f6d0d3f11'";
const uuids = { mariadb: [10, 7] } as const;
const addresses = { mariadb: [10, 10] } as const;
const point = "ST_GeomFromText('POINT(1 2)')";
const line = "ST_GeomFromText('LINESTRING(0 0, 1 1)')";
const zeros = (bytes: number): string => `x'${"00".repeat(bytes)}'`;

const cases: readonly (readonly [from: string, to: string, Values])[] = [
  ["datetime", "time", { fit: [], unfit: ["'2026-01-02 03:04:05'"] }],
  ["datetime", "date", { fit: ["'2026-01-02 00:00:00'"], unfit: ["'2026-01-02 03:04:05'"] }],
  ["datetime", "year", { fit: [], unfit: ["'2026-01-02 03:04:05'"] }],
  ["date", "datetime", { fit: ["'2026-01-02'"], unfit: [] }],
  ["date", "time", { fit: [], unfit: ["'2026-01-02'"] }],
  ["date", "year", { fit: [], unfit: ["'2026-01-02'"] }],
  ["time", "datetime", { fit: [], unfit: ["'03:04:05'"] }],
  ["time", "date", { fit: [], unfit: ["'03:04:05'"] }],
  ["time(3)", "time", { fit: ["'-13:04:05'"], unfit: ["'13:04:05.5'"] }],
  [
    "datetime",
    "timestamp",
    { fit: ["'2026-01-02 03:04:05'"], unfit: ["'1960-01-02 03:04:05'", "'2140-01-02 03:04:05'"] },
  ],
  ["datetime", "bigint", { fit: ["'2026-01-02 03:04:05'"], unfit: [] }],
  ["datetime(3)", "bigint", { fit: ["'2026-01-02 03:04:05'"], unfit: ["'2026-01-02 03:04:05.250'"] }],
  ["datetime", "int", { fit: [], unfit: ["'2026-01-02 03:04:05'"] }],
  ["bigint", "datetime", { fit: ["20260102030405"], unfit: ["5", "20260102", "0"] }],
  ["int", "date", { fit: ["20260102"], unfit: ["99", "26"] }],
  ["int", "time", { fit: ["30405"], unfit: ["99"] }],
  ["int", "year", { fit: ["2026"], unfit: ["26", "3000"] }],
  ["year", "tinyint unsigned", { fit: [], unfit: ["2026"] }],
  [
    "varchar(30)",
    "datetime",
    { fit: ["'2026-01-02 03:04:05'"], unfit: ["'hello'", "'2026-01-02 03:04:05.5'", "'2026-13-02'", "'12'"] },
  ],
  ["varchar(30)", "timestamp", { fit: ["'2026-01-02 03:04:05'"], unfit: ["'1960-01-02 03:04:05'"] }],
  ["varchar(30)", "date", { fit: ["'2026-01-02'"], unfit: ["'hello'", "'2026-01-02 03:04:05'", "''"] }],
  ["varchar(30)", "time(2)", { fit: ["'03:04:05.25'"], unfit: ["'hello'", "'03:04:05.123'"] }],
  ["varchar(30)", "year", { fit: ["'2026'"], unfit: ["'hello'", "'26'", "'3000'"] }],
  ["enum('a','b')", "enum('b','c','a')", { fit: ["'a'", "'b'"], unfit: [] }],
  ["enum('a ','b')", "enum('a ','b','c ')", { fit: ["'a'"], unfit: [] }],
  ["enum('10','2')", "int", { fit: ["'2'"], unfit: ["'10'"] }],
  ["enum('10','2')", "varchar(2)", { fit: ["'10'", "'2'"], unfit: [] }],
  ["int", "enum('1','3','2')", { fit: ["1"], unfit: ["2", "7", "0"] }],
  ["varchar(30)", "set('a','b')", { fit: ["'a,b'", "''"], unfit: ["'a,x'", "'ab'"] }],
  ["set('a','b')", "enum('a','b')", { fit: ["'b'"], unfit: ["'a,b'", "''"] }],
  ["enum('a','b')", "set('a','c')", { fit: ["'a'"], unfit: ["'b'"] }],
  ["bit(8)", "bit(4)", { fit: ["b'1111'"], unfit: ["b'11111'"] }],
  ["bit(8)", "tinyint", { fit: ["b'1111'"], unfit: ["b'11111111'"] }],
  ["int", "bit(4)", { fit: ["15"], unfit: ["16", "-1"] }],
  ["varbinary(8)", "binary(8)", { fit: ["'abcdefgh'"], unfit: ["'abc'"] }],
  ["varchar(8)", "binary(8)", { fit: ["'abcdefgh'"], unfit: ["'abc'"] }],
  ["binary(4)", "binary(2)", { fit: [], unfit: ["'abcd'"] }],
  ["blob", "text", { fit: ["'größe'"], unfit: ["x'ff00fe'"] }],
  ["varbinary(8)", "varchar(8)", { fit: ["'größe'"], unfit: ["x'ff00fe'"] }],
  ["varbinary(8)", "int", { fit: ["'12'"], unfit: ["'twelve'"] }],
  ["double", "float", { fit: ["1.5"], unfit: ["1.23456789012"] }],
  ["bigint", "double", { fit: ["9007199254740992", "-5"], unfit: ["9007199254740993"] }],
  ["int", "float", { fit: ["123456", "0", "-10"], unfit: ["123456789"] }],
  ["decimal(20,5)", "float", { fit: ["1234.5"], unfit: ["123456789.12345"] }],
  ["decimal(30,10)", "double", { fit: ["12345.25"], unfit: ["12345678901234567890.1234567891"] }],
  ["double", "double(8,2)", { fit: ["1.25"], unfit: ["1.23456789012", "12345678901"] }],
  ["double", "double unsigned", { fit: ["1.25"], unfit: ["-1.25"] }],
  ["json", "int", { fit: ["'5'"], unfit: [`'{"a": 1}'`] }],
  ["int", "json", { fit: ["5"], unfit: [] }],
  ["varchar(30)", "json", { fit: [`'{"a": 1}'`], unfit: ["'a'", "''"] }],
  ["datetime", "json", { fit: [], unfit: ["'2026-01-02 03:04:05'"] }],
  ["geometry", "point", { fit: [point], unfit: [line] }],
  ["linestring", "geometry", { fit: [line], unfit: [] }],
  ["point", "linestring", { fit: [], unfit: [point] }],
  ["varchar(30)", "point", { fit: [], unfit: ["'POINT(1 2)'"] }],
  ["char(36)", "uuid", { fit: [UUID], unfit: ["'nobody'"], since: uuids }],
  ["uuid", "varchar(30)", { fit: [], unfit: [UUID], since: uuids }],
  ["uuid", "binary(16)", { fit: [UUID], unfit: [], since: uuids }],
  ["varchar(30)", "inet4", { fit: ["'10.0.0.1'"], unfit: ["'here'", "'::1'"], since: addresses }],
  ["varchar(30)", "inet6", { fit: ["'::1'"], unfit: ["'here'"], since: addresses }],
  ["vector(2)", "vector(1)", { fit: [], unfit: [zeros(8)], since: { mysql: [9, 0], mariadb: [11, 7] } }],
  ["vector(2)", "vector(3)", { fit: [], unfit: [zeros(8)], since: { mariadb: [11, 7] } }],
  ["vector(2)", "vector(3)", { fit: [zeros(8)], unfit: [], since: { mysql: [9, 0] } }],
];

test("a vector without a length is one of 2048 numbers", () => {
  expect(normalizeType({ name: "vector" })).toEqual(parseType("vector(2048)"));
});

describeOn(mysqlServers, "on %s", (server) => {
  const possible = cases.filter(([, , { since }]) => since === undefined || server in since);
  test.each(possible)("%s to %s", async (from, to, { fit, unfit, since }) => {
    await onMysql(server, ["ALTER DATABASE CHARACTER SET utf8mb4"], async (on) => {
      const { connection } = on;
      const [[row]] = (await connection.query("SELECT VERSION() AS version")) as unknown as [
        [{ readonly version: string }],
      ];
      const [major = 0, minor = 0] = row.version.split(".").map(Number);
      const [wanted, least] = since?.[server] ?? [0, 0];
      if (major < wanted || (major === wanted && minor < least)) {
        console.log(`not tested: ${row.version} does not have the types to change ${from} to ${to}`);
        return;
      }
      await connection.query(`CREATE TABLE t (id int PRIMARY KEY AUTO_INCREMENT, c ${from} NULL)`);
      await connection.query("INSERT INTO t VALUES (DEFAULT, NULL)");
      for (const value of fit) await connection.query(`INSERT INTO t VALUES (DEFAULT, ${value})`);
      const rows = async (): Promise<unknown> => (await connection.query("SELECT * FROM t ORDER BY id"))[0];
      const before = await read(on);
      const kept = await rows();
      const target = changed(before, parseType(to));
      const operations = await difference(on, before, target);
      await perform(on, operations);
      expect(await difference(on, await read(on), target)).toEqual([]);
      await perform(on, invertAll(operations));
      expect(await read(on)).toEqual(before);
      expect(await rows()).toEqual(kept);
      for (const value of unfit) {
        await connection.query(`DELETE FROM t`);
        await connection.query(`INSERT INTO t VALUES (DEFAULT, ${value})`);
        const held = await rows();
        await expect(perform(on, operations)).rejects.toThrow(/1 rows of t\.c do not fit /);
        expect(await read(on)).toEqual(before);
        expect(await rows()).toEqual(held);
      }
    });
  });

  // MariaDB has no spatial reference systems of columns.
  if (server === "mysql") {
    test("the spatial reference system changes under a spatial index", async () => {
      const ddl = [
        "CREATE TABLE t (id int PRIMARY KEY, c point NOT NULL, SPATIAL KEY ix (c))",
        "INSERT INTO t VALUES (1, ST_GeomFromText('POINT(1 2)', 4326))",
      ];
      await onMysql(server, ddl, async (on) => {
        const before = await read(on);
        const target = changed(before, { name: "point", srid: 4326 });
        const operations = await difference(on, before, target);
        await perform(on, operations);
        expect(await read(on)).toEqual(target);
        await perform(on, invertAll(operations));
        expect(await read(on)).toEqual(before);
        const other = await difference(on, before, changed(before, { name: "point", srid: 3857 }));
        await expect(perform(on, other)).rejects.toThrow("1 rows of t.c do not fit point");
        expect(await read(on)).toEqual(before);
      });
    });
  }

  test("a value that was none of the enum's stays that, there and back", async () => {
    const ddl = ["CREATE TABLE t (id int PRIMARY KEY, c enum('a','b') NULL)"];
    await onMysql(server, ddl, async (on) => {
      const { connection } = on;
      await connection.query("SET SESSION sql_mode = ''");
      await connection.query("INSERT INTO t VALUES (1, 'unknown'), (2, 'b')");
      const before = await read(on);
      const operations = await difference(on, before, changed(before, parseType("enum('c','b','a')")));
      await perform(on, operations);
      await perform(on, invertAll(operations));
      expect((await connection.query("SELECT c FROM t ORDER BY id"))[0]).toEqual([{ c: "" }, { c: "b" }]);
    });
  });
});

/** The schema with another type of the column. */
function changed(schema: Schema, type: ColumnType): Schema {
  return table("t", (one) => ({
    ...one,
    columns: one.columns.map((column) => (column.name === "c" ? { ...column, type } : column)),
  }))(schema);
}
