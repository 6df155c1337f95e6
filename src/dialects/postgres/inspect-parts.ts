/**
 * What is read of the catalogue (PostgreSQL manual, chapter 53 "System Catalogs"), for servers from 10 on. Only
 * `pg_catalog` is read, which every role may do, and nothing is asked for one table at a time.
 */
import type { Part, RowOf } from "./catalogue";

/** What the queries depend on. */
export interface Place {
  /** `server_version_num`, such as 150004. */
  readonly version: number;
  /** Object ids of the schemas to read. */
  readonly schemas: readonly string[];
}

/** A list of texts as JSON, which no text can break. */
const list = (expression: string): string => `array_to_json(${expression})`;
const commentOn = (catalogue: string, object: string, column = "0"): string =>
  `SELECT description FROM pg_description WHERE classoid = '${catalogue}'::regclass AND objoid = ${object} AND objsubid = ${column}`;

type Parts = Readonly<Record<string, Part<string>>>;

/** The pieces of SQL that parts are made of. */
interface Pieces {
  /** One text for servers from a major version on, another for older ones. */
  readonly from: (major: number, expression: string, otherwise: string) => string;
  readonly inSchemas: (column: string) => string;
  /** Which relations are read; partitions are read with the table that they are parts of. */
  readonly tables: (alias: string) => string;
}

/** All parts, each a handful of joins over the schemas. */
export function partsOf({ version, schemas }: Place) {
  const inSchemas = (column: string): string => `${column} IN (${["0", ...schemas].join(", ")})`;
  const pieces: Pieces = {
    from: (major, expression, otherwise) => (version >= major * 10_000 ? expression : otherwise),
    inSchemas,
    tables: (alias) =>
      `${inSchemas(`${alias}.relnamespace`)} AND ${alias}.relpersistence <> 't' AND NOT ${alias}.relispartition`,
  };
  return {
    ...relationParts(pieces),
    ...neededParts(pieces),
    ...definedParts(pieces),
    ...columnParts(pieces),
    ...constraintParts(pieces),
    ...indexParts(pieces),
    ...typeParts(),
  } as const;
}

/** Tables and views, and what is said of them as a whole. */
function relationParts({ inSchemas, tables }: Pieces) {
  return {
    relations: {
      columns: {
        id: "c.oid",
        schema: "c.relnamespace",
        name: "c.relname",
        kind: "c.relkind",
        unlogged: "c.relpersistence = 'u'",
        storage: list("c.reloptions"),
        tablespace: "(SELECT spcname FROM pg_tablespace WHERE oid = c.reltablespace)",
        rowSecurity: "c.relrowsecurity",
        forceRowSecurity: "c.relforcerowsecurity",
        replicaIdentity: "c.relreplident",
        partitionBy: "CASE c.relkind WHEN 'p' THEN pg_get_partkeydef(c.oid) END",
        view: "CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END",
        comment: commentOn("pg_class", "c.oid"),
        // The owner's rights need no words.
        grants: `CASE WHEN c.relacl IS NOT NULL THEN (
          SELECT json_agg(json_build_array(CASE g.grantee WHEN 0 THEN NULL ELSE pg_get_userbyid(g.grantee) END,
            g.privilege_type, g.is_grantable))
          FROM aclexplode(c.relacl) AS g WHERE g.grantee <> c.relowner) END`,
      },
      from: `pg_class c WHERE c.relkind IN ('r', 'p', 'v', 'm') AND ${tables("c")}`,
    },
    heirs: {
      columns: {
        relation: "h.inhrelid",
        place: "h.inhseqno",
        parent: "h.inhparent",
        schema: "p.relnamespace",
        schemaName: "(SELECT nspname FROM pg_namespace WHERE oid = p.relnamespace)",
        name: "p.relname",
        partition: "c.relname",
        partitionSchema: "(SELECT nspname FROM pg_namespace WHERE oid = c.relnamespace)",
        partitionSchemaId: "c.relnamespace",
        bounds: "CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END",
        partitionBy: "CASE WHEN c.relispartition AND c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END",
      },
      from: `pg_inherits h JOIN pg_class c ON c.oid = h.inhrelid JOIN pg_class p ON p.oid = h.inhparent
        WHERE c.relkind IN ('r', 'p') AND ${inSchemas("p.relnamespace")}`,
    },
  } as const satisfies Parts;
}

/** What views hang on. */
function neededParts({ tables }: Pieces) {
  return {
    viewNeeds: {
      columns: {
        view: "w.ev_class",
        id: "r.oid",
        schema: "r.relnamespace",
        schemaName: "(SELECT nspname FROM pg_namespace WHERE oid = r.relnamespace)",
        name: "r.relname",
      },
      from: `pg_rewrite w JOIN pg_class c ON c.oid = w.ev_class
        JOIN pg_class r ON r.oid <> w.ev_class AND r.relkind IN ('r', 'p', 'v', 'm', 'f') AND r.oid IN (
          SELECT refobjid FROM pg_depend WHERE classid = 'pg_rewrite'::regclass AND objid = w.oid
            AND refclassid = 'pg_class'::regclass AND deptype = 'n')
        WHERE w.rulename = '_RETURN' AND ${tables("c")}`,
    },
  } as const satisfies Parts;
}

