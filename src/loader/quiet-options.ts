import type { DataSource } from "typeorm";

/** What a data source would do by itself, and what it would import without need. */
const QUIET: Readonly<Record<string, unknown>> = {
  subscribers: [],
  migrations: [],
  synchronize: false,
  migrationsRun: false,
  dropSchema: false,
  installExtensions: false,
};

/**
 * Runs a body while a data source does nothing by itself. Its options are those of the application's own object, so
 * they are put back afterwards, whatever happened.
 */
export async function withQuietOptions<T>(
  dataSource: DataSource,
  body: () => Promise<T>,
  more: Readonly<Record<string, unknown>> = {},
): Promise<T> {
  const options = dataSource.options as unknown as Record<string, unknown>;
  const changes = { ...QUIET, ...more };
  const before = Object.keys(changes).map((key) => [key, key in options, options[key]] as const);
  dataSource.setOptions(changes);
  try {
    return await body();
  } finally {
    for (const [key, had, value] of before) {
      if (had) options[key] = value;
      else Reflect.deleteProperty(options, key);
    }
  }
}

/** What the options of a data source would do by themselves, as sentences for the user. */
export function optionWarnings(options: DataSource["options"]): readonly string[] {
  return (["synchronize", "migrationsRun", "dropSchema"] as const)
    .filter((name) => options[name] === true)
    .map(
      (name) =>
        `the data source has ${name}: true, so the application changes this database by itself; set it to false`,
    );
}
