/** Whether a configuration says only what can be understood. */
import { LimbeckError } from "../errors";
import type { Config } from "./config";
import { parseDuration } from "./duration";

type Checker = (value: unknown) => string | undefined;

const text: Checker = (value) => (typeof value === "string" && value !== "" ? undefined : "a text");
const texts: Checker = (value) =>
  Array.isArray(value) && value.every((item) => typeof item === "string") ? undefined : "a list of texts";
const version: Checker = (value) =>
  typeof value === "string" && /^\d+(\.\d+)*/.test(value) ? undefined : 'a version, such as "10.11.6"';
const number: Checker = (value) =>
  Number.isInteger(value) && Number(value) > 0 ? undefined : "a whole number above 0";
const duration: Checker = (value) =>
  typeof value === "string" && parseDuration(value) !== undefined
    ? undefined
    : 'a duration such as "500ms", "5s", "2min" or "1h"';
const flag: Checker = (value) => (typeof value === "boolean" ? undefined : "true or false");
const callable: Checker = (value) => (typeof value === "function" ? undefined : "a function");
const record: Checker = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? undefined : "an object";
const flagOrCallable: Checker = (value) =>
  typeof value === "boolean" || typeof value === "function" ? undefined : "true, false or a function";
/** Objects that have a text and some functions. */
const listOf =
  (property: string, ...functions: readonly string[]) =>
  (value: unknown): boolean =>
    Array.isArray(value) &&
    value.every(
      (item: Readonly<Record<string, unknown>> | null) =>
        typeof item?.[property] === "string" && functions.every((name) => typeof item[name] === "function"),
    );
const plugins: Checker = (value) => {
  if (!listOf("name")(value)) return "a list of objects with a `name`";
  const all = value as readonly { readonly operations?: unknown; readonly comparators?: unknown }[];
  if (!all.every(({ operations = [] }) => listOf("name", "describe")(operations)))
    return "plugins whose `operations` have a `name` and a function `describe`";
  return all.every(({ comparators = [] }) => listOf("kind", "target", "inspect", "diff")(comparators))
    ? undefined
    : "plugins whose `comparators` have a `kind` and functions `target`, `inspect` and `diff`";
};
const timeZone: Checker = (value) => {
  try {
    new Intl.DateTimeFormat("en", { timeZone: String(value) }).format();
    return undefined;
  } catch {
    return 'a time zone such as "Europe/Vienna"';
  }
};
const hooks: Checker = (value) =>
  Array.isArray(value) && value.every(isHook)
    ? undefined
    : "a list of objects with a `name` and either a `command` or a function `run`";
const anything: Checker = (value) => (value === undefined || value === null ? "a data source" : undefined);
const oneOf =
  (...words: readonly string[]): Checker =>
  (value) =>
    words.includes(value as string) ? undefined : `one of ${words.join(", ")}`;

/** Throws nothing: what is wrong is told as what should be there. */
function isLogging(value: unknown): string | undefined {
  const expected =
    'an object of `level` ("info", "warn" or "silent"), `sql` and `logger` (with `info` and `warn`)';
  if (record(value) !== undefined) return expected;
  const { level, sql, logger, ...others } = value as Readonly<Record<string, unknown>>;
  const methods = logger as Readonly<Record<string, unknown>> | null | undefined;
  const fits =
    Object.keys(others).length === 0 &&
    (level === undefined || oneOf("info", "warn", "silent")(level) === undefined) &&
    (sql === undefined || flag(sql) === undefined) &&
    (logger === undefined || (typeof methods?.info === "function" && typeof methods.warn === "function"));
  return fits ? undefined : expected;
}

/** A hook is a program with its arguments, or a function. */
function isHook(value: unknown): boolean {
  if (record(value) !== undefined) return false;
  const {
    name,
    run,
    command,
    arguments: given,
    cwd,
    env,
    ...others
  } = value as Readonly<Record<string, unknown>>;
  if (text(name) !== undefined || Object.keys(others).length > 0) return false;
  if (command === undefined) return callable(run) === undefined && (given ?? cwd ?? env) === undefined;
  const fits = (item: unknown, checker: Checker): boolean =>
    item === undefined || checker(item) === undefined;
  return (
    run === undefined && fits(command, text) && fits(given, texts) && fits(cwd, text) && fits(env, record)
  );
}

