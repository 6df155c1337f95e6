/** What differs between the entities and the database: the one comparison behind `check` and `revision --autogenerate`. */
import { schemasToRead } from "../autogenerate/options";
import { diff } from "../diff/diff";
import { withViewsKept } from "../diff/rename-operations";
import { keepUnsaid } from "../diff/unsaid";
import type { Dialect } from "../dialects/dialect";
import { LimbeckError } from "../errors";
import type { Target } from "../metadata/read";
import { compact, equal } from "../model/equal";
import { allOf, filterSchema, objectReference, without } from "../model/filter";
import type { ObjectFilter, ObjectReference } from "../model/filter";
import { keyOf, qualified } from "../model/names";
import type { QualifiedName, Schema } from "../model/schema";
import { applyAll } from "../operations/apply";
import { onlyAdds } from "../operations/change-enum";
import type { Operation } from "../operations/operation";
import type { Registry } from "../operations/registry";
import type { RenderItem } from "../render/items";
import type { Revision } from "../revisions/revision";
import { appliedBy } from "../revisions/revision-map";
import { standing } from "../revisions/standing";
import type { MigrationContext } from "../runtime/context";
import type { Environment } from "../runtime/environment";
import { replay } from "../runtime/replay";
import { counted, lossesIn } from "./losses";
import type { Losses } from "./losses";
import { answerRenames } from "./renames";
import type { AnsweredRenames, AskRename } from "./renames";
import { plannedRevisions, steeredSides } from "./steer";
import type { PlannedRevision } from "./steer";
import { withTakenAlong } from "./taken-along";

/** How a comparison is steered. */
export interface CompareOptions {
  /** Answers, `old:new`, to what looks like a rename. */
  readonly renames?: readonly string[];
  /** What looks like a rename is drop and add. */
  readonly noRenames?: boolean;
  /** Asks a person what looks like a rename and is not answered. Without it, such a question stops everything. */
  readonly askRename?: AskRename;
  /** Goes on with the likeliest answers where none were given; `renamed` has the questions. */
  readonly presumeRenames?: boolean;
  /** Proposes to drop what neither entities nor revisions know. */
  readonly includeUnmanaged?: boolean;
}

/** A comparison with what it is made for. */
export interface CompareRequest extends CompareOptions {
  /** The revision that is to be written, for `processRevisionDirectives`; absent where nothing is written. */
  readonly revision?: Revision;
}

/** What stands in for a database. */
export interface CompareWith {
  /** A schema that is known without asking. */
  readonly simulated?: Schema;
  /** Whether the rows at risk are counted: they are the application's own. */
  readonly countsRows?: boolean;
}

/** What a comparison found. */
export interface Comparison {
  /** What leads from the database to the entities, in order, after the user's own functions have seen it. */
  readonly operations: readonly Operation[];
  /** The revisions that do it: one, unless the user's functions made none or several of it. */
  readonly revisions: readonly PlannedRevision[];
  /** Of the database that they are for. */
  readonly dialect: Dialect;
  /** Knows the custom operations among them. */
  readonly registry: Registry;
  /** Writes pieces of them as code of the user's own. */
  readonly renderItem?: RenderItem;
  /** In the database, but neither in the entities nor made by a revision: left alone. */
  readonly unmanaged: readonly ObjectReference[];
  readonly warnings: readonly string[];
  /** What the operations may lose, with the rows that are concerned where they were counted. */
  readonly losses: Losses;
  /** The renames among them. */
  readonly renamed: AnsweredRenames;
  /** The schema after the operations. */
  readonly to: Schema;
}

/**
 * Compares the entities of the context's target with its database, or with what stands in for one.
 *
 * Throws RENAME_QUESTION where something looks like a rename, no answer was given, nobody can be asked and nothing is to
 * be presumed; its `data` are the questions. Throws USAGE for an answer that matches nothing.
 */
export async function compare(
  environment: Environment,
  context: MigrationContext,
  options: CompareRequest,
  { simulated, countsRows = false }: CompareWith = {},
): Promise<Comparison> {
  const { dialect } = context;
  const { registry, autogenerate = {} } = context.parts;
  const target = await readTarget(environment, context);
  const whole = simulated ?? (await inspected(context, target.schema));
  const { live, target: wanted } = await steeredSides(environment, context, {
    own: ownObjects(context, target),
    target: target.schema,
    live: whole,
    isSimulated: simulated !== undefined,
  });
  const renamed = await answerRenames(live, wanted, target, dialect, {
    answers: options.renames ?? [],
    noRenames: options.noRenames ?? false,
    ...compact({ file: environment.config.renames, ask: options.askRename, presume: options.presumeRenames }),
  });
  const mine = simulated
    ? { unmanaged: [], warnings: [] }
    : await managed(environment, context, renamed.schema, wanted, options);
  const from = filterSchema(renamed.schema, without(mine.unmanaged));
  const warnings: string[] = [];
  const kept = options.includeUnmanaged ? { ...from, sequences: [] } : from;
  const said = keepUnsaid(withViewsKept(wanted, live, renamed.renames), kept);
  const warn = (sentence: string): void => void warnings.push(sentence);
  const to = simulated ? said : ((await dialect.canonicalize?.(context.db, said, from, warn)) ?? said);
  const before = simulated ? from : await inTypeormWords(context, from, to);
  const differences = diff(before, to, {
    ...diffTraits(dialect),
    registry,
    names: environment.config.names,
    comparing: autogenerate,
  });
  const wholeSchema = (): Schema => applyAll(dialect.normalize(whole), renamed.operations);
  const complete = withTakenAlong(dialect, differences, wholeSchema, before);
  const revisions = await plannedRevisions(environment, context, {
    operations: valuesFirst(withRenames(renamed.operations, complete), live),
    renames: renamed.operations,
    live,
    from: before,
    target: to,
    revision: options.revision,
    isGenerated: true,
  });
  const operations = revisions.flatMap(({ upgrade }) => upgrade);
  const risky = lossesIn(operations, live, { dialect, registry, renames: renamed.renames });
  return {
    operations,
    revisions,
    dialect,
    registry,
    ...(autogenerate.renderItem && { renderItem: autogenerate.renderItem }),
    losses: countsRows ? await counted(risky, context.db, warn) : risky,
    renamed,
    to,
    unmanaged: mine.unmanaged,
    warnings: [...target.warnings, ...mine.warnings, ...warnings],
  };
}

