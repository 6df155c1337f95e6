import { emptySchema } from "../../src/model/schema";
import type { Column, Schema, Table } from "../../src/model/schema";
import { judge, judgeRespelt, probeBetween, probeOfWhole } from "../../src/runtime/probe";

const column = (name: string, type = "int"): Column => ({ name, type: { name: type }, nullable: false });
const table = (name: string, ...columns: readonly Column[]): Table => ({
  name,
  columns,
  constraints: [{ kind: "primaryKey", columns: ["id"] }],
  indexes: [],
});
const schema = (...tables: readonly Table[]): Schema => ({ ...emptySchema, tables });

const asItIs = (plain: Schema): Schema => plain;

const one = table("one", column("id"));
const wide = table("one", column("id", "bigint"));
const more = table("one", column("id"), column("note"));
/** The server names the key, and spells what no operation touched in its own way. */
const asRead = (target: Table): Table => ({
  ...target,
  constraints: [{ kind: "primaryKey", name: "PRIMARY", columns: ["id"] }],
  comment: "spelt by the server",
});

test.each<[string, Schema, Schema, Schema, string]>([
  ["a table that is not there yet", schema(), schema(one), schema(), "not done"],
  ["a table that is there", schema(), schema(one), schema(asRead(one)), "done"],
  ["a table that is still there", schema(one), schema(), schema(asRead(one)), "not done"],
  ["a table that is gone", schema(one), schema(), schema(), "done"],
  ["a column that is not there yet", schema(one), schema(more), schema(asRead(one)), "not done"],
  ["a column that is there", schema(one), schema(more), schema(asRead(more)), "done"],
  ["a type as it was", schema(one), schema(wide), schema(asRead(one)), "not done"],
  ["a type as it shall be", schema(one), schema(wide), schema(asRead(wide)), "done"],
])("%s tells whether the statement is done", (_name, before, after, live, result) => {
  const probe = probeBetween(before, after, asItIs);
  // It has been in the journal.
  expect(judge(JSON.parse(JSON.stringify(probe)) as NonNullable<typeof probe>, live)).toBe(result);
});

test("what is neither as before nor as after is not decided, and named", () => {
  const probe = probeBetween(schema(one), schema(wide), asItIs);
  if (!probe) throw new Error("these differ");
  expect(judge(probe, schema(table("one", column("id", "text"))))).toEqual({ undecided: ["column one.id"] });
});

test("what the database spells in its own way is done, once the database has said so", async () => {
  const check = (expression: string): Schema =>
    schema({ ...one, constraints: [{ kind: "check", name: "positive", expression }] });
  const probe = probeBetween(check("id > 5"), check("id > 0"), asItIs);
  if (!probe) throw new Error("these differ");
  const live = check("(`id` > 0)");
  const respell = (text: string) => (wanted: Schema) =>
    Promise.resolve(JSON.stringify(wanted).includes("id > 0") ? check(text) : wanted);
  expect(await judgeRespelt(probe, live, respell("(`id` > 0)"))).toBe("done");
  expect(await judgeRespelt(probe, live, respell("id > 1"))).toEqual({
    undecided: ["constraint one.positive"],
  });
});

test("a probe holds nothing of what an operation leaves alone", () => {
  const other = table("other", column("id"));
  const probe = probeBetween(schema(one, other), schema(wide, { ...other }), asItIs);
  expect(JSON.stringify(probe)).not.toContain("other");
});

test("an operation that changes nothing that is known leaves nothing to look at", () => {
  expect(probeBetween(schema(one), schema(one), asItIs)).toBeUndefined();
});

test("SQL text is done when anything has changed", () => {
  const probe = probeOfWhole(schema(one));
  expect(judge(probe, schema(one))).toBe("not done");
  expect(judge(probe, schema(one, table("two", column("id"))))).toBe("done");
});
