import { fingerprint } from "../model/equal";
import { qualified } from "../model/names";
import type { Index, Table } from "../model/schema";
import type { Operation } from "../operations/operation";
import { unpaired } from "./constraints";
import { byName, match } from "./match";

/** Indexes of a table; one of equal content under another name is renamed in place, or left alone. */
export function diffIndexes(
  from: Pick<Table, "schema" | "name" | "indexes">,
  to: Pick<Table, "schema" | "name" | "indexes">,
  options: { readonly names: "strategy" | "content" },
): readonly Operation[] {
  const table = qualified(to);
  const exactly = (index: Index): string => `${index.name} ${content(index)}`;
  const { added, removed: gone } = match(from.indexes, to.indexes, exactly);
  const removed = byName(gone);
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

function content({ name, storage, invisible, comment, ...rest }: Index): string {
  return fingerprint(rest);
}