/**
 * Renames come first, so that the rest knows the new names; only a schema that is moved into must be there before. Views
 * that go, go before them: on the way back they read the old names again.
 */
function withRenames(renames: readonly Operation[], rest: readonly Operation[]): readonly Operation[] {
  if (renames.length === 0) return rest;
  const isBefore = (operation: Operation): boolean =>
    operation.kind === "dropView" ||
    (operation.kind === "createSchema" &&
      renames.some((rename) => rename.kind === "renameTable" && rename.to.schema === operation.name));
  return [...rest.filter(isBefore), ...renames, ...rest.filter((operation) => !isBefore(operation))];
}

/**
 * Adding a value to an enum type commits what ran before it: a new value cannot be used in the transaction that adds it.
 * So values are added before everything else, and the rest of the revision is done as a whole or not at all.
 */
function valuesFirst(operations: readonly Operation[], live: Schema): readonly Operation[] {
  const types = new Map(live.enums.map((type) => [keyOf(type), type]));
  const isFirst = (operation: Operation): boolean =>
    operation.kind === "alterEnum" &&
    onlyAdds(operation) &&
    equal(types.get(keyOf(operation.name))?.values, operation.was?.values);
  return [...operations.filter(isFirst), ...operations.filter((operation) => !isFirst(operation))];
}

function diffTraits(dialect: Dialect): { readonly forwardReferences: boolean } {
  return { forwardReferences: dialect.traits.forwardReferences };
}

/** What goes or changes, as TypeORM knows it: so it comes back on a downgrade. */
async function inTypeormWords(context: MigrationContext, live: Schema, target: Schema): Promise<Schema> {
  const { dialect, db, parts } = context;
  if (!dialect.remembered || !parts.typeormMetadata) return live;
  return await dialect.remembered(db, live, target, parts.typeormMetadata);
}

/** What the entities of the context's target want. Throws ENVIRONMENT_INVALID where env.ts configured none. */
export async function readTarget(environment: Environment, context: MigrationContext): Promise<Target> {
  const target = context.parts.target ?? (context.isOffline ? await environment.dataSource() : undefined);
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

/** The live schema, as far as the configuration and the entities reach. */
export async function inspected(context: MigrationContext, target: Schema): Promise<Schema> {
  const { dialect, db } = context;
  const { autogenerate = {} } = context.parts;
  return await dialect.inspect(db, {
    schemas: await schemasToRead(dialect, db, autogenerate, target.namespaces),
  });
}

/** Accepts everything but Limbeck's and TypeORM's own tables, and what entities declare `synchronize: false`. */
export function ownObjects(context: MigrationContext, target: Target): ObjectFilter {
  const { version, history, journal, lock } = context.parts.tables;
  // A schema that the connection looks into goes without its name in what is read.
  const ours = [version, history, journal, lock].flatMap((table) => [table, { name: table.name }]);
  const own = [...ours, ...target.ownTables].map((name): ObjectReference => ({ kind: "table", ...name }));
  return allOf(without(own), without(target.untouched));
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
  const isWanted = among(objectsOf(wanted));
  const strangers = objectsOf(live).filter((object) => !STAYING.has(object.kind) && !isWanted(object));
  if (strangers.length === 0 || options.includeUnmanaged) return { unmanaged: [], warnings: [] };
  const made = await madeByRevisions(environment, context);
  const isMade = among(made.objects);
  return {
    unmanaged: strangers.filter((object) => !isMade(object)),
    warnings: made.incomplete.map(
      (id) =>
        `revision ${id} cannot be followed without a database, so not everything that it makes is known`,
    ),
  };
}

async function madeByRevisions(environment: Environment, context: MigrationContext) {
  const { registry } = context.parts;
  const { map, rows } = standing(await environment.revisions(), await context.heads());
  const applied = appliedBy(
    map,
    rows.filter((row) => map.byId.has(row)),
  );
  const { schema, incomplete } = await replay(
    map.sorted.filter(({ id }) => applied.has(id)),
    {
      dialect: context.dialect,
      registry,
      load: (id) => environment.directory.load(id),
      args: context.parts.args ?? [],
    },
  );
  return { objects: objectsOf(schema), incomplete };
}

/** What no comparison proposes to drop: entities have no words for it, and it may be there for others. */
const STAYING: ReadonlySet<ObjectReference["kind"]> = new Set(["schema", "extension"]);

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
    ...schema.objects.map(objectReference),
  ];
}

/** Answers whether an object is one of some, by kind and name. */
function among(objects: readonly ObjectReference[]): (object: ObjectReference) => boolean {
  const key = (object: ObjectReference): string => `${object.kind} ${object.type ?? ""} ${keyOf(object)}`;
  const keys = new Set(objects.map(key));
  return (object) => keys.has(key(object));
}
