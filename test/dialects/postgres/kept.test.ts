/**
 * What entities cannot say about a table stays when they are edited, and what an edit has to drop comes back with the way
 * down: indexes in every form, triggers, policies, statistics, partitions, heirs, domains and storage.
 */
import "reflect-metadata";
import type { EntitySchemaColumnOptions } from "typeorm";
import { edited } from "../../support/edit";
import type { Edit } from "../../support/edit";
import { describeEdits, table, TWO_NUMBERS } from "../../support/edit-cases";

const INDEXES = `CREATE INDEX by_hand_1 ON thing ((a + b) DESC NULLS LAST, b int4_ops) INCLUDE (id) WITH (fillfactor = 70);
  CREATE UNIQUE INDEX by_hand_2 ON thing (abs(a)) WHERE b > 1`;
const PARTS = `CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
  CREATE TRIGGER g BEFORE UPDATE OF a ON thing FOR EACH ROW WHEN (new.a > 0) EXECUTE FUNCTION f();
  CREATE POLICY p ON thing USING (a > 1 AND id > 0); ALTER TABLE thing ENABLE ROW LEVEL SECURITY;
  CREATE STATISTICS s ON a, b FROM thing; ALTER TABLE thing SET (fillfactor = 60, autovacuum_enabled = false)`;
const byHand = ["by_hand_1", "by_hand_2"].map((name) => ({ name, synchronize: false as const }));
const INT: EntitySchemaColumnOptions = { type: "int" };

/** A thing with these columns, whose indexes are made by hand. */
const things = (columns: Readonly<Record<string, EntitySchemaColumnOptions>>) => [
  table("thing", columns, { indices: byHand }),
];

const edits: Readonly<Record<string, Edit>> = {
  "changes the type of a column below indexes by hand": {
    before: things({ a: INT, b: INT }),
    after: things({ a: { type: "bigint" }, b: INT }),
    rows: `${TWO_NUMBERS}; ${INDEXES}`,
  },
  "changes the type of a column below a trigger, a policy and statistics": {
    before: things({ a: INT, b: INT }),
    after: things({ a: { type: "bigint" }, b: INT }),
    rows: `${TWO_NUMBERS}; ${PARTS}`,
  },
  "drops a column that indexes by hand stand on": {
    before: things({ a: { ...INT, nullable: true }, b: INT }),
    after: things({ b: INT }),
    rows: `${INDEXES}; INSERT INTO thing (id, b) VALUES (1, 20), (2, 21)`,
    becomes: [
      { id: 1, b: 20 },
      { id: 2, b: 21 },
    ],
  },
  "adds a column to a table with partitions": {
    before: things({ a: INT, b: INT }),
    after: things({ a: INT, b: INT, c: { ...INT, nullable: true } }),
    rows: `DROP TABLE thing; CREATE TABLE thing (id int NOT NULL, a int NOT NULL, b int NOT NULL,
        CONSTRAINT "PK_d6f6b3ca1ed8a8a1a3e1a3b6a4b" PRIMARY KEY (id)) PARTITION BY RANGE (id);
      CREATE TABLE thing_1 PARTITION OF thing FOR VALUES FROM (0) TO (2); CREATE TABLE thing_2 PARTITION OF thing DEFAULT;
      ${TWO_NUMBERS}`,
    becomes: [
      { id: 1, a: 10 },
      { id: 2, a: 11 },
    ],
  },
  "changes a table beside a column of a domain": {
    before: things({ a: INT, b: INT }),
    after: things({ a: { type: "bigint" }, b: INT }),
    rows: `CREATE DOMAIN positive AS int CHECK (VALUE > 0); ALTER TABLE thing ALTER b TYPE positive; ${TWO_NUMBERS}`,
  },
};

describeEdits("an edit of a table with more than entities can say", edits);

test("a table that goes comes back with its indexes by hand, triggers, policies and storage", async () => {
  const { text, schema } = await edited({
    before: [...things({ a: INT, b: INT }), table("other", {})],
    after: [table("other", {})],
    rows: `${INDEXES}; ${PARTS}`,
  });
  expect(text).toContain('op.dropTable("thing")');
  expect(schema.back).toEqual(schema.before);
});
