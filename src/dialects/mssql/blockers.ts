/** What leans on a column and keeps SQL Server from changing it, with how it is taken down and put back. */
import { mentions } from "../../model/expression";
import { qualified, sameName } from "../../model/names";
import type { Column, Constraint, ForeignKey, Index, QualifiedName, Schema, Table } from "../../model/schema";
import { constraintUses, indexUses } from "../../operations/apply-table";
import type { Operation } from "../../operations/operation";
import { addKey, dropConstraint, keysLast, keysOf } from "../ansi/keys";
import type { OwnedKey } from "../ansi/keys";
import { commentChange } from "./comments";
import { quote, quoteName } from "./quote";
import { columnText } from "./text";

/** Everything that goes before a change and comes back after it. */
export interface Blockers {
  readonly constraints: readonly Constraint[];
  readonly indexes: readonly Index[];
  /** Computed columns: they hold nothing of their own. */
  readonly computed: readonly Column[];
  /** Foreign keys on either side, of this table and of others. */
  readonly keys: readonly OwnedKey[];
}

/** What is done to a column. */
export interface ColumnEffect {
  readonly renames: boolean;
  readonly retypes: boolean;
  /** The type stays, with more room: keys are still in the way, indexes, checks and uniques are not. */
  readonly widens: boolean;
}

/** What stands in the way of a change of a column; nothing where only its default or comment change. */
export function blockersOf(schema: Schema, table: Table, column: Column, effect: ColumnEffect): Blockers {
  const { name } = column;
  const computed = table.columns.filter((other) => reads(other, name));
  const names = computed.map((other) => other.name);
  const onComputed = (item: { uses(column: string): boolean }): boolean =>
    names.some((one) => item.uses(one));
  const constraints = table.constraints.filter((constraint) => {
    const uses = (one: string): boolean => constraintUses(constraint, one);
    return onComputed({ uses }) || (uses(name) && stands(constraint, effect));
  });
  const indexes = table.indexes.filter((index) => {
    const uses = (one: string): boolean => indexUses(index, one);
    const inFilter = index.where !== undefined && mentions(index.where, name);
    return (
      onComputed({ uses }) ||
      (uses(name) && ((effect.retypes && !effect.widens) || (effect.renames && inFilter)))
    );
  });
  if (!effect.renames && !effect.retypes) return { constraints: [], indexes: [], computed: [], keys: [] };
  const keys = keysOf(schema).filter((owned) => {
    const own = sameName(owned.owner, table) && effect.retypes && owned.key.columns.includes(name);
    return own || (sameName(owned.key.references, table) && refersTo(owned.key, name, effect, constraints));
  });
  return { constraints, indexes, computed, keys };
}

/** A key is in the way of its column, and of any rule that it leans on. */
function refersTo(
  { referencedColumns }: ForeignKey,
  column: string,
  effect: ColumnEffect,
  goes: readonly Constraint[],
): boolean {
  const set = referencedColumns.toSorted().join("\n");
  return (
    (effect.retypes && referencedColumns.includes(column)) ||
    goes.some((rule) => "columns" in rule && rule.columns.toSorted().join("\n") === set)
  );
}

/** sp_rename carries keys along, but no text; a type is held by everything but, where it only grows, checks and uniques. */
function stands(constraint: Constraint, effect: ColumnEffect): boolean {
  switch (constraint.kind) {
    case "check":
      return effect.renames || (effect.retypes && !effect.widens);
    case "unique":
      return effect.retypes && !effect.widens;
    case "primaryKey":
      return effect.retypes;
    // Keys have two sides, so they are looked for in the whole schema.
    case "foreignKey":
    case "exclusion":
      return false;
  }
}

/** What of the same table goes for good when a column does. */
export function dependentsOf(table: Table, column: string): Blockers {
  return {
    constraints: table.constraints.filter((constraint) => constraintUses(constraint, column)),
    indexes: table.indexes.filter((index) => indexUses(index, column)),
    computed: [],
    keys: [],
  };
}

/** Takes everything down: what leans on something goes before it. */
export function takeDown(table: Table, blockers: Blockers): readonly Operation[] {
  const name = qualified(table);
  return [
    ...blockers.keys.map(({ owner, key }) => dropConstraint(owner, key)),
    ...blockers.indexes.map((was): Operation => ({ kind: "dropIndex", table: name, name: was.name, was })),
    ...keysLast(blockers.constraints)
      .toReversed()
      .map((was) => dropConstraint(table, was)),
    ...blockers.computed.map((column) => statement(`${alter(name)} DROP COLUMN ${quote(column.name)}`)),
  ];
}

/** Puts everything back as the schema has it after the change. */
export function putBack(schema: Schema, table: Table, blockers: Blockers): readonly Operation[] {
  const name = qualified(table);
  const names = new Set(blockers.indexes.map((index) => index.name));
  const constraints = table.constraints.filter((constraint) =>
    blockers.constraints.some((old) => old.kind === constraint.kind && old.name === constraint.name),
  );
  return [
    ...table.columns
      .filter((column) => blockers.computed.some((old) => old.name === column.name))
      .flatMap((column) =>
        [
          `${alter(name)} ADD ${columnText(name, column)}`,
          ...commentChange(name, column.name, undefined, column.comment),
        ].map(statement),
      ),
    ...keysLast(constraints).map((constraint): Operation => ({
      kind: "addConstraint",
      table: name,
      constraint,
    })),
    ...table.indexes
      .filter((index) => names.has(index.name))
      .map((index): Operation => ({ kind: "createIndex", table: name, index })),
    ...keysOf(schema)
      .filter((now) =>
        blockers.keys.some((old) => sameName(old.owner, now.owner) && old.key.name === now.key.name),
      )
      .map(addKey),
  ];
}

/** SQL of its own, because TypeORM's row about a computed column stays as the entity wrote it. */
function statement(sql: string): Operation {
  return { kind: "execute", sql };
}

function alter(table: QualifiedName): string {
  return `ALTER TABLE ${quoteName(table)}`;
}

function reads(column: Column, name: string): boolean {
  return (
    column.name !== name && column.generated?.kind === "computed" && mentions(column.generated.sql, name)
  );
}
