/**
 * Plugins: what a project or a package teaches Limbeck beside tables and views. A plugin is a plain object in `plugins` of
 * the configuration; nothing registers itself by being imported.
 */
import type { DataSource } from "typeorm";
import type { DialectName } from "../dialects/dialect";
import { LimbeckError } from "../errors";
import type { CustomObject, Schema } from "../model/schema";
import { createRegistry } from "../operations/registry";
import type { CustomObjectKind, CustomOperation, Registry } from "../operations/registry";

/** What the user's functions may know of a comparison. */
export interface ComparisonContext {
  readonly dialect: DialectName;
  /** The name of the database among `databases` of the configuration. */
  readonly database?: string;
  /** The application's data source, with its entities' metadata built. */
  readonly dataSource: DataSource;
  /** `-x key=value` of the command line. */
  readonly xArguments: Readonly<Record<string, string>>;
  /** Values that env.ts or the caller of the API put there. */
  readonly attributes: ReadonlyMap<string, unknown>;
  /** What the entities want. */
  readonly target: Schema;
  /** What the database has. */
  readonly live: Schema;
  /** Reads rows. Throws OFFLINE_UNAVAILABLE where nothing but revisions is compared with. */
  readonly query: <Row = Record<string, unknown>>(
    sql: string,
    parameters?: readonly unknown[],
  ) => Promise<readonly Row[]>;
}

/**
 * Compares objects of one kind that Limbeck does not know by itself: functions, policies, rows of reference data. The
 * operations of `diff` join the others, in the order that their `dependencies` ask for.
 */
export interface Comparator extends CustomObjectKind {
  /** The databases that have such objects; all unless said. */
  readonly dialects?: readonly DialectName[];
  /** The objects that are wanted. */
  target(context: ComparisonContext): readonly CustomObject[] | Promise<readonly CustomObject[]>;
  /** The objects that the database has, of those that `target` may speak of. */
  inspect(context: ComparisonContext): readonly CustomObject[] | Promise<readonly CustomObject[]>;
}

/** Operations and kinds of objects that belong together. */
export interface Plugin {
  /** For messages. */
  readonly name: string;
  /** Operations for `op.invoke`. */
  readonly operations?: readonly CustomOperation[];
  /** What autogenerate compares beside what it knows. */
  readonly comparators?: readonly Comparator[];
}

/**
 * What plugins bring, by name. Throws CONFIG_INVALID for a plugin that stands twice, and for an operation or kind of
 * object that two of them bring.
 */
export function registryOf(plugins: readonly Plugin[]): Registry {
  const names = plugins.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) {
    throw new LimbeckError("CONFIG_INVALID", `the plugin "${twice}" stands twice in \`plugins\``, {
      hint: "leave one of them out; `plugins` of configure() come on top of those in the configuration",
    });
  }
  return createRegistry(
    plugins.flatMap(({ operations = [] }) => operations),
    comparatorsOf(plugins),
  );
}

/** The comparators of plugins, in order. */
export function comparatorsOf(plugins: readonly Plugin[]): readonly Comparator[] {
  return plugins.flatMap(({ comparators = [] }) => comparators);
}
