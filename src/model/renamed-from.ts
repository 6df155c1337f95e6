/**
 * Old names, said where the new ones stand: on an entity or one of its properties. Read by autogenerate, which then
 * renames instead of asking. Applications load this module, so it imports nothing.
 */

/** Under which classes and EntitySchemas carry what was said; the same for every copy of Limbeck in a process. */
const KEY: unique symbol = Symbol.for("limbeck.renamedFrom") as never;

/** Old names of an entity: of its table, and of its columns by property. */
export interface FormerNames {
  readonly table?: string;
  readonly columns?: Readonly<Record<string, string>>;
}

/**
 * Says what a table, view or column was called in the database: `@RenamedFrom("account")` on an entity,
 * `@RenamedFrom("name")` on a property (in an embedded class: without the prefix). On a relation it is the name of the
 * join column, on the owning side of a many-to-many relation that of the junction table. Once the rename is applied it says
 * nothing any more, and may stay or go.
 *
 * Throws TypeError where the old name is no text, or empty.
 */
export function RenamedFrom(old: string): (target: object, property?: string | symbol) => void {
  demandName(old);
  return (target, property) => {
    if (property === undefined) remember(target, { table: old });
    else remember(target.constructor, { columns: { [String(property)]: old } });
  };
}

/** The same for an EntitySchema, which comes back as it was: `withFormerNames(schema, { columns: { fullName: "name" } })`. */
export function withFormerNames<T extends { readonly options: object }>(schema: T, names: FormerNames): T {
  for (const old of [names.table, ...Object.values(names.columns ?? {})])
    if (old !== undefined) demandName(old);
  remember(schema.options, names);
  return schema;
}

/** What was said of a class, its parents included, or of the options of an EntitySchema. */
export function formerNamesOf(target: unknown): FormerNames {
  if ((typeof target !== "object" && typeof target !== "function") || target === null) return {};
  const own = ownNames(target);
  const inherited = typeof target === "function" ? formerNamesOf(Object.getPrototypeOf(target)) : {};
  return { ...own, columns: { ...inherited.columns, ...own.columns } };
}

function remember(target: object, names: FormerNames): void {
  const before = ownNames(target);
  const value = { ...before, ...names, columns: { ...before.columns, ...names.columns } };
  Object.defineProperty(target, KEY, { value, configurable: true });
}

function ownNames(target: object): FormerNames {
  return Object.hasOwn(target, KEY) ? (target as { readonly [KEY]: FormerNames })[KEY] : {};
}

function demandName(old: unknown): void {
  if (typeof old === "string" && old !== "") return;
  throw new TypeError("@RenamedFrom takes the old name of the table or column, as the database has it");
}