/** What hangs on tables and views and is kept as SQL, with the comments on it. */
function definedParts({ tables }: Pieces) {
  return {
    triggers: {
      columns: {
        relation: "g.tgrelid",
        name: "g.tgname",
        definition: "pg_get_triggerdef(g.oid)",
        enabled: "g.tgenabled",
        comment: commentOn("pg_trigger", "g.oid"),
      },
      from: `pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid WHERE NOT g.tgisinternal AND ${tables("c")}`,
    },
    policies: {
      columns: {
        relation: "p.polrelid",
        name: "p.polname",
        permissive: "p.polpermissive",
        command: "p.polcmd",
        roles: list(
          "ARRAY(SELECT rolname::text FROM pg_roles WHERE oid = ANY (p.polroles) ORDER BY rolname)",
        ),
        using: "pg_get_expr(p.polqual, p.polrelid)",
        check: "pg_get_expr(p.polwithcheck, p.polrelid)",
        comment: commentOn("pg_policy", "p.oid"),
      },
      from: `pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE ${tables("c")}`,
    },
    rules: {
      columns: {
        relation: "w.ev_class",
        name: "w.rulename",
        definition: "pg_get_ruledef(w.oid)",
        comment: commentOn("pg_rewrite", "w.oid"),
      },
      from: `pg_rewrite w JOIN pg_class c ON c.oid = w.ev_class WHERE w.rulename <> '_RETURN' AND ${tables("c")}`,
    },
    statistics: {
      columns: {
        relation: "s.stxrelid",
        schema: "s.stxnamespace",
        schemaName: "(SELECT nspname FROM pg_namespace WHERE oid = s.stxnamespace)",
        name: "s.stxname",
        definition: "pg_get_statisticsobjdef(s.oid)",
        comment: commentOn("pg_statistic_ext", "s.oid"),
      },
      from: `pg_statistic_ext s JOIN pg_class c ON c.oid = s.stxrelid WHERE ${tables("c")}`,
    },
  } as const satisfies Parts;
}

/** Columns, and the sequences that count them. */
function columnParts({ from, inSchemas, tables }: Pieces) {
  return {
    columns: {
      columns: {
        relation: "a.attrelid",
        number: "a.attnum",
        name: "a.attname",
        typeId: "a.atttypid",
        type: "format_type(a.atttypid, a.atttypmod)",
        required: "a.attnotnull",
        default: "CASE WHEN a.atthasdef THEN pg_get_expr(d.adbin, d.adrelid) END",
        identity: "a.attidentity",
        computed: from(12, "a.attgenerated", "''"),
        collationId: "a.attcollation",
        collation: `CASE WHEN a.attcollation NOT IN (t.typcollation, 0) THEN ${collationName("a.attcollation")} END`,
        storage: "CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage END",
        statistics: "nullif(a.attstattarget, -1)",
        // Only this can be set by ALTER TABLE; servers may keep more there.
        options: `CASE WHEN a.attoptions::text LIKE '%n_distinct%' THEN ${list("a.attoptions")} END`,
        comment: "m.description",
      },
      from: `pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        LEFT JOIN pg_description m
          ON m.classoid = 'pg_class'::regclass AND m.objoid = a.attrelid AND m.objsubid = a.attnum
        WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm') AND ${tables("c")}`,
      order: "a.attrelid, a.attnum",
    },
    sequences: {
      columns: {
        id: "c.oid",
        schema: "c.relnamespace",
        name: "c.relname",
        type: "format_type(s.seqtypid, NULL)",
        start: "s.seqstart",
        increment: "s.seqincrement",
        minimum: "s.seqmin",
        maximum: "s.seqmax",
        cache: "s.seqcache",
        cycle: "s.seqcycle",
        owner: "d.refobjid",
        ownerColumn: "d.refobjsubid",
        comment: commentOn("pg_class", "c.oid"),
      },
      from: `pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid
        LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0
          AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
        WHERE ${inSchemas("c.relnamespace")} AND c.relpersistence <> 't'`,
    },
  } as const satisfies Parts;
}

