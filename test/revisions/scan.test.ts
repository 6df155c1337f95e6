import { transformSync } from "@swc/core";
import type { JscTarget, Options } from "@swc/core";
import * as fc from "../arbitrary/fast-check";
import ts from "typescript";
import { scanRevision } from "../../src/revisions/scan";
import type { RevisionConstants } from "../../src/revisions/generated";

const SOURCE = `/**
 * the comment's "first" line
 *
 * Revision ID: 1975ea83b712
 */
import type { Operations } from "limbeck";

export const revision = "1975ea83b712";
export const downRevision: string | readonly string[] = ["ae10", \`55af\`,] as const;
export const branchLabels: string | null = null;
export const dependsOn = 'networking' satisfies string;
export const message = "add \\"account\\": it's \\u00fc \`ok\`";

export async function upgrade(op: Operations): Promise<void> {
  const text = \`a \${op ? \`}{"\` : '\`'} b\`;
  // export const revision = "in a comment";
  if (/["'\`{]/.test(text)) await op.execute('export const revision = "in a string";');
}

export async function downgrade(op: Operations): Promise<void> {
  await op.execute("x");
}
`;

const CONSTANTS: RevisionConstants = {
  revision: "1975ea83b712",
  downRevision: ["ae10", "55af"],
  branchLabels: [],
  dependsOn: ["networking"],
  message: `add "account": it's ü \`ok\``,
};

const FIRST = { kind: "revision", constants: { ...CONSTANTS, message: 'the comment\'s "first" line' } };

function tsc(source: string, module: ts.ModuleKind, target: ts.ScriptTarget): string {
  return ts.transpileModule(source, { compilerOptions: { module, target } }).outputText;
}

function swc(source: string, type: "commonjs" | "es6", target: JscTarget, minify = false): string {
  const options: Options = {
    swcrc: false,
    configFile: false,
    minify,
    module: { type },
    jsc: {
      target,
      parser: { syntax: "typescript" },
      ...(minify ? { minify: { compress: true, mangle: true } } : {}),
    },
  };
  return transformSync(source, options).code;
}

