/** The catalogue's rows in memory, found by what they belong to. */
import { compact } from "../../model/equal";
import type { ColumnType, QualifiedName } from "../../model/schema";
import type { Queryable, Scope } from "../dialect";
import { readParts } from "./catalogue";
import { partsOf } from "./inspect-parts";
import type { CatalogueRow, CatalogueRows } from "./inspect-parts";
import { readType } from "./inspect-type";
import { withoutTrace } from "./without-trace";

type Id = string | null;

interface Start {
  readonly version: number;
  readonly default: string | null;
  /** Pairs of object id and name, as JSON. */
  readonly schemas: string;
}

/** What the id of a type says: an enum type, or a list of its values. */
interface EnumUse {
  readonly name: QualifiedName;
  readonly array: boolean;
}

/** The rows of one reading, with the maps to find them by. */
export class Catalogue {
  readonly rows: CatalogueRows;
  /** The schemas that were read beside the default one. */
  readonly namespaces: readonly string[];
  readonly columns: ReadonlyMap<Id, readonly CatalogueRow<"columns">[]>;
  readonly constraints: ReadonlyMap<Id, readonly CatalogueRow<"constraints">[]>;
  readonly indexes: ReadonlyMap<Id, readonly CatalogueRow<"indexes">[]>;
  readonly triggers: ReadonlyMap<Id, readonly CatalogueRow<"triggers">[]>;
  readonly policies: ReadonlyMap<Id, readonly CatalogueRow<"policies">[]>;
  readonly rules: ReadonlyMap<Id, readonly CatalogueRow<"rules">[]>;
  readonly statistics: ReadonlyMap<Id, readonly CatalogueRow<"statistics">[]>;
  /** Partitions by the table that they are parts of. */
  readonly partitions: ReadonlyMap<Id, readonly CatalogueRow<"heirs">[]>;
  /** The tables that a table inherits from. */
  readonly parents: ReadonlyMap<Id, readonly CatalogueRow<"heirs">[]>;
  /** The tables and views that a view reads. */
  readonly viewNeeds: ReadonlyMap<Id, readonly CatalogueRow<"viewNeeds">[]>;
  readonly operatorClasses: ReadonlyMap<Id, CatalogueRow<"operatorClasses">>;
  readonly collations: ReadonlyMap<Id, string>;
  /** Enum types by their own id and that of their array type. */
  readonly enums: ReadonlyMap<Id, EnumUse>;
  /** Sequences by the column that owns them. */
  readonly sequences: ReadonlyMap<string, CatalogueRow<"sequences">>;
  readonly #schemas: ReadonlyMap<Id, string>;
  readonly #default: string | null;
  readonly #owned: ReadonlySet<Id>;
  readonly #types = new Map<string, ColumnType>();
  /** Columns of tables that are not read, for foreign keys to them. */
  readonly #strangers: ReadonlyMap<Id, readonly CatalogueRow<"strangers">[]>;

  private constructor(start: Start, rows: CatalogueRows) {
    this.rows = rows;
    const schemas = JSON.parse(start.schemas) as readonly (readonly [string, string])[];
    this.#schemas = new Map(schemas);
    this.#default = start.default;
    this.namespaces = schemas.map(([, name]) => name).filter((name) => name !== start.default);
    this.#owned = new Set(rows.owned.map(({ id }) => id));
    this.columns = groupBy(rows.columns, ({ relation }) => relation);
    this.constraints = groupBy(rows.constraints, ({ relation }) => relation);
    this.indexes = groupBy(rows.indexes, ({ relation }) => relation);
    this.triggers = groupBy(rows.triggers, ({ relation }) => relation);
    this.policies = groupBy(rows.policies, ({ relation }) => relation);
    this.rules = groupBy(rows.rules, ({ relation }) => relation);
    this.statistics = groupBy(rows.statistics, ({ relation }) => relation);
    this.partitions = groupBy(
      rows.heirs.filter(({ bounds }) => bounds !== null),
      ({ parent }) => parent,
    );
    this.parents = groupBy(
      rows.heirs.filter(({ bounds }) => bounds === null),
      ({ relation }) => relation,
    );
    this.viewNeeds = groupBy(rows.viewNeeds, ({ view }) => view);
    this.operatorClasses = new Map(rows.operatorClasses.map((row) => [row.id, row]));
    this.collations = new Map(rows.collations.map(({ id, name }) => [id, name ?? ""]));
    this.enums = new Map<Id, EnumUse>([
      ...rows.enums.map((row) => [row.id, { name: this.nameOf(row), array: false }] as const),
      ...rows.enums.map((row) => [row.arrayId, { name: this.nameOf(row), array: true }] as const),
    ]);
    this.sequences = new Map(
      rows.sequences
        .filter(({ owner }) => owner !== null)
        .map((row) => [columnKey(row.owner, row.ownerColumn), row]),
    );
    this.#strangers = groupBy(rows.strangers, ({ relation }) => relation);
  }

