/** Several entities may stand for one table on purpose ("light" entities, subclasses): what they want is merged. */
import { equal } from "../model/equal";
import { displayName, keyOf } from "../model/names";
import type { Table } from "../model/schema";

/** A table as one entity wants it. */
export interface EntityTable {
  readonly entity: string;
  readonly table: Table;
}

/** One table for each name. Where two entities want a column differently, the first one counts and it is said. */
export function mergeTables(tables: readonly EntityTable[]): {
  readonly tables: readonly Table[];
  readonly warnings: readonly string[];
} {
  const warnings: string[] = [];
  const merged = new Map<string, EntityTable>();
  for (const next of tables) {
    const first = merged.get(keyOf(next.table));
    if (first) warnings.push(...disagreements(first, next));
    merged.set(
      keyOf(next.table),
      first ? { entity: first.entity, table: union(first.table, next.table) } : next,
    );
  }
  return { tables: [...merged.values()].map(({ table }) => table), warnings };
}

function union(first: Table, second: Table): Table {
  return {
    ...second,
    ...first,
    columns: added(first.columns, second.columns, ({ name }) => name),
    constraints: added(
      first.constraints,
      second.constraints,
      (constraint) => constraint.name ?? constraint.kind,
    ),
    indexes: added(first.indexes, second.indexes, ({ name }) => name),
  };
}

function added<T>(first: readonly T[], second: readonly T[], key: (item: T) => string): readonly T[] {
  const names = new Set(first.map(key));
  return [...first, ...second.filter((item) => !names.has(key(item)))];
}

function disagreements(first: EntityTable, second: EntityTable): readonly string[] {
  return second.table.columns.flatMap((column) => {
    const other = first.table.columns.find(({ name }) => name === column.name);
    if (!other || equal(other, column)) return [];
    const place = `${displayName(first.table)}.${column.name}`;
    return [
      `the entities ${first.entity} and ${second.entity} want column ${place} differently; ${first.entity} counts`,
    ];
  });
}
