/** `revision`: writes a new revision file, empty or with what differs between the entities and the database. */
import { LimbeckError } from "../errors";
import { describe, flatten } from "../operations/describe";
import type { Operation } from "../operations/operation";
import type { AnnotatedOperation, DatabasePart } from "../render/migration";
import { buildRevisionMap } from "../revisions/revision-map";
import type { RevisionMap } from "../revisions/revision-map";
import { resolve } from "../revisions/target";
import type { Environment } from "../runtime/environment";
import { compareAgainst } from "./against";
import type { AgainstOptions, AgainstRequest } from "./against";
import { plannedByHand } from "./by-hand";
import type { NamedComparison } from "./by-hand";
import type { Comparison } from "./compare";
import { describeAll } from "./describe-all";
import { commentsOf, lossesIn } from "./losses";
import type { Losses } from "./losses";
import { newRevision, writeRevision } from "./new-revision";
import type { NewFileContent, NewRevision, NewRevisionOptions } from "./new-revision";
import { answerBehind } from "./renames";
import type { PlannedRevision } from "./steer";

/** What a new revision is, and what it is filled with. */
export interface RevisionOptions extends AgainstOptions, NewRevisionOptions {
  /** What the new revision goes on top of, `head` unless said; `base` begins a branch of its own, `heads` merges. */
  readonly head?: string;
  /** Fills the file with what differs. */
  readonly autogenerate?: boolean;
  /** Writes a file also where nothing differs. */
  readonly allowEmpty?: boolean;
  /** With `revisionEnvironment`: env.ts runs as for a script, without a database. */
  readonly sql?: boolean;
}

/** A revision file that was written. */
export interface WrittenRevision {
  readonly file: string;
  readonly revision: string;
  /** What it goes on top of. */
  readonly parents: readonly string[];
}

/** What was written: nothing where nothing differs. */
export interface RevisionResult extends Partial<WrittenRevision> {
  /** Further files, where `processRevisionDirectives` made several revisions of one. */
  readonly others?: readonly WrittenRevision[];
  readonly differences: readonly string[];
  readonly losses: readonly string[];
  readonly unmanaged: Comparison["unmanaged"];
}

/**
 * Writes a revision file on top of the head. An existing file is never overwritten.
 *
 * Throws MULTIPLE_HEADS where there are several heads and none was named, and what `newRevision` throws.
 */
export async function revision(
  environment: Environment,
  options: RevisionOptions = {},
): Promise<RevisionResult> {
  demandSensible(environment, options);
  const map = await environment.revisions();
  const planned = newRevision(map, environment, parentsOf(map, options.head), options);
  const comparisons = options.autogenerate
    ? await autogenerate(environment, { ...options, revision: planned.revision })
    : await plannedByHand(environment, planned.revision, options);
  if (!isSome(comparisons)) {
    const content = { upgrade: [], downgrade: [], detected: [] };
    const file = await writeRevision(environment, planned, content, options);
    return { ...written(planned, file), differences: [], losses: [], unmanaged: [] };
  }
  if (environment.config.databases !== undefined)
    return await writeForAll(environment, planned, comparisons, options);
  return await writeFor(environment, map, comparisons[0].comparison, options);
}

function isSome<T>(items: readonly T[]): items is readonly [T, ...T[]] {
  return items.length > 0;
}

/** Whether a file may have nothing to do: where nothing was compared, that is its nature. */
function mayBeEmpty({ allowEmpty, autogenerate: generated }: RevisionOptions): boolean {
  return allowEmpty === true || !generated;
}

/** The files for one database: one, unless the user's functions made none or several of it. */
async function writeFor(
  environment: Environment,
  map: RevisionMap,
  comparison: Comparison,
  options: RevisionOptions,
): Promise<RevisionResult> {
  const { operations, unmanaged, registry } = comparison;
  const wanted = comparison.revisions.filter(({ upgrade }) => upgrade.length > 0 || mayBeEmpty(options));
  const [first, ...others] = await writeAll(
    environment,
    comparison,
    placed(map, environment, wanted, options),
    options,
  );
  return {
    ...first,
    ...(others.length === 0 ? {} : { others }),
    differences: options.autogenerate ? describeAll(operations, registry) : [],
    losses: sentencesOf(comparison),
    unmanaged,
  };
}

/** One file for several databases that share one line of revisions, with a pair of functions for each. */
async function writeForAll(
  environment: Environment,
  planned: NewRevision,
  comparisons: readonly [NamedComparison, ...NamedComparison[]],
  options: RevisionOptions,
): Promise<RevisionResult> {
  const operations = comparisons.flatMap(({ comparison }) => comparison.operations);
  const unmanaged = comparisons.flatMap(({ comparison }) => comparison.unmanaged);
  const isLeft = comparisons.some(({ comparison }) => comparison.revisions.length > 0);
  if (operations.length === 0 && !(mayBeEmpty(options) && isLeft))
    return { differences: [], losses: [], unmanaged };
  const databases = comparisons.map(({ name, comparison }) => partOf(name, comparison));
  const perDatabase = (lines: typeof detectedIn): readonly string[] =>
    comparisons.flatMap(({ name, comparison }) =>
      lines(comparison, comparison.operations).map((line) => `${name}: ${line}`),
    );
  const imports = new Set(comparisons.flatMap(({ comparison }) => importsOf(comparison)));
  const [{ comparison: first }] = comparisons;
  const content: NewFileContent = {
    upgrade: [],
    downgrade: [],
    detected: options.autogenerate ? perDatabase(detectedIn) : [],
    databases,
    imports: [...imports],
    registry: first.registry,
    ...(first.renderItem && { renderItem: first.renderItem }),
  };
  const file = await writeRevision(environment, planned, content, options);
  const losses = comparisons.flatMap(({ comparison }) => sentencesOf(comparison));
  const differences = options.autogenerate
    ? perDatabase(({ registry }, some) => describeAll(some, registry))
    : [];
  return { ...written(planned, file), differences, losses, unmanaged };
}

