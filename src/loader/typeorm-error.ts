/** What TypeORM throws while an application loads, in the words of Limbeck. */
import { LimbeckError } from "../errors";

/**
 * DRIVER_MISSING for a driver package that is not installed, UNKNOWN_COLUMN_TYPE for a column without a type,
 * DATA_SOURCE_INVALID where the database is asked, wherever in the chain of causes it stands; nothing for all else.
 */
export function typeormError(thrown: unknown, file: string): LimbeckError | undefined {
  if (!(thrown instanceof Error) || thrown instanceof LimbeckError) return undefined;
  if (thrown.name === "DriverPackageNotInstalledError") {
    // TypeORM says which package it misses: `Please run "npm install pg"`.
    const name = /npm install ([^\s"]+)/.exec(thrown.message)?.[1];
    return driverMissing(name, file, thrown);
  }
  // Without a connection there is no metadata either.
  if (thrown.name === "EntityMetadataNotFoundError") return asksWhileLoading(thrown);
  if (thrown.name === "ColumnTypeUndefinedError") return columnTypeUndefined(thrown, file);
  return typeormError(thrown.cause, file);
}

/** An application that wants rows as soon as it is imported. */
export function asksWhileLoading(cause?: Error): LimbeckError {
  return new LimbeckError(
    "DATA_SOURCE_INVALID",
    "the application asks its database while it is loaded, and Limbeck keeps it from connecting meanwhile",
    { hint: "name a file that only makes the data source, with -d or as `dataSource`", cause },
  );
}

/** DRIVER_MISSING, with the package where it is known. */
export function driverMissing(name: string | undefined, file: string, cause?: Error): LimbeckError {
  const message =
    name === undefined
      ? (cause?.message ?? `the database driver that ${file} needs is not installed`)
      : `the database driver ${name}, which ${file} needs, is not installed`;
  return new LimbeckError("DRIVER_MISSING", message, {
    file,
    cause,
    ...(name === undefined ? {} : { hint: `npm install ${name}` }),
  });
}

/** TypeORM says which property it means: `Column type for User#role is not defined`. */
function columnTypeUndefined(cause: Error, file: string): LimbeckError {
  const property = /Column type for (\S+) is/.exec(cause.message)?.[1]?.replace("#", ".") ?? "a column";
  return new LimbeckError(
    "UNKNOWN_COLUMN_TYPE",
    `the type of ${property} cannot be guessed: it has none in TypeScript, or was compiled without decorator metadata`,
    {
      file,
      cause,
      hint: `give its @Column a type, such as { type: "varchar" }, or compile with emitDecoratorMetadata`,
    },
  );
}
