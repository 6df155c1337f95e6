/**
 * Changing a column where it stands (manual, ALTER TABLE). Nothing that a column holds is thrown away; only a computed
 * column, whose values the database makes itself, is made anew.
 */
import { equal } from "../../model/equal";
import type { Column, ColumnType, QualifiedName } from "../../model/schema";
import { changedColumn } from "../../operations/change-column";
import type { AddColumn, AlterColumn } from "../../operations/operation";
import { collationName, columnText, defaultOf, identityText } from "./column-text";
import { commentOnColumn } from "./compile-table";
import { defaultText } from "./literal";
import { normalizeDefault } from "./normalize-default";
import { normalizeType } from "./normalize-type";
import { quote, quoteName, stringLiteral } from "./quote";
import { block } from "./recreate";
import { serialSequence, renameSerial } from "./serial";
import { typeText } from "./type-text";

/** ADD COLUMN; existing rows get `fill` where it is said. */
export function addColumn(
  { table, column, fill, ifNotExists }: AddColumn,
  serverVersion: string | undefined,
): readonly string[] {
  const add = `ALTER TABLE ${quoteName(table)} ADD COLUMN ${ifNotExists ? "IF NOT EXISTS " : ""}`;
  const comment = column.comment === undefined ? [] : [commentOnColumn(table, column.name, column.comment)];
  if (fill === undefined || column.generated?.kind === "computed") {
    return [add + columnText(column, serverVersion), ...comment];
  }
  const { generated: _generated, ...plain } = column;
  const filled = generatesItself(column) ? column : { ...plain, default: fill };
  const after = defaultOf(column, serverVersion);
  const back = after === undefined ? "DROP DEFAULT" : `SET DEFAULT ${after}`;
  return [
    add + columnText(filled, serverVersion),
    ...(filled === column ? [] : [`${alterOf(table, column.name)} ${back}`]),
    ...comment,
  ];
}

function generatesItself({ generated }: Column): boolean {
  return generated?.kind === "increment" || generated?.kind === "identity";
}

/** The statements of a change; `was` must be there. */
export function alterColumn(
  operation: AlterColumn,
  known: Column,
  serverVersion: string | undefined,
): readonly string[] {
  const { table, change, using, fill } = operation;
  const was = withPlainDefault(known);
  const after = changedColumn(was, change);
  const rename =
    after.name === was.name
      ? []
      : [
          `ALTER TABLE ${quoteName(table)} RENAME COLUMN ${quote(was.name)} TO ${quote(after.name)}`,
          ...(was.generated?.kind === "increment" ? renameSerialOf(table, was.name, after.name) : []),
        ];
  const before = { ...was, name: after.name };
  return [
    ...rename,
    ...(isRemade(before, after)
      ? remade(table, after, serverVersion)
      : inPlace(table, before, after, { using, fill, serverVersion })),
    ...(before.comment === after.comment ? [] : [commentOnColumn(table, after.name, after.comment)]),
  ];
}

function renameSerialOf(table: QualifiedName, from: string, to: string): readonly string[] {
  return renameSerial(table, serialSequence(table.name, from), serialSequence(table.name, to));
}

/** The catalogue writes a default with a cast to the column's type, which may be about to go. */
export function withPlainDefault(column: Column): Column {
  const { default: written, ...rest } = column;
  const plain =
    written &&
    normalizeDefault(
      written,
      normalizeType(column.type, (name) => name),
    );
  return plain === undefined ? rest : { ...rest, default: plain };
}

/** A computed column is made anew when its expression comes or changes; when it goes, its values stay. */
function isRemade({ generated: before }: Column, { generated: after }: Column): boolean {
  return after?.kind === "computed" && !equal(before, after);
}

function remade(table: QualifiedName, after: Column, serverVersion: string | undefined): readonly string[] {
  const alter = `ALTER TABLE ${quoteName(table)}`;
  return [
    `${alter} DROP COLUMN ${quote(after.name)}`,
    `${alter} ADD COLUMN ${columnText(after, serverVersion)}`,
    ...(after.comment === undefined ? [] : [commentOnColumn(table, after.name, after.comment)]),
  ];
}

