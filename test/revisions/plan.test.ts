import { historyRange, planDowngrade, planStamp, planUpgrade } from "../../src/revisions/plan";
import { buildRevisionMap } from "../../src/revisions/revision-map";
import { parseRange } from "../../src/revisions/target";
import { failure } from "./failure";
import { idsOf, MERGED, revision, SHOP, words } from "./graphs";

const shop = buildRevisionMap(SHOP);
const merged = buildRevisionMap(MERGED);

describe("an upgrade of the shop", () => {
  test.each([
    ["", "heads", "3cac 109e 29f8 1975 ae10 55af 2a95 27c6 d747", "2a95 d747"],
    ["2a95", "heads", "27c6 d747", "2a95 d747"],
    ["2a95", "1975", "", "2a95"],
    ["2a95", "base", "", "2a95"],
    ["2a95", "current", "", "2a95"],
    ["", "shoppingcart", "1975 27c6", "27c6"],
    ["", "networking@head", "3cac 109e 29f8 1975 ae10 55af 2a95", "2a95"],
    ["", "networking@29f8", "3cac 109e 29f8", "29f8"],
    ["2a95", "shoppingcart@+1", "27c6", "27c6 2a95"],
    ["27c6 ae10", "shoppingcart@+1", "d747", "ae10 d747"],
    ["27c6 ae10", "networking@+1", "3cac", "27c6 3cac ae10"],
    ["1975", "ae10+1", "ae10 55af", "55af"],
    ["1975", "shoppingcart@1975+1", "27c6", "27c6"],
    ["1975", "55af-1", "ae10", "ae10"],
    ["1975", "shoppingcart@head-1", "27c6", "27c6"],
    ["1975", "current+0", "", "1975"],
    ["", "networking@base+1", "3cac", "3cac"],
    ["", "27c6 55af", "1975 ae10 55af 27c6", "27c6 55af"],
    ["", "1975 27c6", "1975 27c6", "27c6"],
  ])("from {%s} to %s runs {%s} and ends at {%s}", (rows, targets, steps, heads) => {
    const plan = planUpgrade(shop, words(rows), words(targets));
    expect([words(idsOf(plan)).toSorted(), plan.heads]).toEqual([words(steps).toSorted(), words(heads)]);
  });

  test("carries the version rows before and after each step", () => {
    const { steps } = planUpgrade(shop, ["29f8", "ae10"], ["2a95"]);
    expect(steps.map(({ revision: { id }, before, after }) => [id, before, after])).toEqual([
      ["55af", ["29f8", "ae10"], ["29f8", "55af"]],
      ["2a95", ["29f8", "55af"], ["2a95"]],
    ]);
  });

  test("through a merge of which one parent is an ancestor of a dependency works", () => {
    // Alembic ends with a KeyError here, after the body of d has run.
    const map = buildRevisionMap([
      revision("a"),
      revision("b", [], { dependsOn: ["a"] }),
      revision("c"),
      revision("d", ["a", "c"], { dependsOn: ["b"] }),
    ]);
    const up = planUpgrade(map, ["b", "c"], ["d"]);
    expect(up.steps.at(-1)).toMatchObject({ before: ["b", "c"], after: ["d"] });
    expect(planDowngrade(map, ["d"], "c")).toMatchObject({ heads: ["b", "c"] });
  });
});

describe("a downgrade of the shop", () => {
  test.each([
    ["2a95 d747", "base", "d747 27c6 2a95 55af ae10 1975 29f8 109e 3cac", ""],
    ["2a95 d747", "27c6", "d747", "27c6 2a95"],
    ["2a95 d747", "ae10", "2a95 55af", "29f8 ae10 d747"],
    ["2a95 d747", "1975", "d747 27c6 2a95 55af ae10", "1975 29f8"],
    ["2a95 d747", "shoppingcart@1975", "d747 27c6", "2a95"],
    ["2a95 d747", "networking@base", "2a95 29f8 109e 3cac", "55af d747"],
    ["2a95 d747", "networking@-1", "2a95", "29f8 55af d747"],
    ["2a95 d747", "2a95-2", "2a95 29f8", "109e 55af d747"],
    ["2a95 d747", "shoppingcart@head-1", "d747", "27c6 2a95"],
    ["2a95 d747", "d747", "", "2a95 d747"],
    ["27c6", "27c6-1", "27c6", "1975"],
    ["27c6", "-1", "27c6", "1975"],
    ["27c6", "-2", "27c6 1975", ""],
    ["", "base", "", ""],
  ])("from {%s} to %s runs {%s} and ends at {%s}", (rows, target, steps, heads) => {
    const plan = planDowngrade(shop, words(rows), target);
    expect([words(idsOf(plan)).toSorted(), plan.heads]).toEqual([words(steps).toSorted(), words(heads)]);
  });

  test("to one side of a merge leaves the other side", () => {
    const plan = planDowngrade(merged, ["c1"], "b1");
    expect(plan.steps).toMatchObject([{ before: ["c1"], after: ["b1", "b2"], revision: { id: "c1" } }]);
  });
});

