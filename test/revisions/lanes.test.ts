import { drawLanes } from "../../src/revisions/lanes";
import { buildRevisionMap } from "../../src/revisions/revision-map";
import type { Revision } from "../../src/revisions/revision";
import { MERGED, revision, SHOP } from "./graphs";

function drawn(revisions: readonly Revision[]): string {
  const nodes = buildRevisionMap(revisions)
    .sorted.toReversed()
    .map(({ id, parents }) => ({ id, parents }));
  return drawLanes(nodes, () => "*")
    .map(({ id, text }) => `${text}${id === undefined ? "" : ` ${id}`}`.trimEnd())
    .join("\n");
}

test.each<readonly [string, readonly Revision[], string]>([
  ["nothing", [], ""],
  ["one line", [revision("a"), revision("b", ["a"])], "* b\n* a"],
  ["two lines that never meet, apart", [revision("a"), revision("b")], "* b\n\n* a"],
  [
    "a branch that is merged again",
    MERGED,
    `
* d1
* c1
├─╮
│ * b2
* │ b1
├─╯
* a1`,
  ],
  [
    "branches of the shop, with a base of its own between them",
    SHOP,
    `
* d747
* 27c6
│ * 2a95
│ │ * 55af
│ │ * ae10
├─┼─╯
* │ 1975
  * 29f8
  * 109e
  * 3cac`,
  ],
  [
    "a merge of three",
    [revision("a"), ...["b", "c", "d"].map((id) => revision(id, ["a"])), revision("e", ["b", "c", "d"])],
    `
* e
├─╮
├─┼─╮
│ │ * d
│ * │ c
* │ │ b
├─╯ │
├───╯
* a`,
  ],
  [
    "a merge with a line that is drawn already",
    [
      revision("a"),
      revision("b", ["a"]),
      revision("c", ["a"]),
      revision("m", ["b", "c"]),
      revision("n", ["c"]),
    ],
    `
* n
│ * m
├─┤
* │ c
│ * b
├─╯
* a`,
  ],
])("draws %s", (_name, revisions, text) => {
  expect(drawn(revisions)).toBe(text.replace(/^\n/, ""));
});