interface Ways {
  readonly using: string | undefined;
  readonly fill: AlterColumn["fill"];
  readonly serverVersion: string | undefined;
}

function inPlace(table: QualifiedName, before: Column, after: Column, ways: Ways): readonly string[] {
  const alter = alterOf(table, after.name);
  const hasOtherType = typeText(before.type) !== typeText(after.type) || before.collation !== after.collation;
  const oldDefault = defaultOf(before, ways.serverVersion);
  const newDefault = defaultOf(after, ways.serverVersion);
  // The old default may not fit the new type, so it makes room for the change.
  const isReset = oldDefault !== newDefault || (hasOtherType && newDefault !== undefined);
  return [
    ...(hasNoExpression(before, after) ? [`${alter} DROP EXPRESSION`] : []),
    ...rememberNumbering(table, before, after),
    ...stopNumbering(table, before, after),
    ...(isReset && oldDefault !== undefined ? [`${alter} DROP DEFAULT`] : []),
    // Nulls are refused last and taken first: a cast may give null, and what nulls become has the new type.
    ...(after.nullable && !before.nullable ? [`${alter} DROP NOT NULL`] : []),
    ...(hasOtherType ? [`${alter} TYPE ${typeClause(before, after, ways.using)}`] : []),
    ...refuseNulls(table, before, after, ways.fill),
    ...startNumbering(table, before, after),
    ...numberAsBefore(table, before, after),
    ...(isReset && newDefault !== undefined ? [`${alter} SET DEFAULT ${newDefault}`] : []),
  ];
}

function alterOf(table: QualifiedName, column: string): string {
  return `ALTER TABLE ${quoteName(table)} ALTER COLUMN ${quote(column)}`;
}

function hasNoExpression({ generated: before }: Column, { generated: after }: Column): boolean {
  return before?.kind === "computed" && after?.kind !== "computed";
}

function refuseNulls(
  table: QualifiedName,
  before: Column,
  after: Column,
  fill: AlterColumn["fill"],
): readonly string[] {
  if (after.nullable || !before.nullable) return [];
  const alter = alterOf(table, after.name);
  const name = quote(after.name);
  const filling =
    fill === undefined
      ? []
      : [`UPDATE ${quoteName(table)} SET ${name} = ${defaultText(fill, after.type)} WHERE ${name} IS NULL`];
  return [...filling, `${alter} SET NOT NULL`];
}

function typeClause(before: Column, after: Column, using: string | undefined): string {
  const collation = after.collation === undefined ? "" : ` COLLATE ${collationName(after.collation)}`;
  const cast = using ?? castOf(before.type, after.type, quote(after.name));
  return `${typeText(after.type)}${collation}${cast === undefined ? "" : ` USING ${cast}`}`;
}

/**
 * How values get from one type to the other, where PostgreSQL does not know it by itself. The cast is to the type
 * without its size: an explicit cast to `varchar(5)` cuts in silence, while storing a longer text there fails.
 */
export function castOf(from: ColumnType, to: ColumnType, column: string): string | undefined {
  const unsized = typeText(sizeless({ ...to, array: false }));
  if (from.array && !to.array) return `${column}[1]::${unsized}`;
  if (!from.array && to.array) {
    const item = castOf(from, { ...to, array: false }, column) ?? column;
    return `CASE WHEN ${column} IS NULL THEN NULL ELSE ARRAY[${item}] END::${unsized}[]`;
  }
  if (typeText(sizeless(from)) === typeText(sizeless(to))) return undefined;
  const list = to.array ? "[]" : "";
  const isEnum = from.enumName !== undefined || to.enumName !== undefined;
  if (isEnum || !isTruthAndNumber(from, to)) {
    return `${column}${isEnum ? `::text${list}` : ""}::${unsized}${list}`;
  }
  // Of the numbers only integer has a cast to and from boolean; the others go through it.
  return isBoolean(to) ? `${column} <> 0` : `${column}::integer::${unsized}`;
}

function isTruthAndNumber(from: ColumnType, to: ColumnType): boolean {
  if (from.array || to.array) return false;
  return (isBoolean(from) && isNumber(to)) || (isNumber(from) && isBoolean(to));
}

function isBoolean({ name }: ColumnType): boolean {
  return /^bool(?:ean)?$/i.test(name);
}

