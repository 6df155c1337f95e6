/** Random columns: types that a dialect has, with defaults that fit them. */
import * as fc from "./fast-check";
import type { DialectName } from "../../src/dialects/dialect";
import { compact } from "../../src/model/equal";
import type { Column, ColumnType, Default, Generated } from "../../src/model/schema";
import { arbitraryName } from "./names";

/** What a type may be used for. */
interface TypeChoice {
  readonly type: fc.Arbitrary<ColumnType>;
  readonly value?: fc.Arbitrary<Default>;
  /** Whether it may stand in a key or an index without further words. */
  readonly indexable: boolean;
  /** Whether a STRICT table of SQLite takes it. */
  readonly strict?: boolean;
}

/** A column that may be part of a key or an index, or not. */
export interface DrawnColumn {
  readonly name: string;
  readonly column: Column;
  readonly indexable: boolean;
  readonly strict: boolean;
}

const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 8 }).filter((value) => !value.includes("\0")),
  fc.constantFrom("", "it's", 'say "hi"', "two\nlines", "back\\slash", "${x} `y`", "1", "null", "now()"),
);
const valueOf = (value: fc.Arbitrary<string | number | boolean>): fc.Arbitrary<Default> =>
  value.map((inner) => ({ value: inner }));
const whole = valueOf(fc.integer({ min: -1000, max: 1000 }));
const words = valueOf(text);
const now = fc.constant<Default>({ sql: "CURRENT_TIMESTAMP" });
const plain = (name: string): fc.Arbitrary<ColumnType> => fc.constant({ name });
const sized = (name: string): fc.Arbitrary<ColumnType> =>
  fc.integer({ min: 20, max: 255 }).map((length) => ({ name, length }));
const exact = (name: string): fc.Arbitrary<ColumnType> =>
  fc
    .tuple(fc.integer({ min: 5, max: 20 }), fc.integer({ min: 0, max: 1 }))
    .map(([precision, scale]) => ({ name, precision, scale }));

const MYSQL: readonly TypeChoice[] = [
  { type: fc.constantFrom({ name: "int" }, { name: "int", unsigned: true }), indexable: true },
  { type: plain("bigint"), value: whole, indexable: true },
  { type: sized("varchar"), value: words, indexable: true },
  { type: plain("text"), indexable: false },
  { type: exact("decimal"), value: whole, indexable: true },
  { type: plain("datetime"), value: now, indexable: true },
  { type: plain("json"), indexable: false },
  {
    type: fc.constant({ name: "enum", values: ["on", "off", "it's"] }),
    value: fc.constant({ value: "off" }),
    indexable: true,
  },
];

const TYPES: Readonly<Record<DialectName, readonly TypeChoice[]>> = {
  sqlite: [
    { type: plain("integer"), value: whole, indexable: true, strict: true },
    { type: plain("text"), value: words, indexable: true, strict: true },
    { type: plain("real"), value: whole, indexable: true, strict: true },
    { type: plain("blob"), indexable: true, strict: true },
    { type: sized("varchar"), value: words, indexable: true },
    { type: exact("numeric"), value: whole, indexable: true },
    { type: plain("boolean"), value: valueOf(fc.boolean()), indexable: true },
    { type: plain("datetime"), value: now, indexable: true },
  ],
  postgres: [
    { type: plain("integer"), value: whole, indexable: true },
    { type: plain("bigint"), value: whole, indexable: true },
    { type: plain("text"), value: words, indexable: true },
    { type: sized("character varying"), value: words, indexable: true },
    { type: exact("numeric"), value: whole, indexable: true },
    { type: plain("boolean"), value: valueOf(fc.boolean()), indexable: true },
    { type: plain("timestamp with time zone"), value: now, indexable: true },
    { type: plain("jsonb"), value: fc.constant({ value: { source: ["web", null, 1] } }), indexable: false },
    { type: fc.constant({ name: "integer", array: true }), indexable: false },
  ],
  mysql: MYSQL,
  mariadb: MYSQL,
  mssql: [
    { type: plain("int"), value: whole, indexable: true },
    { type: sized("nvarchar"), value: words, indexable: true },
    { type: fc.constant({ name: "nvarchar", length: "max" }), value: words, indexable: false },
    { type: exact("decimal"), value: whole, indexable: true },
    { type: plain("bit"), value: valueOf(fc.boolean()), indexable: true },
    { type: plain("datetime2"), value: now, indexable: true },
    { type: plain("uniqueidentifier"), indexable: true },
  ],
};

/** The type of automatic keys and of the foreign keys that refer to them. */
export const keyTypes: Readonly<Record<DialectName, string>> = {
  sqlite: "integer",
  postgres: "integer",
  mysql: "int",
  mariadb: "int",
  mssql: "int",
};

/** A column with what may be done with it; never generated as a key (`increment`, `identity`). */
export function arbitraryDrawnColumn(dialect: DialectName): fc.Arbitrary<DrawnColumn> {
  return fc.oneof(...TYPES[dialect].map((choice) => columnOf(dialect, choice)));
}

/** A column. */
export function arbitraryColumn(dialect: DialectName): fc.Arbitrary<Column> {
  return arbitraryDrawnColumn(dialect).map(({ column }) => column);
}

function columnOf(dialect: DialectName, choice: TypeChoice): fc.Arbitrary<DrawnColumn> {
  const computed = fc.boolean().map<Generated>((stored) => ({ kind: "computed", sql: "1 + 1", stored }));
  const takesComputed = choice.value === whole && dialect !== "mssql";
  return fc
    .record({
      name: arbitraryName,
      type: choice.type,
      nullable: fc.boolean(),
      default: fc.option(choice.value ?? fc.constant(undefined), { nil: undefined }),
      generated: takesComputed ? fc.option(computed, { nil: undefined, freq: 4 }) : fc.constant(undefined),
      comment: dialect === "sqlite" ? fc.constant(undefined) : fc.option(text, { nil: undefined, freq: 4 }),
    })
    .map(({ name, type, nullable, default: value, generated, comment }) => ({
      name,
      column: compact<Column>({
        name,
        type,
        nullable,
        default: generated === undefined ? value : undefined,
        generated: dialect === "postgres" && generated ? { ...generated, stored: true } : generated,
        comment: comment === "" ? undefined : comment,
      } as Column),
      indexable: choice.indexable && generated === undefined,
      strict: choice.strict ?? false,
    }));
}
