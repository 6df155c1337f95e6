/**
 * Whether two pieces of plain data are the same, deeply. A property that is absent equals one that is `undefined`,
 * which is why this is not a library's strict equality.
 */
export function equal(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) {
    return Object.is(left, right);
  }
  if (Array.isArray(left)) return Array.isArray(right) && equalLists(left, right);
  return (
    !Array.isArray(right) &&
    equalRecords(left as Readonly<Record<string, unknown>>, right as Readonly<Record<string, unknown>>)
  );
}

// Loops, because these run for every column of every table.

function equalLists(left: readonly unknown[], right: readonly unknown[]): boolean {
  if (left.length !== right.length) return false;
  for (let place = 0; place < left.length; place++) if (!equal(left[place], right[place])) return false;
  return true;
}

function equalRecords(
  left: Readonly<Record<string, unknown>>,
  right: Readonly<Record<string, unknown>>,
): boolean {
  for (const key in left) if (!equal(left[key], right[key])) return false;
  for (const key in right) if (left[key] === undefined && right[key] !== undefined) return false;
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

/** The object with other values for some properties, without those that become `undefined`; itself where none is other. */
export function replaced<T extends object>(
  object: T,
  values: { readonly [K in keyof T]?: T[K] | undefined },
): T {
  for (const key in values) if (object[key] !== values[key]) return changed(object, values);
  return object;
}

function changed<T extends object>(object: T, values: { readonly [K in keyof T]?: T[K] | undefined }): T {
  const result = { ...object };
  for (const key in values) {
    const value = values[key];
    if (value !== undefined) result[key] = value;
    else if (key in result) return compact<T>({ ...object, ...values });
  }
  return result;
}

/** What becomes of the items of a list; the list itself where each stays what it is. */
export function mapped<T>(items: readonly T[], change: (item: T, place: number) => T): readonly T[] {
  // A loop that makes nothing, because most items stay as they are.
  let result: T[] | undefined;
  for (let place = 0; place < items.length; place++) {
    const item = items[place] as T;
    const changed = change(item, place);
    if (changed !== item) result ??= items.slice(0, place);
    result?.push(changed);
  }
  return result ?? items;
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
