/**
 * Changing an enum type (manual, ALTER TYPE). Values are added in place; everything else needs a new type, to which all
 * columns of the old one are cast.
 */
import type { ColumnType, Default, EnumType, QualifiedName } from "../../model/schema";
import { changedEnum } from "../../operations/change-enum";
import type { AlterEnum } from "../../operations/operation";
import type { Statement } from "../dialect";
import { mapArray } from "./array-literal";
import { commentOn, moved } from "./compile-table";
import { defaultText } from "./literal";
import { normalizeDefault } from "./normalize-default";
import { cutToBytes, NAME_BYTES, quote, quoteName, stringLiteral } from "./quote";

type Sql = string | Pick<Statement, "sql" | "outsideTransaction">;

/** The statements of a change; `was` must be there. */
export function alterEnum(operation: AlterEnum, was: EnumType): readonly Sql[] {
  const { name, change } = operation;
  const renames = Object.entries(change.rename ?? {});
  const renamed = was.values.map((value) => change.rename?.[value] ?? value);
  const wanted = changedEnum(was, change).values;
  const to = change.name ?? name;
  const place = moved("TYPE", name, to);
  if (makesNewType(operation, was)) return [...rebuilt(operation, was, wanted), ...place];
  return [
    ...renames.map((pair) => renameValue(name, pair)),
    ...(additionsTo(renamed, wanted) ?? []).map((addition) => addValue(name, addition, operation.adding)),
    ...place,
  ];
}

/** Whether a change needs a new type in place of the old one. */
export function makesNewType({ change, adding }: AlterEnum, was: EnumType): boolean {
  const renamed = was.values.map((value) => change.rename?.[value] ?? value);
  const wanted = changedEnum(was, change).values;
  if (isSameList(renamed, wanted)) return false;
  return adding === "rebuild" || additionsTo(renamed, wanted) === undefined;
}

interface Addition {
  readonly value: string;
  readonly before?: string;
  readonly after?: string;
}

/** The values to add, where adding alone leads from one list to the other; undefined where it does not. */
function additionsTo(from: readonly string[], to: readonly string[]): readonly Addition[] | undefined {
  if (
    !isSameList(
      to.filter((value) => from.includes(value)),
      from,
    )
  )
    return undefined;
  const additions: Addition[] = [];
  for (const [index, value] of to.entries()) {
    if (from.includes(value)) continue;
    const after = to[index - 1];
    const before = to[index + 1];
    if (after !== undefined) additions.push({ value, after });
    else additions.push(before === undefined ? { value } : { value, before: from[0] ?? before });
  }
  return additions;
}

/**
 * A new value cannot be used in the transaction that adds it, so that what follows would fail there, unless the type was
 * made in it.
 */
function addValue(type: QualifiedName, { value, before, after }: Addition, adding: AlterEnum["adding"]): Sql {
  const place =
    after === undefined
      ? before === undefined
        ? ""
        : ` BEFORE ${stringLiteral(before)}`
      : ` AFTER ${stringLiteral(after)}`;
  const sql = `ALTER TYPE ${quoteName(type)} ADD VALUE IF NOT EXISTS ${stringLiteral(value)}${place}`;
  return adding === "inside" ? sql : { sql, outsideTransaction: true };
}

function renameValue(type: QualifiedName, [from, to]: readonly [string, string]): string {
  return `ALTER TYPE ${quoteName(type)} RENAME VALUE ${stringLiteral(from)} TO ${stringLiteral(to)}`;
}

/** What the old type is called by while the new one takes its place. */
const OLD = "_old";

/** A new type in place of the old one; refuses, with the number of rows, to take away a value that is in use. */
function rebuilt(operation: AlterEnum, was: EnumType, wanted: readonly string[]): readonly string[] {
  const { name, change, usedBy = [] } = operation;
  const mapping = { ...change.rename, ...change.mapping };
  const gone = was.values.filter((value) => !wanted.includes(mapping[value] ?? value));
  const old = { ...name, name: `${cutToBytes(name.name, NAME_BYTES - OLD.length)}${OLD}` };
  return [
    ...(gone.length === 0 ? [] : usedBy.map((use) => refuseInUse(use, gone))),
    `ALTER TYPE ${quoteName(name)} RENAME TO ${quote(old.name)}`,
    `CREATE TYPE ${quoteName(name)} AS ENUM (${wanted.map(stringLiteral).join(", ")})`,
    ...commentOn("TYPE", name, was.comment),
    ...usedBy.flatMap((use) => recast(use, name, mapping)),
    `DROP TYPE ${quoteName(old)}`,
  ];
}

type Use = NonNullable<AlterEnum["usedBy"]>[number];

function refuseInUse({ table, column }: Use, gone: readonly string[]): string {
  const name = quote(column.name);
  const values = gone.map(stringLiteral).join(", ");
  const condition = column.type.array
    ? `${name}::text[] && ARRAY[${values}]`
    : `${name}::text IN (${values})`;
  const message = `% rows of ${quoteName(table)}.${name} hold a value that is taken away (${gone.join(", ")}): say in \`mapping\` what they become`;
  return (
    `DO $$ DECLARE found bigint; BEGIN SELECT count(*) INTO found FROM ${quoteName(table)} WHERE ${condition}; ` +
    `IF found > 0 THEN RAISE EXCEPTION ${stringLiteral(message.replace(/%(?! rows)/g, "%%"))}, found; END IF; END $$`
  );
}

function recast(
  { table, column }: Use,
  type: QualifiedName,
  mapping: Readonly<Record<string, string>>,
): readonly string[] {
  const alter = `ALTER TABLE ${quoteName(table)} ALTER COLUMN ${quote(column.name)}`;
  const list = column.type.array ? "[]" : "";
  const text = mapped(`${quote(column.name)}::text${list}`, mapping, column.type.array ?? false);
  const value = column.default && mappedDefault(column.default, column.type, mapping);
  return [
    ...(column.default ? [`${alter} DROP DEFAULT`] : []),
    `${alter} TYPE ${quoteName(type)}${list} USING ${text}::${quoteName(type)}${list}`,
    ...(value ? [`${alter} SET DEFAULT ${defaultText(value, column.type)}`] : []),
  ];
}

function mapped(text: string, mapping: Readonly<Record<string, string>>, isArray: boolean): string {
  const pairs = Object.entries(mapping);
  if (pairs.length === 0) return text;
  if (isArray) {
    return pairs.reduce(
      (inner, [from, to]) => `array_replace(${inner}, ${stringLiteral(from)}, ${stringLiteral(to)})`,
      text,
    );
  }
  const cases = pairs.map(([from, to]) => `WHEN ${stringLiteral(from)} THEN ${stringLiteral(to)}`);
  return `(CASE ${text} ${cases.join(" ")} ELSE ${text} END)`;
}

/** A default that is a value follows what rows of that value become; SQL stays as it is. */
function mappedDefault(
  written: Default,
  type: ColumnType,
  mapping: Readonly<Record<string, string>>,
): Default | undefined {
  const plain = normalizeDefault(written, type);
  if (plain === undefined || "sql" in plain || typeof plain.value !== "string") return plain;
  const become = (item: string): string => mapping[item] ?? item;
  return { value: type.array ? mapArray(plain.value, become) : become(plain.value) };
}

function isSameList(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((value, index) => value === right[index]);
}
