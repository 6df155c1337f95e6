/**
 * TypeScript to JavaScript, one file at a time, with decorator metadata: TypeORM's `@Column()` without a type needs it,
 * and neither Node's type stripping nor esbuild emit it. swc comes first because it is fast and works beside TypeScript 7.
 */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { TsConfigJsonResolved } from "get-tsconfig";
import { LimbeckError, messageOf } from "../errors";

export type ModuleFormat = "commonjs" | "module";

/** Turns the text of a TypeScript file into JavaScript of a format. */
export type Transpile = (source: string, file: string, format: ModuleFormat) => string;

interface Swc {
  transformSync(source: string, options: object): { readonly code: string };
}
interface Diagnostic {
  readonly messageText: string | { readonly messageText: string };
  readonly start?: number;
}
interface TypeScript {
  readonly version: string;
  /** Gone from TypeScript 7. */
  transpileModule?(
    source: string,
    options: object,
  ): { readonly outputText: string; readonly diagnostics?: readonly Diagnostic[] };
}

let chosen: Transpile | undefined;

/** Transpiles with what the project has. Throws MODULE_FAILED where it has nothing, or the file has a mistake. */
export function transpile(source: string, file: string, format: ModuleFormat): string {
  chosen ??= choose(file);
  try {
    return chosen(source, file, format);
  } catch (cause) {
    if (cause instanceof LimbeckError) throw cause;
    const message = `${file} cannot be read as TypeScript: ${summary(messageOf(cause))}`;
    throw new LimbeckError("MODULE_FAILED", message, { file, cause });
  }
}

/** Whether the packages that a folder finds, or Limbeck's own, can read TypeScript. Loads none of them. */
export function canTranspile(folder: string): boolean {
  return [join(folder, "package.json"), __filename].some((from) => {
    const require = createRequire(from);
    if (attempt(() => require.resolve("@swc/core")) !== undefined) return true;
    const manifest = attempt(() => require("typescript/package.json") as TypeScript);
    return manifest !== undefined && Number.parseInt(manifest.version) < 7;
  });
}

function choose(file: string): Transpile {
  const swc = find<Swc>(file, "@swc/core");
  if (swc)
    return (source, name, format) => {
      const typescript = mayBeNull(source) ? whereNullIsLost(name) : undefined;
      return typescript
        ? withTypeScript(typescript, source, name, format)
        : withSwc(swc, source, name, format);
    };
  const typescript = find<TypeScript>(file, "typescript");
  if (typescript?.transpileModule)
    return (source, name, format) => withTypeScript(typescript, source, name, format);
  throw new LimbeckError("MODULE_FAILED", `${file} is TypeScript, and nothing here can compile it`, {
    file,
    hint: "run `npm install --save-dev @swc/core`, or name the compiled JavaScript instead",
  });
}

/** The project's own copy of a package, else the one that came with Limbeck. */
function find<T>(file: string, name: string): T | undefined {
  return [file, join(process.cwd(), "package.json"), __filename]
    .map((from) => attempt(() => createRequire(from)(name) as T))
    .find((found) => found !== undefined);
}

function attempt<T>(body: () => T): T | undefined {
  try {
    return body();
  } catch {
    return undefined;
  }
}

/** Whether something decorated may be `string | null`: most files have nothing of that kind. */
function mayBeNull(source: string): boolean {
  return source.includes("@") && /\|\s*(?:null|undefined)\b|\b(?:null|undefined)\s*\|/.test(source);
}

/**
 * The project's TypeScript where it tells decorators `String` of `string | null`, because `strictNullChecks` is off: swc
 * always says `Object`. Elsewhere both say the same.
 */
function whereNullIsLost(file: string): TypeScript | undefined {
  const { strictNullChecks, strict } = compilerOptions(file);
  const isStrict = strictNullChecks ?? strict;
  if (isStrict) return undefined;
  const typescript = find<TypeScript>(file, "typescript");
  // Version 6 is strict unless it is told not to be.
  if (isStrict === undefined && typescript && Number.parseInt(typescript.version) >= 6) return undefined;
  return typescript?.transpileModule && typescript;
}

