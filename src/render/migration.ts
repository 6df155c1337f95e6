/** A whole revision file: template, header, constants and bodies, laid out by prettier with the user's own settings. */
import { LimbeckError, messageOf } from "../errors";
import type { Operation } from "../operations/operation";
import type { Registry, RenderedFile } from "../operations/registry";
import { isoDate } from "./date";
import { itemsOf } from "./items";
import type { RenderItem } from "./items";
import { renderString, renderValue } from "./literal";
import { renderOperation } from "./operation";
import type { FileWriter } from "./operation";

/** How a file is written: TypeScript, or JavaScript as an ES module or CommonJS. */
export type FileFormat = "ts" | "esm" | "cjs";

const REVIEW_NOTE = "// generated from the entities: review and adjust";
const PARAMETER_TYPE = '/** @param {import("limbeck").Operations} op */';
const OPERATIONS_IMPORT = 'import type { Operations } from "limbeck";';
const LINE_BREAK = /\r\n|[\n\r\u2028\u2029]/g;

/** One operation, or a statement as it stands in the file, with what the reader should know of it. */
export interface AnnotatedOperation {
  readonly operation: Operation | string;
  /** Lines above the call, such as what it loses. */
  readonly comments: readonly string[];
}

/** What a revision file does to one of several databases. */
export interface DatabasePart {
  readonly name: string;
  readonly upgrade: readonly AnnotatedOperation[];
  readonly downgrade: readonly AnnotatedOperation[];
}

/** What a revision file says. */
export interface MigrationText {
  readonly revision: string;
  readonly parents: readonly string[];
  readonly labels: readonly string[];
  readonly dependsOn: readonly string[];
  readonly message: string;
  /** The revisions that this one stands for. */
  readonly replaces?: readonly string[];
  /** `false` for a revision that runs outside any transaction. */
  readonly transaction?: boolean;
  readonly createDate: Date;
  /** The zone in which that date is written, by its IANA name; UTC unless said. */
  readonly timeZone?: string;
  /** What autogenerate found, in words, for the header. */
  readonly detected: readonly string[];
  readonly upgrade: readonly AnnotatedOperation[];
  /** Absent where there is no way back: the file then exports no downgrade. */
  readonly downgrade?: readonly AnnotatedOperation[];
  /** Where one file serves several databases: what it does to each, in a function of its own. */
  readonly databases?: readonly DatabasePart[];
  readonly format: FileFormat;
  /** The template's text, with `{{...}}` where something is put in. */
  readonly template: string;
  readonly registry: Registry;
  /** Statements at the top of the file. */
  readonly imports?: readonly string[];
  /** Writes types, defaults and columns as code of the user's own. */
  readonly renderItem?: RenderItem;
}

/**
 * The text of a revision file. A template may hold `{{header}}` (the doc comment), `{{imports}}`, `{{constants}}`,
 * `{{upgrade}}` and `{{downgrade}}`, and for comments of its own `{{message}}`, `{{revision}}`, `{{revises}}` and
 * `{{createDate}}`, each one line; anything else in it stays. Throws INTERNAL or UNSUPPORTED for operations that no
 * call makes.
 */
export function renderMigration(text: MigrationText): string {
  const needsType = text.format === "ts" && (text.databases !== undefined || hasOperations(text));
  const imports = new Set([...(needsType ? [OPERATIONS_IMPORT] : []), ...(text.imports ?? [])]);
  const file: RenderedFile = { format: text.format, addImport: (statement) => void imports.add(statement) };
  const writer: FileWriter = { file, items: itemsOf(text.renderItem, file) };
  const upgrade = bodies("upgrade", text, writer);
  const downgrade = bodies("downgrade", text, writer);
  const parts: Readonly<Record<string, string>> = {
    message: commentLine(text.message),
    revision: commentLine(text.revision),
    revises: commentLine(revises(text)),
    createDate: isoDate(text.createDate, text.timeZone ?? "UTC"),
    header: header(text),
    imports: [...imports].join("\n"),
    constants: constants(text),
    upgrade,
    downgrade,
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
  const message = text.message.trim() === "" ? "(no message)" : text.message;
  const lines = [
    ...message.split(LINE_BREAK),
    "",
    `Revision ID: ${text.revision}`,
    `Revises: ${revises(text)}`,
    ...(text.replaces?.length ? [`Replaces: ${text.replaces.join(", ")}`] : []),
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
    ...(text.replaces?.length ? [["replaces", renderValue(text.replaces)] as const] : []),
    ...(text.transaction === false ? [["transaction", "false"] as const] : []),
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

/** The function of a direction; of several databases, one that leads to a function for each. */
function bodies(name: "upgrade" | "downgrade", text: MigrationText, writer: FileWriter): string {
  const { databases, format } = text;
  if (databases === undefined) {
    const operations = text[name];
    return operations === undefined ? "" : body(name, operations, text, writer);
  }
  const calls = databases.map(
    (database) =>
      `if (database === ${JSON.stringify(database.name)}) await ${partName(name, database.name)}(op);`,
  );
  const block = `{\n${calls.join("\n")}\n}`;
  const parts = databases.map((database) =>
    partFunction(partName(name, database.name), statementsOf(database[name], text, writer), format),
  );
  const types = PARAMETER_TYPE.replace(" */", "\n * @param {string} database */");
  const outer = {
    ts: `export async function ${name}(op: Operations, database: string): Promise<void> ${block}`,
    esm: `${types}\nexport async function ${name}(op, database) ${block}`,
    cjs: `${types}\nexports.${name} = async function ${name}(op, database) ${block};`,
  };
  return [outer[format], ...parts].join("\n\n");
}

/** The function of one of several databases. */
function partFunction(name: string, statements: readonly string[], format: FileFormat): string {
  const type = format === "ts" ? "" : `${PARAMETER_TYPE}\n`;
  const parameter = format === "ts" ? "op: Operations" : "op";
  // A parameter that nothing uses is refused by `noUnusedParameters` unless it says so.
  if (statements.length === 0)
    return `${type.replace(" op ", " _op ")}function ${name}(_${parameter})${format === "ts" ? ": void" : ""} {\n// nothing to do\n}`;
  const result = format === "ts" ? ": Promise<void>" : "";
  return `${type}async function ${name}(${parameter})${result} {\n${statements.join("\n")}\n}`;
}

/** The calls, each below what the reader should know of it. */
function statementsOf(
  operations: readonly AnnotatedOperation[],
  { registry }: MigrationText,
  writer: FileWriter,
): readonly string[] {
  return operations.flatMap(({ operation, comments }) => [
    ...comments.map((comment) => `// ${commentLine(comment)}`),
    typeof operation === "string" ? operation : renderOperation(operation, registry, writer),
  ]);
}

/** `upgrade_audit`; two names that differ only in what no identifier holds are told apart by the names of the calls. */
function partName(name: string, database: string): string {
  return `${name}_${database.replaceAll(/[^\p{L}\p{N}_$]/gu, (sign) => `_${sign.codePointAt(0)?.toString(16) ?? ""}_`)}`;
}

function body(
  name: "upgrade" | "downgrade",
  operations: readonly AnnotatedOperation[],
  text: MigrationText,
  writer: FileWriter,
): string {
  if (operations.length === 0) return emptyBody(name, text);
  const note = name === "upgrade" && text.detected.length > 0 ? [REVIEW_NOTE] : [];
  const statements = statementsOf(operations, text, writer);
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
