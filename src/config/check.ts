/** Whether a configuration says only what can be understood. */
import { LimbeckError } from "../errors";
import type { Config } from "./config";

type Checker = (value: unknown) => string | undefined;

const text: Checker = (value) => (typeof value === "string" && value !== "" ? undefined : "a text");
const texts: Checker = (value) =>
  Array.isArray(value) && value.every((item) => typeof item === "string") ? undefined : "a list of texts";
const number: Checker = (value) =>
  Number.isInteger(value) && Number(value) > 0 ? undefined : "a whole number above 0";
const flag: Checker = (value) => (typeof value === "boolean" ? undefined : "true or false");
const callable: Checker = (value) => (typeof value === "function" ? undefined : "a function");
const list: Checker = (value) => (Array.isArray(value) ? undefined : "a list");
const record: Checker = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? undefined : "an object";
const anything: Checker = (value) => (value === undefined || value === null ? "a data source" : undefined);
const oneOf =
  (...words: readonly string[]): Checker =>
  (value) =>
    words.includes(value as string) ? undefined : `one of ${words.join(", ")}`;

/** Every key with what it may hold; the compiler sees that none is forgotten. */
const KEYS: Readonly<Record<keyof Config, Checker>> = {
  dataSource: anything,
  dialect: oneOf("postgres", "mysql", "mariadb", "sqlite", "mssql"),
  scriptLocation: text,
  versionLocations: texts,
  fileTemplate: text,
  slugLength: number,
  transaction: oneOf("all", "each", "none"),
  versionTable: text,
  versionTableSchema: text,
  historyTable: text,
  names: oneOf("strategy", "content"),
  typeormMetadata: flag,
  include: texts,
  exclude: texts,
  includeObject: callable,
  includeSchemas: texts,
  loader: oneOf("auto", "none"),
  operations: list,
  objects: list,
  databases: record,
  environments: record,
};

/** Throws CONFIG_INVALID for a key that is unknown, with the nearest known one, or that holds something else than it may. */
export function checkConfig(value: unknown, file: string, path = ""): asserts value is Config {
  if (record(value) !== undefined) {
    throw new LimbeckError("CONFIG_INVALID", `${file} does not export an object as its default`, {
      file,
      hint: "write `export default { dataSource: ... }`",
    });
  }
  for (const [key, inner] of Object.entries(value as object)) {
    const checker = (KEYS as Readonly<Record<string, Checker | undefined>>)[key];
    if (!checker) throw unknownKey(path + key, key, file);
    const expected = inner === undefined ? undefined : checker(inner);
    if (expected !== undefined) {
      throw new LimbeckError("CONFIG_INVALID", `\`${path}${key}\` in ${file} must be ${expected}`, { file });
    }
  }
  const { databases = {}, environments = {} } = value as Config;
  for (const [name, inner] of Object.entries(databases))
    checkConfig(inner, file, `${path}databases.${name}.`);
  for (const [name, inner] of Object.entries(environments))
    checkConfig(inner, file, `${path}environments.${name}.`);
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
  for (const [place, letter] of [...left].entries()) {
    const next = [place + 1];
    for (const [column, other] of [...right].entries()) {
      const change = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(change, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