function isNumber({ name }: ColumnType): boolean {
  return /^(?:(?:small|big)?int|int[248]?|integer|numeric|decimal|real|float[48]?|double precision)$/i.test(
    name,
  );
}

function sizeless({ name, enumName, array, spatialFeatureType, srid }: ColumnType): ColumnType {
  return {
    name,
    ...(enumName === undefined ? {} : { enumName }),
    ...(array ? { array } : {}),
    ...(spatialFeatureType === undefined ? {} : { spatialFeatureType }),
    ...(srid === undefined ? {} : { srid }),
  };
}

/** Whether one sequence takes the place of another. */
function isNumberedAnew({ generated: before }: Column, { generated: after }: Column): boolean {
  const counts = (generated: Column["generated"]): boolean =>
    generated?.kind === "increment" || generated?.kind === "identity";
  return counts(before) && counts(after) && before?.kind !== after?.kind;
}

const NUMBERS = stringLiteral("limbeck.numbers");

/** The steps of the old sequence and the comment on it, as the statements that say them of the new one. */
function rememberNumbering(table: QualifiedName, before: Column, after: Column): readonly string[] {
  if (!isNumberedAnew(before, after)) return [];
  const text = stringLiteral(
    "ALTER SEQUENCE %%1$s INCREMENT BY %s CACHE %s %s; COMMENT ON SEQUENCE %%1$s IS %s",
  );
  const told = "replace(quote_nullable(obj_description(seqrelid, 'pg_class')), '%', '%%')";
  const cycle = "CASE WHEN seqcycle THEN 'CYCLE' ELSE 'NO CYCLE' END";
  return [
    `SELECT set_config(${NUMBERS}, coalesce((SELECT format(${text}, seqincrement, seqcache, ${cycle}, ${told}) ` +
      `FROM pg_sequence WHERE seqrelid = to_regclass(${sequenceOf(table, after.name)})), ''), false)`,
  ];
}

function numberAsBefore(table: QualifiedName, before: Column, after: Column): readonly string[] {
  if (!isNumberedAnew(before, after)) return [];
  return [block("", `EXECUTE format(current_setting(${NUMBERS}), ${sequenceOf(table, after.name)});`)];
}

/** A serial's default and sequence go, or an identity. */
function stopNumbering(table: QualifiedName, before: Column, after: Column): readonly string[] {
  if (equal(before.generated, after.generated)) return [];
  const alter = alterOf(table, after.name);
  switch (before.generated?.kind) {
    case "identity":
      return [`${alter} DROP IDENTITY`];
    case "increment":
      return [
        `DO $$ DECLARE numbers text := ${sequenceOf(table, after.name)}; BEGIN ` +
          `EXECUTE ${stringLiteral(`${alter} DROP DEFAULT`)}; ` +
          `IF numbers IS NOT NULL THEN EXECUTE 'DROP SEQUENCE ' || numbers; END IF; END $$`,
      ];
    case "computed":
    case "uuid":
    case undefined:
      return [];
  }
}

/** Numbers go on behind the highest one that there is. */
function startNumbering(table: QualifiedName, before: Column, after: Column): readonly string[] {
  if (equal(before.generated, after.generated)) return [];
  const alter = alterOf(table, after.name);
  const column = quote(after.name);
  const goOn = `SELECT setval(${sequenceOf(table, after.name)}, coalesce(max(${column}), 0) + 1, false) FROM ${quoteName(table)}`;
  if (after.generated?.kind === "identity")
    return [`${alter} ADD ${identityText(after.generated.always)}`, goOn];
  if (after.generated?.kind !== "increment") return [];
  const sequence = quoteName({ ...table, name: serialSequence(table.name, after.name) });
  return [
    `CREATE SEQUENCE ${sequence} AS ${typeText(sizeless(after.type))} OWNED BY ${quoteName(table)}.${column}`,
    `${alter} SET DEFAULT nextval(${stringLiteral(sequence)})`,
    goOn,
  ];
}

function sequenceOf(table: QualifiedName, column: string): string {
  return `pg_get_serial_sequence(${stringLiteral(quoteName(table))}, ${stringLiteral(column)})`;
}
