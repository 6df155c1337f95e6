/** The order of renames among things that share one space of names. */
import { keyOf } from "../model/names";
import type { Operation, OperationOf } from "../operations/operation";

/** An old name and a new one. */
export interface Step<N> {
  readonly from: N;
  readonly to: N;
}

/**
 * The renames one after another so that no step takes a name that is still in use: a chain from its end, a circle (a
 * swap) by way of a name that nothing has.
 */
export function inSteps<N, S extends Step<N>>(
  pairs: readonly S[],
  key: (name: N) => string,
  between: (name: N, number: number) => N,
): readonly S[] {
  const steps: S[] = [];
  let pending = pairs.filter(({ from, to }) => key(from) !== key(to));
  while (pending.length > 0) {
    const taken = new Set(pending.map(({ from }) => key(from)));
    const free = pending.filter(({ to }) => !taken.has(key(to)));
    if (free.length > 0) {
      steps.push(...free);
      pending = pending.filter((pair) => !free.includes(pair));
      continue;
    }
    const [first, ...rest] = pending;
    if (first === undefined) break;
    const away = between(first.from, steps.length);
    steps.push({ ...first, to: away });
    pending = [...rest, { ...first, from: away }];
  }
  return steps;
}

/** The name that a thing has while another one takes its own. */
export function nameBetween(_: string, number: number): string {
  return `limbeck_between_${number}`;
}

/** A new name of an index or a constraint. */
export type NameChange = OperationOf<"renameIndex" | "renameConstraint">;

/**
 * New names in an order in which none is taken, where some swap. They are those of a whole schema, because on PostgreSQL
 * indexes are.
 */
export function namesInSteps<C extends { readonly change: NameChange }>(changes: readonly C[]): readonly C[] {
  const steps = inSteps(
    changes.map((one) => ({
      from: { ...one.change.table, name: one.change.from },
      to: { ...one.change.table, name: one.change.to },
      one,
    })),
    keyOf,
    (name, number) => ({ ...name, name: nameBetween(name.name, number) }),
  );
  return steps.map(({ from, to, one }) => {
    const was = one.change.was && { ...one.change.was, name: from.name };
    const change = { ...one.change, from: from.name, to: to.name, ...(was && { was }) } as NameChange;
    return { ...one, change };
  });
}

/** The operations with the new names among them in such an order. */
export function withNamesInSteps(operations: readonly Operation[]): readonly Operation[] {
  const changes = operations.filter(isNameChange);
  if (changes.length < 2) return operations;
  const renamed = namesInSteps(changes.map((change) => ({ change }))).map(({ change }) => change);
  const first = operations.findIndex(isNameChange);
  const others: readonly Operation[] = operations.filter((operation) => !isNameChange(operation));
  return others.toSpliced(first, 0, ...renamed);
}

function isNameChange(operation: Operation): operation is NameChange {
  return operation.kind === "renameIndex" || operation.kind === "renameConstraint";
}
