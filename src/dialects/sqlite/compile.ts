/** Operations as SQLite's statements (https://www.sqlite.org/lang.html). */
import { assertNever } from "../../errors";
import { compact } from "../../model/equal";
import type { Column, Constraint, Index, QualifiedName, Table, View } from "../../model/schema";
import { primaryKeyOf } from "../../model/schema";
import type { Operation, RecreateTable } from "../../operations/operation";
import { customOperation } from "../../operations/registry";
import { insertRows } from "../ansi/insert";
import {
  columnList,
  constraintText,
  defaultText,
  indexPartsText,
  sqlFor,
  typeText,
  unsupported,
} from "../ansi/sql";
import { createMetadataTable, metadataChange } from "../ansi/typeorm-metadata";
import type { MetadataRow } from "../ansi/typeorm-metadata";
import type { CompileContext, Statement } from "../dialect";
import { literal, quote, quoteName, writer } from "./quote";

/** Rows in one INSERT: SQLite's limit of compound terms is 500 in old builds. */
const ROWS_PER_INSERT = 500;

/** The statements of one complete operation, with TypeORM's own rows about views and generated columns. */
export function compile(operation: Operation, context: CompileContext): readonly Statement[] {
  const statements = [...sqlOf(operation, context), ...metadataSql(operation, context)];
  return statements.map((statement) => ({
    ...(typeof statement === "string" ? { sql: statement } : statement),
    operation,
  }));
}

type Sql = string | Pick<Statement, "sql" | "parameters">;

function sqlOf(operation: Operation, context: CompileContext): readonly Sql[] {
  switch (operation.kind) {
    case "createTable":
      return createTable(operation.table, operation.ifNotExists ?? false);
    case "dropTable":
      return [`DROP TABLE ${operation.ifExists ? "IF EXISTS " : ""}${quoteName(operation.table)}`];
    case "renameTable":
      return [`ALTER TABLE ${quoteName(operation.from)} RENAME TO ${quote(operation.to.name)}`];
    case "addColumn":
      return [`ALTER TABLE ${quoteName(operation.table)} ADD COLUMN ${columnText(operation.column)}`];
    case "dropColumn":
      return [`ALTER TABLE ${quoteName(operation.table)} DROP COLUMN ${quote(operation.column)}`];
    case "alterColumn":
      return alterColumn(operation);
    case "createIndex":
      return [createIndex(operation.table, operation.index, operation.ifNotExists ?? false)];
    case "dropIndex":
      return [dropIndex(operation.table, operation.name, operation.ifExists ?? false)];
    case "renameIndex":
      if (!operation.was) throw unsupported("SQLite", operation, "there is no such index");
      return [
        dropIndex(operation.table, operation.from, false),
        createIndex(operation.table, { ...operation.was, name: operation.to }, false),
      ];
    case "createView":
      return [createView(operation.view)];
    case "replaceView":
      return [`DROP VIEW ${quoteName(operation.view)}`, createView(operation.view)];
    case "dropView":
      return [`DROP VIEW ${operation.ifExists ? "IF EXISTS " : ""}${quoteName(operation.view)}`];
    case "recreateTable":
      return recreateTable(operation);
    case "batchAlterTable":
      return operation.operations.flatMap((inner) => sqlOf(inner, context));
    case "bulkInsert":
      return insertRows(writer, operation, ROWS_PER_INSERT);
    case "execute": {
      const sql = sqlFor(operation.sql, "sqlite");
      return sql === "" ? [] : [compact<Statement>({ sql, parameters: operation.parameters })];
    }
    case "custom":
      return customOperation(context.registry, operation.name).compile(operation.payload, "sqlite");
    // SQLite keeps no comments and none of these options change a table there.
    case "commentTable":
      return [];
    case "alterTable":
    case "addConstraint":
    case "dropConstraint":
    case "renameConstraint":
      throw unsupported("SQLite", operation, "use batchAlterTable, which copies the table");
    case "validateConstraint":
      throw unsupported("SQLite", operation, "every constraint is valid there from the start");
    case "createEnum":
    case "alterEnum":
    case "dropEnum":
      throw unsupported("SQLite", operation, "give the column its values instead: `enum: [...]`");
    case "refreshView":
      throw unsupported("SQLite", operation, "views store no rows there");
    case "createSchema":
    case "dropSchema":
      throw unsupported("SQLite", operation, "attach a database file instead");
    case "createSequence":
    case "alterSequence":
    case "dropSequence":
      throw unsupported("SQLite", operation, "use an auto-increment column instead");
    case "createExtension":
    case "dropExtension":
      throw unsupported("SQLite", operation, "extensions are loaded by the application there");
    default:
      return assertNever(operation);
  }
}

