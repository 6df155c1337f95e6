/** The indexes of a table or materialized view. Those that keep a constraint belong to that constraint. */
import { compact } from "../../model/equal";
import type { Index, IndexPart } from "../../model/schema";
import { parametersOf, textsOf } from "./inspect-catalogue";
import type { Catalogue } from "./inspect-catalogue";
import type { CatalogueRow } from "./inspect-parts";

type IndexRow = CatalogueRow<"indexes">;

/** Bits of `indoption`. */
const DESCENDING = 1;
const NULLS_FIRST = 2;
/** The id of the collation that databases sort by unless told otherwise. */
const DEFAULT_COLLATION = "100";

/** The indexes that CREATE INDEX made. */
export function readIndexes(relation: string | null, catalogue: Catalogue): readonly Index[] {
  const kept = new Set(
    (catalogue.constraints.get(relation) ?? []).filter(({ kind }) => kind !== "f").map(({ index }) => index),
  );
  return (catalogue.indexes.get(relation) ?? [])
    .filter(({ id }) => !kept.has(id))
    .map((row) => readIndex(row, catalogue));
}

/** The columns that an index holds beside its key. */
export function includedColumns(row: IndexRow, catalogue: Catalogue): readonly string[] | undefined {
  const included = wordsOf(row.keys).slice(Number(row.keyCount));
  return included.length === 0
    ? undefined
    : included.map((number) => catalogue.columnName(row.relation, number));
}

function readIndex(row: IndexRow, catalogue: Catalogue): Index {
  return compact<Index>({
    name: row.name ?? "",
    parts: readParts(row, catalogue),
    unique: row.unique === "true" ? true : undefined,
    where: row.where ?? undefined,
    method: row.method === "btree" ? undefined : (row.method ?? undefined),
    include: includedColumns(row, catalogue),
    nullsNotDistinct: row.nullsNotDistinct === "true" ? true : undefined,
    invalid: row.valid === "false" ? true : undefined,
    storage: parametersOf(row.storage),
    comment: row.comment ?? undefined,
  });
}

function readParts(row: IndexRow, catalogue: Catalogue): readonly IndexPart[] {
  const expressions = [...textsOf(row.expressions)];
  const operators = wordsOf(row.operators);
  const collations = wordsOf(row.collations);
  const options = wordsOf(row.options);
  const operatorOptions =
    row.operatorOptions === null
      ? {}
      : (JSON.parse(row.operatorOptions) as Readonly<Record<string, readonly string[]>>);
  return wordsOf(row.keys)
    .slice(0, Number(row.keyCount))
    .map((number, place) => {
      const option = Number(options[place]);
      const column = number === "0" ? undefined : catalogue.columnName(row.relation, number);
      return compact<IndexPart>({
        column,
        expression: column === undefined ? expressions.shift() : undefined,
        order: (option & DESCENDING) === 0 ? undefined : "DESC",
        nulls: nullsOf(option),
        opclass: operatorClassOf(operators[place], operatorOptions[String(place + 1)] ?? [], catalogue),
        collation: collationOf(row.relation, number, collations[place] ?? "0", catalogue),
      });
    });
}

/** Nulls come last in ascending and first in descending order unless the index says otherwise. */
function nullsOf(option: number): IndexPart["nulls"] {
  const first = (option & NULLS_FIRST) !== 0;
  const descending = (option & DESCENDING) !== 0;
  return first === descending ? undefined : first ? "FIRST" : "LAST";
}

/** A part is sorted by the collation of its column unless it names another. */
function collationOf(
  relation: string | null,
  number: string,
  id: string,
  catalogue: Catalogue,
): string | undefined {
  if (id === "0") return undefined;
  const column = catalogue.columns.get(relation)?.find((other) => other.number === number);
  const own = column?.collationId ?? DEFAULT_COLLATION;
  return id === own ? undefined : catalogue.collations.get(id);
}

/** The operator class where it is not the usual one of its type, or has options: `gist_trgm_ops(siglen=32)`. */
function operatorClassOf(
  id: string | undefined,
  options: readonly string[],
  catalogue: Catalogue,
): string | undefined {
  const found = catalogue.operatorClasses.get(id ?? "");
  const name = found?.name ?? undefined;
  if (options.length > 0) return `${name ?? ""}(${options.join(", ")})`;
  return found?.usual === "true" ? undefined : name;
}

function wordsOf(text: string | null): readonly string[] {
  return text === null || text === "" ? [] : text.split(" ");
}
