/** Random names, with all that trips up quoting: reserved words, quotes, spaces, dots, other scripts. */
import * as fc from "./fast-check";

const AWKWARD = [
  "order",
  "select",
  "group",
  "Table",
  "camelCase",
  "with space",
  'double"quote',
  "single'quote",
  "back`tick",
  "square]bracket",
  "dot.ted",
  "semi;colon",
  "back\\slash",
  "percent%s",
  "dollar${x}",
  "question?",
  "größe",
  "таблица",
  "テーブル",
  "😀",
  "__proto__",
  "constructor",
];

/** A name that every database takes when it is quoted; at most 20 characters. */
export const arbitraryName: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.stringMatching(/^[a-z][a-z0-9_]{0,9}$/) },
  { weight: 1, arbitrary: fc.constantFrom(...AWKWARD) },
);

/** Items with names that stay different where a database compares names without case. */
export function distinctlyNamed<T extends { readonly name: string }>(
  item: fc.Arbitrary<T>,
  constraints: { readonly minLength?: number; readonly maxLength: number },
): fc.Arbitrary<readonly T[]> {
  return fc.uniqueArray(item, { ...constraints, selector: ({ name }) => name.toLowerCase() });
}

const QUOTES: Readonly<Record<string, readonly [string, string]>> = {
  mysql: ["`", "`"],
  mariadb: ["`", "`"],
  mssql: ["[", "]"],
};

/** A name quoted as the dialect does it, for expressions and views. */
export function quoted(dialect: string, name: string): string {
  const [open, close] = QUOTES[dialect] ?? ['"', '"'];
  return open + name.replaceAll(close, close + close) + close;
}
