/** One table out of the catalogue's rows. */
import { compact } from "../../model/equal";
import type {
  Column,
  ColumnType,
  Constraint,
  Deferrable,
  Generated,
  QualifiedName,
  ReferentialAction,
  Table,
  TableOptions,
  Trigger,
} from "../../model/schema";
import { columnOf } from "../../model/schema";
import { columnKey, numbersOf, parametersOf } from "./inspect-catalogue";
import type { Catalogue } from "./inspect-catalogue";
import { includedColumns, readIndexes } from "./inspect-index";
import type { CatalogueRow } from "./inspect-parts";

type RelationRow = CatalogueRow<"relations">;
type ColumnRow = CatalogueRow<"columns">;
type ConstraintRow = CatalogueRow<"constraints">;

/** A table, faithful to what the database has. */
export function readTable(row: RelationRow, catalogue: Catalogue): Table {
  const columns = catalogue.columns.get(row.id) ?? [];
  const options = readOptions(row, catalogue);
  return compact<Table>({
    ...catalogue.nameOf(row),
    columns: columns.map((column) => readColumn(column, catalogue)),
    constraints: (catalogue.constraints.get(row.id) ?? []).flatMap((constraint) =>
      readConstraint(constraint, catalogue).map((read) => withComment(read, constraint.comment)),
    ),
    indexes: readIndexes(row.id, catalogue),
    triggers: readTriggers(row.id, catalogue),
    comment: row.comment ?? undefined,
    options: Object.keys(options).length === 0 ? undefined : options,
  });
}

/** The triggers of a table or view, as statements. */
export function readTriggers(relation: string | null, catalogue: Catalogue): readonly Trigger[] | undefined {
  return catalogue.triggers
    .get(relation)
    ?.map(({ name, definition }) => ({ name: name ?? "", sql: definition ?? "" }));
}

function readOptions(row: RelationRow, catalogue: Catalogue): TableOptions {
  const parents = (catalogue.parents.get(row.id) ?? [])
    .toSorted((left, right) => Number(left.place) - Number(right.place))
    .map((parent) => catalogue.nameOf(parent));
  return compact<TableOptions>({
    storage: parametersOf(row.storage),
    tablespace: row.tablespace ?? undefined,
    unlogged: row.unlogged === "true" ? true : undefined,
    partitionBy: row.partitionBy ?? undefined,
    inherits: parents.length === 0 ? undefined : parents,
  });
}

function readColumn(row: ColumnRow, catalogue: Catalogue): Column {
  const generated = readGenerated(row, catalogue);
  return columnOf({
    name: row.name ?? "",
    type: readColumnType(row, catalogue),
    nullable: row.required !== "true",
    default: row.default === null || generated ? undefined : { sql: row.default },
    generated,
    collation: row.collation ?? undefined,
    comment: row.comment ?? undefined,
  });
}

function readColumnType(row: ColumnRow, catalogue: Catalogue): ColumnType {
  const named = catalogue.enums.get(row.typeId);
  if (!named) return catalogue.type(row.type ?? "");
  return compact<ColumnType>({ name: "enum", enumName: named.name, array: named.array ? true : undefined });
}

/** A column counts by itself where its default takes the next value of a sequence that it owns (manual, 8.1.4). */
function readGenerated(row: ColumnRow, catalogue: Catalogue): Generated | undefined {
  if (row.computed) return { kind: "computed", sql: row.default ?? "", stored: row.computed === "s" };
  if (row.identity) return { kind: "identity", always: row.identity === "a" };
  const [, taken] = /^nextval\('([^]*)'::regclass\)$/.exec(row.default ?? "") ?? [];
  if (taken === undefined) return undefined;
  const sequence = catalogue.sequences.get(columnKey(row.relation, row.number));
  if (!sequence) return undefined;
  return lastName(taken.replaceAll("''", "'")) === sequence.name ? { kind: "increment" } : undefined;
}

/** The last name of a path as `regclass` prints it, without its quotes. */
function lastName(path: string): string {
  const [last = ""] = /(?:"(?:[^"]|"")*"|[^."]+)$/.exec(path) ?? [];
  return last.startsWith('"') ? last.slice(1, -1).replaceAll('""', '"') : last;
}

const ACTIONS: Readonly<Record<string, ReferentialAction>> = {
  a: "NO ACTION",
  r: "RESTRICT",
  c: "CASCADE",
  n: "SET NULL",
  d: "SET DEFAULT",
};

function readConstraint(row: ConstraintRow, catalogue: Catalogue): readonly Constraint[] {
  const name = row.name ?? "";
  const deferrable = deferrableOf(row);
  const notValid = row.validated === "false" ? true : undefined;
  switch (row.kind) {
    case "p":
    case "u":
      return [readKey(row, catalogue)];
    case "c":
      return [
        compact<Constraint>({
          kind: "check",
          name,
          expression: row.definition ?? "",
          notValid,
          noInherit: row.noInherit === "true" ? true : undefined,
        }),
      ];
    case "f":
      return [readForeignKey(row, catalogue)];
    case "x":
      return [
        compact<Constraint>({
          kind: "exclusion",
          name,
          expression: exclusionOf(row.definition ?? ""),
          deferrable,
        }),
      ];
    default:
      return [];
  }
}

function withComment(constraint: Constraint, comment: string | null): Constraint {
  return comment === null ? constraint : { ...constraint, comment };
}

function readKey(row: ConstraintRow, catalogue: Catalogue): Constraint {
  const index = catalogue.indexes.get(row.relation)?.find(({ id }) => id === row.index);
  return compact<Constraint>({
    kind: row.kind === "p" ? "primaryKey" : "unique",
    name: row.name ?? "",
    columns: catalogue.columnNames(row.relation, row.columns),
    deferrable: deferrableOf(row),
    nullsNotDistinct: index?.nullsNotDistinct === "true" ? true : undefined,
    include: index && includedColumns(index, catalogue),
  });
}

function readForeignKey(row: ConstraintRow, catalogue: Catalogue): Constraint {
  const setColumns = numbersOf(row.onDeleteColumns);
  const references: QualifiedName = catalogue.nameOf({
    schema: row.referencedSchema,
    schemaName: row.referencedSchemaName,
    name: row.referencedName,
  });
  return compact<Constraint>({
    kind: "foreignKey",
    name: row.name ?? "",
    columns: catalogue.columnNames(row.relation, row.columns),
    references,
    referencedColumns: catalogue.columnNames(row.references, row.referencedColumns),
    onDelete: ACTIONS[row.onDelete ?? ""] ?? "NO ACTION",
    onUpdate: ACTIONS[row.onUpdate ?? ""] ?? "NO ACTION",
    deferrable: deferrableOf(row),
    notValid: row.validated === "false" ? true : undefined,
    match: row.match === "f" ? "FULL" : undefined,
    onDeleteColumns:
      setColumns.length === 0
        ? undefined
        : setColumns.map((number) => catalogue.columnName(row.relation, number)),
  });
}

function deferrableOf(row: ConstraintRow): Deferrable | undefined {
  if (row.deferrable !== "true") return undefined;
  return row.deferred === "true" ? "INITIALLY DEFERRED" : "INITIALLY IMMEDIATE";
}

/** What stands between EXCLUDE and the deferrability, which the catalogue has beside it. */
function exclusionOf(definition: string): string {
  return definition.replace(/^EXCLUDE /, "").replace(/ DEFERRABLE(?: INITIALLY DEFERRED)?$/, "");
}
