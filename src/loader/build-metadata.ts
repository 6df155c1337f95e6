/** TypeORM's metadata of a data source, built without connecting. */
import { resolve } from "node:path";
import { globSync } from "tinyglobby";
import type { DataSource, EntityMetadata } from "typeorm";
import { LimbeckError, messageOf } from "../errors";
import { withStdoutToStderr } from "./load";
import { withQuietOptions } from "./quiet-options";

/**
 * Builds the metadata, unless the application has done so already. Subscribers and migrations are left out: they are
 * not needed, and their files would be imported.
 *
 * Throws NO_ENTITIES where there are none or a glob matches no file, UNKNOWN_COLUMN_TYPE where a property's type
 * cannot be known, METADATA_INVALID for everything else that TypeORM refuses.
 */
export async function buildMetadata(dataSource: DataSource, file: string): Promise<void> {
  checkGlobs(dataSource, file);
  if (dataSource.entityMetadatas.length === 0) await build(dataSource, file);
  if (dataSource.entityMetadatas.length === 0) {
    throw new LimbeckError("NO_ENTITIES", `the data source of ${file} has no entities`, {
      file,
      hint: "list them in its `entities`; comparing with nothing would propose to drop everything",
    });
  }
  for (const metadata of dataSource.entityMetadatas) checkColumnTypes(metadata);
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

async function build(dataSource: DataSource, file: string): Promise<void> {
  // Protected in the types of both lines of TypeORM, and the one way to metadata without a connection.
  const { buildMetadatas } = dataSource as unknown as { readonly buildMetadatas: () => Promise<void> };
  try {
    await withQuietOptions(dataSource, async () => {
      await withStdoutToStderr(async () => await buildMetadatas.call(dataSource));
    });
  } catch (cause) {
    if (cause instanceof LimbeckError) throw cause;
    if (cause instanceof Error && cause.name === "ColumnTypeUndefinedError") {
      throw new LimbeckError("UNKNOWN_COLUMN_TYPE", firstSentence(cause.message), {
        file,
        cause,
        hint: "give @Column a type, or compile with emitDecoratorMetadata",
      });
    }
    throw new LimbeckError(
      "METADATA_INVALID",
      `TypeORM refuses the entities of ${file}: ${messageOf(cause)}`,
      {
        file,
        cause,
      },
    );
  }
}

/** TypeORM takes a glob that matches nothing for no entities at all, without a word. */
function checkGlobs({ options }: DataSource, file: string): void {
  const entities = options.entities ?? [];
  for (const entity of Array.isArray(entities) ? entities : Object.values(entities)) {
    if (typeof entity !== "string" || entity.startsWith("!")) continue;
    const pattern = entity.replaceAll("\\", "/");
    if (globSync(pattern, { cwd: process.cwd(), absolute: true, expandDirectories: false }).length > 0)
      continue;
    throw new LimbeckError("NO_ENTITIES", `the entities glob "${entity}" of ${file} matches no file`, {
      file,
      hint: `it was looked for as ${resolve(pattern)}; mend it in the data source`,
    });
  }
}

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
function checkColumnTypes(metadata: EntityMetadata): void {
  for (const column of metadata.columns) {
    const type: unknown = column.type;
    if (typeof type === "string" || KNOWN_CONSTRUCTORS.has(type) || column.isVirtualProperty) continue;
    if (metadata.tableType === "view" || column.relationMetadata) continue;
    throw new LimbeckError(
      "UNKNOWN_COLUMN_TYPE",
      `the type of ${metadata.name}.${column.propertyPath} cannot be known: its TypeScript type is lost when files are compiled one by one`,
      { hint: `give its @Column a type, such as { type: "varchar" }` },
    );
  }
}

function firstSentence(text: string): string {
  return text.split(". ")[0] ?? text;
}
