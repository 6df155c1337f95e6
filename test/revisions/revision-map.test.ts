import * as fc from "../arbitrary/fast-check";
import type { ErrorCode } from "../../src/errors";
import type { Revision } from "../../src/revisions/revision";
import {
  appliedBy,
  buildRevisionMap,
  describeRevision,
  directlyAfter,
  directlyBefore,
  revisionOf,
} from "../../src/revisions/revision-map";
import { unknownRows } from "../../src/revisions/standing";
import { failure } from "./failure";
import { closed, graphs, largeGraph, MERGED, revision, SHOP } from "./graphs";

describe("a graph that is none is refused", () => {
  const file = (id: string, name: string, parents: readonly string[] = [], rest: Partial<Revision> = {}) =>
    revision(id, parents, { file: name, ...rest });

  const cases: readonly (readonly [string, readonly Revision[], ErrorCode, string, string | undefined])[] = [
    [
      "two files of one revision",
      [file("a", "one.ts"), file("a", "two.ts")],
      "DUPLICATE_REVISION",
      "two files are revision a: one.ts and two.ts",
      "two.ts",
    ],
    [
      "a missing parent",
      [file("b", "b.ts", ["a"])],
      "MISSING_PARENT",
      "revision b (b.ts) revises a, which is in no file",
      "b.ts",
    ],
    [
      "a missing dependency",
      [file("b", "b.ts", [], { dependsOn: ["net"] })],
      "MISSING_PARENT",
      "revision b (b.ts) depends on net, which is in no file",
      "b.ts",
    ],
    [
      "a revision that revises itself",
      [file("a", "a.ts", ["a"])],
      "REVISION_CYCLE",
      "revision a (a.ts) follows itself",
      "a.ts",
    ],
    [
      "a revision that depends on itself by its label",
      [file("a", "a.ts", [], { labels: ["net"], dependsOn: ["net"] })],
      "REVISION_CYCLE",
      "revision a (a.ts) follows itself",
      "a.ts",
    ],
    [
      "a circle of parents",
      [file("x", "x.ts"), file("a", "a.ts", ["c"]), file("b", "b.ts", ["a"]), file("c", "c.ts", ["b", "x"])],
      "REVISION_CYCLE",
      "these revisions follow each other in a circle: a (a.ts) -> c (c.ts) -> b (b.ts) -> a",
      "a.ts",
    ],
    [
      "a circle of dependencies below a head",
      [file("a", "a.ts", [], { dependsOn: ["b"] }), file("b", "b.ts", ["a"]), file("c", "c.ts", ["b"])],
      "REVISION_CYCLE",
      "these revisions follow each other in a circle: b (b.ts) -> a (a.ts) -> b",
      "b.ts",
    ],
    [
      "a label twice",
      [file("a", "a.ts", [], { labels: ["net"] }), file("b", "b.ts", [], { labels: ["net"] })],
      "DUPLICATE_LABEL",
      'branch label "net" of b (b.ts) is already the label of a (a.ts)',
      "b.ts",
    ],
    [
      "a label that is an id",
      [file("a", "a.ts"), file("b", "b.ts", [], { labels: ["a"] })],
      "DUPLICATE_LABEL",
      'branch label "a" of b (b.ts) is already the id of a revision',
      "b.ts",
    ],
    [
      "a label that is its own id",
      [file("a", "a.ts", [], { labels: ["a"] })],
      "DUPLICATE_LABEL",
      'branch label "a" of a (a.ts) is already the id of a revision',
      "a.ts",
    ],
    ...["", "a@b", "a+b", "a-b", "a:b", "a b", "head", "heads", "base", "current", "a".repeat(129)].map(
      (id) =>
        [
          `the id "${id.slice(0, 9)}"`,
          [file(id, "a.ts")],
          "REVISION_FILE_INVALID",
          `"${id}" cannot be the id of a revision (a.ts)`,
          "a.ts",
        ] as const,
    ),
    ...["", "a@b", "a+b", "a:b", "a b", "v-1", "-a", "head", "base"].map(
      (label) =>
        [
          `the label "${label}"`,
          [file("a", "a.ts", [], { labels: [label] })],
          "REVISION_FILE_INVALID",
          `"${label}" cannot be a branch label (a.ts)`,
          "a.ts",
        ] as const,
    ),
  ];

  test.each(cases)("%s", (_, revisions, code, message, where) => {
    for (const order of [revisions, revisions.toReversed()].slice(0, code === "DUPLICATE_REVISION" ? 1 : 2)) {
      const error = failure(() => buildRevisionMap(order));
      expect(error).toMatchObject({ code, message, file: where });
      expect(error.hint).toMatch(/^[^.]+[^.]$/);
    }
  });

  test("files without a name are named by their id", () => {
    expect(failure(() => buildRevisionMap([revision("b", ["a"])]))).toMatchObject({
      message: "revision b revises a, which is in no file",
      file: undefined,
    });
  });
});