describe("a stamp of the shop", () => {
  test.each([
    ["", "heads", "2a95 d747"],
    ["2a95 d747", "base", ""],
    ["2a95 d747", "27c6", "27c6 2a95"],
    ["2a95 d747", "shoppingcart@base", "2a95"],
    ["27c6 ae10", "shoppingcart@head", "ae10 d747"],
    ["27c6 ae10", "27c6 55af", "27c6 55af"],
    ["27c6 ae10", "1975 27c6", "27c6"],
    ["2a95 d747", "27c6 55af", "27c6 55af"],
    ["27c6", "current", "27c6"],
    ["27c6", "networking", "27c6 3cac"],
    ["27c6", "base networking", "3cac"],
  ])("of {%s} with {%s} ends at {%s}", (rows, targets, after) => {
    expect(planStamp(shop, words(rows), words(targets))).toEqual({
      before: words(rows).toSorted(),
      after: words(after),
    });
  });

  test("with purge forgets rows that no file knows, and keeps no row that another implies", () => {
    expect(planStamp(shop, ["ffff"], ["1975", "27c6"], { purge: true })).toEqual({
      before: ["ffff"],
      after: ["27c6"],
    });
  });
});

describe("a range of the history of the shop", () => {
  const current = ["27c6"];
  test.each([
    [":", "d747 27c6 2a95 55af ae10 1975 29f8 109e 3cac"],
    ["1975:ae10", "ae10 1975"],
    [":ae10", "ae10 1975"],
    ["base:ae10", "ae10 1975"],
    ["27c6:", "d747 27c6"],
    ["27c6:heads", "d747 27c6"],
    ["ae10:", "2a95 55af ae10"],
    ["current:", "d747 27c6"],
    [":current", "27c6 1975"],
    ["-1:current", "27c6 1975"],
    ["-9:current", "27c6 1975"],
    ["-1:heads", "d747 27c6 2a95 29f8"],
    ["-2:networking@head", "2a95 29f8 109e"],
    ["current:shoppingcart@head", "d747 27c6"],
    ["current:+1", "d747 27c6"],
    ["109e:+1", "29f8 109e"],
    ["109e:29f8+1", "2a95 29f8 109e"],
    ["109e+1:+1", "2a95 29f8"],
    [":shoppingcart@head-1", "27c6 1975"],
    ["shoppingcart@base:", "d747 27c6 1975"],
    ["networking@base:", "2a95 29f8 109e 3cac"],
    ["networking@109e:", "2a95 29f8 109e"],
    ["networking@base:networking@+2", "109e 3cac"],
    ["shoppingcart@base:shoppingcart", "27c6 1975"],
  ])("%s", (range, ids) => {
    expect(historyRange(shop, parseRange(range), current)).toEqual(words(ids));
  });

  test("that starts below a merge has both sides", () => {
    expect(historyRange(merged, parseRange("-3:"), undefined)).toEqual(words("d1 c1 b2 b1 a1"));
    expect(historyRange(merged, parseRange("-2:"), undefined)).toEqual(words("d1 c1 b2 b1"));
  });

  test("asks for the database where it says `current`", () => {
    expect(failure(() => historyRange(shop, { from: "current" }, undefined)).code).toBe("INVALID_TARGET");
    expect(historyRange(shop, { to: "current" }, [])).toEqual([]);
    expect(historyRange(shop, { from: "current" }, [])).toHaveLength(9);
  });
});
