/** Where the user's own functions take part in a comparison: what is looked at, and what becomes of what was found. */
import { processDirectives } from "../autogenerate/directives";
import type { DirectiveContext, RevisionDirective } from "../autogenerate/directives";
import { filterSides, globFilter, nameFilter } from "../autogenerate/filter";
import type { Sides } from "../autogenerate/filter";
import { comparatorsOf } from "../autogenerate/plugin";
import type { ComparisonContext } from "../autogenerate/plugin";
import { LimbeckError } from "../errors";
import { allOf, filterSchema } from "../model/filter";
import type { ObjectFilter } from "../model/filter";
import type { Schema } from "../model/schema";
import { complete } from "../operations/complete";
import { describe } from "../operations/describe";
import { invertAll } from "../operations/invert";
import type { Operation } from "../operations/operation";
import { refilled } from "../operations/refill";
import type { Registry } from "../operations/registry";
import type { Revision } from "../revisions/revision";
import type { MigrationContext } from "../runtime/context";
import type { Environment } from "../runtime/environment";
import { followed } from "../runtime/known-schema";
import { batched, changedFromWithin } from "./batches";

/** A revision that is to be written. */
export interface PlannedRevision {
  /** Absent where it gets a fresh one. */
  readonly id: string | undefined;
  readonly message: string;
  readonly parents: readonly string[];
  readonly labels: readonly string[];
  readonly dependsOn: readonly string[];
  readonly upgrade: readonly Operation[];
  /** Absent where there is no way back. */
  readonly downgrade: readonly Operation[] | undefined;
  /** Why there is no way back, where nobody wanted that. */
  readonly irreversible?: string;
  readonly imports: readonly string[];
}

/** Both sides as they were read. */
export interface ReadSides extends Sides {
  /** Leaves out what is nobody's to compare. */
  readonly own: ObjectFilter;
  /** Whether revisions, and no database, say what is there. */
  readonly isSimulated: boolean;
}

/** Both sides in canonical form, with the objects of plugins, and without what is not looked at. */
export async function steeredSides(
  environment: Environment,
  context: MigrationContext,
  { own, isSimulated, ...sides }: ReadSides,
): Promise<Sides> {
  const { dialect } = context;
  const { include = [], exclude = [], includeName, includeObject } = context.parts.autogenerate ?? {};
  const shared = include.length + exclude.length === 0 ? own : allOf(own, globFilter(include, exclude));
  const onLive = includeName ? allOf(shared, nameFilter(includeName)) : shared;
  const wanted = filterSchema(sides.target, shared);
  dialect.checkNames?.(wanted);
  const plain = {
    live: dialect.normalize(filterSchema(sides.live, onLive)),
    target: dialect.normalize(wanted),
  };
  const { live, target } = await withObjects(environment, context, plain, isSimulated);
  const both =
    live.objects.length + target.objects.length === 0
      ? plain
      : { live: filterSchema(live, onLive), target: filterSchema(target, shared) };
  return includeObject ? filterSides(both, includeObject) : both;
}

/** Both sides with the objects that comparators find; what revisions are simulated to make is there already. */
async function withObjects(
  environment: Environment,
  context: MigrationContext,
  sides: Sides,
  isSimulated: boolean,
): Promise<Sides> {
  const { autogenerate = {} } = context.parts;
  const comparators = comparatorsOf(autogenerate.plugins ?? []).filter(
    ({ dialects }) => dialects === undefined || dialects.includes(context.dialect.name),
  );
  const kinds = new Set(comparators.map(({ kind }) => kind));
  const known = await comparisonContext(environment, context, sides);
  const live = sides.live.objects.filter(({ kind }) => isSimulated && kinds.has(kind));
  const target = [];
  for (const comparator of comparators) {
    target.push(...(await comparator.target(known)));
    if (!isSimulated) live.push(...(await comparator.inspect(known)));
  }
  return { live: { ...sides.live, objects: live }, target: { ...sides.target, objects: target } };
}

async function comparisonContext(
  environment: Environment,
  { dialect, parts }: MigrationContext,
  sides: Sides,
): Promise<ComparisonContext> {
  const { database, db, target } = parts;
  const { xArguments, attributes } = environment;
  return {
    dialect: dialect.name,
    ...(database === undefined ? {} : { database }),
    dataSource: target ?? (await environment.dataSource()),
    xArguments,
    attributes,
    ...sides,
    query: async (sql, parameters) => {
      if (db) return await db.query(sql, parameters);
      throw new LimbeckError(
        "OFFLINE_UNAVAILABLE",
        "there is no database to ask: nothing but revisions is compared with",
      );
    },
  };
}

