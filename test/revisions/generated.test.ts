/** The short way and the long way must say the same; the short way may say nothing. */
import * as fc from "../arbitrary/fast-check";
import { readGenerated } from "../../src/revisions/generated";
import { scanRevision } from "../../src/revisions/scan";

const HEAD = `/**
 * add account table
 *
 * Revision ID: a1
 */
import type { Operations } from "limbeck";

`;
const CONSTANTS = [
  `export const revision = "a1";`,
  `export const downRevision = null;`,
  `export const branchLabels = null;`,
  `export const dependsOn = null;`,
  `export const message = "add account table";`,
].join("\n");
const BODY = `\n\nexport async function upgrade(op: Operations): Promise<void> {}\n`;
const plain = {
  revision: "a1",
  downRevision: [],
  branchLabels: [],
  dependsOn: [],
  message: "add account table",
};

const COMMONJS = `/**
 * add account table
 */
${CONSTANTS.replaceAll("export const ", "exports.")}

/** @param {import("limbeck").Operations} op */
exports.upgrade = async function upgrade(op) {};
`;

test.each<[string, string, object]>([
  ["in CommonJS as revision writes it", COMMONJS, plain],
  [
    "of a merge in CommonJS",
    COMMONJS.replace("= null", '= ["a", "b"]'),
    { ...plain, downRevision: ["a", "b"] },
  ],
  ["as revision writes it", HEAD + CONSTANTS + BODY, plain],
  ["without semicolons", (HEAD + CONSTANTS + BODY).replaceAll(";", ""), plain],
  ["with single quotes", (HEAD + CONSTANTS + BODY).replaceAll('"', "'"), plain],
  [
    "of a merge",
    (HEAD + CONSTANTS + BODY).replace("= null", '= ["a", "b"]'),
    { ...plain, downRevision: ["a", "b"] },
  ],
  [
    "of a merge over several lines",
    (HEAD + CONSTANTS + BODY).replace("= null", '= [\n  "a",\n  "b",\n]'),
    { ...plain, downRevision: ["a", "b"] },
  ],
  ["with Windows line ends", (HEAD + CONSTANTS + BODY).replaceAll("\n", "\r\n"), plain],
  [
    "with a parent",
    (HEAD + CONSTANTS + BODY).replace("= null", '= "ae"'),
    { ...plain, downRevision: ["ae"] },
  ],
])("a file %s is read the short way, and the long way says the same", (_name, source, constants) => {
  expect(readGenerated(source)).toEqual(constants);
  // Another statement before the constants makes the short way give up.
  expect(scanRevision(`const before = 1;\n${source}`)).toEqual({ kind: "revision", constants });
});

test.each([
  ["has a computed value", (HEAD + CONSTANTS + BODY).replace('"a1"', '"a" + "1"')],
  ["goes on after its message", (HEAD + CONSTANTS + BODY).replace(' table";', ' table"\n  + "s";')],
  ["has an escape", (HEAD + CONSTANTS + BODY).replace('"add account', '"add \\n account')],
  ["has its constants in a comment", `/* ${CONSTANTS} */`],
  ["has its constants in another order", HEAD + CONSTANTS.split("\n").reverse().join("\n") + BODY],
  ["gives a constant again", `${COMMONJS}exports.revision = "b2";`],
  ["gives a constant again at once", COMMONJS.replace("exports.upgrade", 'exports.revision = "b2";\n$&')],
  ["hands its exports on", `${COMMONJS}change(exports);`],
  ["exports something else at last", `${COMMONJS}module.exports = { revision: "b2" };`],
  ["imports something that runs", `import "./elsewhere";\n${HEAD}${CONSTANTS}${BODY}`],
])("a file that %s is left to the long way", (_name, source) => {
  expect(readGenerated(source)).toBeUndefined();
});

test("whatever it reads, the long way reads the same", () => {
  const piece = fc.constantFrom(
    ...CONSTANTS.split("\n"),
    "\n",
    ";",
    " ",
    "/* a */",
    "// b\n",
    `import type { Operations } from "limbeck";`,
    `export const downRevision = ["a", 'b'];`,
    `export const message = "x"`,
    `exports.revision = "a1";`,
    `exports.downRevision = null;`,
    "export",
    "+ 1",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const source = pieces.join("\n");
      const short = readGenerated(source);
      if (short === undefined) return;
      expect(scanRevision(`const before = 1;\n${source}`)).toEqual({ kind: "revision", constants: short });
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ["blank lines", HEAD + CONSTANTS + "\n".repeat(200_000)],
  ["slashes", "/".repeat(200_000)],
  ["comments without an end", "/* ".repeat(100_000)],
  ["imports", `import type { A } from "a"\n`.repeat(10_000)],
  [
    "a list without an end",
    `${HEAD}${CONSTANTS.split("\n")[0] ?? ""}\nexport const downRevision = [${'"a", '.repeat(50_000)}`,
  ],
])("%s cannot slow it down", (_name, source) => {
  const started = performance.now();
  readGenerated(source);
  expect(performance.now() - started).toBeLessThan(200);
});
