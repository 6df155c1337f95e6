import { equal, fingerprint } from "../model/equal";
import { qualified } from "../model/names";
import type { Constraint, Table } from "../model/schema";
import type { Operation } from "../operations/operation";
import { byName, match } from "./match";

/**
 * Constraints are the same when name and content are. Of equal content under another name, the name is changed in
 * place, or left alone; only what is left is dropped and added.
 */
export function diffConstraints(
  from: Table,
  to: Table,
  options: { readonly names: "strategy" | "content" },
): readonly Operation[] {
  const table = qualified(to);
  const { added, removed: gone } = match(from.constraints, to.constraints, exactly);
  const removed = byName(gone);
  const byContent = match(removed, added, content);
  const renamed = byContent.kept.flatMap((pair): readonly Operation[] => {
    const { name: old } = pair.from;
    const { name } = pair.to;
    if (options.names === "content" || old === name || name === undefined) return [];
    return old === undefined
      ? [drop(pair.from), { kind: "addConstraint", table, constraint: pair.to }]
      : [{ kind: "renameConstraint", table, from: old, to: name, was: pair.from }];
  });
  function drop(was: Constraint): Operation {
    return {
      kind: "dropConstraint",
      table,
      ...(was.name === undefined ? {} : { name: was.name }),
      type: was.kind,
      was,
    };
  }
  return [
    ...unpaired(
      removed,
      byContent.kept.map((pair) => pair.from),
    ).map(drop),
    ...renamed,
    ...unpaired(
      added,
      byContent.kept.map((pair) => pair.to),
    ).map((constraint): Operation => ({
      kind: "addConstraint",
      table,
      constraint,
    })),
  ];
}

/** What no pair took; two of equal content are two. */
export function unpaired<T>(items: readonly T[], paired: readonly T[]): readonly T[] {
  return items.filter((item) => !paired.some((other) => equal(item, other)));
}

function exactly(constraint: Constraint): string {
  return JSON.stringify([constraint.name ?? "", content(constraint)]);
}

function content(constraint: Constraint): string {
  const { name, comment, ...rest } = constraint;
  return fingerprint(rest);
}
