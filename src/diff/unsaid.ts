/**
 * What entities have no words for stays as the database has it: a schema read from entities is silent about it, and
 * silence is no wish to drop it. Pure, like the rest of the comparison.
 */
import { compact } from "../model/equal";
import { keyOf } from "../model/names";
import type { Constraint, Index, Schema, Table, View } from "../model/schema";

/** The target with everything of the live schema that entities cannot say. Objects are paired by name. */
export function keepUnsaid(target: Schema, live: Schema): Schema {
  const tables = new Map(live.tables.map((table) => [keyOf(table), table]));
  const views = new Map(live.views.map((view) => [keyOf(view), view]));
  return {
    ...target,
    namespaces: [...new Set([...target.namespaces, ...live.namespaces])].toSorted(),
    extensions: joined(target.extensions, live.extensions, ({ name }) => name),
    sequences: joined(target.sequences, live.sequences, keyOf),
    tables: target.tables.map((table) => keepOfTable(table, tables.get(keyOf(table)))),
    views: target.views.map((view) => keepOfView(view, views.get(keyOf(view)))),
  };
}

function joined<T>(target: readonly T[], live: readonly T[], key: (item: T) => string): readonly T[] {
  const said = new Set(target.map(key));
  return [...target, ...live.filter((item) => !said.has(key(item)))];
}

function keepOfTable(target: Table, live: Table | undefined): Table {
  const kept = (live?.constraints ?? []).flatMap((constraint) => {
    const unsaid = unsaidOf(constraint);
    return Object.keys(unsaid).length === 0 ? [] : [[nameKey(constraint), unsaid] as const];
  });
  const indexes = keepOfIndexes(target.indexes, live?.indexes);
  if (kept.length === 0) return indexes === target.indexes ? target : { ...target, indexes };
  const named = new Map(kept);
  const constraints = target.constraints.map((constraint) =>
    constraint.name === undefined ? constraint : { ...named.get(nameKey(constraint)), ...constraint },
  );
  return { ...target, constraints, indexes };
}

/** An index that changes is made anew under its name, and what was said of it with it. */
function keepOfIndexes(target: readonly Index[], live: readonly Index[] = []): readonly Index[] {
  const kept = live.filter(({ storage, comment }) => storage !== undefined || comment !== undefined);
  if (kept.length === 0) return target;
  const named = new Map(kept.map(({ name, storage, comment }) => [name, compact({ storage, comment })]));
  return target.map((index) => ({ ...named.get(index.name), ...index }));
}

function nameKey({ kind, name }: Constraint): string {
  return `${kind} ${name ?? ""}`;
}

/** The properties of a constraint that no decorator of TypeORM takes. */
function unsaidOf(live: Constraint): object {
  const { comment } = live;
  switch (live.kind) {
    case "exclusion":
      return compact({ comment });
    case "primaryKey":
      return compact({
        deferrable: live.deferrable,
        include: live.include,
        clustered: live.clustered,
        comment,
      });
    case "unique":
      return compact({
        nullsNotDistinct: live.nullsNotDistinct,
        include: live.include,
        clustered: live.clustered,
        comment,
      });
    case "check":
      return compact({ notValid: live.notValid, noInherit: live.noInherit, comment });
    case "foreignKey":
      return compact({
        notValid: live.notValid,
        match: live.match,
        onDeleteColumns: live.onDeleteColumns,
        comment,
      });
  }
}

/** A view that changes is made anew, and what hung on it with it. */
function keepOfView(target: View, live: View | undefined): View {
  const indexes = target.indexes && keepOfIndexes(target.indexes, live?.indexes);
  return compact<View>({ ...target, indexes, attachments: target.attachments ?? live?.attachments });
}
