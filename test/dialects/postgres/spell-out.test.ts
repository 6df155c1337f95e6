/** A generated file says USING exactly where the database demands it. */
import "reflect-metadata";
import { postgres } from "../../../src/dialects/postgres";
import type { Column } from "../../../src/model/schema";
import { readType } from "../../../src/dialects/postgres/inspect-type";
import { typeText } from "../../../src/dialects/postgres/type-text";
import { columnChange } from "../../../src/operations/change-column";
import type { Operation } from "../../../src/operations/operation";
import { edited } from "../../support/edit";
import { column } from "../../support/edit-cases";
import { onDatabase } from "../../support/postgres";

const TYPES = [
  ...["smallint", "integer", "numeric(8,2)", "boolean", "uuid", "text", "character(3)", "bytea"],
  ...["date", "time without time zone", "interval", "timestamp without time zone"],
  ...["timestamp(3) with time zone", "json", "jsonb", "bit varying(4)", "inet", "cidr"],
  ...["integer[]", "text[]"],
];

/** Each two of the types, with the change from one to the other. */
const pairs = [...TYPES.map(readType), { name: "enum", enumName: { name: "colour" } }].flatMap(
  (from, _place, types) =>
    types
      .filter((type) => type !== from)
      .map((to) => ({ from, to, name: `${typeText(from)} to ${typeText(to)}` })),
);

/** 42804: "cannot be cast automatically". Asked in one go, because there are hundreds. */
const ASK = `DO $$ DECLARE pair jsonb; BEGIN
  FOR pair IN SELECT value FROM jsonb_array_elements(current_setting('limbeck.pairs')::jsonb) LOOP
    BEGIN
      EXECUTE 'CREATE TEMPORARY TABLE t (a ' || (pair ->> 'from') || ')';
      EXECUTE 'ALTER TABLE t ALTER a TYPE ' || (pair ->> 'to');
      DROP TABLE t;
    EXCEPTION WHEN OTHERS THEN INSERT INTO refused VALUES (pair ->> 'name', SQLSTATE);
    END;
  END LOOP;
END $$`;

test("for each two types, what is proposed is what the database asks for", async () => {
  const proposed = pairs.flatMap(({ from, to, name }) => {
    const was: Column = { name: "a", type: from, nullable: true };
    const change = columnChange(was, { ...was, type: to });
    const operation: Operation = { kind: "alterColumn", table: { name: "t" }, column: "a", change, was };
    const told = postgres.spellOut?.(operation);
    return told?.kind === "alterColumn" && told.using !== undefined ? [name] : [];
  });
  const setUp = "CREATE TYPE colour AS ENUM ('red'); CREATE TABLE refused (name text, code text)";
  const demanded = await onDatabase(setUp, async (_db, client) => {
    const asked = pairs.map(({ from, to, name }) => ({ name, from: typeText(from), to: typeText(to) }));
    await client.query("SELECT set_config('limbeck.pairs', $1, false)", [JSON.stringify(asked)]);
    await client.query(ASK);
    const { rows } = await client.query<{ name: string; code: string }>("SELECT name, code FROM refused");
    expect(rows.filter(({ code }) => code !== "42804")).toEqual([]);
    return rows.map(({ name }) => name);
  });
  expect(demanded.filter((pair) => !proposed.includes(pair))).toEqual([]);
  expect(demanded.length).toBeGreaterThan(100);
  // By itself the database would write a list as one text; the first of its items is what is meant.
  expect(proposed.filter((pair) => !demanded.includes(pair))).toEqual([
    "integer[] to text",
    "integer[] to character(3)",
    "text[] to text",
    "text[] to character(3)",
  ]);
});

test("a file says the cast on both ways where both need it", async () => {
  const { text, rows } = await edited(
    column({ type: "varchar" }, { type: "enum", enum: ["red", "green"] }, ["'green'"]),
  );
  expect(text).toContain(`using: '"a"::text::"thing_a_enum"'`);
  expect(text.match(/using:/g)).toHaveLength(1);
  expect(rows.back).toEqual(rows.before);
});

test("a file says that a moment without a zone is read in that of the session, on both ways", async () => {
  const { text } = await edited(
    column({ type: "timestamp" }, { type: "timestamptz" }, ["'2026-02-28 23:59:59'"]),
  );
  expect(text.match(/\/\/ reads thing\.a in the time zone of the session/g)).toHaveLength(2);
});
