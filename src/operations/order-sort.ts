/** Sorts operations by what they need of each other. */
import type { Operation } from "./operation";
import type { Effects } from "./order-keys";

/** Depth first: whatever an operation needs comes right before it. A circle that is left is cut where it was entered. */
export function sorted(
  operations: readonly Operation[],
  after: readonly ReadonlySet<number>[],
): readonly Operation[] {
  const seen = new Set<number>();
  const result: Operation[] = [];
  const visit = (index: number): void => {
    const operation = operations[index];
    if (operation === undefined || seen.has(index)) return;
    seen.add(index);
    for (const earlier of [...(after[index] ?? [])].sort((left, right) => left - right)) visit(earlier);
    result.push(operation);
  };
  operations.forEach((_, index) => visit(index));
  return result;
}

/** For each of the operations, by its effects, the places of those that must run before it. */
export function edgesOf(effects: readonly Effects[]): readonly ReadonlySet<number>[] {
  const creators = indexBy(effects, ({ creates }) => creates);
  const droppers = indexBy(effects, ({ drops }) => drops);
  const releasers = indexBy(effects, ({ releases }) => releases);
  return effects.map((effect, index) => {
    const before = new Set<number>();
    const add = (keys: readonly string[], map: ReadonlyMap<string, readonly number[]>): void => {
      for (const key of keys) for (const other of map.get(key) ?? []) if (other !== index) before.add(other);
    };
    add(effect.needs, creators);
    add(effect.drops, releasers);
    add(effect.creates, droppers);
    return before;
  });
}

function indexBy(
  effects: readonly Effects[],
  keys: (effect: Effects) => readonly string[],
): ReadonlyMap<string, readonly number[]> {
  const map = new Map<string, number[]>();
  effects.forEach((effect, index) => {
    for (const key of keys(effect)) {
      const list = map.get(key);
      if (list) list.push(index);
      else map.set(key, [index]);
    }
  });
  return map;
}
