/**
 * What PostgreSQL keeps with a table or view and no entity can say, as the statements that bring it back: partitions
 * first, because everything else may name them, then settings, rules, policies, statistics and comments.
 */
import { displayName } from "../../model/names";
import type { Attachment, QualifiedName } from "../../model/schema";
import { parametersOf, textsOf } from "./inspect-catalogue";
import type { Catalogue } from "./inspect-catalogue";
import type { CatalogueRow } from "./inspect-parts";
import { quote, quoteName, stringLiteral } from "./quote";

type RelationRow = CatalogueRow<"relations">;
interface CommentedRow {
  readonly name: string | null;
  readonly comment: string | null;
}
interface Attached {
  readonly attachments?: readonly Attachment[];
}

/** The attachments of a table; nothing for most. */
export function attachmentsOfTable(row: RelationRow, catalogue: Catalogue): Attached {
  const table = catalogue.nameOf(row);
  return some([
    ...partitions(row.id, catalogue),
    ...columnSettings(row.id, table, catalogue),
    ...indexSettings(row.id, table, catalogue),
    ...triggerStates(row.id, table, catalogue),
    ...rules(row.id, catalogue),
    ...rowSecurity(row, table),
    ...policies(row.id, table, catalogue),
    ...statistics(row.id, catalogue),
    ...keyIndexComments(row.id, table, catalogue),
    ...definitionComments(row.id, table, catalogue),
    ...grants(row, table),
  ]);
}

/** The attachments of a view, plain or materialized. */
export function attachmentsOfView(row: RelationRow, catalogue: Catalogue): Attached {
  const view = catalogue.nameOf(row);
  const kind = row.kind === "m" ? "MATERIALIZED VIEW" : "VIEW";
  const columns = (catalogue.columns.get(row.id) ?? []).filter(({ comment }) => comment !== null);
  const storage = parametersOf(row.storage);
  return some([
    ...(storage
      ? [attachment("storage", view.name, `ALTER ${kind} ${quoteName(view)} SET ${parameterList(storage)}`)]
      : []),
    ...(catalogue.triggers.get(row.id) ?? []).map(({ name, definition }) =>
      attachment("trigger", name, definition ?? ""),
    ),
    ...rules(row.id, catalogue),
    ...statistics(row.id, catalogue),
    ...(row.comment === null ? [] : [comment(`${kind} ${quoteName(view)}`, view.name, row.comment)]),
    ...columns.map(({ name, comment: text }) =>
      comment(`COLUMN ${quoteName(view)}.${quote(name ?? "")}`, name ?? "", text ?? ""),
    ),
    ...definitionComments(row.id, view, catalogue),
    ...grants(row, view),
  ]);
}

function some(attachments: readonly Attachment[]): Attached {
  return attachments.length === 0 ? {} : { attachments };
}

function attachment(kind: string, name: string | null, sql: string): Attachment {
  return { kind, name: name ?? "", sql };
}

function comment(on: string, name: string, text: string): Attachment {
  return attachment("comment", name, `COMMENT ON ${on} IS ${stringLiteral(text)}`);
}

/** Partitions with their own partitions, from the outside in. */
function partitions(relation: string | null, catalogue: Catalogue): readonly Attachment[] {
  return (catalogue.partitions.get(relation) ?? []).flatMap((row) => {
    const own = catalogue.nameOf({
      schema: row.partitionSchemaId,
      schemaName: row.partitionSchema,
      name: row.partition,
    });
    const parent = catalogue.nameOf(row);
    const split = row.partitionBy === null ? "" : ` PARTITION BY ${row.partitionBy}`;
    const sql = `CREATE TABLE ${quoteName(own)} PARTITION OF ${quoteName(parent)} ${row.bounds ?? ""}${split}`;
    return [attachment("partition", displayName(own), sql), ...partitions(row.relation, catalogue)];
  });
}

const STORAGE: Readonly<Record<string, string>> = { p: "PLAIN", e: "EXTERNAL", m: "MAIN", x: "EXTENDED" };

