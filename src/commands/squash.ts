/**
 * `squash`: writes one revision that stands for a range of them. It is proved before it is kept: both ways are run on a
 * scratch database, up and down, and must make the same schema.
 */
import { rmSync } from "node:fs";
import { diff } from "../diff/diff";
import { LimbeckError } from "../errors";
import { emptySchema } from "../model/schema";
import type { Schema } from "../model/schema";
import { complete, needsSchema } from "../operations/complete";
import { invertAll } from "../operations/invert";
import { refilled } from "../operations/refill";
import type { Operation } from "../operations/operation";
import { planDowngrade, planUpgrade } from "../revisions/plan";
import type { Plan } from "../revisions/revision";
import { buildRevisionMap } from "../revisions/revision-map";
import type { RevisionMap } from "../revisions/revision-map";
import { planSquash } from "../revisions/squash";
import type { Squash } from "../revisions/squash";
import type { MigrationContext } from "../runtime/context";
import type { Environment } from "../runtime/environment";
import { followed } from "../runtime/known-schema";
import { record } from "../runtime/record";
import { replay } from "../runtime/replay";
import { batched } from "./batches";
import { describeAll } from "./describe-all";
import { runOnline } from "./online";
import { newRevision, writeRevision } from "./new-revision";
import type { NewRevisionOptions } from "./new-revision";

/** Which revisions become one, and in what file. */
export interface SquashOptions extends Pick<
  NewRevisionOptions,
  "message" | "id" | "versionPath" | "javascript"
> {
  /** `first:last`, both included; without a first, everything up to the last. */
  readonly range: string;
}

/** The file that stands for them. */
export interface SquashResult {
  readonly file: string;
  readonly revision: string;
  readonly replaces: readonly string[];
}

/**
 * Writes the revision that stands for a range. The old files stay, for databases that have run only some of them.
 *
 * Throws what `planSquash` throws; SQUASH_REFUSED where a revision does what is lost when only schemas are compared (rows,
 * SQL text, questions to the database), and where the proof fails: nothing is then written.
 */
export async function squash(environment: Environment, options: SquashOptions): Promise<SquashResult> {
  const map = await environment.revisions();
  const plan = planSquash(map, options.range);
  const { ids, last } = plan;
  const message = options.message ?? `squash ${ids[0] ?? ""} to ${last}`;
  const planned = newRevision(map, environment, plan.parents, { ...options, message, splice: true });
  const revision = { ...planned.revision, ...plan.kept, replaces: plan.replaces };
  // Checked against the whole graph, before anything is written.
  buildRevisionMap([...map.files, revision]);
  const operations = await operationsOf(environment, map, plan);
  const content = {
    upgrade: operations.map((operation) => ({ operation, comments: [] })),
    downgrade: refilled(invertAll(operations, environment.registry)).map((operation) => ({
      operation,
      comments: [],
    })),
    detected: [],
  };
  const file = await writeRevision(environment, { ...planned, revision }, content, options);
  try {
    await prove(environment, map, plan, revision.id);
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  }
  return { file, revision: revision.id, replaces: plan.replaces };
}

/** What the range does: from nothing, what leads there at once; otherwise its operations one after another. */
async function operationsOf(
  environment: Environment,
  map: RevisionMap,
  { ids, parents }: Squash,
): Promise<readonly Operation[]> {
  const results: (readonly Operation[])[] = [];
  const { registry } = environment;
  const load = (id: string) => environment.directory.load(id);
  await environment.run({ readsOnly: true, offline: true }, async (context) => {
    const { dialect, compileContext: place } = context;
    const inRange = map.sorted.filter(({ id }) => ids.includes(id));
    const before = planUpgrade(map, [], parents).steps.map(({ revision }) => revision);
    const start = (await replay(before, { dialect, registry, load, place })).schema;
    const recorded = await record(inRange, { dialect, registry, load, start });
    for (const { revision, barrier } of recorded) {
      if (barrier !== undefined) throw refused(revision.id, barrier, revision.file);
    }
    const raw = recorded.flatMap(({ operations }) => operations);
    const { completed, end } = completing(raw, start, environment);
    results.push(parents.length === 0 ? makingAtOnce(end, environment, context) : completed);
  });
  const [operations] = results;
  if (operations) return operations;
  throw new LimbeckError("ENVIRONMENT_INVALID", "env.ts ran no migrations");
}

