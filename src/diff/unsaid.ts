/**
 * What entities have no words for stays as the database has it: a schema read from entities is silent about it, and
 * silence is no wish to drop it. Pure, like the rest of the comparison.
 */
import { compact } from "../model/equal";
import { keyOf } from "../model/names";
import type { Constraint, Schema, Table, View } from "../model/schema";

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
  if (live === undefined) return target;
  const named = new Map(live.constraints.map((constraint) => [nameKey(constraint), constraint]));
  return {
    ...target,
    constraints: target.constraints.map((constraint) => ({
      ...unsaidOf(constraint.name === undefined ? undefined : named.get(nameKey(constraint))),
      ...constraint,
    })),
  };
}

function nameKey({ kind, name }: Constraint): string {
  return `${kind} ${name ?? ""}`;
}

/** The properties of a constraint that no decorator of TypeORM takes. */
function unsaidOf(live: Constraint | undefined): object {
  switch (live?.kind) {
    case undefined:
    case "exclusion":
      return {};
    case "primaryKey":
      return compact({ deferrable: live.deferrable, include: live.include, clustered: live.clustered });
    case "unique":
      return compact({
        nullsNotDistinct: live.nullsNotDistinct,
        include: live.include,
        clustered: live.clustered,
      });
    case "check":
      return compact({ notValid: live.notValid, noInherit: live.noInherit });
    case "foreignKey":
      return compact({ notValid: live.notValid, match: live.match, onDeleteColumns: live.onDeleteColumns });
  }
}

/** A view that changes is made anew, and what hung on it with it. */
function keepOfView(target: View, live: View | undefined): View {
  return live?.attachments === undefined ? target : { ...target, attachments: live.attachments };
}
