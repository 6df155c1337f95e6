/**
 * Several entities may stand for one table on purpose: "light" entities, subclasses, an entity for a junction table.
 * What they want is merged; TypeORM compares them one after the other and never comes to rest.
 */
import { compact, equal } from "../model/equal";
import { displayName, keyOf } from "../model/names";
import type {
  Column,
  Constraint,
  EnumType,
  Index,
  QualifiedName,
  Table,
  TableOptions,
  View,
} from "../model/schema";

/** Something that is wanted, and who wants it: an entity, or a property as `Entity.property`. */
export interface Claim<T> {
  readonly owner: string;
  readonly item: T;
}

/** A table as one entity wants it. */
export interface EntityTable {
  readonly name: QualifiedName;
  readonly entity: string;
  /** Made by TypeORM for a relation or a tree. */
  readonly isGenerated: boolean;
  readonly columns: readonly Claim<Column>[];
  readonly constraints: readonly Claim<Constraint>[];
  readonly indexes: readonly Claim<Index>[];
  readonly comment?: string;
  readonly options?: TableOptions;
}

/** What came of merging, with a sentence for each claim that lost. */
interface Merged<T> {
  readonly items: readonly T[];
  readonly warnings: readonly string[];
}

/**
 * One table for each name. Where two entities differ, the one with the most columns counts, then the first by name, so
 * that the order in which entities were imported never matters; what TypeORM made itself comes last.
 */
export function mergeTables(tables: readonly EntityTable[]): Merged<Table> {
  const groups = new Map<string, { readonly name: QualifiedName; readonly claims: EntityTable[] }>();
  for (const table of tables) {
    const group = groups.get(keyOf(table.name)) ?? { name: table.name, claims: [] };
    group.claims.push(table);
    groups.set(keyOf(table.name), group);
  }
  const merged = [...groups.values()].map(({ name, claims }) => mergeInto(name, claims.sort(byWeight)));
  return {
    items: merged.map(({ table }) => table),
    warnings: merged.flatMap(({ warnings }) => warnings),
  };
}

/** One enum type for each name; several columns may share it. */
export function mergeEnums(enums: readonly Claim<EnumType>[]): Merged<EnumType> {
  return settle(enums.toSorted(byOwner), keyOf, (enumType) => `the enum type ${displayName(enumType)}`);
}

/** One view for each name. */
export function mergeViews(views: readonly Claim<View>[]): Merged<View> {
  return settle(views.toSorted(byOwner), keyOf, (view) => `the view ${displayName(view)}`);
}

function byOwner(left: Claim<unknown>, right: Claim<unknown>): number {
  return left.owner < right.owner ? -1 : 1;
}

function byWeight(left: EntityTable, right: EntityTable): number {
  return (
    Number(left.isGenerated) - Number(right.isGenerated) ||
    right.columns.length - left.columns.length ||
    (left.entity < right.entity ? -1 : 1)
  );
}

function mergeInto(
  name: QualifiedName,
  claims: readonly EntityTable[],
): { readonly table: Table; readonly warnings: readonly string[] } {
  const place = displayName(name);
  const columns = settle(
    joined(claims, (claim) => claim.columns),
    (column) => column.name,
    (column) => `the column ${place}.${column.name}`,
  );
  const constraints = settle(
    joined(claims, (claim) => claim.constraints),
    ({ kind, name: own }) => (kind === "primaryKey" ? kind : `${kind} ${own ?? ""}`),
    ({ kind, name: own }) => `the ${KIND_NAMES[kind]} ${own ?? ""} of ${place}`,
  );
  const indexes = settle(
    joined(claims, (claim) => claim.indexes),
    (index) => index.name,
    (index) => `the index ${index.name} of ${place}`,
  );
  return {
    table: compact<Table>({
      ...name,
      columns: columns.items,
      constraints: constraints.items,
      indexes: indexes.items,
      comment: claims.find(({ comment }) => comment !== undefined)?.comment,
      options: claims.find(({ options }) => options !== undefined)?.options,
    }),
    warnings: [...columns.warnings, ...constraints.warnings, ...indexes.warnings],
  };
}

/** The lists of all; most tables have one entity. */
function joined<T>(
  claims: readonly EntityTable[],
  listOf: (claim: EntityTable) => readonly Claim<T>[],
): readonly Claim<T>[] {
  const [only, ...others] = claims;
  return only && others.length === 0 ? listOf(only) : claims.flatMap(listOf);
}

const KIND_NAMES: Readonly<Record<Constraint["kind"], string>> = {
  primaryKey: "primary key",
  unique: "unique constraint",
  check: "check",
  foreignKey: "foreign key",
  exclusion: "exclusion constraint",
};

/** The first claim to each key, and a sentence for each later one that differs from it. */
function settle<T extends object>(
  claims: readonly Claim<T>[],
  key: (item: T) => string,
  describe: (item: T) => string,
): Merged<T> {
  const first = new Map<string, Claim<T>>();
  const items: T[] = [];
  const warnings: string[] = [];
  for (const claim of claims) {
    const own = key(claim.item);
    const winner = first.get(own);
    if (winner === undefined) {
      first.set(own, claim);
      items.push(claim.item);
    } else if (!equal(winner.item, claim.item)) {
      warnings.push(disagreement(winner, claim, describe(claim.item)));
    }
  }
  return { items, warnings };
}

function disagreement<T extends object>(winner: Claim<T>, loser: Claim<T>, what: string): string {
  const differences = differingProperties(winner.item, loser.item).join(", ");
  return winner.owner === loser.owner
    ? `${winner.owner} wants ${what} in two ways (${differences}); the first counts`
    : `${winner.owner} and ${loser.owner} want ${what} differently (${differences}); ${winner.owner} counts`;
}

/** The properties that differ, those of a column's type by their own names, as `@Column` has them. */
function differingProperties(left: object, right: object): readonly string[] {
  const leftProperties = flattened(left);
  const rightProperties = flattened(right);
  return [...new Set([...Object.keys(leftProperties), ...Object.keys(rightProperties)])].filter(
    (name) => !equal(leftProperties[name], rightProperties[name]),
  );
}

function flattened(item: object): Readonly<Record<string, unknown>> {
  if (!("type" in item)) return { ...item };
  const { name: type, values, ...size } = item.type as Column["type"];
  return { ...size, enum: values, ...item, type };
}
