// The floor: a process that imports typeorm and a driver, reads the rows of the catalogue that any comparison needs, and
// does nothing with them. Run as: node catalogue.js postgres|mariadb URL

const POSTGRES = [
  `SELECT c.oid, c.relname, obj_description(c.oid, 'pg_class') FROM pg_class c
   WHERE c.relkind IN ('r', 'p', 'v', 'm') AND c.relnamespace = 'public'::regnamespace`,
  `SELECT a.attrelid, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
     a.attgenerated, pg_get_expr(d.adbin, d.adrelid), m.description
   FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
   LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
   LEFT JOIN pg_description m ON m.classoid = 'pg_class'::regclass AND m.objoid = a.attrelid AND m.objsubid = a.attnum
   WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm')
     AND c.relnamespace = 'public'::regnamespace`,
  `SELECT k.conrelid, k.contype, k.conname, k.conkey, k.confrelid, k.confkey, k.confupdtype, k.confdeltype,
     k.condeferrable, k.condeferred, CASE k.contype WHEN 'c' THEN pg_get_expr(k.conbin, k.conrelid) END
   FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE c.relnamespace = 'public'::regnamespace`,
  `SELECT i.indrelid, x.relname, i.indisunique, i.indkey, i.indoption, i.indclass, a.amname,
     pg_get_expr(i.indpred, i.indrelid)
   FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am a ON a.oid = x.relam
   WHERE x.relnamespace = 'public'::regnamespace`,
  `SELECT t.typname, e.enumlabel FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid
   WHERE t.typnamespace = 'public'::regnamespace ORDER BY e.enumsortorder`,
  `SELECT s.*, d.refobjid, d.refobjsubid FROM pg_sequence s JOIN pg_depend d ON d.objid = s.seqrelid
   WHERE d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')`,
];

const MARIADB = ["TABLES", "COLUMNS", "STATISTICS", "KEY_COLUMN_USAGE"].map(
  (view) => `SELECT * FROM information_schema.${view} WHERE TABLE_SCHEMA = DATABASE()`,
);
const MARIADB_CONSTRAINTS = ["REFERENTIAL_CONSTRAINTS", "CHECK_CONSTRAINTS"].map(
  (view) => `SELECT * FROM information_schema.${view} WHERE CONSTRAINT_SCHEMA = DATABASE()`,
);

async function postgres(url) {
  const { Client } = require("pg");
  const client = new Client({ connectionString: url });
  await client.connect();
  const reading = client.query({ text: POSTGRES.join(";\n"), rowMode: "array" });
  require("typeorm");
  await reading;
  await client.end();
}

async function mariadb(url) {
  const { createConnection } = require("mysql2/promise");
  const connection = await createConnection({ uri: url, rowsAsArray: true });
  const reading = (async () => {
    for (const sql of [...MARIADB, ...MARIADB_CONSTRAINTS]) await connection.query(sql);
  })();
  require("typeorm");
  await reading;
  await connection.end();
}

const [dialect, url] = process.argv.slice(2);
void { postgres, mariadb }[dialect](url);