/** Constraints; what a foreign key refers to may lie outside of the schemas. */
function constraintParts({ from, inSchemas, tables }: Pieces) {
  return {
    strangers: {
      columns: { relation: "a.attrelid", number: "a.attnum", name: "a.attname" },
      from: `pg_attribute a WHERE a.attnum > 0 AND a.attrelid IN (
        SELECT k.confrelid FROM pg_constraint k JOIN pg_class c ON c.oid = k.confrelid
        WHERE k.contype = 'f' AND ${inSchemas("k.connamespace")} AND NOT (${tables("c")}))`,
    },
    constraints: {
      columns: {
        relation: "k.conrelid",
        kind: "k.contype",
        name: "k.conname",
        deferrable: "k.condeferrable",
        deferred: "k.condeferred",
        validated: "k.convalidated",
        noInherit: "k.connoinherit",
        columns: list("k.conkey"),
        index: "k.conindid",
        references: "k.confrelid",
        referencedSchema: "r.relnamespace",
        referencedSchemaName: "(SELECT nspname FROM pg_namespace WHERE oid = r.relnamespace)",
        referencedName: "r.relname",
        referencedColumns: list("k.confkey"),
        onUpdate: "k.confupdtype",
        onDelete: "k.confdeltype",
        onDeleteColumns: from(15, list("k.confdelsetcols"), "NULL"),
        match: "k.confmatchtype",
        definition: `CASE k.contype WHEN 'c' THEN pg_get_expr(k.conbin, k.conrelid)
          WHEN 'x' THEN pg_get_constraintdef(k.oid) END`,
        comment: commentOn("pg_constraint", "k.oid"),
      },
      from: `pg_constraint k JOIN pg_class c ON c.oid = k.conrelid LEFT JOIN pg_class r ON r.oid = k.confrelid
        WHERE k.contype IN ('p', 'u', 'c', 'f', 'x') AND ${tables("c")} AND ${from(11, "k.conparentid = 0", "true")}`,
    },
  } as const satisfies Parts;
}

/** Indexes, and what their parts are sorted by. */
function indexParts({ from, tables }: Pieces) {
  return {
    indexes: {
      columns: {
        id: "i.indexrelid",
        relation: "i.indrelid",
        name: "x.relname",
        method: "(SELECT amname FROM pg_am WHERE oid = x.relam)",
        unique: "i.indisunique",
        valid: "i.indisvalid",
        clustered: "i.indisclustered",
        replicaIdentity: "i.indisreplident",
        keys: "i.indkey",
        keyCount: from(11, "i.indnkeyatts", "i.indnatts"),
        operators: "i.indclass",
        collations: "i.indcollation",
        options: "i.indoption",
        expressions: `CASE WHEN i.indexprs IS NOT NULL THEN ${list(
          `ARRAY(SELECT pg_get_indexdef(i.indexrelid, place + 1, false)
            FROM generate_subscripts(i.indkey, 1) AS place WHERE i.indkey[place] = 0 ORDER BY place)`,
        )} END`,
        operatorOptions: from(
          13,
          `(SELECT json_object_agg(attnum, attoptions) FROM pg_attribute
            WHERE attrelid = i.indexrelid AND attoptions IS NOT NULL)`,
          "NULL",
        ),
        where: "CASE WHEN i.indpred IS NOT NULL THEN pg_get_expr(i.indpred, i.indrelid) END",
        nullsNotDistinct: from(15, "i.indnullsnotdistinct", "false"),
        storage: list("x.reloptions"),
        comment: commentOn("pg_class", "x.oid"),
      },
      from: `pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid
        WHERE ${tables("c")}`,
    },
    operatorClasses: {
      columns: {
        id: "o.oid",
        usual: "o.opcdefault",
        name: "CASE WHEN pg_opclass_is_visible(o.oid) THEN o.opcname ELSE n.nspname || '.' || o.opcname END",
      },
      from: "pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace",
    },
    collations: {
      columns: { id: "o.oid", name: collationName("o.oid") },
      from: `pg_collation o WHERE o.oid IN (SELECT unnest(i.indcollation::oid[])
        FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE ${tables("c")})`,
    },
  } as const satisfies Parts;
}

/** Types and extensions. */
function typeParts() {
  return {
    enums: {
      columns: {
        id: "t.oid",
        arrayId: "t.typarray",
        schema: "t.typnamespace",
        schemaName: "n.nspname",
        name: "t.typname",
        values: list(
          "ARRAY(SELECT enumlabel::text FROM pg_enum WHERE enumtypid = t.oid ORDER BY enumsortorder)",
        ),
        comment: commentOn("pg_type", "t.oid"),
      },
      from: "pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'e'",
    },
    extensions: {
      columns: {
        name: "e.extname",
        schema: "e.extnamespace",
        schemaName: "(SELECT nspname FROM pg_namespace WHERE oid = e.extnamespace)",
      },
      from: "pg_extension e",
    },
    owned: {
      columns: { id: "d.objid" },
      from: "pg_depend d WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'",
    },
  } as const satisfies Parts;
}

/** A collation's name, which is quoted where it needs its schema. */
function collationName(id: string): string {
  return `(SELECT CASE WHEN pg_collation_is_visible(l.oid) THEN l.collname
      ELSE '"' || replace(n.nspname, '"', '""') || '"."' || replace(l.collname, '"', '""') || '"' END
    FROM pg_collation l JOIN pg_namespace n ON n.oid = l.collnamespace WHERE l.oid = ${id})`;
}

/** The rows of each part. */
export type CatalogueRows = {
  readonly [Kind in keyof ReturnType<typeof partsOf>]: readonly RowOf<ReturnType<typeof partsOf>[Kind]>[];
};
export type CatalogueRow<Kind extends keyof CatalogueRows> = CatalogueRows[Kind][number];
