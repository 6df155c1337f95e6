/**
 * Reads what one top-level statement declares and exports: as TypeScript is written, and as tsc, swc, esbuild and Babel
 * write it in CommonJS and in ES modules.
 */
import { readLiteral, skipExpression } from "./literal";
import type { Literal } from "./literal";
import { tokenAfter } from "./tokens";
import type { Token } from "./tokens";

/** A name that was given a value. */
export interface Constant {
  readonly name: string;
  /** Absent where only running the file tells it. */
  readonly value?: Literal;
  /** What would give it another value later: nothing, an assignment to the name, or one to `exports`. */
  readonly changedBy: "nothing" | "assignment" | "exports";
}

/** What a statement says about the names of a file. */
export interface Statement {
  readonly constants: readonly Constant[];
  readonly exported: readonly string[];
  /** Whether it exports something that cannot be named here. */
  readonly isOpaque: boolean;
  /** Whether it is a compiler's list of all that the file exports. */
  readonly isCompleteList: boolean;
  /** Where to read on. */
  readonly next: Token;
}

/** The statement that begins with a token, if it is one that declares variables or exports. */
export function readStatement(source: string, token: Token): Statement | undefined {
  if (token.kind !== "word") return undefined;
  switch (token.text) {
    case "export":
      return readExport(source, tokenAfter(source, token));
    case "const":
    case "let":
    case "var":
      return readDeclarations(source, token, false);
    case "exports":
    case "module":
      return readAssignment(source, token);
    case "_export":
    case "__export":
      return readAccessors(source, token);
    default:
      return undefined;
  }
}

function statement(next: Token, parts: Partial<Statement> = {}): Statement {
  return { constants: [], exported: [], isOpaque: false, isCompleteList: false, next, ...parts };
}

function readExport(source: string, token: Token): Statement {
  if (/^(?:const|let|var)$/.test(token.text)) return readDeclarations(source, token, true);
  if (token.text === "{") return readList(source, token);
  let word = token;
  while (/^(?:declare|abstract|async)$/.test(word.text)) word = tokenAfter(source, word);
  const name = tokenAfter(source, word);
  if (/^(?:type|interface)$/.test(word.text)) return statement(name);
  if (/^(?:function|class|enum|namespace)$/.test(word.text) && name.kind === "word") {
    return statement(tokenAfter(source, name), {
      exported: [name.text],
      constants: [{ name: name.text, changedBy: "nothing" }],
    });
  }
  return statement(token, { isOpaque: true });
}

/** `export { a, b as c }`, with or without `from`. */
function readList(source: string, open: Token): Statement {
  const exported: string[] = [];
  const constants: Constant[] = [];
  let token = tokenAfter(source, open);
  while (token.kind === "word" || token.kind === "string") {
    const local = token;
    token = tokenAfter(source, token);
    if (token.text === "as") {
      const name = tokenAfter(source, token);
      exported.push(name.text);
      if (name.text !== local.text) constants.push({ name: name.text, changedBy: "nothing" });
      token = tokenAfter(source, name);
    } else if (token.kind !== "word") exported.push(local.text);
    if (token.text === ",") token = tokenAfter(source, token);
  }
  if (token.text !== "}") return statement(token, { isOpaque: true });
  const next = tokenAfter(source, token);
  return next.text === "from"
    ? statement(next, { exported, constants: exported.map((name) => ({ name, changedBy: "nothing" })) })
    : statement(next, { exported, constants });
}

/** `const a = 1, b: string = "x"`; Babel writes `const a = exports.a = 1`. */
function readDeclarations(source: string, keyword: Token, isExported: boolean): Statement {
  const constants: Constant[] = [];
  const exported: string[] = [];
  let token = keyword;
  do {
    const name = tokenAfter(source, token);
    if (name.kind !== "word") return statement(name, { constants, exported, isOpaque: isExported });
    if (isExported) exported.push(name.text);
    const equals = skipAnnotation(source, tokenAfter(source, name));
    if (equals.text !== "=") {
      constants.push({ name: name.text, changedBy: "assignment" });
      token = equals;
      continue;
    }
    const targets = readTargets(source, tokenAfter(source, equals));
    exported.push(...targets.names);
    const read = keyword.text === "let" ? undefined : readLiteral(source, targets.next);
    constants.push({
      name: name.text,
      ...(read ? { value: read.value } : {}),
      changedBy: keyword.text === "const" ? (targets.names.length > 0 ? "exports" : "nothing") : "assignment",
    });
    token = read?.next ?? skipExpression(source, targets.next);
  } while (token.text === ",");
  return statement(token, { constants, exported });
}

