/** Types as `format_type` prints them (manual, section 9.27.4), in the words of the model. */
import { compact } from "../../model/equal";
import type { ColumnType } from "../../model/schema";

const PRECISE = /^(timestamp|time|interval)\b/;
const SPATIAL: ReadonlySet<string> = new Set(["geometry", "geography"]);

/** `character varying(20)[]`, `timestamp(3) without time zone`, `geometry(Point,4326)`: a name and its sizes. */
export function readType(text: string): ColumnType {
  const [, base = "", brackets = ""] = /^([^]*?)((?:\[\])*)$/.exec(text) ?? [];
  const array = brackets === "" ? undefined : true;
  // Parentheses inside of quotes belong to the name.
  const sized = /^((?:"(?:[^"]|"")*"|[^"(])*)\(([^()]*)\)([^()"]*)$/.exec(base);
  if (!sized) return compact<ColumnType>({ name: base, array });
  const name = `${sized[1] ?? ""}${sized[3] ?? ""}`.trim();
  return compact<ColumnType>({ ...sizedType(name, (sized[2] ?? "").split(","), base), array });
}

function sizedType(name: string, sizes: readonly string[], text: string): ColumnType {
  const [first = "", second] = sizes;
  if (SPATIAL.has(name)) {
    return compact<ColumnType>({
      name,
      spatialFeatureType: first,
      srid: second === undefined ? undefined : Number(second),
    });
  }
  if (name === "numeric" && second !== undefined) {
    return { name, precision: Number(first), scale: Number(second) };
  }
  if (second !== undefined || !/^\d+$/.test(first)) return { name: text };
  return PRECISE.test(name) ? { name, precision: Number(first) } : { name, length: Number(first) };
}
