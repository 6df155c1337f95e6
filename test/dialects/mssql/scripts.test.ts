/**
 * The complete scripts of everything, up and down, beside the pages of the manual that they were held against. No
 * Microsoft server has run them: a grammar has read every statement. `UPDATE_GOLDEN=1` writes the files anew.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { batched } from "../../../src/commands/batches";
import { diff } from "../../../src/diff/diff";
import { mssql } from "../../../src/dialects/mssql";
import { emptySchema } from "../../../src/model/schema";
import type { Schema } from "../../../src/model/schema";
import type { Operation } from "../../../src/operations/operation";
import { emptyRegistry } from "../../../src/operations/registry";
import * as everything from "../../../fixtures/entities/everything-mssql";
import { read } from "../../metadata/build";
import { edits, oneWay, start } from "./edits";
import { batchesOf, scriptOf, scriptsOf, statementOf, withPages } from "./golden";
import { grammarErrors } from "./grammar";

const GOLDEN = join(__dirname, "../../../fixtures/sql/mssql");

function difference(from: Schema, to: Schema): readonly Operation[] {
  const operations = diff(from, to, { registry: emptyRegistry, names: "strategy", forwardReferences: false });
  return batched(mssql.arrange?.(operations, from) ?? operations, from, mssql, emptyRegistry);
}

async function wanted(entities: readonly unknown[]): Promise<Schema> {
  return mssql.normalize((await read("mssql", entities)).schema);
}

function expectGolden(name: string, script: string): void {
  const file = join(GOLDEN, `${name}.sql`);
  const text = withPages(script);
  if (process.env["UPDATE_GOLDEN"] === "1") {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  expect(existsSync(file)).toBe(true);
  expect(text).toBe(readFileSync(file, "utf8"));
  expect(batchesOf(script).map(statementOf).flatMap(grammarErrors)).toEqual([]);
}

test("everything that TypeORM can say of a schema", async () => {
  const { up, down } = await scriptsOf(difference(emptySchema, await wanted(everything.entities)));
  expectGolden("everything.up", up);
  expectGolden("everything.down", down);
}, 300_000);

test("the same after many small changes", async () => {
  const before = await wanted(everything.entities);
  const { up, down } = await scriptsOf(difference(before, await wanted(everything.edited)), before);
  expectGolden("everything-edited.up", up);
  expectGolden("everything-edited.down", down);
}, 300_000);

test.each(Object.entries(edits))(
  "%s",
  async (name, operations) => {
    const { up, down } = await scriptsOf(operations, mssql.normalize(start));
    expectGolden(`edits/${name}.up`, up);
    expectGolden(`edits/${name}.down`, down);
  },
  300_000,
);

test.each(Object.entries(oneWay))(
  "%s",
  async (name, operations) => {
    expectGolden(`edits/${name}.up`, await scriptOf("up", operations, mssql.normalize(start)));
  },
  300_000,
);