function createTable(table: Table, ifNotExists: boolean): readonly string[] {
  return [
    createTableText(table, ifNotExists),
    ...table.indexes.map((index) => createIndex(table, index, ifNotExists)),
    ...(table.triggers ?? []).map(({ sql }) => sql),
  ];
}

/** CREATE TABLE as TypeORM writes it, so that TypeORM reads it back as its own. */
function createTableText(table: Table, ifNotExists = false): string {
  const key = primaryKeyOf(table);
  const inlineKey = key?.columns.length === 1 ? key.columns[0] : undefined;
  const constraints = table.constraints
    .filter((constraint) => constraint !== key || inlineKey === undefined)
    .toSorted((left, right) => widthOf(right) - widthOf(left));
  const lines = [
    ...table.columns.map((column) =>
      columnText(column, column.name === inlineKey ? { name: key?.name } : undefined),
    ),
    ...constraints.map((constraint) =>
      // A foreign key cannot name another database file: its table is always looked for beside it.
      constraintText({ ...writer, quoteName: ({ name }) => quote(name) }, constraint),
    ),
  ];
  const options = [
    table.options?.strict ? "STRICT" : undefined,
    table.options?.withoutRowid ? "WITHOUT ROWID" : undefined,
  ].filter((option) => option !== undefined);
  const head = `CREATE TABLE ${ifNotExists ? "IF NOT EXISTS " : ""}${quoteName(table)}`;
  return `${head} (${lines.join(", ")})${options.length === 0 ? "" : ` ${options.join(", ")}`}`;
}

/**
 * How many columns a constraint names. The widest come first, because TypeORM takes the first name whose columns are
 * all in a constraint for the name of that constraint.
 */
function widthOf(constraint: Constraint): number {
  return constraint.kind === "unique" || constraint.kind === "foreignKey" ? constraint.columns.length : 0;
}

function columnText(column: Column, key?: { readonly name?: string | undefined }): string {
  const { type, generated } = column;
  const keyName = key?.name === undefined ? "" : `CONSTRAINT ${quote(key.name)} `;
  return [
    quote(column.name),
    typeText(type),
    type.values && !type.array
      ? `CHECK( ${quote(column.name)} IN (${type.values.map(literal).join(",")}) )`
      : undefined,
    key && `${keyName}PRIMARY KEY${generated?.kind === "increment" ? " AUTOINCREMENT" : ""}`,
    column.collation && `COLLATE ${column.collation}`,
    column.nullable ? undefined : "NOT NULL",
    generated?.kind === "computed"
      ? `AS (${generated.sql}) ${generated.stored ? "STORED" : "VIRTUAL"}`
      : undefined,
    column.default && generated?.kind !== "computed"
      ? `DEFAULT (${defaultText(writer, column.default)})`
      : undefined,
  ]
    .filter((part) => part !== undefined && part !== "")
    .join(" ");
}

function createIndex(table: QualifiedName, index: Index, ifNotExists: boolean): string {
  const name = quoteName(
    table.schema === undefined ? { name: index.name } : { schema: table.schema, name: index.name },
  );
  const unique = index.unique ? "UNIQUE " : "";
  const where = index.where === undefined ? "" : ` WHERE ${index.where}`;
  return (
    `CREATE ${unique}INDEX ${ifNotExists ? "IF NOT EXISTS " : ""}${name}` +
    ` ON ${quote(table.name)} ${indexPartsText(writer, index)}${where}`
  );
}

function dropIndex(table: QualifiedName, name: string, ifExists: boolean): string {
  const index = table.schema === undefined ? { name } : { schema: table.schema, name };
  return `DROP INDEX ${ifExists ? "IF EXISTS " : ""}${quoteName(index)}`;
}

function createView(view: View): string {
  return `CREATE VIEW ${quoteName(view)} AS ${view.sql}`;
}

function alterColumn(operation: Extract<Operation, { kind: "alterColumn" }>): readonly string[] {
  const { name, ...rest } = operation.change;
  if (name === undefined || Object.keys(rest).length > 0) {
    throw unsupported("SQLite", operation, "use batchAlterTable, which copies the table");
  }
  return [
    `ALTER TABLE ${quoteName(operation.table)} RENAME COLUMN ${quote(operation.column)} TO ${quote(name)}`,
  ];
}

