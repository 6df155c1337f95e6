import * as fc from "../arbitrary/fast-check";
import { runInNewContext } from "node:vm";
import { renderString, renderValue } from "../../src/render/literal";

/** What the source means to JavaScript. */
function evaluate(source: string): unknown {
  return JSON.parse(runInNewContext(`JSON.stringify(${source})`) as string);
}

describe("a rendered value", () => {
  it("means the same value", () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(evaluate(renderValue(JSON.parse(json)))).toEqual(JSON.parse(json));
      }),
    );
  });

  it("keeps every character of a text", () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("\n", "\r\n", "`", "${", "\\", "$", "{", "\u2028"),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        expect(runInNewContext(renderString(pieces.join("")))).toBe(pieces.join(""));
      }),
    );
  });

  it.each([
    ["a text", "it's", `"it's"`],
    ["a text of several lines", "SELECT 1\nFROM `a${b}`", "`SELECT 1\nFROM \\`a\\${b}\\``"],
    ["a number below zero", -1.5, "-1.5"],
    ["minus zero", -0, "-0"],
    ["a whole number beyond 2^53", 9007199254740993n, "9007199254740993n"],
    ["nothing", null, "null"],
    ["SQL", () => "now()", '() => "now()"'],
    ["a date", new Date(0), 'new Date("1970-01-01T00:00:00.000Z")'],
    ["bytes", new Uint8Array([0, 255]), "new Uint8Array([0, 255])"],
    ["a list", ["a", 1], '["a", 1]'],
    [
      "an object with awkward keys",
      { a: 1, "b c": 2, größe: 3, 4: 4 },
      '{ "4": 4, a: 1, "b c": 2, "größe": 3 }',
    ],
    ["an object with something undefined", { a: undefined, b: 1 }, "{ b: 1 }"],
    ["an object with nothing", {}, "{}"],
    ["a key that would be the prototype", JSON.parse('{"__proto__":1}'), '{ ["__proto__"]: 1 }'],
  ])("is short and plain: %s", (_title, value, source) => {
    expect(renderValue(value)).toBe(source);
  });
});
