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

/** The longest name, in bytes (manual, section 4.1.1). */
export const NAME_BYTES = 63;
const encoder = new TextEncoder();
const ONE_BYTE_EACH = /^[ -~]*$/;

/** How long a name is in bytes, as the server counts. */
export function bytesOf(name: string): number {
  return encoder.encode(name).length;
}

/** As much of a name as fits, cut between two characters. */
export function cutToBytes(name: string, limit: number): string {
  // No character has more bytes for each of its UTF-16 units.
  if (name.length * 3 <= limit) return name;
  if (name.length <= limit && ONE_BYTE_EACH.test(name)) return name;
  if (bytesOf(name) <= limit) return name;
  let bytes = 0;
  let kept = "";
  for (const character of name) {
    bytes += bytesOf(character);
    if (bytes > limit) break;
    kept += character;
  }
  return kept;
}
