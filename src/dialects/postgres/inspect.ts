/**
 * Reads the schema of a PostgreSQL database: two queries in a transaction that changes nothing, however many schemas and
 * tables it has. What it reads is faithful to the database; comparing is for `normalize`.
 */
import { compact } from "../../model/equal";
import type { EnumType, Extension, QualifiedName, Schema, Sequence, View } from "../../model/schema";
import type { Queryable, Scope } from "../dialect";
import { attachmentsOfTable, attachmentsOfView } from "./inspect-attachments";
import { Catalogue, textsOf } from "./inspect-catalogue";
import type { CatalogueRow } from "./inspect-parts";
import { readIndexes } from "./inspect-index";
import { readTable } from "./inspect-table";
import { quoteName } from "./quote";

/** Schemas beside the connection's own; those of the system begin with pg_ (manual, 5.10.5). */
export async function schemas(db: Queryable): Promise<readonly string[]> {
  const rows = await db.query<{ readonly name: string }>(
    "SELECT nspname AS name " +
      "FROM pg_catalog.pg_namespace " +
      "WHERE left(nspname, 3) <> 'pg_' " +
      "AND nspname <> 'information_schema' " +
      "AND nspname IS DISTINCT " +
      "FROM current_schema() " +
      "ORDER BY nspname",
  );
  return rows.map(({ name }) => name);
}

/** Under the name that statements would use. The information schema hides what a role may not touch (manual, 37.1). */
export async function hasTable(db: Queryable, name: QualifiedName): Promise<boolean> {
  const [row] = await db.query<{ readonly found: boolean }>("SELECT to_regclass($1) IS NOT NULL AS found", [
    quoteName(name),
  ]);
  return row?.found === true;
}

/** Reads the connection's default schema and those that the scope names; objects of extensions are left out. */
export async function inspect(db: Queryable, scope: Scope): Promise<Schema> {
  const catalogue = await Catalogue.read(db, scope);
  const { rows } = catalogue;
  const relations = rows.relations.filter(({ id }) => catalogue.isOurs(id));
  return {
    namespaces: catalogue.namespaces,
    // The procedural language is in every database from the start.
    extensions: rows.extensions
      .filter(({ name }) => name !== "plpgsql")
      .map((row) => readExtension(row, catalogue)),
    enums: rows.enums
      .filter(({ id, schema }) => catalogue.isOurs(id) && catalogue.isRead(schema))
      .map((row) => readEnum(row, catalogue)),
    sequences: rows.sequences
      .filter(({ id, owner }) => owner === null && catalogue.isOurs(id))
      .map((row) => readSequence(row, catalogue)),
    tables: relations
      .filter(({ kind }) => kind === "r" || kind === "p")
      .map((row) => ({ ...readTable(row, catalogue), ...attachmentsOfTable(row, catalogue) })),
    views: relations
      .filter(({ kind }) => kind === "v" || kind === "m")
      .map((row) => ({ ...readView(row, catalogue), ...attachmentsOfView(row, catalogue) })),
    objects: [],
  };
}

function readView(row: CatalogueRow<"relations">, catalogue: Catalogue): View {
  const indexes = readIndexes(row.id, catalogue);
  const needs = (catalogue.viewNeeds.get(row.id) ?? [])
    .filter(({ id }) => catalogue.isOurs(id))
    .map((other) => catalogue.nameOf(other));
  return compact<View>({
    ...catalogue.nameOf(row),
    // The catalogue ends it with a semicolon, and starts each line of a list on its own.
    sql: (row.view ?? "").trim().replace(/;$/, ""),
    materialized: row.kind === "m" ? true : undefined,
    indexes: indexes.length === 0 ? undefined : indexes,
    dependsOn: needs.length === 0 ? undefined : needs,
  });
}

function readEnum(row: CatalogueRow<"enums">, catalogue: Catalogue): EnumType {
  return compact<EnumType>({
    ...catalogue.nameOf(row),
    values: textsOf(row.values),
    comment: row.comment ?? undefined,
  });
}

function readExtension(row: CatalogueRow<"extensions">, catalogue: Catalogue): Extension {
  const { schema }: QualifiedName = catalogue.nameOf(row);
  return compact<Extension>({ name: row.name ?? "", schema });
}

function readSequence(row: CatalogueRow<"sequences">, catalogue: Catalogue): Sequence {
  return compact<Sequence>({
    ...catalogue.nameOf(row),
    type: row.type ?? undefined,
    start: row.start ?? undefined,
    increment: row.increment ?? undefined,
    minimum: row.minimum ?? undefined,
    maximum: row.maximum ?? undefined,
    cache: row.cache ?? undefined,
    cycle: row.cycle === "true" ? true : undefined,
    comment: row.comment ?? undefined,
  });
}