/** The token after a type annotation, which is the equals sign where there is one. */
function skipAnnotation(source: string, colon: Token): Token {
  if (colon.text !== ":") return colon;
  let depth = 0;
  let token = colon;
  do {
    if (/^[([{]$/.test(token.text)) depth++;
    if (/^[)\]}]$/.test(token.text)) depth--;
    token = tokenAfter(source, token);
  } while (token.kind !== "end" && token.kind !== "bad" && (depth > 0 || !/^[=;]$/.test(token.text)));
  return token;
}

/** `exports.a = "x"`. tsc begins with `exports.a = exports.b = void 0`, which says nothing yet. */
function readAssignment(source: string, token: Token): Statement | undefined {
  const { names, next } = readTargets(source, token);
  if (names.length === 0) return undefined;
  if (next.text === "void") return statement(skipExpression(source, next), { exported: names });
  if (names.includes(next.text) && names.length === 1) {
    return statement(skipExpression(source, next), { exported: names });
  }
  const read = readLiteral(source, next);
  const value = read ? { value: read.value } : {};
  return statement(read?.next ?? skipExpression(source, next), {
    exported: names,
    constants: names.map((name) => ({ name, ...value, changedBy: "exports" })),
  });
}

/** The names in `exports.a = module.exports.b = `, and the token after the last equals sign. */
function readTargets(
  source: string,
  start: Token,
): { readonly names: readonly string[]; readonly next: Token } {
  const names: string[] = [];
  let next = start;
  for (;;) {
    TARGET.lastIndex = next.start;
    const match = next.kind === "word" ? TARGET.exec(source) : null;
    if (match?.[1] === undefined) return { names, next };
    names.push(match[1]);
    next = tokenAfter(source, { ...next, kind: "mark", text: "=", end: TARGET.lastIndex });
  }
}

const TARGET = /(?:module\s*\.\s*)?exports\s*\.\s*([\w$]+)\s*=(?![=>])/y;
const ACCESSORS_OPEN = /_?_export\(\s*[\w$]+\s*,\s*\{/y;
const ACCESSOR =
  /\s*(?:get\s+(?<getter>[\w$]+)\s*\(\)\s*\{\s*return\s+(?<got>[\w$]+);?\s*\}|["']?(?<key>[\w$]+)["']?\s*:\s*(?:function\s*\(\)\s*\{\s*return\s+(?<returned>[\w$]+);?\s*\}|\(\)\s*=>\s*(?<arrow>[\w$]+)))\s*(?:,|(?=\}))/y;

/** `_export(exports, { get a() { return a; } })` of swc, `__export(file_exports, { a: () => a })` of esbuild. */
function readAccessors(source: string, token: Token): Statement | undefined {
  ACCESSORS_OPEN.lastIndex = token.start;
  if (!ACCESSORS_OPEN.test(source)) return undefined;
  const exported: string[] = [];
  const constants: Constant[] = [];
  ACCESSOR.lastIndex = ACCESSORS_OPEN.lastIndex;
  let end = ACCESSOR.lastIndex;
  for (let match = ACCESSOR.exec(source); match; match = ACCESSOR.exec(source)) {
    end = ACCESSOR.lastIndex;
    const { getter, got, key, returned, arrow } = match.groups ?? {};
    const name = getter ?? key ?? "";
    exported.push(name);
    if (name !== (got ?? returned ?? arrow)) constants.push({ name, changedBy: "nothing" });
  }
  const brace = tokenAfter(source, { ...token, kind: "mark", text: ",", end });
  if (brace.text !== "}") return undefined;
  const next = tokenAfter(source, tokenAfter(source, brace));
  return statement(next, { exported, constants, isCompleteList: true });
}
