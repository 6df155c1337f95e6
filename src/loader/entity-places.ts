/** Where entities stand in the user's files, for messages that point there. TypeORM keeps no trace of it. */
import { readFileSync } from "node:fs";
import type { EntityMetadata } from "typeorm";
import { targetOf } from "../metadata/entity-schema";
import { internals } from "./internals";

/** A line of a file; the first is 1. */
export interface EntityPlace {
  readonly file: string;
  readonly line: number;
}

/**
 * The line of an entity's class or EntitySchema, or of the property of one of its columns. Nothing where no CommonJS
 * module exports the entity: ES modules cannot be looked through.
 */
export function placeOfEntity(metadata: EntityMetadata, column?: string): EntityPlace | undefined {
  const name = typeof metadata.target === "string" ? metadata.target : metadata.target.name;
  const declaration = new RegExp(
    `\\bclass\\s+${escaped(name)}\\b|\\bname\\s*:\\s*["'\`]${escaped(name)}["'\`]`,
  );
  // A file that only hands the entity on is not where it stands.
  const files = filesOf(metadata).map((file) => ({ file, lines: readFileSync(file, "utf8").split(/\r?\n/) }));
  const found = files.find(({ lines }) => lines.some((line) => declaration.test(line))) ?? files[0];
  if (!found) return undefined;
  const first = Math.max(
    0,
    found.lines.findIndex((line) => declaration.test(line)),
  );
  const property = metadata.columns.find(({ databaseName }) => databaseName === column)?.propertyName;
  const mention = property === undefined ? undefined : new RegExp(`\\b${escaped(property)}\\b\\s*[?!]?\\s*:`);
  const offset = mention ? found.lines.slice(first).findIndex((line) => mention.test(line)) : 0;
  return { file: found.file, line: first + Math.max(0, offset) + 1 };
}

function filesOf({ target }: EntityMetadata): readonly string[] {
  return Object.entries(internals._cache).flatMap(([file, module]) => {
    if (module === undefined || /[\\/]node_modules[\\/]/.test(file)) return [];
    return exportsOf(module.exports).some((value) => typeof value !== "string" && targetOf(value) === target)
      ? [file]
      : [];
  });
}

function exportsOf(exported: unknown): readonly unknown[] {
  if (typeof exported !== "object" || exported === null) return [exported];
  try {
    return Object.values(exported);
  } catch {
    return [];
  }
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
