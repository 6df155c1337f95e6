/**
 * The copy of a table: a new one beside it takes the rows, the counts, the owner and the name, and then everything that
 * stands on columns. All of it belongs in one transaction.
 */
import type { Column, QualifiedName, Table } from "../../model/schema";
import type { RecreateTable } from "../../operations/operation";
import { keysLast } from "../ansi/keys";
import { columnList } from "../ansi/sql";
import { identityText } from "./column-text";
import { constraintComments, createTable, partsAround } from "./compile-table";
import { constraintText, validityText } from "./constraint-text";
import { writer } from "./literal";
import { cutToBytes, NAME_BYTES, quote, quoteName, stringLiteral } from "./quote";

/**
 * Names of indexes and sequences are unique in a schema, and those that the server gives begin with the table's: so all
 * that has a name is made when the old table is gone with its own. NOT NULL has one from 18 on.
 */
export function recreateTable({ from, to, copy }: RecreateTable, serverVersion?: string): readonly string[] {
  const { comment: _comment, triggers: _triggers, attachments: _attachments, ...plain } = to;
  const temporary: Table = {
    ...plain,
    name: cutToBytes(`_limbeck_new_${to.name}`, NAME_BYTES),
    columns: to.columns.map(bare),
    constraints: [],
    indexes: [],
  };
  const pairs = Object.entries(copy);
  const into = columnList(
    writer,
    pairs.map(([column]) => column),
  );
  const values = pairs.map(([, source]) => ("column" in source ? quote(source.column) : source.sql));
  const identities = to.columns.filter(({ generated }) => generated?.kind === "identity");
  const alter = `ALTER TABLE ${quoteName(to)}`;
  const required = to.columns.filter(({ nullable }) => !nullable);
  return [
    ...createTable(temporary, false, serverVersion),
    ...(pairs.length === 0
      ? []
      : [`INSERT INTO ${quoteName(temporary)} ${into} SELECT ${values.join(", ")} FROM ${quoteName(from)}`]),
    takeOver(from, temporary, to.columns.filter(counts)),
    ...identities.map((column, place) => rememberCount(from, column, place)),
    `DROP TABLE ${quoteName(from)}`,
    `ALTER TABLE ${quoteName(temporary)} RENAME TO ${quote(to.name)}`,
    ...(required.length === 0
      ? []
      : [`${alter} ${required.map(({ name }) => `ALTER COLUMN ${quote(name)} SET NOT NULL`).join(", ")}`]),
    ...identities.map((_column, place) => goOnCounting(place)),
    ...keysLast(to.constraints).map(
      (constraint) => `${alter} ADD ${constraintText(constraint)}${validityText(constraint)}`,
    ),
    ...constraintComments(to),
    ...partsAround(to, false),
    `ANALYZE ${quoteName(to)}`,
  ];
}

/** The column without what gets a name or a sequence of its own. */
function bare({ generated, comment: _comment, ...column }: Column): Column {
  const isKept = generated?.kind === "computed" || generated?.kind === "uuid";
  return { ...column, nullable: true, ...(isKept ? { generated } : {}) };
}

function counts({ generated }: Column): boolean {
  return generated?.kind === "increment";
}

/** The owner of the old table, and the sequences that belong to its columns, which would go with it. */
function takeOver(from: QualifiedName, temporary: QualifiedName, counted: readonly Column[]): string {
  const old = `${stringLiteral(quoteName(from))}::regclass`;
  const fresh = stringLiteral(quoteName(temporary));
  const names = counted.map(({ name }) => stringLiteral(name)).join(", ");
  return block(
    "item record;",
    `EXECUTE format('ALTER TABLE %s OWNER TO %I', ${fresh}, (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = ${old}));`,
    `FOR item IN SELECT d.objid::regclass AS sequence, a.attname AS name FROM pg_depend d JOIN pg_class c ON c.oid = d.objid AND c.relkind = 'S'`,
    `  JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid WHERE d.classid = 'pg_class'::regclass`,
    `  AND d.refclassid = 'pg_class'::regclass AND d.refobjid = ${old} AND d.deptype = 'a'`,
    `LOOP EXECUTE format('ALTER SEQUENCE %s OWNED BY %s.%I', item.sequence, ${fresh}, item.name); END LOOP;`,
    `FOR item IN SELECT a.attname AS name, pg_get_expr(d.adbin, d.adrelid) AS value FROM pg_attrdef d`,
    `  JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum WHERE d.adrelid = ${old} AND a.attname = ANY (ARRAY[${names}]::text[])`,
    `LOOP EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET DEFAULT %s', ${fresh}, item.name, item.value); END LOOP;`,
  );
}

function setting(place: number): string {
  return stringLiteral(`limbeck.identity_${place}`);
}

/** The sequence of an identity column cannot be given away, so how it counts is kept until the old one is gone. */
function rememberCount(from: QualifiedName, { name, generated }: Column, place: number): string {
  const always = generated?.kind === "identity" && generated.always;
  const text = [
    `ALTER TABLE %s ALTER COLUMN %I ADD ${identityText(always)} (SEQUENCE NAME %s INCREMENT BY %s MINVALUE %s MAXVALUE %s`,
    `START WITH %s CACHE %s %s); SELECT setval(%L, %s, %L)`,
  ].join(" ");
  const values = [
    stringLiteral(quoteName(from)),
    stringLiteral(name),
    "place",
    "kept.seqincrement, kept.seqmin, kept.seqmax, kept.seqstart, kept.seqcache",
    "CASE WHEN kept.seqcycle THEN 'CYCLE' ELSE 'NO CYCLE' END",
    "place, last, called",
  ];
  return block(
    `place text := pg_get_serial_sequence(${stringLiteral(quoteName(from))}, ${stringLiteral(name)}); kept pg_sequence; last bigint; called boolean;`,
    `SELECT * INTO kept FROM pg_sequence WHERE seqrelid = place::regclass;`,
    `EXECUTE format('SELECT last_value, is_called FROM %s', place) INTO last, called;`,
    `PERFORM set_config(${setting(place)}, format(${stringLiteral(text)}, ${values.join(", ")}), true);`,
  );
}

function goOnCounting(place: number): string {
  return block("", `EXECUTE current_setting(${setting(place)});`);
}

/** A block that is run at once; it declares variables and does one thing after another. */
export function block(variables: string, ...lines: readonly string[]): string {
  return [`DO $limbeck$ DECLARE ${variables}`, "BEGIN", ...lines, "END $limbeck$"].join("\n");
}