function completing(operations: readonly Operation[], start: Schema, { registry }: Environment) {
  let end = start;
  const completed = operations.map((operation) => {
    const whole = needsSchema(operation) ? complete(operation, end, registry) : operation;
    end = followed(end, whole, registry);
    return whole;
  });
  return { completed, end };
}

/** From nothing there are no rows, so that only where it ends counts. */
function makingAtOnce(
  end: Schema,
  { config, registry }: Environment,
  { dialect }: MigrationContext,
): readonly Operation[] {
  const operations = diff(emptySchema, dialect.normalize(end), {
    forwardReferences: dialect.traits.forwardReferences,
    registry,
    names: config.names,
  });
  const arranged = dialect.arrange?.(operations, emptySchema) ?? operations;
  return batched(arranged, emptySchema, dialect, registry, config.renderAsBatch);
}

/** Runs the old files and the new one on scratch databases, up and down again. */
async function prove(
  environment: Environment,
  old: RevisionMap,
  { parents, ids, last }: Squash,
  id: string,
): Promise<void> {
  environment.reporter.info("running both ways on scratch databases, to compare what they make");
  const expected = await schemasOf(environment, old, last, parents);
  const found = await schemasOf(environment, await environment.revisions(), id, parents);
  for (const [place, what] of [`after ${last}`, `after the way back below ${ids[0] ?? ""}`].entries()) {
    const [left = emptySchema, right = emptySchema] = [expected[place], found[place]];
    const { registry, config } = environment;
    const how = { registry, names: config.names, forwardReferences: true };
    const operations = diff(left, right, how);
    const other = diff(right, left, how);
    const differences = describeAll([...operations, ...other], registry);
    if (differences.length === 0) continue;
    throw new LimbeckError(
      "SQUASH_REFUSED",
      `the one revision does not make the same schema as those that it replaces, ${what}: ${differences.slice(0, 5).join("; ")}`,
      { hint: "squash a smaller range; nothing was written", data: differences },
    );
  }
}

/** The schemas of a scratch database at a revision, and back where it starts. */
async function schemasOf(
  environment: Environment,
  map: RevisionMap,
  top: string,
  parents: readonly string[],
): Promise<readonly Schema[]> {
  const schemas: Schema[] = [];
  const go = async (context: MigrationContext, planner: (rows: readonly string[]) => Plan) => {
    await runOnline(environment, context, (_map, rows) => planner(rows), {}, []);
    schemas.push(context.dialect.normalize(await withoutOwn(context)));
  };
  await environment.run({ scratch: true }, async (context) => {
    await go(context, (rows) => planUpgrade(map, rows, [top]));
    const first = parents.length === 0 ? "base" : (parents[0] ?? "base");
    await go(context, (rows) => planDowngrade(map, rows, first));
  });
  return schemas;
}

async function withoutOwn(context: MigrationContext): Promise<Schema> {
  const { version, history, journal, lock } = context.parts.tables;
  const own = new Set([version, history, journal, lock].map(({ name }) => name));
  const schema = await context.dialect.inspect(context.db, { schemas: [] });
  return { ...schema, tables: schema.tables.filter(({ name }) => !own.has(name)) };
}

function refused(id: string, barrier: string, file: string | undefined): LimbeckError {
  return new LimbeckError(
    "SQUASH_REFUSED",
    `revision ${id} ${barrier}, so that no other revision can stand for it`,
    {
      hint: "squash what comes before it and what comes after it, each for itself",
      ...(file === undefined ? {} : { file }),
    },
  );
}