describe("the constants of a file", () => {
  const written: readonly (readonly [string, string])[] = [
    ["TypeScript as written", SOURCE],
    ["Windows line ends", SOURCE.replaceAll("\n", "\r\n")],
    ["a byte order mark", `\uFEFF${SOURCE}`],
    ["no semicolons", SOURCE.replaceAll(";\n", "\n")],
    ["comments in between", SOURCE.replaceAll(" = ", " /* = 'x' */ = // why\n  ")],
    ["tsc to CommonJS", tsc(SOURCE, ts.ModuleKind.CommonJS, ts.ScriptTarget.ES2022)],
    ["tsc to CommonJS of 2015", tsc(SOURCE, ts.ModuleKind.CommonJS, ts.ScriptTarget.ES2015)],
    ["tsc to ES modules", tsc(SOURCE, ts.ModuleKind.ESNext, ts.ScriptTarget.ES2022)],
    ["swc to CommonJS", swc(SOURCE, "commonjs", "es2022")],
    ["swc to CommonJS of 2009", swc(SOURCE, "commonjs", "es5")],
    ["swc to ES modules", swc(SOURCE, "es6", "es2022")],
    ["swc to ES modules, minified", swc(SOURCE, "es6", "es2022", true)],
  ];

  test.each(written)("are read from %s", (_, source) => {
    expect(scanRevision(source)).toEqual({ kind: "revision", constants: CONSTANTS });
  });

  const values = (declare: (name: string, value: string) => string): string =>
    [
      declare("revision", '"1975ea83b712"'),
      declare("downRevision", '["ae10", "55af"]'),
      declare("branchLabels", "null"),
      declare("dependsOn", "'networking'"),
      declare("message", `"add \\"account\\": it's \\xfc \`ok\`"`),
    ].join("\n");
  const names = "revision downRevision branchLabels dependsOn message".split(" ");
  const older: readonly (readonly [string, string])[] = [
    [
      "esbuild to CommonJS",
      `"use strict";
var __defProp = Object.defineProperty;
var __export = (target, all) => {
  for (var name in all)
    __defProp(target, name, { get: all[name], enumerable: true });
};
var __toCommonJS = (mod) => __copyProps(__defProp({}, "__esModule", { value: true }), mod);
var a_exports = {};
__export(a_exports, {
${names.map((name) => `  ${name}: () => ${name}`).join(",\n")},
  upgrade: () => upgrade
});
module.exports = __toCommonJS(a_exports);
${values((name, value) => `const ${name} = ${value};`)}
async function upgrade(op) { const message = "other"; }
// Annotate the CommonJS export names for ESM import in node:
0 && (module.exports = { ${names.join(", ")}, upgrade });`,
    ],
    [
      "esbuild to ES modules",
      `${values((name, value) => `var ${name} = ${value};`)}
async function upgrade(op) { await op.execute("x"); }
export {
  ${names.join(",\n  ")},
  upgrade
};`,
    ],
    [
      "tsc 4 to CommonJS",
      `"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.downgrade = exports.upgrade = ${names.map((name) => `exports.${name} = `).join("")}void 0;
${values((name, value) => `exports.${name} = ${value};`)}
async function upgrade(op) { }
exports.upgrade = upgrade;`,
    ],
    [
      "older swc to CommonJS",
      `"use strict";
_export(exports, {
${names.map((name) => `  ${name}: function() {\n    return ${name};\n  }`).join(",\n")}
});
${values((name, value) => `var ${name} = ${value};`)}`,
    ],
    ["Babel to CommonJS", values((name, value) => `const ${name} = exports.${name} = ${value};`)],
    ["CommonJS as written", values((name, value) => `exports.${name} = ${value};`)],
    ["CommonJS in full", values((name, value) => `module.exports.${name} = ${value}`)],
    [
      "local names exported one by one",
      `${values((name, value) => `const ${name} = ${value};`)}\n${names.map((name) => `exports.${name} = ${name};`).join("\n")}`,
    ],
    [
      "one declaration of all",
      `export const transaction = false, ${values((name, value) => `${name} = ${value},`)} last = 1;`,
    ],
    [
      "constants after other code",
      `import x from "x"\nexport const transaction = f(() => { return /}"/ })\n${values((name, value) => `export const ${name} = ${value}`)}`,
    ],
  ];
  test.each(older)("are read from what stands for %s", (_, source) => {
    expect(scanRevision(source)).toEqual({ kind: "revision", constants: CONSTANTS });
  });

  test("are the same whatever texts they hold", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        fc.array(fc.string({ unit: "grapheme" })),
        (message, labels) => {
          const source = [
            'export const revision = "a1";',
            "export const downRevision = null;",
            `export const branchLabels = ${JSON.stringify(labels)};`,
            `export const message = ${JSON.stringify(message)};`,
          ].join("\n");
          for (const text of [source, swc(source, "commonjs", "es2022")]) {
            expect(scanRevision(text)).toEqual({
              kind: "revision",
              constants: {
                revision: "a1",
                downRevision: [],
                branchLabels: labels,
                dependsOn: [],
                message,
              },
            });
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  test("take the first line of the leading comment for a message that is missing", () => {
    const source = SOURCE.replace(/export const message.*\n/, "");
    for (const text of [source, swc(source, "commonjs", "es2022"), swc(source, "es6", "es2022")]) {
      expect(scanRevision(text)).toEqual(FIRST);
    }
    expect(scanRevision(`"use strict";\n${source}`)).toEqual(FIRST);
    expect(scanRevision(source.replace(/^\/\*\*[\s\S]*?\*\//, ""))).toMatchObject({
      constants: { message: "" },
    });
  });

  test("may leave out all but the first two", () => {
    expect(scanRevision('export const revision = "a1"; export const downRevision = null;')).toEqual({
      kind: "revision",
      constants: { revision: "a1", downRevision: [], branchLabels: [], dependsOn: [], message: "" },
    });
  });
});

describe("escapes in a text", () => {
  test.each([
    [String.raw`"\x41\u0042\u{43}\u{1F600}"`, "ABC\u{1F600}"],
    [String.raw`"\n\t\r\b\f\v\0\\\'\"\q"`, "\n\t\r\b\f\v\0\\'\"q"],
    ['"a\\\nb"', "ab"],
    ["`a\nb \\${c} \\` $`", "a\nb ${c} ` $"],
    [String.raw`"\\1 \\u"`, String.raw`\1 \u`],
  ])("%j is %j", (literal, message) => {
    const source = `export const revision = "a"; export const downRevision = null; export const message = ${literal};`;
    expect(scanRevision(source)).toMatchObject({ kind: "revision", constants: { message } });
  });
});

describe("a scan is uncertain about", () => {
  const rest =
    "export const downRevision = null; export const branchLabels = null; export const dependsOn = null; export const message = null;";
  test.each([
    ["a computed id", `export const revision = id();\n${rest}`],
    ["a concatenation", `export const revision = "a" + "b";\n${rest}`],
    ["a concatenation on the next line", `export const revision = "a"\n  + "b";\n${rest}`],
    ["a method", `export const revision = "a".trim();\n${rest}`],
    ["a method on the next line", `export const revision = "a"\n  .trim();\n${rest}`],
    ["a choice", `export const revision = yes ? "a" : "b";\n${rest}`],
    ["a choice behind a type", `export const revision = "a" as string || "b";\n${rest}`],
    ["a substitution", `export const revision = \`a\${b}\`;\n${rest}`],
    ["a tagged template", `export const revision = String.raw\`a\`;\n${rest}`],
    ["a number", `export const revision = 1;\n${rest}`],
    ["an id of null", `export const revision = null;\n${rest}`],
    ["an old octal escape", `export const revision = "\\101";\n${rest}`],
    ["a variable that may change", `export let revision = "a";\n${rest}`],
    ["a variable that changes", `export var revision = "a"; if (x) { revision = "b"; }\n${rest}`],
    ["a second assignment", `exports.revision = "a";\nexports.revision = "b";\nexports.downRevision = null;`],
    [
      "a later assignment",
      `exports.revision = "a"; exports.downRevision = null; function f() { exports.revision = "b"; }`,
    ],
    ["a list with a variable", `export const revision = "a"; export const downRevision = ["b", c];`],
    ["a list with a spread", `export const revision = "a"; export const downRevision = [...b];`],
    ["a missing downRevision", `export const revision = "a";`],
    ["a revision from elsewhere", `export { revision, downRevision } from "./other";`],
    ["an imported revision", `import { revision } from "./other"; export { revision };`],
    ["a revision under another name", `const id = "a"; export { id as revision };`],
    [
      "a revision behind another getter",
      `_export(exports, { get revision() { return id; } }); const id = "a"; const revision = "b";`,
    ],
    ["a default export", `export default { revision: "a", downRevision: null };`],
    ["an exported object", `module.exports = { revision: "a", downRevision: null };`],
    ["an export assignment", `export = { revision: "a" };`],
    ["a bracket", `exports["revision"] = "a"; exports["downRevision"] = null;`],
    [
      "a defined property",
      `Object.defineProperty(exports, "revision", { get: function () { return revision; } }); var revision = "a";`,
    ],
    ["an exported pattern", `export const { revision, downRevision } = make();`],
    ["an exported function of that name", `export function revision() {}`],
    ["a text without an end", `export const note = "abc\nexport const revision = "a";\n${rest}`],
    ["a bracket too many", `}\nexport const revision = "a";\n${rest}`],
    [
      "a local variable of that name where all are `var`",
      swc(`${SOURCE}\nfunction f() { let message; message = "b"; return message; }`, "commonjs", "es5"),
    ],
    ["System modules", tsc(SOURCE, ts.ModuleKind.System, ts.ScriptTarget.ES2022)],
    ["AMD modules", tsc(SOURCE, ts.ModuleKind.AMD, ts.ScriptTarget.ES2022)],
    ["minified CommonJS", swc(SOURCE, "commonjs", "es2022", true)],
  ])("%s", (_, source) => {
    expect(scanRevision(source)).toEqual({ kind: "uncertain" });
  });
});

describe("certainly no revision file is", () => {
  const helper =
    "export interface Note { revision: string }\nexport function note(revision: string): string {\n  return revision;\n}\nexport class A {}\nexport type B = string;\nexport abstract class C {}\n";
  test.each([
    ["an empty file", ""],
    ["a file that never says revision", "export const a = 1;"],
    ["a helper with a parameter of that name", helper],
    ["its output by tsc", tsc(helper, ts.ModuleKind.CommonJS, ts.ScriptTarget.ES2022)],
    ["its output by swc", swc(helper, "commonjs", "es2022")],
    ["a local constant", 'const revision = "a"; const downRevision = null; export const other = 1;'],
    ["a comment", '// export const revision = "a"; export const downRevision = null;\nexport const a = 1;'],
    ["a text", "export const a = 'export const revision = \"a\";';"],
    ["a template", 'export const a = `\nexport const revision = "a";\n`;'],
    ["a property", "export const a = { revision: 1 };"],
    ["something inside a function", 'export function f() {\n  const revision = "a";\n  return revision;\n}'],
    ["a barrel", 'export * from "./other";\nexport { a } from "./revision";'],
  ])("%s", (_, source) => {
    expect(scanRevision(source)).toEqual({ kind: "none" });
  });
});

describe("speed", () => {
  const body = `  await op.execute("select 1 where 'a' = 'b'"); // and a comment about it\n`.repeat(10);
  const file = SOURCE.replace(`  await op.execute("x");\n`, body);
  const compiled = tsc(file, ts.ModuleKind.CommonJS, ts.ScriptTarget.ES2022);

  test.each([
    ["TypeScript", file],
    ["CommonJS", compiled],
  ])("10,000 files of %s are scanned in no time", (_, source) => {
    expect(source.length).toBeGreaterThan(1400);
    const start = process.cpuUsage();
    for (let count = 0; count < 10_000; count++) scanRevision(source);
    const { user } = process.cpuUsage(start);
    expect(user / 1000).toBeLessThan(1500);
  });

  test.each([
    ["a banner of slashes", "/".repeat(5000)],
    ["blank lines", "\n".repeat(5000)],
    ["a text without an end", `"${"a".repeat(5000)}`],
    ["a regular expression without an end", `= /${"[a".repeat(5000)}`],
    ["open templates", "`${".repeat(500)],
  ])("%s cannot slow it down", (_, odd) => {
    const start = process.cpuUsage();
    scanRevision(`${odd}\nexport const revision = "a"; export const downRevision = null;`);
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(200);
  });

  test("a long file is not read past its head", () => {
    const long = `${SOURCE}\n${"export const x = `unfinished ".repeat(200_000)}`;
    const start = process.cpuUsage();
    expect(scanRevision(long)).toEqual({ kind: "revision", constants: CONSTANTS });
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(50);
  });
});