function columnSettings(
  relation: string | null,
  table: QualifiedName,
  catalogue: Catalogue,
): readonly Attachment[] {
  const settled = (catalogue.columns.get(relation) ?? []).filter(
    ({ storage, statistics, options }) => storage !== null || statistics !== null || options !== null,
  );
  return settled.flatMap(({ name, storage, statistics: target, options }) => {
    const parameters = estimates(parametersOf(options));
    const settings = [
      ...(storage === null ? [] : [`SET STORAGE ${STORAGE[storage] ?? "DEFAULT"}`]),
      ...(target === null ? [] : [`SET STATISTICS ${target}`]),
      ...(parameters ? [`SET ${parameterList(parameters)}`] : []),
    ];
    return settings.map((setting) =>
      attachment(
        "column",
        name,
        `ALTER TABLE ${quoteName(table)} ALTER COLUMN ${quote(name ?? "")} ${setting}`,
      ),
    );
  });
}

/** Of what the catalogue keeps there, only this can be set by ALTER TABLE. */
function estimates(
  options: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> | undefined {
  const kept = Object.entries(options ?? {}).filter(([name]) => name.startsWith("n_distinct"));
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

/** Which index orders the table, and by which its rows are known to subscribers (manual, ALTER TABLE). */
function indexSettings(
  relation: string | null,
  table: QualifiedName,
  catalogue: Catalogue,
): readonly Attachment[] {
  const alter = `ALTER TABLE ${quoteName(table)}`;
  return (catalogue.indexes.get(relation) ?? []).flatMap(({ name, clustered, replicaIdentity }) => [
    ...(clustered === "true"
      ? [attachment("cluster", name, `${alter} CLUSTER ON ${quote(name ?? "")}`)]
      : []),
    ...(replicaIdentity === "true"
      ? [attachment("replica identity", name, `${alter} REPLICA IDENTITY USING INDEX ${quote(name ?? "")}`)]
      : []),
  ]);
}

const TRIGGER_STATES: Readonly<Record<string, string>> = {
  D: "DISABLE TRIGGER",
  R: "ENABLE REPLICA TRIGGER",
  A: "ENABLE ALWAYS TRIGGER",
};

function triggerStates(
  relation: string | null,
  table: QualifiedName,
  catalogue: Catalogue,
): readonly Attachment[] {
  return (catalogue.triggers.get(relation) ?? []).flatMap(({ name, enabled }) => {
    const state = TRIGGER_STATES[enabled ?? ""];
    return state === undefined
      ? []
      : [attachment("trigger state", name, `ALTER TABLE ${quoteName(table)} ${state} ${quote(name ?? "")}`)];
  });
}

function rules(relation: string | null, catalogue: Catalogue): readonly Attachment[] {
  return (catalogue.rules.get(relation) ?? []).map(({ name, definition }) =>
    attachment("rule", name, withoutSemicolon(definition)),
  );
}

function rowSecurity(row: RelationRow, table: QualifiedName): readonly Attachment[] {
  const alter = `ALTER TABLE ${quoteName(table)}`;
  const identity = { n: "NOTHING", f: "FULL" }[row.replicaIdentity ?? ""];
  return [
    ...(identity === undefined
      ? []
      : [attachment("replica identity", table.name, `${alter} REPLICA IDENTITY ${identity}`)]),
    ...(row.rowSecurity === "true"
      ? [attachment("row security", table.name, `${alter} ENABLE ROW LEVEL SECURITY`)]
      : []),
    ...(row.forceRowSecurity === "true"
      ? [attachment("row security", table.name, `${alter} FORCE ROW LEVEL SECURITY`)]
      : []),
  ];
}

const COMMANDS: Readonly<Record<string, string>> = {
  r: "SELECT",
  a: "INSERT",
  w: "UPDATE",
  d: "DELETE",
  "*": "ALL",
};

function policies(
  relation: string | null,
  table: QualifiedName,
  catalogue: Catalogue,
): readonly Attachment[] {
  return (catalogue.policies.get(relation) ?? []).map((row) => {
    const roles = textsOf(row.roles);
    const sql = [
      `CREATE POLICY ${quote(row.name ?? "")} ON ${quoteName(table)}`,
      `AS ${row.permissive === "true" ? "PERMISSIVE" : "RESTRICTIVE"} FOR ${COMMANDS[row.command ?? ""] ?? "ALL"}`,
      `TO ${roles.length === 0 ? "PUBLIC" : roles.map(quote).join(", ")}`,
      ...(row.using === null ? [] : [`USING (${row.using})`]),
      ...(row.check === null ? [] : [`WITH CHECK (${row.check})`]),
    ].join(" ");
    return attachment("policy", row.name, sql);
  });
}

/** Rights of other roles; nobody's name means everybody. */
function grants({ grants: granted }: RelationRow, object: QualifiedName): readonly Attachment[] {
  const rights = JSON.parse(granted ?? "null") as
    readonly (readonly [string | null, string, boolean])[] | null;
  const byRole = new Map<string, string[]>();
  for (const [role, right, isGrantable] of rights ?? []) {
    const to = `${role === null ? "PUBLIC" : quote(role)}${isGrantable ? " WITH GRANT OPTION" : ""}`;
    byRole.set(to, [...(byRole.get(to) ?? []), right]);
  }
  return [...byRole].map(([to, names]) =>
    attachment("grant", to, `GRANT ${names.join(", ")} ON ${quoteName(object)} TO ${to}`),
  );
}

function statistics(relation: string | null, catalogue: Catalogue): readonly Attachment[] {
  return (catalogue.statistics.get(relation) ?? []).map(({ name, definition }) =>
    attachment("statistics", name, definition ?? ""),
  );
}

/** Of indexes that keep a constraint; those of the others stand with them. */
function keyIndexComments(
  relation: string | null,
  owner: QualifiedName,
  catalogue: Catalogue,
): readonly Attachment[] {
  const keys = new Set((catalogue.constraints.get(relation) ?? []).map(({ index }) => index));
  return (catalogue.indexes.get(relation) ?? [])
    .filter(({ id, comment: text }) => text !== null && keys.has(id))
    .map(({ name, comment: text }) =>
      attachment(
        "index comment",
        name,
        `COMMENT ON INDEX ${quoteName({ ...owner, name: name ?? "" })} IS ${stringLiteral(text ?? "")}`,
      ),
    );
}

/** Comments on what is kept as SQL. */
function definitionComments(
  relation: string | null,
  owner: QualifiedName,
  catalogue: Catalogue,
): readonly Attachment[] {
  const of = (kind: string, rows: readonly CommentedRow[] = []): readonly Attachment[] =>
    rows
      .filter(({ comment: text }) => text !== null)
      .map(({ name, comment: text }) => {
        const on = `${kind.toUpperCase()} ${quote(name ?? "")} ON ${quoteName(owner)}`;
        return attachment(`${kind} comment`, name, `COMMENT ON ${on} IS ${stringLiteral(text ?? "")}`);
      });
  return [
    ...of("trigger", catalogue.triggers.get(relation)),
    ...of("rule", catalogue.rules.get(relation)),
    ...of("policy", catalogue.policies.get(relation)),
    ...(catalogue.statistics.get(relation) ?? [])
      .filter(({ comment: text }) => text !== null)
      .map((row) =>
        attachment(
          "statistics comment",
          row.name,
          `COMMENT ON STATISTICS ${quoteName(catalogue.nameOf(row))} IS ${stringLiteral(row.comment ?? "")}`,
        ),
      ),
  ];
}

function parameterList(parameters: Readonly<Record<string, string>>): string {
  const items = Object.entries(parameters).map(([name, value]) => `${name}=${stringLiteral(value)}`);
  return `(${items.join(", ")})`;
}

function withoutSemicolon(sql: string | null): string {
  return (sql ?? "").trim().replace(/;$/, "");
}
