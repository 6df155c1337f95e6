/** A column as it stands in CREATE TABLE and ADD COLUMN (manual, CREATE TABLE). */
import { assertNever } from "../../errors";
import type { Column, Generated } from "../../model/schema";
import { defaultText } from "./literal";
import { quote } from "./quote";
import { typeText } from "./type-text";

/** The first version with gen_random_uuid() of its own (release notes of 13). */
const OWN_UUID = 13;

/** The column with everything that is said inside of it. */
export function columnText(column: Column, serverVersion?: string): string {
  const { generated, collation, nullable } = column;
  return [
    quote(column.name),
    generated?.kind === "increment" ? serialOf(column) : typeText(column.type),
    collation === undefined ? undefined : `COLLATE ${collationName(collation)}`,
    generated && generatedText(generated),
    defaultClause(column, serverVersion),
    nullable ? undefined : "NOT NULL",
  ]
    .filter((part) => part !== undefined)
    .join(" ");
}

/** What a new row gets, as SQL; nothing where there is no default. */
export function defaultOf(column: Column, serverVersion?: string): string | undefined {
  if (column.default && column.generated?.kind !== "computed")
    return defaultText(column.default, column.type);
  return column.generated?.kind === "uuid" ? uuidFunction(serverVersion) : undefined;
}

/** A collation's name; one with a schema comes quoted already. */
export function collationName(collation: string): string {
  return collation.includes('"') ? collation : quote(collation);
}

/** The identity clause (manual, CREATE TABLE, GENERATED AS IDENTITY). */
export function identityText(always: boolean): string {
  return `GENERATED ${always ? "ALWAYS" : "BY DEFAULT"} AS IDENTITY`;
}

function defaultClause(column: Column, serverVersion: string | undefined): string | undefined {
  const value = defaultOf(column, serverVersion);
  return value === undefined ? undefined : `DEFAULT ${value}`;
}

function generatedText(generated: Generated): string | undefined {
  switch (generated.kind) {
    case "increment":
    case "uuid":
      return undefined;
    case "identity":
      return identityText(generated.always);
    case "computed":
      return `GENERATED ALWAYS AS (${generated.sql}) ${generated.stored ? "STORED" : "VIRTUAL"}`;
    default:
      return assertNever(generated);
  }
}

function serialOf({ type }: Column): string {
  if (/^(?:bigint|int8|bigserial|serial8)$/i.test(type.name)) return "BIGSERIAL";
  return /^(?:smallint|int2|smallserial|serial2)$/i.test(type.name) ? "SMALLSERIAL" : "SERIAL";
}

function uuidFunction(serverVersion: string | undefined): string {
  const isOld = serverVersion !== undefined && Number.parseInt(serverVersion) < OWN_UUID;
  return isOld ? "uuid_generate_v4()" : "gen_random_uuid()";
}
