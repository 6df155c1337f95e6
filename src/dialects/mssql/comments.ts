/**
 * Comments are extended properties of the name MS_Description, which Microsoft's own tools show
 * (sp_addextendedproperty, relational-databases/system-stored-procedures/sp-addextendedproperty-transact-sql).
 */
import type { QualifiedName, Table } from "../../model/schema";
import { argument } from "./quote";

/** What leads from one comment of a table or column to another; nothing where they are the same. */
export function commentChange(
  table: QualifiedName,
  column: string | undefined,
  from: string | undefined,
  to: string | undefined,
): readonly string[] {
  if (from === to) return [];
  if (to === undefined) return [call("sp_dropextendedproperty", table, column, undefined)];
  return [
    call(from === undefined ? "sp_addextendedproperty" : "sp_updateextendedproperty", table, column, to),
  ];
}

/** The comments of a new table and its columns. */
export function tableComments(table: Table): readonly string[] {
  return [
    ...commentChange(table, undefined, undefined, table.comment),
    ...table.columns.flatMap((column) => commentChange(table, column.name, undefined, column.comment)),
  ];
}

/** Arguments of a procedure are constants and variables only, so the connection's own schema needs one. */
function call(
  procedure: string,
  table: QualifiedName,
  column: string | undefined,
  value: string | undefined,
): string {
  const declared = table.schema === undefined ? "DECLARE @schema sysname = SCHEMA_NAME();\n" : "";
  const schema = table.schema === undefined ? "@schema" : argument(table.schema);
  const parameters = [
    "@name = N'MS_Description'",
    ...(value === undefined ? [] : [`@value = ${argument(value)}`]),
    `@level0type = N'SCHEMA', @level0name = ${schema}`,
    `@level1type = N'TABLE', @level1name = ${argument(table.name)}`,
    ...(column === undefined ? [] : [`@level2type = N'COLUMN', @level2name = ${argument(column)}`]),
  ];
  return `${declared}EXEC sys.${procedure} ${parameters.join(", ")}`;
}
