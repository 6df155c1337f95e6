/**
 * Reads the constants of a revision file out of its text, without running it: `history` on 10,000 files must import
 * none. Knows TypeScript as written and what tsc, swc, esbuild and Babel make of it; where it is not certain it says
 * so, and the caller loads the file.
 */
import { readGenerated } from "./generated";
import type { RevisionConstants } from "./generated";
import { depthOf } from "./literal";
import type { Literal } from "./literal";
import { readStatement } from "./statement";
import type { Constant, Statement } from "./statement";
import { leadingComment, START, tokenAfter } from "./tokens";
import type { Token } from "./tokens";

/** What a scan finds: a revision, certainly none, or something that only running the file can tell. */
export type Scanned =
  | { readonly kind: "revision"; readonly constants: RevisionConstants }
  | { readonly kind: "none" }
  | { readonly kind: "uncertain" };

const USUAL = ["revision", "downRevision", "branchLabels", "dependsOn", "message"] as const;
const NAMES = [...USUAL, "replaces"] as const;
const ASSIGNED_AGAIN = new RegExp(`(?<![\\w$.]|(?:const|let|var)\\s+)(?:${NAMES.join("|")})\\s*=(?![=>])`);
const EXPORTED_AGAIN = new RegExp(`\\bexports\\s*(?:\\.\\s*(?:${NAMES.join("|")})\\s*=(?!=)|\\[)`);
/** The name as it stands where it is exported in a way that is not read here. */
const MENTIONS: ReadonlySet<string> = new Set(["revision", '"revision"', "'revision'", "`revision`"]);

/** `exports` other than in `exports.a = `: minified code keeps it in a variable. */
const EXPORTS_PASSED_ON = /\bexports\b(?!\s*\.\s*[\w$]+\s*=(?!=))/;

/** What has been read of a file so far: filled by `read`, and by nobody else. */
interface Findings {
  readonly constants: Map<string, Constant>;
  readonly exported: Set<string>;
  /** Whether something may be exported that has no name here. */
  isOpaque: boolean;
  isCompleteList: boolean;
  /** Whether `revision` occurs anywhere else. */
  isMentioned: boolean;
  /** Where the last statement that was read ends. */
  end: number;
}

/** Scans the text of a file, no further than needed. */
export function scanRevision(source: string): Scanned {
  const generated = readGenerated(source);
  if (generated) return { kind: "revision", constants: generated };
  if (!source.includes("revision")) return { kind: "none" };
  const findings = read(source);
  return findings === undefined ? { kind: "uncertain" } : conclude(source, findings);
}

/** What a file says, or nothing where its text cannot be cut into tokens with certainty. */
function read(source: string): Readonly<Findings> | undefined {
  const findings: Findings = {
    constants: new Map(),
    exported: new Set(),
    isOpaque: false,
    isCompleteList: false,
    isMentioned: false,
    end: 0,
  };
  let depth = 0;
  let previous = START;
  let token = tokenAfter(source, START);
  while (token.kind !== "end") {
    if (token.kind === "bad") return undefined;
    const begins = depth === 0 && previous.text !== "." && previous.text !== "declare";
    const statement = begins ? readStatement(source, token) : undefined;
    if (statement) {
      addStatement(findings, statement, source.slice(token.start, statement.next.start));
      if (hasAll(findings, source)) return findings;
      previous = { ...START, end: statement.next.start };
      token = statement.next;
      continue;
    }
    addToken(findings, token, source);
    depth += depthOf(token);
    if (depth < 0) return undefined;
    previous = token;
    token = tokenAfter(source, token);
  }
  return depth === 0 ? findings : undefined;
}

function addStatement(findings: Findings, statement: Statement, text: string): void {
  for (const constant of statement.constants) {
    const { name, changedBy, value } = constant;
    findings.constants.set(name, findings.constants.has(name) ? { name, changedBy } : constant);
    if (value !== undefined) continue;
    findings.isOpaque ||= EXPORTS_PASSED_ON.test(text);
    findings.isMentioned ||= /\brevision\b/.test(text);
  }
  for (const name of statement.exported) findings.exported.add(name);
  findings.isOpaque ||= statement.isOpaque;
  findings.isCompleteList ||= statement.isCompleteList;
  findings.end = statement.next.start;
}

function addToken(findings: Findings, token: Token, source: string): void {
  findings.isOpaque ||= token.text.startsWith("exports") && !namesAnotherExport(source, token);
  findings.isMentioned ||= MENTIONS.has(token.text);
}

/** `Object.defineProperty(exports, "__esModule", ...)` exports that name and no other. */
function namesAnotherExport(source: string, { end }: Token): boolean {
  return /^\s*,\s*["'](?!revision["'])\w+["']/.test(source.slice(end, end + 80));
}

function hasAll({ constants, exported }: Findings, source: string): boolean {
  const names = source.includes("replaces") ? NAMES : USUAL;
  return names.every((name) => exported.has(name) && constants.get(name)?.value !== undefined);
}

function conclude(source: string, findings: Readonly<Findings>): Scanned {
  const { constants, exported } = findings;
  if (!exported.has("revision")) {
    const mayExport = findings.isOpaque && !findings.isCompleteList;
    const isMentioned = findings.isMentioned || constants.has("revision");
    return { kind: mayExport && isMentioned ? "uncertain" : "none" };
  }
  const own = NAMES.filter((name) => exported.has(name)).map((name) => constants.get(name));
  const revision = constants.get("revision")?.value;
  const message = constants.get("message")?.value;
  const isCertain =
    typeof revision === "string" &&
    exported.has("downRevision") &&
    own.every((constant) => constant?.value !== undefined) &&
    !changes(source, findings.end, own);
  if (!isCertain) return { kind: "uncertain" };
  const values = (name: (typeof NAMES)[number]): readonly string[] =>
    exported.has(name) ? listed(constants.get(name)?.value) : [];
  return {
    kind: "revision",
    constants: {
      revision,
      downRevision: values("downRevision"),
      branchLabels: values("branchLabels"),
      dependsOn: values("dependsOn"),
      ...(exported.has("replaces") ? { replaces: values("replaces") } : {}),
      message: exported.has("message") && typeof message === "string" ? message : firstLine(source),
    },
  };
}

/** A `const` stays what it is; what compilers make of one could be assigned again elsewhere. */
function changes(source: string, end: number, constants: readonly (Constant | undefined)[]): boolean {
  const ways = new Set(constants.map((constant) => constant?.changedBy));
  return (
    (ways.has("assignment") && ASSIGNED_AGAIN.test(source)) ||
    (ways.has("exports") && EXPORTED_AGAIN.test(source.slice(end)))
  );
}

function listed(value: Literal | undefined): readonly string[] {
  if (value === undefined || value === null) return [];
  return typeof value === "string" ? [value] : value;
}

/** The first line of the comment at the top, which is the message in the files that `revision` writes. */
function firstLine(source: string): string {
  const lines = (leadingComment(source) ?? "")
    .split(/\r\n?|\n/)
    .map((line) => line.replace(/^\s*\*?/, "").trim());
  return lines.find((line) => line !== "") ?? "";
}