/** What a comparison found, and what it was made from. */
export interface Found {
  readonly operations: readonly Operation[];
  /** Those of the operations that rename; they stand before the others. */
  readonly renames: readonly Operation[];
  /** The database. */
  readonly live: Schema;
  /** The database after the renames, without what is unmanaged. */
  readonly from: Schema;
  readonly target: Schema;
  /** The revision that is to be written; absent where nothing is. */
  readonly revision: Revision | undefined;
  /** Whether the operations were found by comparing; a revision by hand has none. */
  readonly isGenerated: boolean;
}

/** The revisions that do what was found: as the user's functions leave it, completed and laid out for the database. */
export async function plannedRevisions(
  environment: Environment,
  context: MigrationContext,
  found: Found,
): Promise<readonly PlannedRevision[]> {
  const { registry, autogenerate = {} } = context.parts;
  const { operations, live, target, revision } = found;
  const known: DirectiveContext = {
    ...(await comparisonContext(environment, context, { live, target })),
    command: revision ? "revision" : "check",
    autogenerate: found.isGenerated,
    describe: (operation) => describe(operation, registry),
    invert: (some) => mirrored(some, registry).operations,
  };
  const original: RevisionDirective = {
    ...(revision && { id: revision.id }),
    message: revision?.message ?? "",
    parents: revision?.parents ?? [],
    branchLabels: revision?.labels ?? [],
    dependsOn: revision?.dependsOn ?? [],
    upgrade: [...operations],
    downgrade: undefined,
    imports: [],
  };
  const process = autogenerate.processRevisionDirectives;
  if (process) original.downgrade = known.invert(operations);
  const processed = await processDirectives(known, original, process);
  return processed.map(({ id, branchLabels: labels, isMirrored, downgrade, ...directive }) => {
    const completed = completedAll(directive.upgrade, found, registry);
    const upgrade = laidOut(environment, context, completed, found);
    const back = isMirrored
      ? mirrored(upgrade, registry)
      : { operations: downgrade && completedBack(downgrade, completed, found, registry) };
    return { ...directive, id, labels, upgrade, downgrade: back.operations, ...back.why };
  });
}

interface Mirror {
  readonly operations: Operation[] | undefined;
  readonly why?: { readonly irreversible: string };
}

/** The way back, with something to fill columns that come back; nothing where an operation has no inverse. */
function mirrored(operations: readonly Operation[], registry: Registry): Mirror {
  try {
    return { operations: [...refilled(invertAll(operations, registry))] };
  } catch (error) {
    if (!(error instanceof LimbeckError) || error.code !== "IRREVERSIBLE") throw error;
    return { operations: undefined, why: { irreversible: error.message } };
  }
}

/** The operations, where those that the user made carry what was there before, too. */
function completedAll(
  operations: readonly Operation[],
  { operations: generated, live }: Found,
  registry: Registry,
): readonly Operation[] {
  const known = new Set(generated);
  if (operations.every((operation) => known.has(operation))) return operations;
  return walked(operations, live, registry, (operation) => !known.has(operation));
}

function completedBack(
  downgrade: readonly Operation[],
  upgrade: readonly Operation[],
  { live }: Found,
  registry: Registry,
): Operation[] {
  const after = upgrade.reduce((schema, operation) => followed(schema, operation, registry), live);
  return walked(downgrade, after, registry, () => true);
}

function walked(
  operations: readonly Operation[],
  start: Schema,
  registry: Registry,
  isOpen: (operation: Operation) => boolean,
): Operation[] {
  let schema = start;
  return operations.map((operation) => {
    const done = isOpen(operation) ? complete(operation, schema, registry) : operation;
    schema = followed(schema, done, registry);
    return done;
  });
}

/**
 * The operations as the database wants them: what stands in their way taken down and put up again, the changes of a table
 * that is copied in one batch. What the user put between them (SQL, rows) stays where it was put, and so do renames.
 */
function laidOut(
  { config }: Environment,
  { dialect, parts }: MigrationContext,
  operations: readonly Operation[],
  { operations: generated, renames, from }: Found,
): readonly Operation[] {
  const { registry } = parts;
  const fixed = new Set(renames);
  const known = new Set(generated);
  const stays = (operation: Operation): boolean =>
    fixed.has(operation) || (!known.has(operation) && changedFromWithin(operation) === undefined);
  let schema = from;
  const result: Operation[] = [];
  let open: Operation[] = [];
  const close = (): void => {
    const arranged = dialect.arrange?.(open, schema) ?? open;
    result.push(...batched(arranged, schema, dialect, registry, config.renderAsBatch));
    schema = open.reduce((current, operation) => followed(current, operation, registry), schema);
    open = [];
  };
  for (const operation of operations) {
    if (!stays(operation)) open.push(operation);
    else {
      if (open.length > 0) close();
      result.push(operation);
      if (!fixed.has(operation)) schema = followed(schema, operation, registry);
    }
  }
  if (open.length > 0) close();
  return result;
}