function withSwc(swc: Swc, source: string, file: string, format: ModuleFormat): string {
  const { code } = swc.transformSync(source, {
    filename: file,
    swcrc: false,
    configFile: false,
    sourceMaps: "inline",
    isModule: true,
    jsc: {
      target: "es2022",
      parser: { syntax: "typescript", decorators: true, tsx: file.endsWith("x") },
      transform: {
        legacyDecorator: true,
        decoratorMetadata: true,
        useDefineForClassFields: compilerOptions(file).useDefineForClassFields ?? false,
      },
      keepClassNames: true,
    },
    module: format === "commonjs" ? { type: "commonjs", ignoreDynamic: keepsImport(file) } : { type: "es6" },
  });
  return code.replace(EARLY_TYPE, "(() => { try { return $&; } catch { return Object; } })()");
}

/**
 * swc exports by getter, so the type of a circular relation is read before its class is there and throws
 * (swc issue 5047, closed as intended). TypeScript reads it with care; so do we. TypeORM only looks whether it is a Promise.
 */
const EARLY_TYPE = /typeof ([\w$.]+) === "undefined" \? Object : \1(?![\w$.])/g;

/**
 * In CommonJS, `import()` becomes a `require`, as with tsc: Node cannot tell the names that a TypeScript file exports,
 * and would give a module with a default only. A .cts file stands among ES modules, which `require` would load twice.
 */
function keepsImport(file: string): boolean {
  return file.endsWith(".cts");
}

function withTypeScript(typescript: TypeScript, source: string, file: string, format: ModuleFormat): string {
  const options = compilerOptions(file);
  const result = typescript.transpileModule?.(source, {
    fileName: file,
    reportDiagnostics: true,
    compilerOptions: {
      target: "es2022",
      module: format === "module" ? "esnext" : keepsImport(file) ? "node16" : "commonjs",
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
      esModuleInterop: options.esModuleInterop ?? true,
      useDefineForClassFields: options.useDefineForClassFields ?? false,
      ...strictness(options),
      inlineSourceMap: true,
    },
  });
  const problem = result?.diagnostics?.[0];
  if (problem)
    throw new SyntaxError(`${describeMessage(problem.messageText)}${placeOf(source, problem.start)}`);
  return result?.outputText ?? "";
}

/** What decorators are told of `string | null` depends on it; where nothing is said, TypeScript knows its own default. */
function strictness({ strict, strictNullChecks }: ReturnType<typeof compilerOptions>): object {
  return {
    ...(strict === undefined ? {} : { strict }),
    ...(strictNullChecks === undefined ? {} : { strictNullChecks }),
  };
}

function describeMessage(text: Diagnostic["messageText"]): string {
  return typeof text === "string" ? text : text.messageText;
}

function placeOf(source: string, start: number | undefined): string {
  return start === undefined ? "" : ` (line ${source.slice(0, start).split("\n").length})`;
}

const configs = new Map<string, NonNullable<TsConfigJsonResolved["compilerOptions"]>>();

/** The compiler options of the tsconfig nearest to a file, `extends` followed. */
function compilerOptions(file: string): NonNullable<TsConfigJsonResolved["compilerOptions"]> {
  const folder = dirname(file);
  const known = configs.get(folder);
  if (known) return known;
  const { getTsconfig } = require("get-tsconfig") as typeof import("get-tsconfig");
  const options = getTsconfig(folder)?.config.compilerOptions ?? {};
  configs.set(folder, options);
  return options;
}

/** swc draws a picture, in colours; its first line says what is wrong, and the corner of the frame where. */
function summary(text: string): string {
  const plain = text.replace(/\u001b\[[0-9;]*m/g, "").trim();
  const line = /\[.*:(\d+):\d+\]/.exec(plain)?.[1];
  const first = (plain.split("\n")[0] ?? "").replace(/^[x\u00d7]\s+/, "");
  return line === undefined ? first : `${first} (line ${line})`;
}
