/** Complete scripts, as `upgrade --sql` and `downgrade --sql` write them, with the page of the manual beside each statement. */
import { mssql } from "../../../src/dialects/mssql";
import { emptySchema } from "../../../src/model/schema";
import type { Schema } from "../../../src/model/schema";
import { applyAll } from "../../../src/operations/apply";
import { invertAll } from "../../../src/operations/invert";
import type { Operation } from "../../../src/operations/operation";
import { emptyRegistry } from "../../../src/operations/registry";
import type { Step } from "../../../src/revisions/revision";
import { MigrationContext } from "../../../src/runtime/context";
import { scriptExecutor, scriptLines } from "../../../src/runtime/executor";
import { simulatedSchema } from "../../../src/runtime/known-schema";
import { runPlan } from "../../../src/runtime/run";
import { versionTables } from "../../../src/runtime/version-table";
import { pageOf } from "./pages";

/** The script that carries out some operations on a schema, and the one of the way back. */
export interface Scripts {
  readonly up: string;
  readonly down: string;
}

/** Both scripts of a revision that runs these operations, written from `start`. */
export async function scriptsOf(
  operations: readonly Operation[],
  start: Schema = emptySchema,
): Promise<Scripts> {
  return {
    up: await scriptOf("up", operations, start),
    down: await scriptOf("down", invertAll(operations), applyAll(start, operations)),
  };
}

/** The script of one direction. */
export async function scriptOf(
  direction: Step["direction"],
  operations: readonly Operation[],
  start: Schema,
): Promise<string> {
  const written: string[] = [];
  const { script } = mssql;
  const context = new MigrationContext({
    dialect: mssql,
    executor: scriptExecutor(mssql, (text) => written.push(text)),
    schema: simulatedSchema(() => Promise.resolve(start), emptyRegistry),
    registry: emptyRegistry,
    transaction: "all",
    tables: versionTables({ name: "limbeck_version" }, { name: "limbeck_history" }),
    typeormMetadata: { name: "typeorm_metadata" },
  });
  const [before, after] = direction === "up" ? [["a1"], ["b2"]] : [["b2"], ["a1"]];
  const revision = { id: "b2", parents: ["a1"], dependsOn: [], labels: [], message: "an example" };
  const body = async (op: { readonly context: object }): Promise<void> => {
    for (const operation of operations) await (op.context as MigrationContext).perform(operation);
  };
  written.push(scriptLines(script.header, script));
  await runPlan(context, {
    plan: () => ({ steps: [{ direction, revision, before, after }], heads: after }),
    startsAt: before,
    load: () => Promise.resolve({ upgrade: body, downgrade: body }),
    now: () => new Date(0),
    limbeckVersion: "1.0.0",
    reporter: { info: () => undefined, warn: () => undefined },
    timeouts: {},
    lockWait: 0,
  } as unknown as Parameters<typeof runPlan>[1]);
  written.push(scriptLines(script.footer ?? [], script));
  return written.join("");
}

/** The batches of a script, as a client cuts it. */
export function batchesOf(script: string): readonly string[] {
  return script
    .split(/^GO$/m)
    .map((batch) => batch.trim())
    .filter((batch) => batch !== "");
}

/** The script with the page of the manual above each statement; the guards, which stand after every one, have it once. */
export function withPages(script: string): string {
  let isGuardCited = false;
  return script
    .split(/(?<=^GO\n)/m)
    .map((batch) => {
      const sql = statementOf(batch);
      if (sql === "") return batch;
      const isGuard = sql.startsWith("IF @@ERROR");
      if (isGuard && isGuardCited) return batch;
      isGuardCited ||= isGuard;
      const start = batch.indexOf(sql);
      return `${batch.slice(0, start)}-- ${pageOf(sql)}\n${batch.slice(start)}`;
    })
    .join("");
}

/** The batch without its separator, and without the comments before it. */
export function statementOf(batch: string): string {
  return batch
    .replace(/^GO$/m, "")
    .replace(/^(?:\s|--[^\n]*\n)*/, "")
    .trim();
}
