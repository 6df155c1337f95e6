/** The indexes of an entity's table or materialized view. */
import type { DataSource, EntityMetadata } from "typeorm";
import { compact } from "../model/equal";
import type { ObjectReference } from "../model/filter";
import type { Index } from "../model/schema";
import { namesOf } from "./constraint";
import { indexTypeOf } from "./entity-schema";
import type { DroppedOptionsByTarget } from "./entity-schema";
import { tableNameOf } from "./name";
import { familyOf } from "./typeorm";
import type { DriverFamily, IndexMetadata } from "./typeorm";

/** The indexes that an entity wants. How one is built (`concurrent`) is no part of what it is. */
export function readIndexes(
  metadata: EntityMetadata,
  dataSource: DataSource,
  dropped: DroppedOptionsByTarget,
): readonly Index[] {
  const indexes = metadata.indices
    .filter(({ synchronize }) => synchronize)
    .map((index) => readIndex(index, familyOf(dataSource), dropped));
  const uniques = new Set(indexes.filter(({ unique }) => unique).map(({ name }) => name));
  // On MySQL a unique column with an index of its own makes two indexes of one name: the unique one serves both.
  return indexes.filter(({ name, unique }) => unique === true || !uniques.has(name));
}

/** The indexes that an entity declares `synchronize: false`, which TypeORM knows by no more than their name. */
export function untouchedIndexes(
  metadata: EntityMetadata,
  dataSource: DataSource,
): { readonly untouched: readonly ObjectReference[]; readonly warnings: readonly string[] } {
  const names = metadata.indices.filter(({ synchronize }) => !synchronize).map(nameOf);
  if (names.length === 0) return { untouched: [], warnings: [] };
  const table = tableNameOf(metadata, dataSource);
  return {
    untouched: names.flatMap((name) => (name === undefined ? [] : [{ kind: "index", name, table }])),
    warnings: names.includes(undefined)
      ? [
          `an index of the entity ${metadata.name} is declared synchronize: false without a name, so that it cannot be recognised; give it the name it has in the database`,
        ]
      : [],
  };
}

/** The name is absent, whatever its type says, where neither author nor naming strategy gave one. */
function nameOf(index: { readonly name?: string }): string | undefined {
  return index.name;
}

function readIndex(index: IndexMetadata, family: DriverFamily, dropped: DroppedOptionsByTarget): Index {
  return compact<Index>({
    name: index.name,
    parts: namesOf(index.columns).map((column) => ({ column })),
    unique: index.isUnique ? true : undefined,
    where: index.where?.trim() === "" ? undefined : index.where?.trim(),
    method: methodOf(index, family, dropped),
    parser: index.parser,
  });
}

/** `type` is new in TypeORM 1.0, where `gist` counts as spatial too. */
function methodOf(
  index: IndexMetadata,
  family: DriverFamily,
  dropped: DroppedOptionsByTarget,
): string | undefined {
  const type = indexTypeOf(index, dropped)?.toLowerCase();
  if (type !== undefined) return type === "btree" ? undefined : type;
  if (index.isFulltext) return "fulltext";
  if (!index.isSpatial) return undefined;
  return family === "postgres" ? "gist" : "spatial";
}