  /** Reads everything, in two queries: where to look, then all there is. */
  static async read(db: Queryable, scope: Scope): Promise<Catalogue> {
    return await withoutTrace(db, true, async () => {
      // Compiling such a query takes the server longer than running it (manual, chapter 32).
      const [start] = await db.query<Start>(
        `SELECT version, current_schema() AS "default",
           CASE WHEN version >= 110000 THEN set_config('jit', 'off', true) END AS jit,
           coalesce((SELECT json_agg(json_build_array(oid::text, nspname) ORDER BY nspname) FROM pg_namespace
             WHERE nspname = current_schema() OR nspname = ANY ($1)), '[]')::text AS schemas
         FROM (SELECT current_setting('server_version_num')::int AS version) AS server`,
        [[...scope.schemas]],
      );
      if (!start) throw new Error("the server answered a query for one row with none");
      const schemas = (JSON.parse(start.schemas) as readonly (readonly [string, string])[]).map(([id]) => id);
      return new Catalogue(start, await readParts(db, partsOf({ version: start.version, schemas })));
    });
  }

  /** Whether an object is no extension's. */
  isOurs(id: Id): boolean {
    return !this.#owned.has(id);
  }

  /** Whether a schema is among those that are read. */
  isRead(schema: Id): boolean {
    return this.#schemas.has(schema);
  }

  /** The name of an object; its schema is left out where it is the default one. */
  nameOf(row: {
    readonly schema: Id;
    readonly schemaName?: string | null;
    readonly name: Id;
  }): QualifiedName {
    const schema = this.#schemas.get(row.schema) ?? row.schemaName ?? undefined;
    return compact<QualifiedName>({
      schema: schema === this.#default ? undefined : schema,
      name: row.name ?? "",
    });
  }

  /** The type that a text means; a database has many columns and few types. */
  type(text: string): ColumnType {
    const known = this.#types.get(text);
    if (known) return known;
    const type = readType(text);
    this.#types.set(text, type);
    return type;
  }

  /** The name of a column by its number. */
  columnName(relation: Id, number: number | string): string {
    const columns = this.columns.get(relation) ?? this.#strangers.get(relation);
    const text = String(number);
    return columns?.find((column) => column.number === text)?.name ?? "";
  }

  /** The names of columns by a list of numbers. */
  columnNames(relation: Id, numbers: string | null): readonly string[] {
    return numbersOf(numbers).map((number) => this.columnName(relation, number));
  }
}

/** The key of `Catalogue.sequences`. */
export function columnKey(relation: Id, number: Id): string {
  return `${relation ?? ""} ${number ?? ""}`;
}

/** Numbers that were written as a JSON list. */
export function numbersOf(json: string | null): readonly number[] {
  return json === null ? [] : (JSON.parse(json) as readonly number[]);
}

/** Texts that were written as a JSON list. */
export function textsOf(json: string | null): readonly string[] {
  return json === null ? [] : (JSON.parse(json) as readonly string[]);
}

/** `name=value` texts, as storage parameters are kept, by name. */
export function parametersOf(json: string | null): Readonly<Record<string, string>> | undefined {
  if (json === null) return undefined;
  return Object.fromEntries(
    textsOf(json).map((text) => {
      const at = text.indexOf("=");
      return at < 0 ? [text, "true"] : [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}

/** Rows by a key, in the order in which they came. */
function groupBy<T, K>(rows: readonly T[], key: (row: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const row of rows) {
    const own = key(row);
    const group = groups.get(own);
    if (group) group.push(row);
    else groups.set(own, [row]);
  }
  return groups;
}
