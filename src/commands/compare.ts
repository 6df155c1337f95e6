/** What differs between the entities and the database: the one comparison behind `check` and `revision --autogenerate`. */
import picomatch from "picomatch";
import { diff } from "../diff/diff";
import { keepUnsaid } from "../diff/unsaid";
import { applyRenames, describeRename, parseRename, renameOption, renameQuestions } from "../diff/renames";
import type { Rename } from "../diff/renames";
import type { Dialect } from "../dialects/dialect";
import { LimbeckError } from "../errors";
import type { Target } from "../metadata/read";
import { allOf, filterSchema, without } from "../model/filter";
import type { ObjectFilter, ObjectReference } from "../model/filter";
import { displayName, qualified, sameName } from "../model/names";
import type { QualifiedName, Schema } from "../model/schema";
import type { Operation } from "../operations/operation";
import type { Registry } from "../operations/registry";
import { appliedBy } from "../revisions/revision-map";
import type { MigrationContext } from "../runtime/context";
import type { Environment } from "../runtime/environment";
import { replay } from "../runtime/replay";
import { batched } from "./batches";

/** How a comparison is steered. */
export interface CompareOptions {
  /** Answers, `old:new`, to what looks like a rename. */
  readonly renames?: readonly string[];
  /** What looks like a rename is drop and add. */
  readonly noRenames?: boolean;
  /** Proposes to drop what neither entities nor revisions know. */
  readonly includeUnmanaged?: boolean;
}

/** What a comparison found. */
export interface Comparison {
  /** What leads from the database to the entities, in order. */
  readonly operations: readonly Operation[];
  /** In the database, but neither in the entities nor made by a revision: left alone. */
  readonly unmanaged: readonly ObjectReference[];
  readonly warnings: readonly string[];
}

/**
 * Compares the entities of the context's target with its database.
 *
 * Throws RENAME_QUESTION where something looks like a rename and no answer was given; its `data` are the questions.
 */
export async function compare(
  environment: Environment,
  context: MigrationContext,
  options: CompareOptions,
): Promise<Comparison> {
  const { dialect, db } = context;
  const target = await readTarget(environment, context);
  const scope = {
    schemas: [...new Set([...target.schema.namespaces, ...environment.config.includeSchemas])],
  };
  const filter = filterOf(environment, context, target);
  const wanted = dialect.normalize(filterSchema(target.schema, filter));
  const live = dialect.normalize(filterSchema(await dialect.inspect(db, scope), filter));
  const renames = answeredRenames(live, wanted, options);
  const renamed = applyRenames(live, renames);
  const mine = await managed(environment, context, renamed.schema, wanted, options);
  const from = filterSchema(renamed.schema, without(mine.unmanaged));
  const warnings: string[] = [];
  const kept = options.includeUnmanaged ? { ...from, sequences: [] } : from;
  const said = keepUnsaid(wanted, kept);
  const to = (await dialect.canonicalize?.(db, said, from, (sentence) => warnings.push(sentence))) ?? said;
  const operations = diff(from, to, {
    ...diffTraits(dialect),
    registry: environment.registry,
    names: environment.config.names,
  });
  const { renderAsBatch } = environment.config;
  const arranged = dialect.arrange?.(operations, from) ?? operations;
  const folded = batched(arranged, from, dialect, environment.registry, renderAsBatch);
  return {
    operations: withRenames(renamed.operations, folded),
    unmanaged: mine.unmanaged,
    warnings: [...target.warnings, ...mine.warnings, ...warnings],
  };
}

/** Renames come first, so that the rest knows the new names; only a schema that is moved into must be there before. */
function withRenames(renames: readonly Operation[], rest: readonly Operation[]): readonly Operation[] {
  const isMovedInto = (operation: Operation): boolean =>
    operation.kind === "createSchema" &&
    renames.some((rename) => rename.kind === "renameTable" && rename.to.schema === operation.name);
  return [...rest.filter(isMovedInto), ...renames, ...rest.filter((operation) => !isMovedInto(operation))];
}

function diffTraits(dialect: Dialect): { readonly forwardReferences: boolean } {
  return { forwardReferences: dialect.traits.forwardReferences };
}

