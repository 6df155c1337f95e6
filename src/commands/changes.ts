/** Differences as a reviewer wants them: in words, with what may be lost, and where the entity stands. */
import type { DataSource } from "typeorm";
import { placeOfEntity } from "../loader/entity-places";
import type { EntityPlace } from "../loader/entity-places";
import { tableNameOf } from "../metadata/name";
import { sameName } from "../model/names";
import type { QualifiedName } from "../model/schema";
import { describe, flatten } from "../operations/describe";
import type { Operation } from "../operations/operation";
import type { Registry } from "../operations/registry";
import type { Losses } from "./losses";

/** One difference. */
export interface Change {
  /** In words. */
  readonly text: string;
  /** Whether something comes, goes, or becomes something else. */
  readonly effect: "add" | "drop" | "change";
  /** What may be lost or fail, in words. */
  readonly losses: readonly string[];
  /** The line of the entity or of its property, where it is known. */
  readonly place?: EntityPlace;
}

/** One change for each operation; a batch is taken apart. With a data source, the places of its entities are looked up. */
export function changesOf(
  operations: readonly Operation[],
  registry: Registry,
  losses: Losses,
  dataSource?: DataSource,
): readonly Change[] {
  return flatten(operations).map((operation) => {
    const place = dataSource && placeOf(operation, dataSource);
    return {
      text: describe(operation, registry),
      effect: effectOf(operation),
      losses: (losses.get(operation) ?? []).map(({ sentence }) => sentence),
      ...(place ? { place } : {}),
    };
  });
}

function effectOf(operation: Operation): Change["effect"] {
  const { kind } = operation;
  // Plugins name their operations as Limbeck does.
  const name = kind === "custom" ? operation.name : kind;
  if (name.startsWith("create") || name.startsWith("add") || kind === "bulkInsert") return "add";
  return name.startsWith("drop") ? "drop" : "change";
}

function placeOf(operation: Operation, dataSource: DataSource): EntityPlace | undefined {
  const name = relationOf(operation);
  const metadata =
    name && dataSource.entityMetadatas.find((entity) => sameName(tableNameOf(entity, dataSource), name));
  return metadata && placeOfEntity(metadata, columnOf(operation));
}

/** The table or view that an operation is about. */
function relationOf(operation: Operation): QualifiedName | undefined {
  if (operation.kind === "renameTable") return operation.to;
  if ("table" in operation) return operation.table;
  return "view" in operation ? operation.view : undefined;
}

function columnOf(operation: Operation): string | undefined {
  if (!("column" in operation)) return undefined;
  const { column } = operation;
  return typeof column === "string" ? column : column.name;
}
