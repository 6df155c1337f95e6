/** What differs between servers, as data by version: MySQL and MariaDB count their versions apart since 5.5. */

/** What a server can do. */
export interface Capabilities {
  /** `information_schema` gives defaults as SQL (MariaDB 10.2.7), not as bare values. */
  readonly quotedDefaults: boolean;
  /** `information_schema` gives expressions with backslashes before quotes and backslashes (MySQL 8). */
  readonly escapedExpressions: boolean;
  /** `information_schema.CHECK_CONSTRAINTS`: absent, or with the name of the table (MariaDB), or without (MySQL 8.0.16). */
  readonly checks: "none" | "withTable" | "withoutTable";
  /** DROP CONSTRAINT takes a check (MariaDB, MySQL 8.0.19); before, DROP CHECK does. */
  readonly dropsAnyConstraint: boolean;
  /** `CHECK_CONSTRAINTS.LEVEL` tells the checks of columns (MariaDB 10.5.10). */
  readonly checkLevel: boolean;
  /** Parts of an index may be expressions (MySQL 8.0.13). */
  readonly functionalIndexes: boolean;
  /** Columns of geometries have a spatial reference system (MySQL 8.0.3). */
  readonly spatialReferenceSystems: boolean;
  /** Generated columns take NOT NULL (MySQL). */
  readonly generatedNotNull: boolean;
  /** How `information_schema.STATISTICS` says that an index is visible (MySQL 8.0.0, MariaDB 10.6.0). */
  readonly indexVisibility: string | undefined;
  /** Invisible indexes are called ignored (MariaDB). */
  readonly ignoredIndexes: boolean;
  /** ALTER TABLE takes IF EXISTS and IF NOT EXISTS in its clauses (MariaDB). */
  readonly conditionalClauses: boolean;
  /** `json` is `longtext` with a check (MariaDB). */
  readonly jsonIsText: boolean;
  /** Whole numbers keep a display width; else only `tinyint(1)` and those filled with zeros do (MySQL 8.0.19). */
  readonly displayWidths: boolean;
  /** The last second of a timestamp: 2038, or 2106 (MariaDB 11.5). */
  readonly lastTimestamp: number;
  /** Vectors are filled up or cut to the length of their column (MariaDB); elsewhere that is the greatest. */
  readonly vectorsOfOneLength: boolean;
}

/** Whether a version, such as `10.11.19-MariaDB` or `8.4.3`, is one of MariaDB; its numbers start at 10 where MySQL's stop at 9. */
function isMariaDb(version: string): boolean {
  return /mariadb/i.test(version) || Number.parseInt(version, 10) >= 10;
}

/** What the server of a version can do. `name` decides where there is no version. */
export function capabilitiesOf(version: string | undefined, name: "mysql" | "mariadb"): Capabilities {
  const known = version ?? (name === "mariadb" ? "10.11" : "8.4");
  // Old clients are told 5.5.5-10.11.19-MariaDB.
  const numbers = known.replace(/^5\.5\.5-(?=\d+\.)/, "");
  const since = (...wanted: readonly number[]): boolean => atLeast(numbers, wanted);
  return isMariaDb(known)
    ? {
        quotedDefaults: since(10, 2, 7),
        escapedExpressions: false,
        checks: since(10, 2, 22) ? "withTable" : "none",
        dropsAnyConstraint: true,
        checkLevel: since(10, 5, 10),
        functionalIndexes: false,
        spatialReferenceSystems: false,
        generatedNotNull: false,
        indexVisibility: since(10, 6) ? "IGNORED = 'NO'" : undefined,
        ignoredIndexes: true,
        conditionalClauses: true,
        jsonIsText: true,
        displayWidths: true,
        lastTimestamp: since(11, 5) ? 2 ** 32 - 1 : 2 ** 31 - 1,
        vectorsOfOneLength: true,
      }
    : {
        quotedDefaults: false,
        escapedExpressions: since(8),
        checks: since(8, 0, 16) ? "withoutTable" : "none",
        dropsAnyConstraint: since(8, 0, 19),
        checkLevel: false,
        functionalIndexes: since(8, 0, 13),
        spatialReferenceSystems: since(8, 0, 3),
        generatedNotNull: true,
        indexVisibility: since(8) ? "IS_VISIBLE = 'YES'" : undefined,
        ignoredIndexes: false,
        conditionalClauses: false,
        jsonIsText: false,
        displayWidths: !since(8, 0, 19),
        lastTimestamp: 2 ** 31 - 1,
        vectorsOfOneLength: false,
      };
}

/** What is left open, as in `8.0`, is the newest of its line. */
function atLeast(version: string, wanted: readonly number[]): boolean {
  const found = /^\d+(?:\.\d+)*/.exec(version)?.[0].split(".").map(Number) ?? [];
  for (const [place, number] of wanted.entries()) {
    const part = found[place] ?? Infinity;
    if (part !== number) return part > number;
  }
  return true;
}
