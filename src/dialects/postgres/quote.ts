/** How PostgreSQL writes names and values (manual, sections 4.1.1 and 4.1.2). */
import type { QualifiedName } from "../../model/schema";

/** A name in double quotes; quotes inside are doubled. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A name with its schema, where it is not in the default one. */
export function quoteName(name: QualifiedName): string {
  return name.schema === undefined ? quote(name.name) : `${quote(name.schema)}.${quote(name.name)}`;
}

/** A text as a literal; backslashes mean themselves (`standard_conforming_strings`). */
export function stringLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
