/** Random but valid schemas. Every database of the dialect can hold what these give, after `Dialect.normalize`. */
import * as fc from "./fast-check";
import type { DialectName } from "../../src/dialects/dialect";
import { compact } from "../../src/model/equal";
import type {
  Column,
  Constraint,
  EnumType,
  ForeignKey,
  Generated,
  Index,
  QualifiedName,
  ReferentialAction,
  Schema,
  Table,
  TableOptions,
  View,
} from "../../src/model/schema";
import { emptySchema, primaryKeyOf } from "../../src/model/schema";
import { arbitraryName, distinctlyNamed, quoted } from "./names";
import type { DrawnColumn } from "./types";
import { arbitraryDrawnColumn, keyTypes } from "./types";

/** What kind of schemas to draw. */
export interface SchemaOptions {
  readonly dialect: DialectName;
  /** The most tables; four unless said. */
  readonly tables?: number;
}

/** A table before its foreign keys are known; `picks` choose among its columns. */
interface Draft {
  readonly name: string;
  readonly key: "none" | "plain" | "increment" | "composite";
  readonly columns: readonly DrawnColumn[];
  readonly uniques: readonly (readonly number[])[];
  readonly checks: readonly number[];
  readonly indexes: readonly IndexDraft[];
  readonly foreignKeys: readonly ForeignKeyDraft[];
  readonly named: boolean;
  readonly options: TableOptions;
  readonly comment: string | undefined;
}
interface IndexDraft {
  readonly picks: readonly number[];
  readonly unique: boolean;
  readonly descending: boolean;
  readonly partial: boolean;
}
interface ForeignKeyDraft {
  readonly target: number;
  readonly onDelete: ReferentialAction;
  readonly nullable: boolean;
}

/** A schema with tables that refer to each other and to themselves, and views over them. */
export function arbitrarySchema({ dialect, tables: most = 4 }: SchemaOptions): fc.Arbitrary<Schema> {
  const hasNamespaces = dialect === "postgres" || dialect === "mssql";
  return fc
    .record({
      drafts: distinctlyNamed(draft(dialect), { maxLength: most }),
      views: fc.array(fc.nat(), { maxLength: 2 }),
      namespace: hasNamespaces
        ? fc.option(fc.constant("audit log"), { nil: undefined })
        : fc.constant(undefined),
      enums: dialect === "postgres" ? distinctlyNamed(enumType, { maxLength: 2 }) : fc.constant([]),
    })
    .map(({ drafts, views, namespace, enums }) => {
      const places = drafts.map(({ name }, place) =>
        compact<QualifiedName>({ schema: place % 2 === 1 ? namespace : undefined, name }),
      );
      const tables = drafts.map((own, place) => tableOf(dialect, own, place, drafts, places));
      return {
        ...emptySchema,
        namespaces: namespace === undefined ? [] : [namespace],
        enums,
        tables,
        views: tables.length === 0 ? [] : views.map((pick, place) => viewOf(dialect, tables, pick, place)),
      };
    });
}

/** One table; it refers to no other, perhaps to itself. */
export function arbitraryTable(dialect: DialectName): fc.Arbitrary<Table> {
  return draft(dialect).map((own) => tableOf(dialect, own, 0, [own], [{ name: own.name }]));
}

const ACTIONS: readonly ReferentialAction[] = ["NO ACTION", "RESTRICT", "CASCADE"];

// Suffixed, so that no type has the name of a table: every table is a type too.
const enumType: fc.Arbitrary<EnumType> = fc.record({
  name: arbitraryName.map((name) => `${name} enum`),
  values: fc.uniqueArray(fc.constantFrom("new", "it's", "done ✓", ""), { minLength: 1 }),
});