/**
 * The move-and-copy of SQLite's manual (lang_altertable.html#otheralter). Foreign keys are off (see `frame`), so that
 * dropping the old table deletes no rows of others. The old renaming rules are used for the last step: the new ones
 * would stop at views and triggers that name the table while it is away.
 */
function recreateTable({ from, to, copy }: RecreateTable): readonly string[] {
  const temporary: Table = { ...to, name: `_limbeck_new_${to.name}`, indexes: [], triggers: [] };
  const pairs = Object.entries(copy).map(([column, source]) => ({
    into: quote(column),
    out: "column" in source ? quote(source.column) : source.sql,
  }));
  const rowid = visibleRowid(from, to);
  if (rowid !== undefined) pairs.unshift({ into: rowid, out: rowid });
  const into = pairs.map((pair) => pair.into).join(", ");
  const out = pairs.map((pair) => pair.out).join(", ");
  return [
    createTableText(temporary),
    ...(pairs.length === 0
      ? []
      : [`INSERT INTO ${quoteName(temporary)} (${into}) SELECT ${out} FROM ${quoteName(from)}`]),
    ...keepSequence(from, temporary),
    `DROP TABLE ${quoteName(from)}`,
    "PRAGMA legacy_alter_table=ON",
    `ALTER TABLE ${quoteName(temporary)} RENAME TO ${quote(to.name)}`,
    "PRAGMA legacy_alter_table=OFF",
    ...to.indexes.map((index) => createIndex(to, index, false)),
    ...(to.triggers ?? []).map(({ sql }) => sql),
  ];
}

/** The name under which rows can be copied with their row ids, where these are not a column already. */
function visibleRowid(from: Table, to: Table): string | undefined {
  if (from.options?.withoutRowid || to.options?.withoutRowid) return undefined;
  if ([from, to].some(hasIntegerKey)) return undefined;
  const taken = new Set([...from.columns, ...to.columns].map(({ name }) => name.toLowerCase()));
  return ["rowid", "_rowid_", "oid"].find((name) => !taken.has(name));
}

function hasIntegerKey(table: Table): boolean {
  const key = primaryKeyOf(table);
  const column =
    key?.columns.length === 1 ? table.columns.find(({ name }) => name === key.columns[0]) : undefined;
  return column?.type.name.toLowerCase() === "integer";
}

/** AUTOINCREMENT never gives a number twice, also of rows that are gone: its counter moves to the new table. */
function keepSequence(from: Table, temporary: Table): readonly string[] {
  const counts = (table: Table): boolean =>
    table.columns.some(({ generated }) => generated?.kind === "increment");
  if (!counts(from) || !counts(temporary)) return [];
  const sequence = from.schema === undefined ? "sqlite_sequence" : `${quote(from.schema)}.sqlite_sequence`;
  return [
    `DELETE FROM ${sequence} WHERE name = ${literal(temporary.name)}`,
    `INSERT INTO ${sequence} (name, seq) SELECT ${literal(temporary.name)}, seq FROM ${sequence} WHERE name = ${literal(from.name)}`,
  ];
}

function metadataSql(operation: Operation, { typeormMetadata: table }: CompileContext): readonly string[] {
  if (table === undefined) return [];
  const { removed, added } = metadataChange(operation);
  if (removed.length + added.length === 0) return [];
  return [
    createMetadataTable(writer, table, "text"),
    ...removed.map((row) => `DELETE FROM ${quoteName(table)} WHERE ${metadataKey(row)}`),
    ...added.map(
      (row) =>
        `INSERT INTO ${quoteName(table)} ${columnList(writer, ["database", "schema", "table", "type", "name", "value"])}` +
        ` VALUES (NULL, NULL, ${row.column === undefined ? "NULL" : literal(row.owner.name)},` +
        ` ${literal(row.type)}, ${literal(row.column ?? row.owner.name)}, ${literal(row.value)})`,
    ),
  ];
}

function metadataKey(row: MetadataRow): string {
  const table = row.column === undefined ? "" : `"table" = ${literal(row.owner.name)} AND `;
  return `${table}"type" = ${literal(row.type)} AND "name" = ${literal(row.column ?? row.owner.name)}`;
}
