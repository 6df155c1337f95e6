/** What entities cannot say survives a drop: the call that brings a table back holds it. */
import { postgres } from "../../../src/dialects/postgres";
import type { Operation } from "../../../src/operations/operation";
import { emptyRegistry } from "../../../src/operations/registry";
import { tableFromSpec } from "../../../src/operations/from-spec";
import { nameToSpec, tableToSpec } from "../../../src/operations/to-spec";
import { renderOperation } from "../../../src/render/operation";
import { onDatabase } from "../../support/postgres";

const cases: readonly (readonly [what: string, ddl: string, drop: string])[] = [
  [
    "constraints in every form",
    `CREATE TABLE parent (a int, b int, UNIQUE (a, b));
     CREATE TABLE t (a int CONSTRAINT k PRIMARY KEY DEFERRABLE, b int, c text, d tsrange, CONSTRAINT u UNIQUE (b) INCLUDE (c),
       CONSTRAINT c CHECK (a > 0) NO INHERIT, CONSTRAINT x EXCLUDE USING gist (d WITH &&) DEFERRABLE,
       CONSTRAINT f FOREIGN KEY (a, b) REFERENCES parent (a, b) MATCH FULL ON UPDATE CASCADE)`,
    "DROP TABLE t",
  ],
  [
    "indexes in every form",
    `CREATE TABLE t (a int, b text, c text[]);
     CREATE INDEX one ON t (a DESC NULLS LAST, lower(b), b COLLATE "C" text_pattern_ops) INCLUDE (c) WHERE a > 3;
     CREATE INDEX two ON t USING gin (c) WITH (fastupdate = off); COMMENT ON INDEX two IS 'it''s two'`,
    "DROP TABLE t",
  ],
  [
    "storage, triggers, policies, rules, statistics and settings",
    `CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
     CREATE UNLOGGED TABLE t (a int, b text) WITH (fillfactor = 70, autovacuum_enabled = false);
     CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW WHEN (new.a > 0) EXECUTE FUNCTION f();
     ALTER TABLE t DISABLE TRIGGER g; ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (a > 1);
     CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING; CREATE STATISTICS s ON a, b FROM t;
     ALTER TABLE t ALTER b SET STORAGE EXTERNAL; ALTER TABLE t REPLICA IDENTITY FULL; GRANT SELECT ON t TO PUBLIC`,
    "DROP TABLE t",
  ],
  [
    "partitions",
    `CREATE TABLE t (made date NOT NULL, kind int, CONSTRAINT k PRIMARY KEY (made, kind)) PARTITION BY RANGE (made);
     CREATE TABLE t1 PARTITION OF t FOR VALUES FROM ('2020-01-01') TO ('2021-01-01') PARTITION BY LIST (kind);
     CREATE TABLE t11 PARTITION OF t1 DEFAULT; CREATE INDEX i ON t (kind)`,
    "DROP TABLE t",
  ],
  [
    "inheritance",
    "CREATE TABLE parent (a int, CHECK (a > 0)); CREATE TABLE t (b int) INHERITS (parent)",
    "DROP TABLE t",
  ],
];

test.each(cases)("%s", async (_what, ddl, drop) => {
  await onDatabase(ddl, async (db, client) => {
    const before = await postgres.inspect(db, { schemas: [] });
    const table = before.tables.find(({ name }) => name === "t");
    if (!table) throw new Error("there is no table t");
    const said = tableFromSpec(nameToSpec(table), tableToSpec(table));
    await client.query(drop);
    const operation: Operation = { kind: "createTable", table: said };
    for (const { sql } of postgres.compile(operation, { registry: emptyRegistry })) await client.query(sql);
    const after = await postgres.inspect(db, { schemas: [] });
    expect(postgres.normalize(after)).toEqual(postgres.normalize(before));
  });
});

test("a revision file says it as SQL", () => {
  const operation: Operation = {
    kind: "createTable",
    table: {
      name: "t",
      columns: [],
      constraints: [],
      indexes: [],
      triggers: [{ name: "g", sql: "CREATE TRIGGER g" }],
      attachments: [{ kind: "policy", name: "p", sql: "CREATE POLICY p" }],
      options: { storage: { fillfactor: "70" }, inherits: [{ schema: "app", name: "parent" }] },
    },
  };
  const text = renderOperation(operation, emptyRegistry);
  expect(text).toContain('statements: ["CREATE TRIGGER g", "CREATE POLICY p"]');
  expect(text).toContain('inherits: ["app.parent"]');
  expect(text).toContain('fillfactor: "70"');
});
