/** Edits from TypeORM's issues, on tables with rows: up, compared by both, down. */
import { EntitySchema } from "typeorm";
import type { EntitySchemaColumnOptions, EntitySchemaOptions } from "typeorm";
import { mysqlServers } from "../../support/mysql";
import type { ServerName } from "../../support/mysql";
import { onProject } from "./project";
import type { Entities, Row } from "./project";
import { describeOn } from "../../support/describe-on";

interface Case {
  readonly before: Entities;
  readonly after: Entities;
  readonly rows: readonly string[];
  /** What a query answers before, after and when all is undone; text, because types change. */
  readonly query: string;
  readonly answer: readonly Row[];
  readonly on?: ServerName;
}

type More = Partial<Omit<EntitySchemaOptions<Row>, "name" | "columns">>;

const id: EntitySchemaColumnOptions = { type: "int", primary: true };
function table(
  name: string,
  columns: Readonly<Record<string, EntitySchemaColumnOptions>>,
  more: More = {},
): EntitySchema {
  return new EntitySchema<Row>({ name, columns, ...more });
}
const key = (columnName: string, target: string, name?: string) => ({
  target,
  columnNames: [columnName],
  referencedColumnNames: ["id"],
  ...(name === undefined ? {} : { name }),
});

const uuids = (type: "varchar" | "char" | "uuid"): Entities => {
  const size = type === "uuid" ? {} : { length: 36 };
  return [
    table("parent", { id: { type, primary: true, ...size } }),
    table("child", { id, parent: { type, ...size } }, { foreignKeys: [key("parent", "parent")] }),
  ];
};
const UUID = "8b2b7a44-2c3a-4d0a-9a43-0f2f6d0d3f11";
const parents = [table("one", { id }), table("two", { id })];
const relations = (a: string, b: string): Entities => [
  ...parents,
  table("t", { id, a: { type: "int" }, b: { type: "int" } }, { foreignKeys: [key("a", a), key("b", b)] }),
];
const members = (columns: Readonly<Record<string, EntitySchemaColumnOptions>>): Entities => [
  ...parents,
  table("t", columns, { foreignKeys: [key("one_id", "one"), key("two_id", "two")] }),
];
const indexed = (columns: readonly string[]): Entities => [
  table("t", { id, a: { type: "int" }, b: { type: "int" } }, { indices: [{ columns: [...columns] }] }),
];
const named = (name: string): Entities => [
  ...parents,
  table("t", { id, a: { type: "int" } }, { foreignKeys: [key("a", "one", name)] }),
];
const moments = (precision: number, type: "datetime" | "timestamp"): Entities => {
  const now = () => `CURRENT_TIMESTAMP${precision === 0 ? "" : `(${precision})`}`;
  const column = { type, precision, default: now };
  return [table("t", { id, made: column, changed: { ...column, onUpdate: now() } })];
};
const PARENTS = ["INSERT INTO one VALUES (1), (2)", "INSERT INTO two VALUES (1), (2)"];