describe("a graph", () => {
  const map = buildRevisionMap(SHOP);

  test("knows its ends, its branch points and its merge points", () => {
    expect(map.heads).toEqual(["2a95", "55af", "d747"]);
    expect(map.realHeads).toEqual(["2a95", "d747"]);
    expect(map.bases).toEqual(["1975", "3cac"]);
    expect(map.branchPoints).toEqual(["1975"]);
    expect(map.mergePoints).toEqual([]);
    expect(buildRevisionMap(MERGED).mergePoints).toEqual(["c1"]);
  });

  test("keeps branches together, parents and dependencies first", () => {
    expect(map.sorted.map(({ id }) => id)).toEqual("3cac 109e 29f8 1975 ae10 55af 2a95 27c6 d747".split(" "));
  });

  test("gives a label to what descends from its revision, and to what leads to it alone", () => {
    expect(map.labelsOf.get("27c6")).toEqual(["shoppingcart"]);
    expect(map.labelsOf.get("d747")).toEqual(["shoppingcart"]);
    expect(map.labelsOf.get("1975")).toEqual([]);
    const line = buildRevisionMap([
      revision("a"),
      revision("b", ["a"]),
      revision("c", ["b"], { labels: ["x"] }),
    ]);
    expect([...line.labelsOf.values()]).toEqual([["x"], ["x"], ["x"]]);
  });

  test("allows a hyphen in a label, and a dependency on a label", () => {
    const built = buildRevisionMap([
      revision("a", [], { labels: ["feature-x"] }),
      revision("b", [], { dependsOn: ["feature-x"] }),
    ]);
    expect(built.labelled.get("feature-x")).toBe("a");
    expect(built.dependencies.get("b")).toEqual(["a"]);
  });

  test("counts a parent that a file names twice once", () => {
    const built = buildRevisionMap([revision("a"), revision("b", ["a", "a"])]);
    expect(built.mergePoints).toEqual([]);
    expect(built.branchPoints).toEqual([]);
    expect(built.byId.get("b")?.parents).toEqual(["a"]);
  });

  test("of nothing is empty", () => {
    expect(buildRevisionMap([])).toMatchObject({ sorted: [], heads: [], realHeads: [], bases: [] });
  });

  test.each([
    ["d747", { isHead: true, isEffectiveHead: false, isBranchPoint: false, isMergePoint: false }],
    ["55af", { isHead: true, isEffectiveHead: true, isBranchPoint: false, isMergePoint: false }],
    ["1975", { isHead: false, isEffectiveHead: false, isBranchPoint: true, isMergePoint: false }],
  ])("says of %s what it is", (id, place) => {
    expect(describeRevision(map, id)).toEqual(place);
  });

  test("says of a merge that it is one", () => {
    expect(describeRevision(buildRevisionMap(MERGED), "c1")).toMatchObject({
      isMergePoint: true,
      isHead: false,
    });
  });

  test("finds rows that it does not know", () => {
    expect(unknownRows(map, ["d747", "ffff", "d74"])).toEqual(["ffff", "d74"]);
    expect(failure(() => revisionOf(map, "ffff"))).toMatchObject({
      code: "UNKNOWN_REVISION",
      message: "there is no revision ffff",
    });
  });

  test("is the same whatever order its files came in", () => {
    fc.assert(
      fc.property(graphs, (revisions) => {
        const sorted = revisions.toSorted((left, right) => (left.id < right.id ? -1 : 1));
        expect(buildRevisionMap(revisions)).toEqual(buildRevisionMap(sorted));
      }),
    );
  });

  test("has everything after what it needs, once, and edges both ways", () => {
    fc.assert(
      fc.property(graphs, (revisions) => {
        const built = buildRevisionMap(revisions);
        const seen = new Set<string>();
        for (const { id } of built.sorted) {
          for (const before of directlyBefore(built, id)) {
            expect(seen.has(before)).toBe(true);
            expect(directlyAfter(built, before)).toContain(id);
          }
          for (const after of directlyAfter(built, id)) expect(directlyBefore(built, after)).toContain(id);
          expect(seen.has(id)).toBe(false);
          seen.add(id);
          expect(appliedBy(built, [id])).toEqual(closed(built, [id]));
        }
        expect(seen.size).toBe(revisions.length);
        expect(appliedBy(built, built.realHeads).size).toBe(revisions.length);
      }),
    );
  });

  test("of 10,000 revisions is built in no time", () => {
    const revisions = largeGraph(10_000);
    const start = process.cpuUsage();
    const built = buildRevisionMap(revisions);
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(600);
    expect(built.sorted).toHaveLength(10_000);
  });
});