/** Every key with what it may hold; the compiler sees that none is forgotten. */
const KEYS: Readonly<Record<keyof Config, Checker>> = {
  dataSource: anything,
  dialect: oneOf("postgres", "mysql", "mariadb", "sqlite", "mssql"),
  scriptLocation: text,
  versionLocations: texts,
  recursiveVersionLocations: flag,
  fileTemplate: text,
  timeZone,
  revisionEnvironment: flag,
  postWriteHooks: hooks,
  slugLength: number,
  transaction: oneOf("all", "each", "none"),
  lock: oneOf("session", "table", "none"),
  lockWait: duration,
  lockTimeout: duration,
  statementTimeout: duration,
  batchSeparator: text,
  versionTable: text,
  versionTableSchema: text,
  historyTable: text,
  names: oneOf("strategy", "content"),
  typeormMetadata: flag,
  enumStrategy: oneOf("add", "rebuild"),
  renderAsBatch: (value) =>
    value === "auto" || typeof value === "boolean" ? undefined : '"auto", true or false',
  renames: text,
  include: texts,
  exclude: texts,
  includeObject: callable,
  includeName: callable,
  includeSchemas: (value) =>
    typeof value === "boolean" || typeof value === "function" || texts(value) === undefined
      ? undefined
      : "a list of names or globs, true, false or a function",
  compareType: flagOrCallable,
  compareNullable: flagOrCallable,
  compareDefault: flagOrCallable,
  compareGenerated: flagOrCallable,
  compareCollation: flagOrCallable,
  compareComment: flagOrCallable,
  processRevisionDirectives: (value) =>
    callable(value) === undefined ||
    callable((value as { readonly process?: unknown } | null)?.process) === undefined
      ? undefined
      : "a function or a Rewriter",
  renderItem: callable,
  plugins,
  serverVersion: version,
  loader: oneOf("auto", "none"),
  logging: isLogging,
  databases: record,
  environments: record,
};

/**
 * Throws CONFIG_INVALID for a key that is unknown, with the nearest known one, or that holds something else than it may.
 * The path leads to a database or an environment inside the configuration.
 */
export function checkConfig(value: unknown, file: string, path = ""): asserts value is Config {
  if (record(value) !== undefined) throw notAnObject(value, file, path);
  for (const [key, inner] of Object.entries(value as object)) {
    const checker = Object.hasOwn(KEYS, key) ? KEYS[key as keyof Config] : undefined;
    if (!checker) throw unknownKey(path + key, key, file);
    if (isTooDeep(key, path)) throw tooDeep(path + key, file);
    const expected = inner === undefined ? undefined : checker(inner);
    if (expected !== undefined) throw wrongValue(path + key, inner, expected, file);
  }
  const { databases = {}, environments = {} } = value as Config;
  for (const [name, inner] of Object.entries(databases))
    checkConfig(inner, file, `${path}databases.${name}.`);
  for (const [name, inner] of Object.entries(environments))
    checkConfig(inner, file, `${path}environments.${name}.`);
}

/** `databases` stand at the top or in an environment, `environments` only at the top. */
function isTooDeep(key: string, path: string): boolean {
  return (key === "environments" && path !== "") || (key === "databases" && path.includes("databases."));
}

function tooDeep(path: string, file: string): LimbeckError {
  return new LimbeckError("CONFIG_INVALID", `\`${path}\` in ${file} is not possible: it is nested too deep`, {
    file,
    hint: "environments hold databases, databases hold neither",
  });
}

function notAnObject(value: unknown, file: string, path: string): LimbeckError {
  if (path !== "") return wrongValue(path.slice(0, -1), value, "an object", file);
  // TypeORM before 0.3 took a list of connections here.
  const hint = Array.isArray(value)
    ? "give each connection a name: `export default { databases: { main: { dataSource: ... } } }`"
    : "write `export default { dataSource: ... }`";
  return new LimbeckError("CONFIG_INVALID", `${file} does not export an object as its default`, {
    file,
    hint,
  });
}

function wrongValue(path: string, value: unknown, expected: string, file: string): LimbeckError {
  const shown = ["string", "number", "boolean"].includes(typeof value)
    ? `, not ${JSON.stringify(value)}`
    : "";
  return new LimbeckError("CONFIG_INVALID", `\`${path}\` in ${file} must be ${expected}${shown}`, { file });
}

function unknownKey(path: string, key: string, file: string): LimbeckError {
  const near = nearest(key, Object.keys(KEYS));
  return new LimbeckError("CONFIG_INVALID", `${file} has an unknown key \`${path}\``, {
    file,
    hint: near === undefined ? `the keys are ${Object.keys(KEYS).join(", ")}` : `did you mean \`${near}\`?`,
  });
}

/** The word that needs the fewest changes, if they are few. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const ranked = words
    .map((candidate) => ({ candidate, changes: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((left, right) => left.changes - right.changes);
  const [best] = ranked;
  return best && best.changes <= Math.max(2, word.length / 3) ? best.candidate : undefined;
}

function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [place, letter] of Array.from(left).entries()) {
    const next = [place + 1];
    for (const [column, other] of Array.from(right).entries()) {
      const change = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(change, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