function draft(dialect: DialectName): fc.Arbitrary<Draft> {
  const picks = fc.array(fc.nat(), { minLength: 1, maxLength: 2 });
  return fc.record({
    name: arbitraryName,
    key: fc.constantFrom("none", "plain", "increment", "composite"),
    columns: distinctlyNamed(arbitraryDrawnColumn(dialect), { minLength: 1, maxLength: 5 }),
    uniques: fc.array(picks, { maxLength: 2 }),
    checks: fc.array(fc.nat(), { maxLength: 1 }),
    indexes: fc.array(
      fc.record({ picks, unique: fc.boolean(), descending: fc.boolean(), partial: fc.boolean() }),
      { maxLength: 2 },
    ),
    foreignKeys: fc.array(
      fc.record({ target: fc.nat(), onDelete: fc.constantFrom(...ACTIONS), nullable: fc.boolean() }),
      { maxLength: 2 },
    ),
    named: fc.boolean(),
    options: tableOptions(dialect),
    comment:
      dialect === "sqlite"
        ? fc.constant(undefined)
        : fc.option(fc.constant("what it's for"), { nil: undefined }),
  });
}

function tableOptions(dialect: DialectName): fc.Arbitrary<TableOptions> {
  if (dialect === "sqlite") return fc.record({ withoutRowid: fc.boolean(), strict: fc.boolean() });
  if (dialect === "mysql" || dialect === "mariadb") {
    return fc.constantFrom({}, { engine: "InnoDB" }, { charset: "utf8mb4", collation: "utf8mb4_bin" });
  }
  return fc.constant({});
}

function tableOf(
  dialect: DialectName,
  own: Draft,
  place: number,
  drafts: readonly Draft[],
  places: readonly QualifiedName[],
): Table {
  const key = keyColumns(dialect, own, place);
  const foreign = foreignKeysOf(dialect, own, place, drafts, places);
  const drawn = own.columns.map(({ column }, index) => (index === 0 ? stored(column) : column));
  const usable = own.columns.filter(({ indexable }) => indexable).map(({ name }) => name);
  const options = optionsOf(own);
  return compact<Table>({
    ...(places[place] ?? { name: own.name }),
    columns: [...key, ...drawn, ...foreign.map(({ column }) => column)],
    constraints: [
      ...primaryKey(dialect, own, key, place),
      ...uniquesOf(own, usable, place),
      ...checksOf(dialect, own, place),
      ...foreign.map(({ constraint }) => constraint),
    ],
    indexes: indexesOf(dialect, own, usable, place),
    comment: own.comment,
    options: Object.keys(options).length === 0 ? undefined : options,
  });
}

/** No database takes a table of which all columns are computed. */
function stored(column: Column): Column {
  return compact<Column>({ ...column, generated: undefined });
}

/** Only what SQLite accepts: WITHOUT ROWID needs a key that does not count by itself, STRICT knows few types. */
function optionsOf({ options, key, columns }: Draft): TableOptions {
  const { withoutRowid, strict, ...rest } = options;
  return compact<TableOptions>({
    ...rest,
    withoutRowid: withoutRowid && (key === "plain" || key === "composite") ? true : undefined,
    strict: strict && columns.every((column) => column.strict) ? true : undefined,
  });
}

function keyColumns(dialect: DialectName, { key }: Draft, place: number): readonly Column[] {
  const column = (name: string, generated?: Generated): Column =>
    compact<Column>({ name, type: { name: keyTypes[dialect] }, nullable: false, generated });
  if (key === "none") return [];
  if (key === "increment") return [column(`key ${place}`, { kind: "increment" })];
  return key === "plain" ? [column(`key ${place}`)] : [column(`key ${place}`), column(`key ${place} b`)];
}

function primaryKey(
  dialect: DialectName,
  own: Draft,
  key: readonly Column[],
  place: number,
): readonly Constraint[] {
  if (key.length === 0) return [];
  const named = own.named && (dialect === "postgres" || dialect === "mssql");
  return [
    { kind: "primaryKey", ...(named ? { name: `PK_${place}` } : {}), columns: key.map(({ name }) => name) },
  ];
}

