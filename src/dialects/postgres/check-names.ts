/**
 * Names that PostgreSQL cannot tell apart: it cuts them at 63 bytes, and the rows of a table or view have a type of its
 * name, beside which no enum type of that name can be (manual, sections 4.1.1 and 8.16).
 */
import { LimbeckError } from "../../errors";
import { displayName, keyOf, sameName } from "../../model/names";
import type { QualifiedName, Schema } from "../../model/schema";
import { shortened } from "./normalize";
import { bytesOf, NAME_BYTES } from "./quote";

interface Named {
  readonly kind: "enum type" | "table" | "view";
  readonly name: QualifiedName;
}

/** Throws METADATA_INVALID where two of the tables, views and enum types would have one name. */
export function checkNames(target: Schema): void {
  const found = new Map<string, Named>();
  const named = (kind: Named["kind"], names: readonly QualifiedName[]): readonly Named[] =>
    names.map((name) => ({ kind, name }));
  for (const one of [
    ...named("table", target.tables),
    ...named("view", target.views),
    ...named("enum type", target.enums),
  ]) {
    const key = keyOf({ ...one.name, name: shortened(one.name.name) });
    const other = found.get(key);
    if (other) throw collision(other, one, target);
    found.set(key, one);
  }
}

function collision(first: Named, second: Named, target: Schema): LimbeckError {
  const isCut = [first, second].some(({ name }) => bytesOf(name.name) > NAME_BYTES);
  const reason = isCut
    ? `because PostgreSQL cuts names at ${NAME_BYTES} bytes`
    : `because the rows of a ${first.kind} have a type of its name`;
  const columns = [second, first].flatMap((one) => columnsOf(one, target));
  const one = shortened(second.name.name);
  return new LimbeckError(
    "METADATA_INVALID",
    `${inWords(first, target)} and ${inWords(second, target)} would have one name, "${one}", ${reason}`,
    {
      hint:
        columns.length === 0
          ? "give one of them a shorter name"
          : `name the enum type of ${columns.join(" or ")}: \`enumName\` beside \`enum\``,
    },
  );
}

function inWords(one: Named, target: Schema): string {
  const columns = columnsOf(one, target);
  return `the ${one.kind} "${displayName(one.name)}"${columns.length === 0 ? "" : ` of ${columns.join(" and ")}`}`;
}

/** The columns of an enum type, as `table.column`. */
function columnsOf({ kind, name }: Named, { tables }: Schema): readonly string[] {
  if (kind !== "enum type") return [];
  return tables.flatMap((table) =>
    table.columns
      .filter(({ type }) => type.enumName && sameName(type.enumName, name))
      .map((column) => `${displayName(table)}.${column.name}`),
  );
}
