/**
 * Statements that only the server can complete: they are put together there and prepared, because neither MySQL nor
 * MariaDB has conditions outside stored programs (MySQL 8.4 manual, section 15.5).
 *
 * A foreign key that stands in another database than the connection's would look for a bare name there (section 15.1.20.5),
 * so there it says the database; which one that is differs from machine to machine. And MySQL has no IF EXISTS for what is
 * inside a table.
 */
import type { ForeignKey, QualifiedName } from "../../model/schema";
import type { Statement } from "../dialect";
import { literal, quote } from "./quote";

/** Stands for the name of the connection's own database where it is not known: no name holds this character. */
const UNKNOWN = "\0";

/** The table that a foreign key refers to, as it must be named in the database where the key stands. */
export function referenceFrom(
  owner: QualifiedName,
  { references }: ForeignKey,
  ownDatabase: string | undefined,
): QualifiedName {
  if (owner.schema === undefined || references.schema !== undefined) return references;
  return { ...references, schema: ownDatabase ?? UNKNOWN };
}

/** A thing inside a table, and whether a statement is for where it is or for where it is not. */
export interface Condition {
  readonly what: "column" | "index" | "constraint";
  readonly table: QualifiedName;
  readonly name: string;
  readonly wanted: "present" | "absent";
}

/** The statement, or those that complete it on the server and run it. */
export function definition(sql: string, condition?: Condition): readonly Omit<Statement, "operation">[] {
  const parts = sql.split(quote(UNKNOWN));
  if (parts.length === 1 && condition === undefined) return [{ sql, outsideTransaction: true }];
  const own = "CONCAT('`', REPLACE(DATABASE(), '`', '``'), '`')";
  const text = parts.length === 1 ? literal(sql) : `CONCAT(${parts.map(literal).join(`, ${own}, `)})`;
  return [
    { sql: `SET @limbeck_sql = ${condition ? onlyWhere(condition, text) : text}`, sessionOnly: true },
    { sql: "PREPARE limbeck_statement FROM @limbeck_sql", sessionOnly: true },
    { sql: "EXECUTE limbeck_statement", outsideTransaction: true },
    { sql: "DEALLOCATE PREPARE limbeck_statement", sessionOnly: true },
  ];
}

const CATALOGUES = {
  column: ["COLUMNS", "COLUMN_NAME"],
  index: ["STATISTICS", "INDEX_NAME"],
  constraint: ["TABLE_CONSTRAINTS", "CONSTRAINT_NAME"],
} as const;

function onlyWhere({ what, table, name, wanted }: Condition, text: string): string {
  const [catalogue, column] = CATALOGUES[what];
  const database = table.schema === undefined ? "DATABASE()" : literal(table.schema);
  const exists =
    `EXISTS (SELECT 1 FROM information_schema.${catalogue} WHERE TABLE_SCHEMA = ${database}` +
    ` AND TABLE_NAME = ${literal(table.name)} AND ${column} = ${literal(name)})`;
  const nothing = literal("DO 0");
  return wanted === "present" ? `IF(${exists}, ${text}, ${nothing})` : `IF(${exists}, ${nothing}, ${text})`;
}