function uniquesOf(own: Draft, usable: readonly string[], place: number): readonly Constraint[] {
  return distinctPicks(own.uniques, usable).map((columns, number) => ({
    kind: "unique",
    ...(own.named ? { name: `UQ "${place}" ${number}` } : {}),
    columns,
  }));
}

function checksOf(dialect: DialectName, own: Draft, place: number): readonly Constraint[] {
  return own.checks.flatMap((pick, number) => {
    const column = own.columns[pick % own.columns.length];
    if (column === undefined || !column.indexable) return [];
    const expression = `${quoted(dialect, column.name)} IS NOT NULL OR 1 = 1`;
    // SQL Server finds a key again by its columns; a check only by its name.
    const named = own.named || dialect === "mssql";
    return [{ kind: "check", ...(named ? { name: `CHK_${place}_${number}` } : {}), expression }];
  });
}

function indexesOf(
  dialect: DialectName,
  own: Draft,
  usable: readonly string[],
  place: number,
): readonly Index[] {
  const filters = dialect === "sqlite" || dialect === "postgres" || dialect === "mssql";
  return own.indexes.flatMap(({ picks, unique, descending, partial }, number) => {
    const [columns] = distinctPicks([picks], usable);
    const [first] = columns ?? [];
    if (columns === undefined || first === undefined) return [];
    return [
      compact<Index>({
        name: `IDX ${place} ${number}`,
        parts: columns.map((column) => (descending ? { column, order: "DESC" } : { column })),
        unique: unique ? true : undefined,
        where: partial && filters ? `${quoted(dialect, first)} IS NOT NULL` : undefined,
      }),
    ];
  });
}

/** Each foreign key brings a column of its own, so that types always fit. */
function foreignKeysOf(
  dialect: DialectName,
  own: Draft,
  place: number,
  drafts: readonly Draft[],
  places: readonly QualifiedName[],
): readonly { readonly column: Column; readonly constraint: ForeignKey }[] {
  return own.foreignKeys.flatMap(({ target, onDelete, nullable }, number) => {
    const index = target % drafts.length;
    const other = drafts[index];
    const references = places[index];
    if (references === undefined || (other?.key !== "plain" && other?.key !== "increment")) return [];
    const name = `ref ${place} ${number}`;
    const constraint = compact<ForeignKey>({
      kind: "foreignKey",
      name: own.named ? `FK_${place}_${number}` : undefined,
      columns: [name],
      references,
      referencedColumns: [`key ${index}`],
      onDelete,
      onUpdate: "NO ACTION",
    });
    return [{ column: { name, type: { name: keyTypes[dialect] }, nullable }, constraint }];
  });
}

function viewOf(dialect: DialectName, tables: readonly Table[], pick: number, place: number): View {
  const table = tables[pick % tables.length];
  if (table === undefined) throw new Error("a view needs a table");
  const names = [...(primaryKeyOf(table)?.columns ?? []), table.columns.at(-1)?.name ?? ""];
  const columns = [...new Set(names)].map((name) => quoted(dialect, name)).join(", ");
  const from = [table.schema, table.name]
    .filter((name) => name !== undefined)
    .map((name) => quoted(dialect, name))
    .join(".");
  return { name: `view ${place}`, sql: `SELECT ${columns}\nFROM ${from}` };
}

/** The columns that numbers choose, without repetition; no two lists are the same. */
function distinctPicks(
  picks: readonly (readonly number[])[],
  columns: readonly string[],
): readonly (readonly string[])[] {
  const lists = picks.map((list) => [
    ...new Set(list.flatMap((pick) => columns[pick % Math.max(columns.length, 1)] ?? [])),
  ]);
  const byContent = new Map(lists.map((list) => [JSON.stringify(list.toSorted()), list]));
  return [...byContent.values()].filter((list) => list.length > 0);
}
