/** How a type is written in SQL. */
import type { ColumnType } from "../../model/schema";
import { quoteName } from "./quote";

/** The type as it stands in a column definition or a cast: `numeric(10,2)`, `timestamp(3) with time zone`, `"status"[]`. */
export function typeText(type: ColumnType): string {
  return `${type.enumName === undefined ? sized(type) : quoteName(type.enumName)}${type.array ? "[]" : ""}`;
}

function sized(type: ColumnType): string {
  const { name, length, precision, scale, spatialFeatureType, srid } = type;
  if (spatialFeatureType !== undefined) {
    return `${name}(${spatialFeatureType}${srid === undefined ? "" : `,${srid}`})`;
  }
  if (length !== undefined && length !== "") return `${name}(${length})`;
  if (precision === undefined) return name;
  const size = scale === undefined ? `(${precision})` : `(${precision},${scale})`;
  // The precision of a time stands behind its first word: timestamp(3) with time zone.
  return name.replace(/^\w+/, (word) => word + size);
}
