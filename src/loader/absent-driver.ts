/**
 * Drivers that are not installed. TypeORM asks for a driver's package as soon as a data source is constructed, and needs
 * it only to connect: metadata and scripts go without. Whatever is asked for while user code loads and is not there is
 * stood in for, and missed when a connection is wanted.
 */
import type { DataSource } from "typeorm";

/** What TypeORM takes for each kind of database that Limbeck serves; `mysql` is left out because `mysql2` is next. */
const PACKAGES: ReadonlySet<string> = new Set(["pg", "mysql2", "mssql", "better-sqlite3", "sqlite3"]);

const stands = new WeakMap<object, string>();

/** What a module gives, or a stand-in where it is a driver that is not installed. */
export function loadedOrAbsent(request: string, load: () => unknown): unknown {
  try {
    return load();
  } catch (cause) {
    if (!PACKAGES.has(request) || !isMissing(cause, request)) throw cause;
    // TypeORM takes an empty object for a package that failed to load.
    const stand = { absent: request };
    stands.set(stand, request);
    return stand;
  }
}

/** The package that a data source would need to connect, where it is not installed. */
export function absentDriverOf({ driver }: DataSource): string | undefined {
  const parts: readonly unknown[] = Object.values(driver);
  return parts
    .map((part) => (typeof part === "object" && part !== null ? stands.get(part) : undefined))
    .find((name) => name !== undefined);
}

/** The package itself, not something that it asks for. */
function isMissing(cause: unknown, request: string): boolean {
  const { code, message } = cause as { readonly code?: string; readonly message?: string };
  return code === "MODULE_NOT_FOUND" && message?.includes(`'${request}'`) === true;
}
