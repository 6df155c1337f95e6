import type { ErrorCode } from "../../src/errors";
import { buildRevisionMap } from "../../src/revisions/revision-map";
import { isRange, parseIdentifier, parseRange, resolve } from "../../src/revisions/target";
import type { Identifier, Range } from "../../src/revisions/target";
import { failure } from "./failure";
import { MERGED, revision, SHOP } from "./graphs";

const map = buildRevisionMap(SHOP);

describe("an identifier is taken apart", () => {
  const cases: readonly (readonly [string, Omit<Identifier, "text">])[] = [
    ["1975", { symbol: "1975" }],
    ["head", { symbol: "head" }],
    ["net@head", { label: "net", symbol: "head" }],
    ["+2", { steps: 2 }],
    ["-1", { steps: -1 }],
    ["net@+2", { label: "net", steps: 2 }],
    ["net@-2", { label: "net", steps: -2 }],
    ["ae10+2", { symbol: "ae10", steps: 2 }],
    ["head-1", { symbol: "head", steps: -1 }],
    ["net@ae10+2", { label: "net", symbol: "ae10", steps: 2 }],
    ["feature-x", { symbol: "feature-x" }],
    ["feature-x@head", { label: "feature-x", symbol: "head" }],
    ["feature-x+1", { symbol: "feature-x", steps: 1 }],
    ["feature-x@-1", { label: "feature-x", steps: -1 }],
  ];
  test.each(cases)("%s", (text, parts) => {
    expect(parseIdentifier(text)).toEqual({ text, ...parts });
  });

  test.each(["", "net@", "@head", "@", "a:b", "a@b:c"])("but not %j", (text) => {
    expect(failure(() => parseIdentifier(text))).toMatchObject({
      code: "INVALID_TARGET",
      message: `"${text}" is not a revision`,
      hint: "type an id, a part of one, a label, head, heads, base, +N, -N, or label@head",
    });
  });
});

describe("a range is taken apart", () => {
  const cases: readonly (readonly [string, Range])[] = [
    ["a:b", { from: "a", to: "b" }],
    ["a:", { from: "a" }],
    [":b", { to: "b" }],
    [":", {}],
    ["-3:current", { from: "-3", to: "current" }],
    ["net@base:net@+2", { from: "net@base", to: "net@+2" }],
  ];
  test.each(cases)("%s", (text, range) => {
    expect(isRange(text)).toBe(true);
    expect(parseRange(text)).toEqual(range);
  });

  test.each(["a:b:c", "a", ""])("but not %j", (text) => {
    expect(failure(() => parseRange(text))).toMatchObject({
      code: "INVALID_TARGET",
      message: `"${text}" is not a range`,
      hint: "write start:end, start: or :end",
    });
  });
});

describe("what an identifier means", () => {
  test.each([
    ["ae10", "ae10"],
    ["ae", "ae10"],
    ["heads", "2a95 d747"],
    ["base", ""],
    ["shoppingcart", "27c6"],
    ["shoppingcart@head", "d747"],
    ["shoppingcart@heads", "d747"],
    ["shoppingcart@base", ""],
    ["shoppingcart@1975", "1975"],
    ["shoppingcart@2", "27c6"],
    ["ae10@head", "55af"],
    ["1975@heads", "55af d747"],
    ["-1", "27c6 29f8"],
    ["networking@-2", "109e"],
    ["-9", ""],
    ["current", "27c6 ae10"],
    ["ae10@current", "ae10"],
    ["shop@current", "27c6"],
  ])("%s is %s", (text, ids) => {
    const labelled = buildRevisionMap([
      ...SHOP.filter(({ id }) => id !== "27c6"),
      revision("27c6", ["1975"], { labels: ["shoppingcart", "shop"] }),
    ]);
    const expected = ids === "" ? [] : ids.split(" ");
    expect([...resolve(labelled, text, { current: ["27c6", "ae10"] })].sort()).toEqual(expected);
  });

  const twins = buildRevisionMap([
    ...Array.from({ length: 12 }, (_, index) => revision(`abc${String(index).padStart(2, "0")}`)),
    revision("f1"),
    revision("f2"),
  ]);
  const errors: readonly (readonly [string, typeof map, ErrorCode, string, string])[] = [
    [
      "head",
      map,
      "MULTIPLE_HEADS",
      '"head" could be any of 3 heads: 2a95 (networking), 55af, d747 (shoppingcart)',
      "name one, or `heads` for all, or merge them with `limbeck merge heads`",
    ],
    [
      "1975@head",
      map,
      "MULTIPLE_HEADS",
      '"1975@head" could be any of 2 heads: 55af, d747 (shoppingcart)',
      "name one, or `1975@heads` for all, or merge them with `limbeck merge 1975@heads`",
    ],
    [
      "ffff",
      map,
      "UNKNOWN_REVISION",
      'there is no revision or label "ffff"',
      "the heads are 2a95, 55af, d747; `limbeck history` lists all",
    ],
    [
      "ffff@head",
      map,
      "UNKNOWN_REVISION",
      'there is no revision or label "ffff"',
      "the heads are 2a95, 55af, d747; `limbeck history` lists all",
    ],
    [
      "a1",
      buildRevisionMap([]),
      "UNKNOWN_REVISION",
      'there is no revision or label "a1"',
      "there are no revisions yet; `limbeck history` lists all",
    ],
    [
      "networking@ae10",
      map,
      "UNKNOWN_REVISION",
      'revision ae10 is not on the branch "networking"',
      "that branch has the heads 2a95",
    ],
    [
      "networking@ae",
      map,
      "UNKNOWN_REVISION",
      'revision ae10 is not on the branch "networking"',
      "that branch has the heads 2a95",
    ],
    ["f", twins, "AMBIGUOUS_REVISION", '2 revisions begin with "f": f1, f2', "type more of the id"],
    [
      "abc",
      twins,
      "AMBIGUOUS_REVISION",
      '12 revisions begin with "abc": abc00, abc01, abc02, abc03, abc04, abc05, abc06, abc07, abc08, abc09, ...',
      "type more of the id",
    ],
    [
      "+1",
      map,
      "UNKNOWN_REVISION",
      '"+1" is relative, and there is nothing here to count from',
      "type the id itself; relative ones work in upgrade, downgrade and history",
    ],
    [
      "head-1",
      map,
      "UNKNOWN_REVISION",
      '"head-1" is relative, and there is nothing here to count from',
      "type the id itself; relative ones work in upgrade, downgrade and history",
    ],
    [
      "-2",
      buildRevisionMap(MERGED),
      "INVALID_TARGET",
      "-2 could go several ways below the merge c1: b1, b2",
      "type the id itself",
    ],
    [
      "current",
      map,
      "INVALID_TARGET",
      "`current` needs a database to ask",
      "type the id; `limbeck current` tells it",
    ],
  ];
  test.each(errors)("%s is refused", (text, graph, code, message, hint) => {
    const error = failure(() => resolve(graph, text));
    expect({ code: error.code, message: error.message, hint: error.hint }).toEqual({ code, message, hint });
  });
});
