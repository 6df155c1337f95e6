/** What must be true of every graph, also of those on which Alembic ends with a KeyError. */
import * as fc from "../arbitrary/fast-check";
import { planDowngrade, planStamp, planUpgrade } from "../../src/revisions/plan";
import { planRebase } from "../../src/revisions/rebase";
import type { Plan, RevisionId } from "../../src/revisions/revision";
import { appliedBy, directlyBefore } from "../../src/revisions/revision-map";
import type { RevisionMap } from "../../src/revisions/revision-map";
import { drawLanes } from "../../src/revisions/lanes";
import { closed, databases, rowsOf } from "./graphs";

const someTarget = databases.chain(({ map, rows }) =>
  fc.constantFrom(...map.byId.keys()).map((target) => ({ map, rows, target })),
);

/** Follows a plan over sets, the long way, and looks at every step. */
function follow(
  map: RevisionMap,
  rows: readonly RevisionId[],
  { steps, heads }: Plan,
): ReadonlySet<RevisionId> {
  const applied = new Set(closed(map, rows));
  for (const { direction, revision, before, after } of steps) {
    expect(before).toEqual(rowsOf(map, applied));
    expect(applied.has(revision.id)).toBe(direction === "down");
    if (direction === "up") {
      for (const other of directlyBefore(map, revision.id)) expect(applied).toContain(other);
      applied.add(revision.id);
    } else {
      applied.delete(revision.id);
      for (const other of applied) expect(directlyBefore(map, other)).not.toContain(revision.id);
    }
    expect(after).toEqual(rowsOf(map, applied));
  }
  expect(heads).toEqual(rowsOf(map, applied));
  return applied;
}

test("an upgrade applies exactly what its target needs, one valid step after another", () => {
  fc.assert(
    fc.property(someTarget, ({ map, rows, target }) => {
      const applied = follow(map, rows, planUpgrade(map, rows, [target]));
      expect(applied).toEqual(new Set([...closed(map, rows), ...closed(map, [target])]));
    }),
    { numRuns: 300 },
  );
});

test("an upgrade to the heads applies everything, and its rows are the real heads", () => {
  fc.assert(
    fc.property(databases, ({ map, rows }) => {
      const plan = planUpgrade(map, rows, ["heads"]);
      expect(follow(map, rows, plan).size).toBe(map.byId.size);
      expect(plan.heads).toEqual(map.realHeads.toSorted());
    }),
    { numRuns: 300 },
  );
});

test("a downgrade takes away its target's children and all that stands on them, and nothing else", () => {
  fc.assert(
    fc.property(someTarget, ({ map, rows, target }) => {
      fc.pre(closed(map, rows).has(target));
      const before = closed(map, rows);
      const children = (map.children.get(target) ?? []).filter((id) => before.has(id));
      fc.pre(children.length > 0);
      const applied = follow(map, rows, planDowngrade(map, rows, target));
      const expected = [...before].filter((id) => !children.some((child) => closed(map, [id]).has(child)));
      expect([...applied].toSorted()).toEqual(expected.toSorted());
    }),
    { numRuns: 300 },
  );
});

test("up and down again is where it was", () => {
  fc.assert(
    fc.property(databases, ({ map, rows }) => {
      const up = planUpgrade(map, rows, ["heads"]);
      const down = planDowngrade(map, up.heads, "base");
      expect(down.heads).toEqual([]);
      expect(planUpgrade(map, down.heads, ["heads"]).heads).toEqual(up.heads);
      expect(planUpgrade(map, [], rows).heads).toEqual(rows);
      // Every single step is undone by its own way back.
      for (const { before, after, revision } of up.steps) {
        expect(rowsOf(map, new Set([...appliedBy(map, after)].filter((id) => id !== revision.id)))).toEqual(
          before,
        );
      }
    }),
    { numRuns: 200 },
  );
});

test("a stamp of any revisions has no row that another implies, and loses none of them", () => {
  const several = databases.chain(({ map, rows }) =>
    fc.subarray([...map.byId.keys()], { minLength: 1 }).map((targets) => ({ map, rows, targets })),
  );
  fc.assert(
    fc.property(several, fc.boolean(), ({ map, rows, targets }, purge) => {
      const { after } = planStamp(map, rows, targets, { purge });
      const applied = closed(map, after);
      expect(after).toEqual(rowsOf(map, applied));
      for (const target of targets) expect(applied).toContain(target);
      if (purge) expect(applied).toEqual(closed(map, targets));
    }),
    { numRuns: 300 },
  );
});

test("a rebase takes nothing away from what any revision needs but the branch's own beginning, and joins two heads", () => {
  const twoHeads = databases.filter(({ map }) => map.heads.length > 1);
  fc.assert(
    fc.property(twoHeads, fc.nat(), fc.nat(), ({ map }, left, right) => {
      const branch = map.heads[left % map.heads.length] ?? "";
      const onto = map.heads[right % map.heads.length] ?? "";
      fc.pre(branch !== onto);
      let rebased: ReturnType<typeof planRebase>;
      try {
        rebased = planRebase(map, branch, onto);
      } catch (error) {
        expect((error as { readonly code: string }).code).toMatch(/^(?:INVALID_TARGET|REVISION_CYCLE)$/);
        return;
      }
      expect(closed(rebased.map, [branch])).toEqual(
        new Set([...closed(map, [branch]), ...closed(map, [onto])]),
      );
      expect(rebased.map.heads).toEqual(map.heads.filter((head) => head !== onto));
    }),
    { numRuns: 200 },
  );
});

test("a drawing has each revision once, below all that descends from it, in its own column", () => {
  fc.assert(
    fc.property(databases, ({ map }) => {
      const nodes = map.sorted.toReversed().map(({ id, parents }) => ({ id, parents }));
      const rows = drawLanes(nodes, () => "*");
      expect(rows.flatMap(({ id }) => id ?? [])).toEqual(nodes.map(({ id }) => id));
      for (const { id, text } of rows)
        expect((text.match(/\*/g) ?? []).length).toBe(id === undefined ? 0 : 1);
    }),
  );
});
