/** The order of renames among things that share one space of names. */
import { keyOf } from "../model/names";
import type { QualifiedName } from "../model/schema";
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
export function inSteps<N>(
  pairs: readonly Step<N>[],
  key: (name: N) => string,
  between: (name: N, number: number) => N,
): readonly Step<N>[] {
  const steps: Step<N>[] = [];
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
    steps.push({ from: first.from, to: away });
    pending = [...rest, { from: away, to: first.to }];
  }
  return steps;
}

/** The name that a thing has while another one takes its own. */
export function nameBetween(_: string, number: number): string {
  return `limbeck_between_${number}`;
}

type NameChange = OperationOf<"renameIndex" | "renameConstraint">;

/**
 * The operations with new names of indexes and constraints given in an order in which none is taken, where some swap.
 * Names are those of a whole schema, because on PostgreSQL they are.
 */
export function withNamesInSteps(operations: readonly Operation[]): readonly Operation[] {
  const changes = operations.filter(isNameChange);
  const keyIn = ({ table: { schema } }: NameChange, name: string): string =>
    keyOf({ ...(schema === undefined ? {} : { schema }), name });
  const old = new Set(changes.map((change) => keyIn(change, change.from)));
  const meeting = changes.some((change) => old.has(keyIn(change, change.to)));
  if (!meeting) return operations;
  interface Place extends QualifiedName {
    readonly change: NameChange;
  }
  const place = (change: NameChange, name: string): Place => ({ ...change.table, name, change });
  const ordered = inSteps(
    changes.map((change) => ({ from: place(change, change.from), to: place(change, change.to) })),
    keyOf,
    (name, number) => ({ ...name, name: nameBetween(name.name, number) }),
  );
  const renamed = ordered.map(({ from, to }): Operation => {
    const was = from.change.was && { ...from.change.was, name: from.name };
    return { ...from.change, from: from.name, to: to.name, ...(was && { was }) } as NameChange;
  });
  const first = operations.findIndex(isNameChange);
  const others: readonly Operation[] = operations.filter((operation) => !isNameChange(operation));
  return others.toSpliced(operations.slice(0, first).length, 0, ...renamed);
}

function isNameChange(operation: Operation): operation is NameChange {
  return operation.kind === "renameIndex" || operation.kind === "renameConstraint";
}
