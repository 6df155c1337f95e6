/**
 * Reads the constants of a revision file out of its text, without running it: `history` on 10,000 files must import
 * none. Knows TypeScript as written and what tsc, swc and esbuild make of it; where it is not certain it says so, and
 * the caller loads the file.
 */

/** The constants of a file, with lists where a file may have one value, several or none. */
export interface RevisionConstants {
  readonly revision: string;
  readonly downRevision: readonly string[];
  readonly branchLabels: readonly string[];
  readonly dependsOn: readonly string[];
  readonly message: string;
}

/** What a scan finds: a revision, certainly none, or something that only running the file can tell. */
export type Scanned =
  | { readonly kind: "revision"; readonly constants: RevisionConstants }
  | { readonly kind: "none" }
  | { readonly kind: "uncertain" };

const NAMES = ["revision", "downRevision", "branchLabels", "dependsOn", "message"] as const;
type Name = (typeof NAMES)[number];
type Value = string | null | readonly string[];

const SKIPPED = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\[\s\S])*`/;
const ASSIGNED = new RegExp(
  `(?<![\\w$.])(?<direct>export\\s+)?(?:const|let|var)\\s+(?<declared>${NAMES.join("|")})\\s*(?::[^=;]+)?=(?!=)` +
    `|(?<![\\w$.])(?:module\\.)?exports\\.(?<assigned>${NAMES.join("|")})\\s*=(?!=)`,
);
const TOKENS = new RegExp(
  `${SKIPPED.source}|${ASSIGNED.source}|(?<brace>[{}])|(?<word>(?<![\\w$.])revision(?![\\w$]))`,
  "g",
);
const LITERAL =
  /\s*(?:(?<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`\\$]*`)|(?<nothing>null|undefined|void 0)|(?<list>\[[^\]]*\]))\s*(?:(?:as|satisfies)\s+[^;\n]+)?(?=[;\n,]|$|\/\/|\/\*)/y;
const ITEM = /\s*(?:(?<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`\\$]*`)\s*(?:,|$)|$)/y;

/** Scans the text of a file. */
export function scanRevision(source: string): Scanned {
  const found = new Map<Name, Value>();
  let exported = false;
  let depth = 0;
  let mentioned = false;
  for (const match of source.matchAll(TOKENS)) {
    const { direct, declared, assigned, brace, word } = match.groups ?? {};
    if (brace !== undefined) depth += brace === "{" ? 1 : -1;
    if (word !== undefined) mentioned = true;
    const name = (declared ?? assigned) as Name | undefined;
    if (name === undefined || depth !== 0) continue;
    const end = match.index + match[0].length;
    const value = literalAt(source, end);
    if (value === "prelude") continue;
    if (value === undefined || found.has(name)) return { kind: "uncertain" };
    found.set(name, value);
    exported ||= direct !== undefined || assigned !== undefined;
    if (found.size === NAMES.length) break;
  }
  return conclude(
    source,
    found,
    exported || /\bexport\s*\{|_export\(|module\.exports/.test(source),
    mentioned,
  );
}

function conclude(
  source: string,
  found: ReadonlyMap<Name, Value>,
  exported: boolean,
  mentioned: boolean,
): Scanned {
  const revision = found.get("revision");
  if (revision === undefined || !exported) return { kind: mentioned && exported ? "uncertain" : "none" };
  if (typeof revision !== "string" || !found.has("downRevision")) return { kind: "uncertain" };
  const message = found.get("message");
  return {
    kind: "revision",
    constants: {
      revision,
      downRevision: listed(found.get("downRevision")),
      branchLabels: listed(found.get("branchLabels")),
      dependsOn: listed(found.get("dependsOn")),
      message: typeof message === "string" ? message : firstCommentLine(source),
    },
  };
}

/** The literal after an equals sign. tsc begins with `exports.a = exports.b = void 0`, which says nothing yet. */
function literalAt(source: string, start: number): Value | "prelude" | undefined {
  if (/^\s*(?:(?:module\.)?exports\.|void 0)/.test(source.slice(start, start + 40))) return "prelude";
  LITERAL.lastIndex = start;
  const groups = LITERAL.exec(source)?.groups;
  if (!groups) return undefined;
  if (groups["text"] !== undefined) return textOf(groups["text"]);
  return groups["list"] === undefined ? null : listOf(groups["list"].slice(1, -1));
}

function listOf(inside: string): readonly string[] | undefined {
  const items: string[] = [];
  ITEM.lastIndex = 0;
  while (ITEM.lastIndex < inside.length) {
    const text = ITEM.exec(inside)?.groups?.["text"];
    if (text === undefined) return inside.slice(ITEM.lastIndex).trim() === "" ? items : undefined;
    const value = textOf(text);
    if (value === undefined) return undefined;
    items.push(value);
  }
  return items;
}

/** A text literal without its quotes; one with rare escapes is left to the one who can run it. */
function textOf(literal: string): string | undefined {
  const inside = literal.slice(1, -1);
  if (!inside.includes("\\")) return inside;
  if (!/^(?:[^\\]|\\["'`\\nt]|\\u[0-9a-fA-F]{4})*$/.test(inside)) return undefined;
  const json = inside
    .replaceAll(/\\(['`])/g, "$1")
    .replaceAll(/(?<!\\)"/g, '\\"')
    .replaceAll("\t", "\\t");
  try {
    return JSON.parse(`"${json}"`) as string;
  } catch {
    return undefined;
  }
}

function listed(value: Value | undefined): readonly string[] {
  if (value === undefined || value === null) return [];
  return typeof value === "string" ? [value] : value;
}

function firstCommentLine(source: string): string {
  const comment = /^\s*\/\*\*?([\s\S]*?)\*\//.exec(source)?.[1] ?? "";
  return (
    comment
      .split("\n")
      .map((line) => line.replace(/^\s*\*?\s?/, "").trim())
      .find((line) => line !== "") ?? ""
  );
}