const cases: Readonly<Record<string, Case>> = {
  "10532: uuids in varchar become char, on both sides of a foreign key": {
    before: uuids("varchar"),
    after: uuids("char"),
    rows: [`INSERT INTO parent VALUES ('${UUID}')`, `INSERT INTO child VALUES (1, '${UUID}')`],
    query: "SELECT parent.id AS id FROM child JOIN parent ON parent.id = child.parent",
    answer: [{ id: UUID }],
  },
  "7228: uuids in char get a type of their own": {
    before: uuids("char"),
    after: uuids("uuid"),
    rows: [`INSERT INTO parent VALUES ('${UUID}')`, `INSERT INTO child VALUES (1, '${UUID}')`],
    query: "SELECT parent.id AS id FROM child JOIN parent ON parent.id = child.parent",
    answer: [{ id: UUID }],
  },
  "3509: two relations swap what they refer to": {
    before: relations("one", "two"),
    after: relations("two", "one"),
    rows: [...PARENTS, "INSERT INTO t VALUES (1, 1, 2)"],
    query: "SELECT a, b FROM t",
    answer: [{ a: 1, b: 2 }],
  },
  "8369: the key of a table of members becomes another, under its foreign keys": {
    before: members({ one_id: { ...id }, two_id: { ...id } }),
    after: members({ one_id: { ...id }, two_id: { type: "int" }, since: { type: "int", default: 7 } }),
    rows: [...PARENTS, "INSERT INTO t VALUES (1, 2), (2, 2)"],
    query: "SELECT one_id, two_id FROM t ORDER BY one_id",
    answer: [
      { one_id: 1, two_id: 2 },
      { one_id: 2, two_id: 2 },
    ],
  },
  "5289: one column gets a second foreign key": {
    before: [...parents, table("t", { id, a: { type: "int" } }, { foreignKeys: [key("a", "one")] })],
    after: [
      ...parents,
      table("t", { id, a: { type: "int" } }, { foreignKeys: [key("a", "one"), key("a", "two", "FK_two")] }),
    ],
    rows: [...PARENTS, "INSERT INTO t VALUES (1, 1)"],
    query: "SELECT a FROM t",
    answer: [{ a: 1 }],
  },
  "7802: a foreign key gets a name of its own": {
    before: named("FK_old"),
    after: named("FK_new"),
    rows: [...PARENTS, "INSERT INTO t VALUES (1, 1)"],
    query: "SELECT a FROM t",
    answer: [{ a: 1 }],
  },
  "8708: an index on the same columns in another order": {
    before: indexed(["a", "b"]),
    after: indexed(["b", "a"]),
    rows: ["INSERT INTO t VALUES (1, 1, 2)"],
    query: "SELECT a, b FROM t",
    answer: [{ a: 1, b: 2 }],
  },
  "10615: moments of a second become moments of a microsecond": {
    before: moments(0, "datetime"),
    after: moments(6, "datetime"),
    rows: ["INSERT INTO t VALUES (1, '2026-01-28 23:59:59', '2026-01-28 23:59:58')"],
    query: "SELECT LEFT(made, 19) AS made, LEFT(changed, 19) AS changed FROM t",
    answer: [{ made: "2026-01-28 23:59:59", changed: "2026-01-28 23:59:58" }],
  },
  "10615: moments of a millisecond become moments of a microsecond": {
    before: moments(3, "datetime"),
    after: moments(6, "datetime"),
    rows: ["INSERT INTO t VALUES (1, '2026-01-28 23:59:59.123', '2026-01-28 23:59:58.5')"],
    query: "SELECT LEFT(made, 23) AS made, LEFT(changed, 21) AS changed FROM t",
    answer: [{ made: "2026-01-28 23:59:59.123", changed: "2026-01-28 23:59:58.5" }],
  },
  "without a number: a table that holds zeros for a moment is changed": {
    before: [table("t", { id, d: { type: "datetime" }, a: { type: "varchar", length: 9 } })],
    after: [table("t", { id, d: { type: "datetime" }, a: { type: "text" } })],
    rows: ["INSERT IGNORE INTO t VALUES (1, '0000-00-00 00:00:00', 'größe')"],
    query: "SELECT CONCAT(d) AS d, a FROM t",
    answer: [{ d: "0000-00-00 00:00:00", a: "größe" }],
  },
  "3636: a json with a default becomes text": {
    before: [table("t", { id, lexicon: { type: "json", nullable: true, default: "{}" } })],
    after: [table("t", { id, lexicon: { type: "longtext", nullable: true, default: "{}" } })],
    rows: [`INSERT INTO t VALUES (1, '{"a": "größe"}')`, "INSERT INTO t (id) VALUES (2)"],
    query: "SELECT CONCAT(lexicon) AS lexicon FROM t ORDER BY id",
    answer: [{ lexicon: '{"a": "größe"}' }, { lexicon: "{}" }],
    // MySQL has no default of this kind.
    on: "mariadb",
  },
};

describeOn(mysqlServers, "on %s", (server) => {
  const possible = Object.entries(cases).filter(([, { on = server }]) => on === server);
  test.concurrent.each(possible)("issue %s", async (_title, { before, after, rows, query: sql, answer }) => {
    await onProject(server, async ({ project, query, log }) => {
      const first = await project(before);
      await first.revision({ autogenerate: true, message: "first" });
      await first.upgrade();
      for (const row of rows) await query(row);
      expect(await query(sql)).toEqual(answer);
      const later = await project(after);
      const { differences: found } = await later.revision({ autogenerate: true, message: "later" });
      expect(found).not.toEqual([]);
      expect(found.filter((difference) => difference.startsWith("drop column"))).toEqual([]);
      await later.upgrade();
      expect((await later.check()).differences).toEqual([]);
      expect(await query(sql)).toEqual(answer);
      expect(await log(after)).toEqual([]);
      await later.downgrade({ revision: "-1" });
      expect(await query(sql)).toEqual(answer);
      expect(await log(before)).toEqual([]);
    });
  });
});