/** What one of several databases needs. */
function partOf(name: string, comparison: Comparison): DatabasePart {
  const { operations, revisions, losses } = comparison;
  const back = revisions.toReversed().flatMap(({ downgrade = [] }) => downgrade);
  return {
    name,
    upgrade: operations.map(commenting(comparison, losses)),
    downgrade: back.map(commenting(comparison, lossesIn(back, comparison.to, comparison))),
  };
}

function importsOf({ revisions }: Comparison): readonly string[] {
  return revisions.flatMap(({ imports = [] }) => imports);
}

/** A revision with its place in the graph. */
interface Placed extends NewRevision {
  readonly plan: PlannedRevision;
}

/** Every revision with its place, one on top of another where they say so; checked before anything is written. */
function placed(
  map: RevisionMap,
  environment: Environment,
  plans: readonly PlannedRevision[],
  options: RevisionOptions,
): readonly Placed[] {
  let graph = map;
  return plans.map((plan) => {
    const { id: _id, ...same } = options;
    const { message, labels: branchLabels, dependsOn } = plan;
    const id = plan.id === undefined ? {} : { id: plan.id };
    const place = newRevision(graph, environment, plan.parents, {
      ...same,
      ...id,
      message,
      branchLabels,
      dependsOn,
    });
    graph = buildRevisionMap([...graph.byId.values(), place.revision]);
    return { ...place, plan };
  });
}

async function writeAll(
  environment: Environment,
  comparison: Comparison,
  places: readonly Placed[],
  options: RevisionOptions,
): Promise<readonly WrittenRevision[]> {
  const results: WrittenRevision[] = [];
  const { registry, renderItem, losses, to } = comparison;
  for (const { plan, ...place } of places) {
    if (plan.irreversible !== undefined) {
      environment.reporter.warn(`the new revision has no downgrade: ${plan.irreversible}`);
    }
    const content: NewFileContent = {
      upgrade: plan.upgrade.map(commenting(comparison, losses)),
      ...(plan.downgrade && {
        downgrade: plan.downgrade.map(commenting(comparison, lossesIn(plan.downgrade, to, comparison))),
      }),
      detected: options.autogenerate ? detectedIn(comparison, plan.upgrade) : [],
      imports: plan.imports,
      registry,
      ...(renderItem && { renderItem }),
    };
    results.push(written(place, await writeRevision(environment, place, content, options)));
  }
  return results;
}

/** What was found, in words; of a rename, who answered. */
function detectedIn({ registry, renamed }: Comparison, operations: readonly Operation[]): readonly string[] {
  return flatten(operations).map((operation) => {
    const answer = answerBehind(operation, renamed);
    return describe(operation, registry) + (answer === undefined ? "" : ` (${answer})`);
  });
}

/** An operation below what it may lose, for the reader. */
function commenting({ dialect }: Comparison, losses: Losses): (operation: Operation) => AnnotatedOperation {
  return (operation) => ({
    operation: dialect.spellOut?.(operation) ?? operation,
    comments: commentsOf(operation, losses),
  });
}

/** What may be lost, in words. */
function sentencesOf({ losses }: Comparison): readonly string[] {
  return [...losses.values()].flat().map(({ sentence }) => sentence);
}

function written({ revision: { id, parents } }: NewRevision, file: string): WrittenRevision {
  return { file, revision: id, parents };
}

function demandSensible({ config }: Environment, { sql, autogenerate, against }: RevisionOptions): void {
  if (against !== undefined && !autogenerate) {
    throw new LimbeckError("USAGE", `--against ${against} is for --autogenerate, which compares`, {
      hint: "add --autogenerate, or leave --against out",
    });
  }
  if (!sql || (config.revisionEnvironment && !autogenerate)) return;
  throw new LimbeckError("USAGE", "`revision --sql` has no database to ask, and nothing to write as SQL", {
    hint: autogenerate
      ? "leave --sql out: --autogenerate compares with a database"
      : "it is for `revisionEnvironment: true` in the configuration; `upgrade --sql` writes scripts",
  });
}

function parentsOf(map: RevisionMap, head: string | undefined): readonly string[] {
  if (head !== undefined) return resolve(map, head);
  if (map.heads.length <= 1) return map.heads;
  throw new LimbeckError("MULTIPLE_HEADS", `there are ${map.heads.length} heads: ${map.heads.join(", ")}`, {
    hint: `say --head ${map.heads[0] ?? ""}, or merge them first with \`limbeck merge heads\``,
    data: map.heads,
  });
}

async function autogenerate(
  environment: Environment,
  options: AgainstRequest,
): Promise<readonly NamedComparison[]> {
  const comparisons: NamedComparison[] = [];
  await compareAgainst(environment, options, ({ comparison, context }) => {
    comparisons.push({ name: context.parts.database ?? "", comparison });
  });
  if (comparisons.length === 0) throw new LimbeckError("ENVIRONMENT_INVALID", "env.ts ran no migrations");
  for (const { comparison } of comparisons)
    for (const warning of comparison.warnings) environment.reporter.warn(warning);
  return comparisons;
}
