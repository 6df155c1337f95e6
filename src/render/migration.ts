/** A whole revision file: template, header, constants and bodies, laid out by prettier with the user's own settings. */
import { LimbeckError, messageOf } from "../errors";
import type { Operation } from "../operations/operation";
import type { Registry } from "../operations/registry";
import { isoDate } from "./date";
import { renderString, renderValue } from "./literal";
import { renderOperation } from "./operation";

/** How a file is written: TypeScript, or JavaScript as an ES module or CommonJS. */
export type FileFormat = "ts" | "esm" | "cjs";

const REVIEW_NOTE = "// generated from the entities: review and adjust";
const PARAMETER_TYPE = '/** @param {import("limbeck").Operations} op */';
const LINE_BREAK = /\r\n|[\n\r\u2028\u2029]/g;

/** One operation with what the reader should know of it. */
export interface AnnotatedOperation {
  readonly operation: Operation;
  /** Lines above the call, such as what it loses. */
  readonly comments: readonly string[];
}

/** What a revision file says. */
export interface MigrationText {
  readonly revision: string;
  readonly parents: readonly string[];
  readonly labels: readonly string[];
  readonly dependsOn: readonly string[];
  readonly message: string;
  readonly createDate: Date;
  /** The zone in which that date is written, by its IANA name; UTC unless said. */
  readonly timeZone?: string;
  /** What autogenerate found, in words, for the header. */
  readonly detected: readonly string[];
  readonly upgrade: readonly AnnotatedOperation[];
  /** Absent where there is no way back: the file then exports no downgrade. */
  readonly downgrade?: readonly AnnotatedOperation[];
  readonly format: FileFormat;
  /** The template's text, with `{{...}}` where something is put in. */
  readonly template: string;
  readonly registry: Registry;
}

/**
 * The text of a revision file. A template may hold `{{header}}` (the doc comment), `{{imports}}`, `{{constants}}`,
 * `{{upgrade}}` and `{{downgrade}}`, and for comments of its own `{{message}}`, `{{revision}}`, `{{revises}}` and
 * `{{createDate}}`, each one line; anything else in it stays. Throws INTERNAL or UNSUPPORTED for operations that no
 * call makes.
 */
export function renderMigration(text: MigrationText): string {
  const parts: Readonly<Record<string, string>> = {
    message: commentLine(text.message),
    revision: commentLine(text.revision),
    revises: commentLine(revises(text)),
    createDate: isoDate(text.createDate, text.timeZone ?? "UTC"),
    header: header(text),
    imports: text.format === "ts" && hasOperations(text) ? 'import type { Operations } from "limbeck";' : "",
    constants: constants(text),
    upgrade: body("upgrade", text.upgrade, text),
    downgrade: text.downgrade === undefined ? "" : body("downgrade", text.downgrade, text),
  };
  return text.template.replace(/\{\{(\w+)\}\}/g, (whole, part: string) => parts[part] ?? whole);
}

/**
 * Lays out source text as the user's prettier settings for that file say. Throws CONFIG_INVALID where these, or a
 * template, are wrong.
 */
export async function formatSource(source: string, file: string): Promise<string> {
  const prettier = await import("prettier");
  try {
    const options = (await prettier.resolveConfig(file, { editorconfig: true })) ?? {};
    return await prettier.format(source, { ...options, filepath: file });
  } catch (cause) {
    throw new LimbeckError("CONFIG_INVALID", `prettier cannot lay out the new file: ${messageOf(cause)}`, {
      hint: "check the template of revision files and your prettier settings",
      file,
      cause,
    });
  }
}

function header(text: MigrationText): string {
  const message = text.message.trim() === "" ? "empty message" : text.message;
  const lines = [
    ...message.split(LINE_BREAK),
    "",
    `Revision ID: ${text.revision}`,
    `Revises: ${revises(text)}`,
    `Create Date: ${isoDate(text.createDate, text.timeZone ?? "UTC")}`,
    ...(text.detected.length === 0 ? [] : ["", "Detected:", ...text.detected.map((line) => `  ${line}`)]),
  ];
  return ["/**", ...lines.map((line) => ` * ${inComment(line)}`.trimEnd()), " */"].join("\n");
}

function revises({ parents }: MigrationText): string {
  return parents.length === 0 ? "-" : parents.join(", ");
}

/** Text on one line of a comment. */
function commentLine(text: string): string {
  return inComment(text.replaceAll(/\s+/g, " ").trim());
}

function inComment(line: string): string {
  return line.replaceAll("*/", "*\\/").replaceAll(LINE_BREAK, " ");
}

function constants(text: MigrationText): string {
  const values: readonly (readonly [string, string])[] = [
    ["revision", renderString(text.revision)],
    ["downRevision", renderIds(text.parents)],
    ["branchLabels", renderIds(text.labels)],
    ["dependsOn", renderIds(text.dependsOn)],
    ["message", JSON.stringify(text.message)],
  ];
  return values
    .map(([name, value]) =>
      text.format === "cjs" ? `exports.${name} = ${value};` : `export const ${name} = ${value};`,
    )
    .join("\n");
}

/** No id is null, one stands alone, several are an array. */
function renderIds(ids: readonly string[]): string {
  if (ids.length === 0) return "null";
  return renderValue(ids.length === 1 ? ids[0] : ids);
}

function hasOperations({ upgrade, downgrade = [] }: MigrationText): boolean {
  return upgrade.length + downgrade.length > 0;
}

function body(
  name: "upgrade" | "downgrade",
  operations: readonly AnnotatedOperation[],
  text: MigrationText,
): string {
  if (operations.length === 0) return emptyBody(name, text);
  const note = name === "upgrade" && text.detected.length > 0 ? [REVIEW_NOTE] : [];
  const statements = operations.flatMap(({ operation, comments }) => [
    ...comments.map((comment) => `// ${commentLine(comment)}`),
    renderOperation(operation, text.registry),
  ]);
  const block = `{\n${[...note, ...statements].join("\n")}\n}`;
  switch (text.format) {
    case "ts":
      return `export async function ${name}(op: Operations): Promise<void> ${block}`;
    case "esm":
      return `${PARAMETER_TYPE}\nexport async function ${name}(op) ${block}`;
    case "cjs":
      return `${PARAMETER_TYPE}\nexports.${name} = async function ${name}(op) ${block};`;
  }
}

/** A function without parameters, because `noUnusedParameters` would refuse an `op` that nothing uses. */
function emptyBody(name: "upgrade" | "downgrade", { format, parents }: MigrationText): string {
  const why = name === "upgrade" && parents.length > 1 ? ": the branches meet here" : "";
  const block = `{\n// nothing to do${why}\n}`;
  switch (format) {
    case "ts":
      return `export function ${name}(): void ${block}`;
    case "esm":
      return `export function ${name}() ${block}`;
    case "cjs":
      return `exports.${name} = function ${name}() ${block};`;
  }
}
