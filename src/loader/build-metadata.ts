/** TypeORM's metadata of a data source, built without connecting. */
import { resolve } from "node:path";
import { globSync } from "tinyglobby";
import type { DataSource, EntityMetadata } from "typeorm";
import { LimbeckError, messageOf } from "../errors";
import { withIndexedMetadata } from "./indexed-metadata";
import { runUserCode } from "./load";
import { withQuietOptions } from "./quiet-options";
import { typeormError } from "./typeorm-error";
import { requireTypeOrm } from "./users-typeorm";

/**
 * Builds the metadata, unless the application has done so already. Subscribers and migrations are left out: they are
 * not needed, and their files would be imported. The version is that of a server that is not asked, where it is known.
 *
 * Throws NO_ENTITIES where there are none or a glob matches no file, UNKNOWN_COLUMN_TYPE where a property's type
 * cannot be known, METADATA_INVALID for everything else that TypeORM refuses.
 */
export async function buildMetadata(
  dataSource: DataSource,
  file: string,
  serverVersion?: string,
): Promise<void> {
  if (!dataSource.isInitialized && serverVersion !== undefined) assumeVersion(dataSource, serverVersion);
  if (entitiesOf(dataSource).length === 0) await build(dataSource, file);
  if (entitiesOf(dataSource).length === 0) {
    throw new LimbeckError("NO_ENTITIES", `the data source of ${file} has no entities`, {
      file,
      hint: "list them in its `entities`; comparing with nothing would propose to drop everything",
    });
  }
  const problem = unknownColumnType(dataSource, file);
  if (problem) throw problem;
}

/**
 * Tells a driver what it learns when it connects: for MariaDB, whether there is a type for uuids (10.7.0) and what JSON is
 * kept in (`MysqlDriver.connect` and `normalizeType`; TypeORM spells it so).
 */
function assumeVersion({ driver, options }: DataSource, version: string): void {
  const uuidColumnTypeSuported = options.type === "mariadb" && isAtLeast(version, [10, 7]);
  Object.assign(driver, { version, uuidColumnTypeSuported });
}

function isAtLeast(version: string, least: readonly [number, number]): boolean {
  const [major = 0, minor = 0] = version.split(".").map((part) => Number.parseInt(part));
  return major > least[0] || (major === least[0] && minor >= least[1]);
}

/** The part of TypeORM that imports what stands behind the globs of `entities`. */
interface DirectoryLoader {
  importClassesFromDirectories(
    logger: { readonly log: () => void },
    globs: readonly string[],
  ): Promise<readonly unknown[]>;
}

/** What the files behind the globs of a data source export: classes and EntitySchemas. They are loaded already. */
export async function entitiesBehindGlobs(
  { options }: DataSource,
  file: string,
): Promise<readonly unknown[]> {
  const globs = Object.values(options.entities ?? []).filter((entity) => typeof entity === "string");
  if (globs.length === 0) return [];
  const loader = requireTypeOrm(file, "typeorm/util/DirectoryExportedClassesLoader.js") as
    DirectoryLoader | undefined;
  const silent = { log: () => undefined };
  return (await runUserCode(async () => await loader?.importClassesFromDirectories(silent, globs))) ?? [];
}

/** TypeORM's types promise a list that 0.3 does not have before its metadata is built. */
function entitiesOf(dataSource: DataSource): readonly EntityMetadata[] {
  return (dataSource as { readonly entityMetadatas?: readonly EntityMetadata[] }).entityMetadatas ?? [];
}

async function build(dataSource: DataSource, file: string): Promise<void> {
  checkGlobs(dataSource, file);
  // Protected in the types of both lines of TypeORM, and the one way to metadata without a connection.
  const { buildMetadatas } = dataSource as unknown as { readonly buildMetadatas: () => Promise<void> };
  try {
    await withQuietOptions(dataSource, async () => {
      await runUserCode(
        async () => await withIndexedMetadata(file, async () => await buildMetadatas.call(dataSource)),
      );
    });
  } catch (cause) {
    throw refused(dataSource, file, cause);
  }
}

/** What is wrong with entities that TypeORM refuses, by what it threw. */
export function refused(dataSource: DataSource, file: string, cause: unknown): LimbeckError {
  if (cause instanceof LimbeckError) return cause;
  const message = `TypeORM refuses the entities of ${file}: ${messageOf(cause)}`;
  // TypeORM refuses unknown types too, in words that send people to their database.
  return (
    unknownColumnType(dataSource, file) ??
    typeormError(cause, file) ??
    new LimbeckError("METADATA_INVALID", message, { file, cause })
  );
}

/** TypeORM takes a glob that matches nothing for no entities at all, without a word. */
function checkGlobs({ options }: DataSource, file: string): void {
  const entities = options.entities ?? [];
  for (const entity of Array.isArray(entities) ? entities : Object.values(entities)) {
    if (typeof entity !== "string" || entity.startsWith("!")) continue;
    // As TypeORM looks for them: from the working directory, a folder standing for all that is in it.
    const pattern = entity.replaceAll("\\", "/");
    if (globSync(pattern).length > 0) continue;
    throw new LimbeckError("NO_ENTITIES", `the entities glob "${entity}" of ${file} matches no file`, {
      file,
      hint: `it means ${resolve(pattern)}; correct it in the data source`,
    });
  }
}

/** What TypeScript's metadata may say of a property that TypeORM has a column type for. */
const KNOWN_CONSTRUCTORS: ReadonlySet<unknown> = new Set([
  String,
  Number,
  Boolean,
  Date,
  Buffer,
  BigInt,
  Uint8Array,
]);

/** A type that is only an imported enum or alias is lost when files are compiled one by one. */
function unknownColumnType(dataSource: DataSource, file: string): LimbeckError | undefined {
  for (const metadata of entitiesOf(dataSource)) {
    if (metadata.tableType === "view") continue;
    for (const column of metadata.columns) {
      const type: unknown = column.type;
      if (typeof type === "string" || KNOWN_CONSTRUCTORS.has(type)) continue;
      if (column.isVirtualProperty || column.relationMetadata) continue;
      return new LimbeckError(
        "UNKNOWN_COLUMN_TYPE",
        `the type of ${metadata.name}.${column.propertyPath} cannot be known: TypeScript tells its decorator no more than Object (of a union such as \`string | null\`), or it is an import that is lost when files are compiled one by one`,
        { file, hint: 'give its @Column a type, such as { type: "varchar" }' },
      );
    }
  }
  return undefined;
}
