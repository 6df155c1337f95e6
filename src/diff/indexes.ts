import { fingerprint } from "../model/equal";
import { qualified } from "../model/names";
import type { Index, Table } from "../model/schema";
import type { Operation } from "../operations/operation";
import { unpaired } from "./constraints";
import { match } from "./match";

/** Indexes of a table; one of equal content under another name is renamed in place, or left alone. */
export function diffIndexes(
  from: Pick<Table, "schema" | "name" | "indexes">,
  to: Pick<Table, "schema" | "name" | "indexes">,
  options: { readonly names: "strategy" | "content" },
): readonly Operation[] {
  const table = qualified(to);
  const { added, removed } = match(from.indexes, to.indexes, (index) => `${index.name} ${content(index)}`);
  const byContent = match(removed, added, content);
  const paired = byContent.kept;
  return [
    ...unpaired(
      removed,
      paired.map((pair) => pair.from),
    ).map((was): Operation => ({
      kind: "dropIndex",
      table,
      name: was.name,
      was,
    })),
    ...(options.names === "content" ? [] : paired).map((pair): Operation => ({
      kind: "renameIndex",
      table,
      from: pair.from.name,
      to: pair.to.name,
      was: pair.from,
    })),
    ...unpaired(
      added,
      paired.map((pair) => pair.to),
    ).map((index): Operation => ({ kind: "createIndex", table, index })),
  ];
}

function content({ name, storage, ...rest }: Index): string {
  return fingerprint(rest);
}
