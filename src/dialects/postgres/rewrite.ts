/**
 * What PostgreSQL demands beside an operation: views that show a column, views on these, and computed columns that are
 * made of it stand in the way of changing its type (manual, ALTER TABLE, 5.14). They are taken down and put back, and
 * nothing else is.
 */
import { compact } from "../../model/equal";
import { mentions } from "../../model/expression";
import { qualified, sameName } from "../../model/names";
import { partsOn } from "../../model/parts-on";
import { findTable } from "../../model/schema";
import type { Column, QualifiedName, Schema, Table } from "../../model/schema";
import { changedColumn } from "../../operations/change-column";
import type { AlterColumn, AlterEnum, Operation } from "../../operations/operation";
import type { Registry } from "../../operations/registry";
import { rewriting } from "../ansi/rewriting";
import { addColumn } from "./alter-column";
import { makesNewType } from "./alter-enum";
import { aroundViews, dependents, execute } from "./around-views";
import { rewriteBatch } from "./batch";
import { definitionsOn, settingsLostWith, storageOf } from "./definitions";
import { typeText } from "./type-text";

/** The operations with what must stand around them, given the schema before. */
export const rewrite = rewriting(rewriteOne);

function rewriteOne(operation: Operation, schema: Schema, registry: Registry): readonly Operation[] {
  switch (operation.kind) {
    case "batchAlterTable":
      return rewriteBatch(operation, schema, (inner, before) => rewrite(inner, before, registry));
    case "alterColumn":
      return changesType(operation) ? aroundColumn(operation, schema) : [operation];
    case "replaceView":
      return aroundViews([operation], dependents(operation.view, undefined, schema));
    case "alterEnum":
      return operation.was && makesNewType(operation, operation.was)
        ? aroundEnum(operation, schema)
        : [operation];
    default:
      return [operation];
  }
}

/**
 * A change of type, without the views that show the column, the computed columns that are made of it, and the triggers,
 * policies and rules that name it.
 */
function aroundColumn(operation: AlterColumn, schema: Schema): readonly Operation[] {
  const table = findTable(schema, operation.table);
  if (!table) return [operation];
  const { column } = operation;
  const computed = table.columns.filter(
    ({ name, generated }) =>
      generated?.kind === "computed" && name !== column && mentions(generated.sql, column),
  );
  const columns = [...computed.map(({ name }) => name), ...(isMadeAnew(operation) ? [column] : [])];
  const views = [column, ...columns].flatMap((name) => dependents(operation.table, name, schema));
  const after = operation.change.name ?? column;
  const definitions = definitionsOn(table, [column, ...columns], { from: column, to: after });
  const lost = columns.flatMap((name) => lostWith(name, table));
  const settings = [
    ...(isStoredAtLength(operation) ? storageOf(table, column, after) : []),
    ...settingsLostWith(table, columns, lost.flatMap(indexNameOf)),
  ];
  return aroundViews(
    [
      ...definitions.down.map(execute),
      ...computed.map(({ name }) => dropComputed(table, name)),
      operation,
      ...computed.flatMap((each) => addComputed(table, each)),
      ...lost,
      ...[...settings, ...definitions.up].map(execute),
    ],
    schema.views.filter((view) => views.includes(view)),
  );
}

/** The index that an operation makes, by itself or for a constraint. */
function indexNameOf(operation: Operation): readonly string[] {
  if (operation.kind === "createIndex") return [operation.index.name];
  return operation.kind === "addConstraint" ? [operation.constraint.name ?? ""] : [];
}

/** Types whose values may be compressed or stored elsewhere; of others only PLAIN is taken. */
function isStoredAtLength({ was, change }: AlterColumn): boolean {
  if (!was) return false;
  const text = typeText(changedColumn(was, change).type);
  return /^(?:text|varchar|character varying|bytea|jsonb?|numeric|xml|citext|hstore|tsvector)\b|\[\]$/.test(
    text,
  );
}

/** A computed column whose expression changes is dropped and added. */
function isMadeAnew({ was, change }: AlterColumn): boolean {
  return was !== undefined && changedColumn(was, change).generated?.kind === "computed";
}

