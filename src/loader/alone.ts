/**
 * Files that need nothing but themselves to be loaded, as revision files and most configurations do: the thread in which
 * Node runs the hooks for ES modules need not be started for them, and such a module can be run without being kept for
 * as long as the process lives.
 */
import { depthOf, skipExpression } from "../revisions/literal";
import { START, tokenAfter } from "../revisions/tokens";
import type { Token } from "../revisions/tokens";

/** What says `import` and imports nothing now, or nothing that a hook would have to find. */
const HARMLESS = [
  /\bimport\s+type\b[^;"']*\bfrom\s*["'][^"']*["']/,
  /\bimport\b[^;"'()]*\bfrom\s*["']node:[^"']*["']/,
  /** `dataSource: () => import("./src/data-source")` is called later, when the hooks are there. */
  /[\w"']:\s*(?:async\s*)?\(\)\s*=>\s*import\(/,
  /@\w+\s+\{import\(/,
];
const HARMLESS_IMPORTS = new RegExp(HARMLESS.map(({ source }) => source).join("|"), "g");
const IMPORTS = /\bimport\b|\bexport\s*(?:type\s*)?[*{][^;]*\bfrom\b/;

/** Whether the text of a module imports nothing that only hooks can find. In doubt it says no. */
export function standsAlone(source: string): boolean {
  return !IMPORTS.test(source) || !IMPORTS.test(source.replace(HARMLESS_IMPORTS, ""));
}

/**
 * The text of an ES module that imports nothing, in JavaScript, as CommonJS with every line where it was. Nothing where
 * it exports other than by `export const` and `export function`, or cannot be cut into tokens with certainty.
 */
export function asCommonJs(source: string): string | undefined {
  const names: string[] = [];
  let code = "";
  let end = 0;
  let depth = 0;
  let previous = START;
  for (let token = tokenAfter(source, START); token.kind !== "end"; token = tokenAfter(source, token)) {
    if (token.kind === "bad") return undefined;
    if (depth === 0 && token.text === "export" && previous.text !== ".") {
      const name = exportedName(source, tokenAfter(source, token));
      if (name === undefined) return undefined;
      names.push(name);
      code += source.slice(end, token.start);
      end = token.end;
    }
    depth += depthOf(token);
    previous = token;
  }
  return `"use strict";${code}${source.slice(end)}\nmodule.exports = { ${names.join(", ")} };`;
}

/** The one name that stands after `export`. */
function exportedName(source: string, token: Token): string | undefined {
  const name = tokenAfter(source, token);
  if (token.text === "async") return name.text === "function" ? exportedName(source, name) : undefined;
  if (name.kind !== "word") return undefined;
  if (token.text === "function") return name.text;
  const equals = tokenAfter(source, name);
  if (token.text !== "const" || equals.text !== "=") return undefined;
  return skipExpression(source, tokenAfter(source, equals)).text === "," ? undefined : name.text;
}
