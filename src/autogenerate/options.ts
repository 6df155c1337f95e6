/** How autogenerate is steered, in the configuration or in `configure()` of env.ts. */
import type { Dialect, Queryable } from "../dialects/dialect";
import type { Comparing } from "../diff/comparing";
import type { RenderItem } from "../render/items";
import type { DirectiveProcessor, ProcessRevisionDirectives } from "./directives";
import type { IncludeName, IncludeObject } from "./filter";
import type { Plugin } from "./plugin";

/**
 * Which schemas (or databases, or attached files) are read beside the default one and those that the entities name: by
 * name, by glob, all, or as a function of the name says.
 */
export type IncludeSchemas = boolean | readonly string[] | ((name: string) => boolean);

/** How autogenerate is steered. What `configure()` of env.ts says wins over the configuration; its plugins are added. */
export interface AutogenerateOptions extends Comparing {
  /**
   * Globs of the tables and views that autogenerate looks at; `schema.name` where there is a schema. With a kind before
   * it (`index:app_*`) a glob is for objects of that kind. All unless said.
   */
  readonly include?: readonly string[];
  /** Globs of what autogenerate leaves alone; they may begin with a kind (`index:tmp_*`, `column:*.legacy_*`). */
  readonly exclude?: readonly string[];
  /** Answers for each object whether autogenerate looks at it; the last word. */
  readonly includeObject?: IncludeObject;
  /** Answers for each name in the database whether it is looked at, before anything is compared. */
  readonly includeName?: IncludeName;
  /** Schemas to read beside the default one and those that the entities name: names, globs, all, or a function. */
  readonly includeSchemas?: IncludeSchemas;
  /**
   * Sees, changes or empties what a new revision is to do, before it is written or counted by `check`; with
   * `revisionEnvironment` that of a plain `revision`, too.
   */
  readonly processRevisionDirectives?: ProcessRevisionDirectives | DirectiveProcessor;
  /** Writes columns, their types and defaults, constraints and indexes in a new revision file as code of your own. */
  readonly renderItem?: RenderItem;
  /** Custom operations, and comparators for objects that Limbeck does not know by itself. */
  readonly plugins?: readonly Plugin[];
}

/** The options of the configuration with those of `configure()` over them. */
export function steeredBy(
  { plugins = [], ...base }: AutogenerateOptions,
  { plugins: more = [], ...over }: AutogenerateOptions,
): AutogenerateOptions & { readonly plugins: readonly Plugin[] } {
  return { ...optionsIn(base), ...optionsIn(over), plugins: [...plugins, ...more] };
}

/** What is said of autogenerate, out of a configuration that says more. */
function optionsIn(options: AutogenerateOptions): AutogenerateOptions {
  return Object.fromEntries(
    Object.entries(options).filter(([key, value]) => value !== undefined && KEYS.has(key)),
  );
}

const ALL: Readonly<Record<keyof AutogenerateOptions, true>> = {
  include: true,
  exclude: true,
  includeObject: true,
  includeName: true,
  includeSchemas: true,
  compareType: true,
  compareNullable: true,
  compareDefault: true,
  compareGenerated: true,
  compareCollation: true,
  compareComment: true,
  processRevisionDirectives: true,
  renderItem: true,
  plugins: true,
};
const KEYS: ReadonlySet<string> = new Set(Object.keys(ALL));

/**
 * The schemas to read beside the default one: those that are named anyway, and those that the options want. The database
 * is asked for its schemas only where it must be.
 */
export async function schemasToRead(
  dialect: Pick<Dialect, "schemas">,
  db: Queryable,
  { includeSchemas = false, includeName }: AutogenerateOptions,
  named: readonly string[] = [],
): Promise<readonly string[]> {
  const wanted = await wantedSchemas(dialect, db, includeSchemas);
  const read = includeName ? wanted.filter((name) => includeName(name, "schema", {})) : wanted;
  return [...new Set([...named, ...read])];
}

async function wantedSchemas(
  dialect: Pick<Dialect, "schemas">,
  db: Queryable,
  wanted: IncludeSchemas,
): Promise<readonly string[]> {
  if (wanted === false) return [];
  if (wanted === true) return await dialect.schemas(db);
  if (typeof wanted === "function") return (await dialect.schemas(db)).filter((name) => wanted(name));
  const globs = wanted.filter((name) => /[*?[\]{}()!]/.test(name));
  if (globs.length === 0) return wanted;
  const { matcher } = require("./filter") as typeof import("./filter");
  const matches = matcher(globs);
  const found = (await dialect.schemas(db)).filter((name) => matches(name));
  return [...wanted.filter((name) => !globs.includes(name)), ...found];
}
