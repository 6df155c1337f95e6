/** A plugin for objects that a text makes: functions, procedures, triggers, policies. */
import type { DialectName } from "../dialects/dialect";
import { displayName, qualified } from "../model/names";
import type { CustomObject, JsonValue, QualifiedName, Schema } from "../model/schema";
import type { Operation } from "../operations/operation";
import type {
  CustomOperation,
  CustomStatement,
  Dependencies,
  Dependency,
  SqlWriter,
} from "../operations/registry";
import type { ComparisonContext, Plugin } from "./plugin";

/** One object with its definition, which is JSON. */
export interface ReplaceableObject<Definition> extends QualifiedName {
  readonly definition: Definition;
}

/** What must be known of a kind of object so that Limbeck can keep it. */
export interface ReplaceableObjects<Definition> {
  /** In lower case: `function` gives the operations `createFunction`, `replaceFunction` and `dropFunction`. */
  readonly kind: string;
  /** The databases that have such objects; all unless said. */
  readonly dialects?: readonly DialectName[];
  /** The objects that are wanted. */
  target(
    context: ComparisonContext,
  ): readonly ReplaceableObject<Definition>[] | Promise<readonly ReplaceableObject<Definition>[]>;
  /** The objects that the database has. */
  inspect(
    context: ComparisonContext,
  ): readonly ReplaceableObject<Definition>[] | Promise<readonly ReplaceableObject<Definition>[]>;
  /** The statements that make an object. */
  create(object: ReplaceableObject<Definition>, writer: SqlWriter): readonly CustomStatement[];
  /** The statements that take it away. */
  drop(object: ReplaceableObject<Definition>, writer: SqlWriter): readonly CustomStatement[];
  /** The statements that make one of another; it is dropped and created unless said. */
  replace?(
    to: ReplaceableObject<Definition>,
    from: ReplaceableObject<Definition>,
    writer: SqlWriter,
  ): readonly CustomStatement[];
  /** What must exist before an object: tables, enums, other objects of plugins. */
  needs?(object: ReplaceableObject<Definition>): readonly Dependency[];
  /** Whether two definitions are the same; equal data unless said. */
  same?(live: Definition, target: Definition): boolean;
}

/** What the operations carry: the object, and where it is replaced, what it was. */
interface Payload<Definition> extends ReplaceableObject<Definition> {
  readonly was?: Definition;
}

/**
 * A plugin that keeps objects of one kind: it compares them, creates, replaces and drops them, and a downgrade puts back
 * what was there. An object that no revision made is left alone, as a table is.
 */
export function replaceableObjects<Definition>(objects: ReplaceableObjects<Definition>): Plugin {
  const { kind, dialects } = objects;
  const title = kind.charAt(0).toUpperCase() + kind.slice(1);
  const names: Names = { create: `create${title}`, replace: `replace${title}`, drop: `drop${title}` };
  return {
    name: kind,
    operations: [
      createOperation(objects, names),
      replaceOperation(objects, names),
      dropOperation(objects, names),
    ],
    comparators: [
      {
        kind,
        ...(dialects && { dialects }),
        target: async (context) => (await objects.target(context)).map((one) => stored(kind, one)),
        inspect: async (context) => (await objects.inspect(context)).map((one) => stored(kind, one)),
        diff: (from, to) => differences(names, from, to),
        ...(objects.same && {
          same: (live, target) =>
            objects.same?.(live.definition as Definition, target.definition as Definition) ?? false,
        }),
      },
    ],
  };
}

interface Names {
  readonly create: string;
  readonly replace: string;
  readonly drop: string;
}

function differences(
  names: Names,
  from: CustomObject | undefined,
  to: CustomObject | undefined,
): readonly Operation[] {
  const call = (name: string, { kind: _kind, ...payload }: CustomObject, was?: JsonValue): Operation => ({
    kind: "custom",
    name,
    payload: { ...payload, ...(was === undefined ? {} : { was }) } as unknown as JsonValue,
  });
  if (!to) return from ? [call(names.drop, from)] : [];
  return [from ? call(names.replace, to, from.definition) : call(names.create, to)];
}

function createOperation<Definition>(
  objects: ReplaceableObjects<Definition>,
  names: Names,
): CustomOperation<Payload<Definition>> {
  const { kind } = objects;
  return {
    name: names.create,
    describe: (payload) => `create ${kind} ${displayName(payload)}`,
    invert: (payload) => ({ name: names.drop, payload }),
    apply: (schema, payload) => withObject(schema, stored(kind, payload)),
    compile: (payload, writer) => objects.create(payload, writer),
    dependencies: (payload): Dependencies => ({
      creates: [{ kind, ...qualified(payload) }],
      needs: objects.needs?.(payload) ?? [],
    }),
  };
}

function dropOperation<Definition>(
  objects: ReplaceableObjects<Definition>,
  names: Names,
): CustomOperation<Payload<Definition>> {
  const { kind } = objects;
  return {
    name: names.drop,
    describe: (payload) => `drop ${kind} ${displayName(payload)}`,
    invert: (payload) => ({ name: names.create, payload }),
    apply: (schema, payload) => withoutObject(schema, stored(kind, payload)),
    compile: (payload, writer) => objects.drop(payload, writer),
    dependencies: (payload): Dependencies => ({
      drops: [{ kind, ...qualified(payload) }],
      releases: objects.needs?.(payload) ?? [],
    }),
  };
}

function replaceOperation<Definition>(
  objects: ReplaceableObjects<Definition>,
  names: Names,
): CustomOperation<Payload<Definition>> {
  const { kind } = objects;
  // A payload without `was` was written by hand: what stood there is then taken to be of the same shape.
  const before = ({ was, ...object }: Payload<Definition>): ReplaceableObject<Definition> =>
    was === undefined ? object : { ...object, definition: was };
  return {
    name: names.replace,
    describe: (payload) => `replace ${kind} ${displayName(payload)}`,
    invert: (payload) =>
      payload.was === undefined
        ? undefined
        : { name: names.replace, payload: { ...before(payload), was: payload.definition } },
    apply: (schema, payload) =>
      withObject(withoutObject(schema, stored(kind, payload)), stored(kind, payload)),
    compile: (payload, writer) =>
      objects.replace?.(payload, before(payload), writer) ?? [
        ...objects.drop(before(payload), writer),
        ...objects.create(payload, writer),
      ],
    dependencies: (payload): Dependencies => ({
      creates: [{ kind, ...qualified(payload) }],
      needs: objects.needs?.(payload) ?? [],
      releases: objects.needs?.(before(payload)) ?? [],
    }),
  };
}

/** An object as schemas hold it: a definition is JSON, so properties that are absent are left out. */
function stored<Definition>(kind: string, object: ReplaceableObject<Definition>): CustomObject {
  const definition = JSON.parse(JSON.stringify(object.definition)) as JsonValue;
  return { kind, ...qualified(object), definition };
}

function withObject(schema: Schema, object: CustomObject): Schema {
  return { ...schema, objects: [...schema.objects, object] };
}

function withoutObject(schema: Schema, object: CustomObject): Schema {
  const isIt = (other: CustomObject): boolean =>
    other.kind === object.kind && other.name === object.name && other.schema === object.schema;
  return { ...schema, objects: schema.objects.filter((other) => !isIt(other)) };
}