async function readTarget(environment: Environment, { parts }: MigrationContext): Promise<Target> {
  const { target } = parts;
  if (!target) {
    throw new LimbeckError(
      "ENVIRONMENT_INVALID",
      "env.ts configured no `target`, so there are no entities to compare with",
      {
        hint: "write `await context.configure({ queryRunner, target: dataSource })`",
      },
    );
  }
  return await environment.readTarget(target);
}

/** Limbeck's and TypeORM's own tables never take part; then the user's globs and function have their say. */
function filterOf({ config }: Environment, context: MigrationContext, target: Target): ObjectFilter {
  const { version, history, journal, lock } = context.parts.tables;
  const own = [version, history, journal, lock, ...target.ownTables].map((name): ObjectReference => ({
    kind: "table",
    ...name,
  }));
  const { include, exclude, includeObject } = config;
  const included = include.length === 0 ? () => true : picomatch([...include]);
  const excluded = exclude.length === 0 ? () => false : picomatch([...exclude]);
  const byName: ObjectFilter = (object) => {
    if (object.kind !== "table" && object.kind !== "view") return true;
    return included(displayName(object)) && !excluded(displayName(object));
  };
  return allOf(without(own), without(target.untouched), byName, ...(includeObject ? [includeObject] : []));
}

/** The renames that were answered; questions that were not stop everything, because a guess could lose data. */
function answeredRenames(live: Schema, wanted: Schema, options: CompareOptions): readonly Rename[] {
  const answers = (options.renames ?? []).map((text) => parseRename(text, live, wanted));
  if (options.noRenames) return answers;
  const open = renameQuestions(applyRenames(live, answers).schema, wanted);
  if (open.length === 0) return answers;
  const questions = open.map(({ rename, reason }) => `${describeRename(rename)} (${reason})`);
  const ways = open.map(({ rename }) => renameOption(rename));
  throw new LimbeckError("RENAME_QUESTION", `this may be a rename: ${questions.join("; ")}`, {
    hint: `answer with ${ways.join(" or ")}, or say --no-renames where drop and add is meant`,
    data: open.map(({ rename, reason }) => ({ ...rename, reason, option: renameOption(rename) })),
  });
}

/**
 * An object that the entities do not know may go only if a revision that is applied made it. The revisions are replayed
 * only where there is such an object.
 */
async function managed(
  environment: Environment,
  context: MigrationContext,
  live: Schema,
  wanted: Schema,
  options: CompareOptions,
): Promise<{ readonly unmanaged: readonly ObjectReference[]; readonly warnings: readonly string[] }> {
  const strangers = objectsOf(live).filter(
    (object) => !objectsOf(wanted).some((other) => sameObject(object, other)),
  );
  if (strangers.length === 0 || options.includeUnmanaged) return { unmanaged: [], warnings: [] };
  const made = await madeByRevisions(environment, context, environment.registry);
  return {
    unmanaged: strangers.filter((object) => !made.objects.some((other) => sameObject(object, other))),
    warnings: made.incomplete.map(
      (id) => `revision ${id} asks the database for rows, so not everything that it makes is known`,
    ),
  };
}

async function madeByRevisions(environment: Environment, context: MigrationContext, registry: Registry) {
  const map = await environment.revisions();
  const applied = appliedBy(
    map,
    (await context.heads()).filter((row) => map.byId.has(row)),
  );
  const { schema, incomplete } = await replay(
    map.sorted.filter(({ id }) => applied.has(id)),
    { dialect: context.dialect, registry, load: (id) => environment.directory.load(id) },
  );
  return { objects: objectsOf(schema), incomplete };
}

function objectsOf(schema: Schema): readonly ObjectReference[] {
  const named = (
    kind: ObjectReference["kind"],
    objects: readonly QualifiedName[],
  ): readonly ObjectReference[] => objects.map((object) => ({ kind, ...qualified(object) }));
  return [
    ...named("table", schema.tables),
    ...named("view", schema.views),
    ...named("enum", schema.enums),
    ...named("sequence", schema.sequences),
    ...named(
      "schema",
      schema.namespaces.map((name) => ({ name })),
    ),
    ...named(
      "extension",
      schema.extensions.map(({ name }) => ({ name })),
    ),
  ];
}

function sameObject(left: ObjectReference, right: ObjectReference): boolean {
  return left.kind === right.kind && sameName(left, right);
}