/** What goes with a column when it is dropped, and must come back with it. */
function lostWith(column: string, table: Table): readonly Operation[] {
  const name = qualified(table);
  const { constraints, indexes } = partsOn(table, column);
  return [
    ...constraints.map((constraint): Operation => ({ kind: "addConstraint", table: name, constraint })),
    ...indexes.map((index): Operation => ({ kind: "createIndex", table: name, index })),
  ];
}

/**
 * A new type in place of an old one, without what compares its columns with values of the old one: PostgreSQL does not
 * carry these over, and their texts find the new type by its name.
 */
function aroundEnum(operation: AlterEnum, schema: Schema): readonly Operation[] {
  const uses = operation.usedBy ?? [];
  const tables = schema.tables.filter((table) => uses.some((use) => sameName(use.table, table)));
  const parts = tables.map((table) => {
    const columns = uses.filter((use) => sameName(use.table, table)).map(({ column }) => column.name);
    return partsOf(table, columns);
  });
  const views = uses.flatMap(({ table, column }) => dependents(table, column.name, schema));
  return aroundViews(
    [...parts.flatMap(({ down }) => down), operation, ...parts.flatMap(({ up }) => up)],
    schema.views.filter((view) => views.includes(view)),
  );
}

/** What names one of these columns in a table, as what takes them down and what puts them back. */
function partsOf(
  { constraints, indexes, columns, ...rest }: Table,
  names: readonly string[],
): { readonly down: readonly Operation[]; readonly up: readonly Operation[] } {
  const table = qualified(rest);
  const reads = (text: string | undefined): boolean =>
    text !== undefined && names.some((name) => mentions(text, name));
  const rules = constraints.filter(
    (constraint) => "expression" in constraint && reads(constraint.expression),
  );
  const partial = indexes.filter(
    ({ where, parts }) => reads(where) || parts.some(({ expression }) => reads(expression)),
  );
  const computed = columns.filter(({ generated }) => generated?.kind === "computed" && reads(generated.sql));
  const definitions = definitionsOn({ ...rest, columns, constraints, indexes }, [
    ...names,
    ...computed.map(({ name }) => name),
  ]);
  const lost = computed.flatMap(({ name }) =>
    lostWith(name, {
      ...rest,
      columns,
      constraints: constraints.filter((constraint) => !rules.includes(constraint)),
      indexes: indexes.filter((index) => !partial.includes(index)),
    }),
  );
  const settings = settingsLostWith(
    { ...rest, columns, constraints, indexes },
    computed.map(({ name }) => name),
    [...partial.map(({ name }) => name), ...lost.flatMap(indexNameOf)],
  );
  return {
    down: [
      ...definitions.down.map(execute),
      ...partial.map((was): Operation => ({ kind: "dropIndex", table, name: was.name, was })),
      ...rules.map((was): Operation => compact({ kind: "dropConstraint", table, name: was.name, was })),
      ...computed.map(({ name }) => dropComputed(table, name)),
    ],
    up: [
      ...computed.flatMap((column) => addComputed(table, column)),
      ...rules.map((constraint): Operation => ({ kind: "addConstraint", table, constraint })),
      ...partial.map((index): Operation => ({ kind: "createIndex", table, index })),
      ...lost,
      ...[...settings, ...definitions.up].map(execute),
    ],
  };
}

// What is put back as it was stands in TypeORM's rows already, in the words of its author: they are left alone.

function dropComputed(table: QualifiedName, column: string): Operation {
  return { kind: "dropColumn", table: qualified(table), column };
}

function addComputed(table: QualifiedName, column: Column): readonly Operation[] {
  return addColumn({ kind: "addColumn", table: qualified(table), column }, undefined).map(execute);
}

function changesType(operation: AlterColumn): boolean {
  const { was, change } = operation;
  if (!was) return false;
  const after = changedColumn(was, change);
  return (
    typeText(was.type) !== typeText(after.type) ||
    was.collation !== after.collation ||
    after.generated?.kind === "computed"
  );
}
