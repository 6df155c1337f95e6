/**
 * Whether two pieces of plain data are the same, deeply. A property that is absent equals one that is `undefined`,
 * which is why this is not a library's strict equality.
 */
export function equal(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  if (Array.isArray(left) || Array.isArray(right)) {
    return (
      Array.isArray(left) &&
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((item, index) => equal(item, right[index]))
    );
  }
  return equalRecords(left as Record<string, unknown>, right as Record<string, unknown>);
}

/** Loops, because this runs for every column of every table. */
function equalRecords(
  left: Readonly<Record<string, unknown>>,
  right: Readonly<Record<string, unknown>>,
): boolean {
  for (const key of Object.keys(left)) if (!equal(left[key], right[key])) return false;
  for (const key of Object.keys(right)) {
    if (left[key] === undefined && right[key] !== undefined) return false;
  }
  return true;
}

/** The object without its properties that are `undefined`, so that equal data is written the same way. */
export function compact<T extends object>(object: {
  readonly [K in keyof T]: T[K] | undefined;
}): T {
  // A loop, because this runs for every column of every table.
  const kept: Partial<T> = {};
  for (const key in object) {
    const value = object[key];
    if (value !== undefined) kept[key] = value;
  }
  return kept as T;
}

/** Plain data as text that is the same for equal data, whatever order its properties came in. For keys of maps. */
export function fingerprint(value: unknown): string {
  if (value === undefined) return "null";
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(fingerprint).join(",")}]`;
  const record = value as Readonly<Record<string, unknown>>;
  const keys = Object.keys(record).filter((key) => record[key] !== undefined);
  return `{${keys
    .sort()
    .map((key) => `${JSON.stringify(key)}:${fingerprint(record[key])}`)
    .join(",")}}`;
}
