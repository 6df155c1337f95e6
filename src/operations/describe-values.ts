/** What becomes of the values of an enumeration, in words: `add value 'backorder' after 'active'`. */
import { changedEnum } from "./change-enum";
import type { AlterEnum } from "./operation";

/** What becomes of the values of a type; what the call itself says where it is not known what was there before. */
export function describeEnumValues({ change, was }: AlterEnum): string {
  if (was) return describeValues(was.values, changedEnum(was, change).values, change.rename);
  const { add = [], rename = {}, values = [] } = change;
  const places = add.map(({ before, after }) =>
    before !== undefined ? ` before ${said(before)}` : after !== undefined ? ` after ${said(after)}` : "",
  );
  return [
    ...renamesOf(rename),
    ...(values.length === 0 ? [] : [`values ${values.map(said).join(", ")}`]),
    ...add.map(({ value }, number) => `add value ${said(value)}${places[number] ?? ""}`),
  ].join(", ");
}

/** What becomes of the values, one by one; `renamed` says which are another word for the same. Nothing where nothing does. */
export function describeValues(
  from: readonly string[],
  to: readonly string[],
  renamed: Readonly<Record<string, string>> = {},
): string {
  const kept = from.map((value) => renamed[value] ?? value);
  const added = to.flatMap((value, place) =>
    kept.includes(value) ? [] : [`add value ${said(value)}${placeOf(place, to)}`],
  );
  const dropped = kept.filter((value) => !to.includes(value)).map((value) => `drop value ${said(value)}`);
  const left = to.filter((value) => kept.includes(value));
  const isMoved = left.join("\0") !== kept.filter((value) => to.includes(value)).join("\0");
  const order = isMoved ? [`order values ${to.map(said).join(", ")}`] : [];
  return [...renamesOf(renamed), ...added, ...dropped, ...order].join(", ");
}

function renamesOf(renamed: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(renamed).map(([old, fresh]) => `rename value ${said(old)} to ${said(fresh)}`);
}

/** The first stands before the next, every other behind the one before it. */
function placeOf(place: number, values: readonly string[]): string {
  const before = values[place - 1];
  if (before !== undefined) return ` after ${said(before)}`;
  const next = values[place + 1];
  return next === undefined ? "" : ` before ${said(next)}`;
}

function said(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
