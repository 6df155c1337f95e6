/** Several changes of one table, and the copy of it where columns are to change places or where it is asked for. */
import { compact, equal } from "../../model/equal";
import type { Schema, Table } from "../../model/schema";
import { applyAll } from "../../operations/apply";
import { finalName } from "../../operations/batch";
import { changedColumn } from "../../operations/change-column";
import type { AlterColumn, BatchAlterTable, Operation, RecreateTable } from "../../operations/operation";
import { addKey, dropConstraint, inboundKeys } from "../ansi/keys";
import { isReordered, recreate, refuseCopy, tableOf } from "../ansi/recreate";
import { defaultText } from "../ansi/sql";
import { castOf, withPlainDefault } from "./alter-column";
import { aroundViews, dependents, execute } from "./around-views";
import { beforeCopy } from "./before-copy";
import { writer } from "./literal";
import { quote } from "./quote";
import { typeText } from "./type-text";

/** How operations are carried out where the table stands, given the schema before them. */
type InPlace = (operations: readonly Operation[], schema: Schema) => readonly Operation[];

/** One change after another; the copy carries out those that would write the table anew, so that it is written once. */
export function rewriteBatch(batch: BatchAlterTable, schema: Schema, inPlace: InPlace): readonly Operation[] {
  const { table, known } = tableOf(batch, schema);
  const mode = batch.recreate ?? "auto";
  const needed = isReordered(batch, known);
  if (needed && mode === "never") throw refuseCopy("PostgreSQL", table);
  if (!needed && mode !== "always") return inPlace(batch.operations, known);
  const around = {
    views: dependents(table, undefined, known).map(({ name }) => name),
    keys: inboundKeys(known, table).flatMap(({ key }) => key.name ?? []),
  };
  const { before, during, after } = parted(batch);
  const ready = applyAll(known, before);
  return [
    ...beforeCopy(table, around).map(execute),
    ...inPlace(before, known),
    ...copied({ ...batch, table: finalName({ ...batch, operations: before }) }, during, ready),
    ...inPlace(after, applyAll(ready, during)),
  ];
}

interface Parts {
  readonly before: readonly Operation[];
  readonly during: readonly AlterColumn[];
  readonly after: readonly Operation[];
}

/**
 * The changes of type that stand next to each other and that the copy can make on the way; what comes after them finds
 * the new types. All of the batch comes before the copy where columns are to stand in an order that later ones share.
 */
function parted({ operations, moves, reorder }: BatchAlterTable): Parts {
  const start = operations.findIndex(isCopied);
  const length = operations.slice(start).findIndex((operation) => !isCopied(operation));
  const end = length < 0 ? operations.length : start + length;
  const isOrdered = moves !== undefined || reorder !== undefined;
  if (start < 0 || (isOrdered && end < operations.length))
    return { before: operations, during: [], after: [] };
  return {
    before: operations.slice(0, start),
    during: operations.slice(start, end).filter(isCopied),
    after: operations.slice(end),
  };
}

/** A change of type, and of nothing that has a name or a sequence of its own. */
function isCopied(operation: Operation): operation is AlterColumn {
  if (operation.kind !== "alterColumn" || !operation.was) return false;
  const { was, change } = operation;
  const after = changedColumn(was, change);
  const isPlain = was.generated === undefined && after.generated === undefined && after.name === was.name;
  return isPlain && (typeText(was.type) !== typeText(after.type) || was.collation !== after.collation);
}

/** The copy, without the views and the foreign keys that hold on to the table. */
function copied(
  { table, moves, reorder }: BatchAlterTable,
  changes: readonly AlterColumn[],
  schema: Schema,
): readonly Operation[] {
  const order = compact<BatchAlterTable>({
    kind: "batchAlterTable",
    table,
    operations: changes,
    moves,
    reorder,
  });
  const copy = castingCopy(recreate(writer, tableOf(order, schema).table, order, schema), changes);
  const keys = inboundKeys(schema, copy.from);
  return aroundViews(
    [...keys.map(({ owner, key }) => dropConstraint(owner, key)), copy, ...keys.map(addKey)],
    dependents(copy.from, undefined, schema),
  );
}

/** The copy with the casts that ALTER COLUMN would make. */
function castingCopy(copy: RecreateTable, changes: readonly AlterColumn[]): RecreateTable {
  const casts = changes.flatMap(({ was, change, using, fill, column }) => {
    if (!was) return [];
    const { type } = changedColumn(was, change);
    const cast = using ?? castOf(was.type, type, quote(column)) ?? quote(column);
    const filled = fill === undefined ? cast : `COALESCE(${cast}, ${defaultText(writer, fill)})`;
    return [[column, { sql: filled }] as const];
  });
  return { ...copy, to: withPlainDefaults(copy), copy: { ...copy.copy, ...Object.fromEntries(casts) } };
}

/** A default that no change has touched is written with a cast to the old type. */
function withPlainDefaults({ from, to }: RecreateTable): Table {
  const columns = to.columns.map((column) => {
    const was = from.columns.find(({ name }) => name === column.name);
    const isKept = was?.default && !equal(was.type, column.type) && equal(was.default, column.default);
    return isKept ? { ...column, ...compact({ default: withPlainDefault(was).default }) } : column;
  });
  return { ...to, columns };
}
