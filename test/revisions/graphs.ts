import * as fc from "../arbitrary/fast-check";
import type { Plan, Revision, RevisionId } from "../../src/revisions/revision";
import { buildRevisionMap, directlyAfter } from "../../src/revisions/revision-map";
import type { RevisionMap } from "../../src/revisions/revision-map";

/** A revision with only what a test is about. */
export function revision(
  id: string,
  parents: readonly string[] = [],
  rest: Partial<Revision> = {},
): Revision {
  return { id, parents, dependsOn: [], labels: [], message: "", ...rest };
}

/** The ids in a text that separates them by spaces. */
export function words(text: string): readonly string[] {
  return text === "" ? [] : text.split(" ");
}

/** The ids of a plan's steps, in their order. */
export function idsOf({ steps }: Plan): string {
  return steps.map((step) => step.revision.id).join(" ");
}

/** The example of Alembic's manual: a shopping cart, and a network that depends on another branch. */
export const SHOP: readonly Revision[] = [
  revision("1975"),
  revision("ae10", ["1975"]),
  revision("55af", ["ae10"]),
  revision("27c6", ["1975"], { labels: ["shoppingcart"] }),
  revision("d747", ["27c6"]),
  revision("3cac", [], { labels: ["networking"] }),
  revision("109e", ["3cac"]),
  revision("29f8", ["109e"]),
  revision("2a95", ["29f8"], { dependsOn: ["55af"] }),
];

/** Two branches that meet, and one more revision above them. */
export const MERGED: readonly Revision[] = [
  revision("a1"),
  revision("b1", ["a1"]),
  revision("b2", ["a1"]),
  revision("c1", ["b1", "b2"]),
  revision("d1", ["c1"]),
];

/** Random graphs with branches, merges and dependencies, in a random order. */
export const graphs: fc.Arbitrary<readonly Revision[]> = fc
  .array(
    fc.record({
      parents: fc.array(fc.nat(), { maxLength: 2 }),
      dependsOn: fc.array(fc.nat(), { maxLength: 1 }),
      isBase: fc.boolean(),
      weight: fc.nat(),
    }),
    { minLength: 1, maxLength: 14 },
  )
  .chain((nodes) => {
    const revisions = nodes.map(({ parents, dependsOn, isBase }, index) => {
      const before = (choices: readonly number[]): readonly string[] =>
        index === 0 ? [] : [...new Set(choices.map((choice) => `r${choice % index}`))];
      return revision(`r${index}`, isBase && index % 3 === 0 ? [] : before(parents), {
        dependsOn: before(dependsOn),
      });
    });
    return fc.shuffledSubarray(revisions, { minLength: revisions.length });
  });

/** A random graph with the rows of a database that has applied some of it. */
export const databases: fc.Arbitrary<{ readonly map: RevisionMap; readonly rows: readonly RevisionId[] }> =
  graphs.chain((revisions) => {
    const map = buildRevisionMap(revisions);
    return fc.subarray([...map.byId.keys()]).map((ids) => ({ map, rows: rowsOf(map, closed(map, ids)) }));
  });

/** All that must be applied for some revisions to be: the long way, for comparison. */
export function closed(map: RevisionMap, ids: Iterable<RevisionId>): ReadonlySet<RevisionId> {
  const result = new Set<RevisionId>();
  const add = (id: RevisionId): void => {
    if (result.has(id)) return;
    result.add(id);
    for (const other of [...(map.byId.get(id)?.parents ?? []), ...(map.dependencies.get(id) ?? [])])
      add(other);
  };
  for (const id of ids) add(id);
  return result;
}

/** The heads of what is applied: the rows that a database should have. */
export function rowsOf(map: RevisionMap, applied: ReadonlySet<RevisionId>): readonly RevisionId[] {
  return [...applied].filter((id) => !directlyAfter(map, id).some((other) => applied.has(other))).sort();
}

/** `count` revisions: six branches at a time over a common base, merged again, with some dependencies. */
export function largeGraph(count: number): readonly Revision[] {
  return Array.from({ length: count }, (_, index) => {
    const place = index % 7;
    const id = (at: number): string => `r${String(at).padStart(6, "0")}`;
    if (index === 0) return revision(id(0));
    if (place === 0)
      return revision(
        id(index),
        [6, 5, 4, 3, 2, 1].map((back) => id(index - back)),
      );
    if (place === 6) return revision(id(index), [id(index - 6)], { dependsOn: [id(index - 1)] });
    return revision(id(index), [id(index - place)]);
  });
}
