/** One list differ for every kind of object: what is new, what is gone, what is in both. */
export interface Match<T> {
  readonly added: readonly T[];
  readonly removed: readonly T[];
  readonly kept: readonly { readonly from: T; readonly to: T }[];
}

/** Pairs two lists by key. Of items that share a key the first counts, so that a duplicate is never added twice. */
export function match<T>(from: readonly T[], to: readonly T[], key: (item: T) => string): Match<T> {
  const before = byKey(from, key);
  const after = byKey(to, key);
  const kept: { readonly from: T; readonly to: T }[] = [];
  const added: T[] = [];
  for (const [name, item] of after) {
    const old = before.get(name);
    if (old === undefined) added.push(item);
    else kept.push({ from: old, to: item });
  }
  const removed = [...before].filter(([name]) => !after.has(name)).map(([, item]) => item);
  return { added, removed, kept };
}

function byKey<T>(items: readonly T[], key: (item: T) => string): ReadonlyMap<string, T> {
  const map = new Map<string, T>();
  for (const item of items) if (!map.has(key(item))) map.set(key(item), item);
  return map;
}

/** Items by name, where the order in which a database lists them is an accident of its history. */
export function byName<T extends { readonly name?: string }>(items: readonly T[]): readonly T[] {
  return items.toSorted((left, right) => ((left.name ?? "") < (right.name ?? "") ? -1 : 1));
}
