/** Pairs of texts that were tried on PostgreSQL 15 to 18, and how they must be judged. */
import type { Client } from "pg";
import type { Queryable } from "../../../src/dialects/dialect";
import { canonicalize } from "../../../src/dialects/postgres/canonicalize";
import { inspect } from "../../../src/dialects/postgres/inspect";
import { normalize } from "../../../src/dialects/postgres/normalize";
import type { Column, Constraint, Schema, Table, View } from "../../../src/model/schema";
import { onDatabase } from "../../support/postgres";

const COLUMNS = `id int, name varchar(50), txt text, code varchar(10), amount numeric(10,2), flag boolean, tags text[],
  doc jsonb, made timestamptz, day date, mood mood, app_mood app.mood, mail email, during tstzrange, "Mixed" int`;
const TYPES = `CREATE SCHEMA app; CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TYPE app.mood AS ENUM ('sad', 'ok');
  CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%'); CREATE SEQUENCE app.free;
  CREATE FUNCTION app.norm(text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN lower($1); END';
  CREATE FUNCTION same_as_lower(text) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT lower($1)';`;

async function liveOf(db: Queryable): Promise<Schema> {
  return normalize(await inspect(db, { schemas: ["app"] }));
}

/** The schema with the tables of these names changed. */
function changed(schema: Schema, change: (table: Table, place: number) => Table): Schema {
  const tables = schema.tables.map((table) => {
    const place = /^c(\d+)$/.exec(table.name)?.[1];
    return place === undefined ? table : change(table, Number(place));
  });
  return normalize({ ...schema, tables });
}

interface Case {
  /** The text in the database; `{t}` stands for the name of the table. */
  readonly live: string;
  /** The text of the entities. */
  readonly target: string;
  readonly same: boolean;
}

const same = (live: string, target: string): Case => ({ live, target, same: true });
const differ = (live: string, target: string): Case => ({ live, target, same: false });

/** Judges all cases in one database, by one call. */
async function judged(
  cases: readonly Case[],
  ddlOf: (text: string, place: number) => string,
  put: (table: Table, text: string) => Table,
  taken: (table: Table) => string | undefined,
): Promise<readonly boolean[]> {
  const named = (text: string, place: number): string => text.replaceAll("{t}", `c${place}`);
  const ddl = cases.map(({ live }, place) => ddlOf(named(live, place), place)).join(";\n");
  return await onDatabase(`${TYPES} ${ddl}`, async (db) => {
    const live = await liveOf(db);
    const target = changed(live, (table, place) => put(table, named(cases[place]?.target ?? "", place)));
    const result = await canonicalize(db, target, live);
    expect(await liveOf(db)).toEqual(live);
    return cases.map((_, place) => {
      const find = ({ tables }: Schema) => tables.find(({ name }) => name === `c${place}`);
      const [found, wanted] = [find(live), find(result)];
      return found !== undefined && wanted !== undefined && taken(found) === taken(wanted);
    });
  });
}

function describeCases(
  name: string,
  cases: readonly Case[],
  ...rest: Parameters<typeof judged> extends readonly [unknown, ...infer Rest] ? Rest : never
): void {
  describe(name, () => {
    let verdicts: readonly boolean[] = [];
    beforeAll(async () => {
      verdicts = await judged(cases, ...rest);
    });
    test.each(cases.map((one, place) => ({ ...one, place })))(
      "$live and $target: $same",
      ({ place, same: expected }) => {
        expect(verdicts[place]).toBe(expected);
      },
    );
  });
}

const onlyCheck = ({ constraints }: Table): string | undefined =>
  constraints.find((constraint) => constraint.kind === "check")?.expression;

describeCases(
  "a check",
  [
    same("id > 0", `"id" > 0`),
    same("id > 0", "{t}.id > 0"),
    same("id > 0", "(( id>0 )) -- positive"),
    same("name LIKE '%@%'", `"name" ~~ '%@%'`),
    same("id BETWEEN 1 AND 5", "id >= 1 AND id <= 5"),
    same("id <> 3", "NOT (id = 3)"),
    same("id <> 3", "id != 3"),
    same("code IN ('a', 'b')", "code = ANY (ARRAY['a', 'b'])"),
    same("amount > 0", "amount > 0 AND true"),
    same("flag = true", "flag"),
    same("flag IS NOT FALSE", "flag is not false"),
    same("id = 3", "id = 1 + 2"),
    same("mood = 'ok'", "mood = 'ok'::mood"),
    same("app_mood = 'ok'", "app_mood = 'ok'::app.mood"),
    same("app.norm(txt) = txt", `"app"."norm"("txt") = "txt"`),
    same("mail <> ''", "mail::text <> ''"),
    same(`"Mixed" > 0`, `{t}."Mixed" > 0`),
    same("num_nonnulls(id, name) = 1", "num_nonnulls({t}.id, {t}.name) = 1"),
    same("char_length(name) > 2", "CHAR_LENGTH(name) > 2"),
    same("substring(txt from 1 for 2) = 'ab'", "SUBSTRING( txt FROM 1 FOR 2 ) = 'ab'"),
    same("extract(year from made) > 2000", "EXTRACT('year' FROM made) > 2000"),
    same("made AT TIME ZONE 'utc' > '2020-01-01'", "timezone('utc', made) > '2020-01-01'"),
    same("position('a' in txt) > 0", "POSITION('a' IN txt) > 0"),
    same("txt SIMILAR TO 'a%'", "txt similar to 'a%'"),
    same("coalesce(name, '') <> ''", "COALESCE(name, '') <> ''"),
    same("CASE WHEN flag THEN id > 0 ELSE true END", "case when flag then (id > 0) else TRUE end"),
    same(`txt COLLATE "C" > 'a'`, `(txt) collate "C" > 'a'`),
    same("during IS NULL OR NOT isempty(during)", "during is null or not isempty(during)"),
    same("row({t}.*) IS NOT NULL", "ROW({t}.*) IS NOT NULL"),
    differ("id > 0", "id > 1"),
    differ("id > 0", "id >= 0"),
    differ("code IN ('a', 'b')", "code IN ('a', 'c')"),
    differ("txt = 'a'", "txt = 'A'"),
    differ(`txt COLLATE "C" > 'a'`, `txt COLLATE "POSIX" > 'a'`),
    differ(`txt COLLATE "C" > 'a'`, "txt > 'a'"),
    differ("lower(txt) = txt", "same_as_lower(txt) = txt"),
    differ("id > 0", "missing > 0"),
    differ("mood = 'ok'", "mood = 'not there yet'"),
    differ("txt <> ''", "nowhere.norm(txt) <> ''"),
    differ("id > 0", "id > (0"),
    differ("id > 0", "id > 0) OR (true"),
  ],
  (text, place) => `CREATE TABLE c${place} (${COLUMNS}, CONSTRAINT k${place} CHECK (${text}))`,
  (table, text) => ({
    ...table,
    constraints: table.constraints.map((constraint): Constraint =>
      constraint.kind === "check" ? { ...constraint, expression: text } : constraint,
    ),
  }),
  onlyCheck,
);

const DEFAULTS: readonly (Case & { readonly type: string })[] = [
  { type: "numeric(10,2)", ...same("5.00", "'5'") },
  { type: "numeric(10,2)", ...same("'5'", "5.0") },
  { type: "boolean", ...same("false", "'false'") },
  { type: "boolean", ...same("false", "'f'::boolean") },
  { type: "text[]", ...same("'{}'", "ARRAY[]::text[]") },
  { type: "text[]", ...same("'{a,b}'", "ARRAY['a', 'b']") },
  { type: "varchar[]", ...same("'{}'", "'{}'::text[]") },
  { type: "jsonb", ...same(`'{"b": 1, "a": 2}'`, `'{"a":2,"b":1}'`) },
  { type: "jsonb", ...same(`'{"a": 1.0e1}'`, `'{"a":10}'`) },
  { type: "timestamptz", ...same("now()", "CURRENT_TIMESTAMP") },
  { type: "timestamptz", ...same("CURRENT_TIMESTAMP", "now()") },
  { type: "timestamptz", ...same("CURRENT_TIMESTAMP + interval '1 day'", "NOW() + interval '1 day'") },
  { type: "timestamp", ...same("now() at time zone 'utc'", "(NOW() AT TIME ZONE 'utc')") },
  { type: "timestamp", ...same("timezone('utc', now())", "(now() at time zone 'utc')") },
  { type: "date", ...same("CURRENT_DATE", "('now'::text)::date") },
  { type: "date", ...same("'2020-01-01'", "'January 1, 2020'") },
  { type: "timestamptz", ...same("'2020-01-01 00:00+00'", "'2020-01-01 01:00+01'") },
  { type: "timestamptz", ...same("'now'", "'now'") },
  { type: "interval", ...same("'1 day'", "'1 day 00:00:00'") },
  { type: "bigint", ...same("nextval('app.free')", "nextval('app.free'::regclass)") },
  { type: "mood", ...same("'sad'", "'sad'::mood") },
  { type: "app.mood[]", ...same("'{sad}'", "ARRAY['sad'::app.mood]") },
  { type: "varchar(5)", ...same("'x'", "'x'::text") },
  { type: "text", ...differ("upper('x')", "'X'") },
  { type: "int", ...same("3", "1 + 2") },
  { type: "varchar(1)", ...differ("'x'", "'xy'") },
  { type: "char(2)", ...differ("'x'", "'xyz'") },
  { type: "text", ...differ("'now()'", "now()") },
  { type: "numeric(10,2)", ...differ("5", "6") },
  { type: "timestamptz", ...differ("now()", "clock_timestamp()") },
  { type: "mood", ...differ("'sad'", "'not there yet'") },
  { type: "bigint", ...differ("nextval('app.free')", "nextval('not_there_yet')") },
  { type: "jsonb", ...differ(`'{"a": 1}'`, `'{"a": 2}'`) },
];

describeCases(
  "a default",
  DEFAULTS,
  (text, place) => `CREATE TABLE c${place} (c ${DEFAULTS[place]?.type ?? ""} DEFAULT (${text}))`,
  (table, text) => ({
    ...table,
    columns: table.columns.map((column): Column => ({ ...column, default: { sql: text } })),
  }),
  ({ columns }) => JSON.stringify(columns[0]?.default),
);

describeCases(
  "a generated column",
  [
    same("upper(name)", `UPPER("name")`),
    same("name || ' ' || code", `"name" || ' ' || "code"`),
    same("amount * 2", "(amount)*2"),
    same("(doc ->> 'a')", `"doc"->>'a'`),
    differ("upper(name)", "lower(name)"),
    differ("name || ' ' || code", "code || ' ' || name"),
    differ("upper(name)", "upper(missing)"),
  ],
  (text, place) => `CREATE TABLE c${place} (${COLUMNS}, made_up text GENERATED ALWAYS AS (${text}) STORED)`,
  (table, text) => ({
    ...table,
    columns: table.columns.map((column): Column =>
      column.generated?.kind === "computed"
        ? { ...column, generated: { ...column.generated, sql: text } }
        : column,
    ),
  }),
  ({ columns }) => JSON.stringify(columns.map(({ generated }) => generated)),
);

describeCases(
  "a partial index",
  [
    same("id > 3", `"id" > 3`),
    same("made IS NOT NULL AND mood = 'ok'", `"made" is not null and "mood" = 'ok'`),
    same("flag", "flag = true"),
    differ("id > 3", "id > 4"),
    differ("made IS NULL AND flag", "flag AND made IS NULL"),
  ],
  (text, place) =>
    `CREATE TABLE c${place} (${COLUMNS}); CREATE INDEX i${place} ON c${place} (id) WHERE ${text}`,
  (table, text) => ({ ...table, indexes: table.indexes.map((index) => ({ ...index, where: text })) }),
  ({ indexes }) => indexes[0]?.where,
);

describeCases(
  "an index on an expression",
  [
    same("lower(name)", `LOWER("name")`),
    same("(doc ->> 'a')", "doc->>'a'"),
    same(`(txt || 'x') COLLATE "C"`, `txt || 'x'`),
    differ("lower(name)", "upper(name)"),
    differ("lower(txt)", "same_as_lower(txt)"),
  ],
  (text, place) =>
    `CREATE TABLE c${place} (${COLUMNS}); CREATE INDEX i${place} ON c${place} (${text.startsWith("(") || text.startsWith("lower") ? text : `(${text})`})`,
  (table, text) => ({
    ...table,
    indexes: table.indexes.map((index) => ({
      ...index,
      parts: index.parts.map((part) => ({ ...part, expression: text })),
    })),
  }),
  ({ indexes }) => indexes[0]?.parts[0]?.expression,
);

describeCases(
  "an exclusion",
  [
    same("USING gist (during WITH &&)", `USING gist ("during" WITH &&)`),
    same("USING gist (during WITH &&) WHERE (id > 5)", "using GIST (during with &&) where (id>5)"),
    differ("USING gist (during WITH &&)", "USING gist (during WITH -|-)"),
    differ("USING gist (during WITH &&)", "USING gist (during WITH &&) WHERE (id > 5)"),
    differ("USING gist (during WITH &&)", "USING gist (missing WITH &&)"),
  ],
  (text, place) => `CREATE TABLE c${place} (${COLUMNS}, CONSTRAINT x${place} EXCLUDE ${text})`,
  (table, text) => ({
    ...table,
    constraints: table.constraints.map((constraint): Constraint =>
      constraint.kind === "exclusion" ? { ...constraint, expression: text } : constraint,
    ),
  }),
  ({ constraints }) => constraints.find((constraint) => constraint.kind === "exclusion")?.expression,
);

/** The live schema of some DDL and what becomes of the same schema with other texts. */
async function respell(
  ddl: string,
  change: (live: Schema) => Schema,
  prepare: (client: Client) => Promise<unknown> = () => Promise.resolve(),
): Promise<{ readonly live: Schema; readonly result: Schema; readonly warnings: readonly string[] }> {
  return await onDatabase(ddl, async (db, client) => {
    const live = await liveOf(db);
    const warnings: string[] = [];
    await prepare(client);
    const result = await canonicalize(db, normalize(change(live)), live, (text) => warnings.push(text));
    return { live, result, warnings };
  });
}

const withCheck =
  (expression: string) =>
  (live: Schema): Schema => ({
    ...live,
    tables: live.tables.map((table) => ({
      ...table,
      constraints: table.constraints.map((constraint): Constraint =>
        constraint.kind === "check" ? { ...constraint, expression } : constraint,
      ),
    })),
  });

describe("the history of a text says nothing", () => {
  test("a check that came back from a dump has another text and the same meaning", async () => {
    const { live, result } = await respell(
      `CREATE TABLE t (code varchar, CONSTRAINT k CHECK ((code)::text = ANY (ARRAY[('a'::character varying)::text, ('b'::character varying)::text])))`,
      withCheck("code IN ('a', 'b')"),
    );
    expect(result).toEqual(live);
  });

  test("so has one whose column changed its type", async () => {
    const { live, result } = await respell(
      `CREATE TABLE t (code varchar, CONSTRAINT k CHECK (code IN ('a', 'b'))); ALTER TABLE t ALTER code TYPE text`,
      withCheck("code IN ('a', 'b')"),
    );
    expect(result).toEqual(live);
  });

  test("and a view that came back from a dump", async () => {
    const ddl = `CREATE TABLE t (code varchar); CREATE VIEW v AS SELECT code FROM t
      WHERE (code)::text = ANY (ARRAY[('a'::character varying)::text, ('b'::character varying)::text])`;
    const { live, result } = await respell(ddl, (schema) => ({
      ...schema,
      views: schema.views.map((view) => ({ ...view, sql: "SELECT code FROM t WHERE code IN ('a', 'b')" })),
    }));
    expect(result).toEqual(live);
  });
});

test("a check under another name is compared with all others", async () => {
  const { result } = await respell(
    "CREATE TABLE t (a int, CONSTRAINT one CHECK (a > 1), CONSTRAINT two CHECK (a > 2))",
    (live) => ({
      ...live,
      tables: live.tables.map((table) => ({
        ...table,
        constraints: [{ kind: "check", name: "new", expression: `"a" > 2` }],
      })),
    }),
  );
  expect(result.tables[0]?.constraints).toEqual([{ kind: "check", name: "new", expression: "a > 2" }]);
});

describe("views", () => {
  const ddl = `CREATE TABLE usr (id int PRIMARY KEY, name text, born date); CREATE TABLE pet (id int, owner int);
    CREATE VIEW a_view AS SELECT id, name FROM usr WHERE name <> '';
    CREATE VIEW b_view AS SELECT u.id, count(*) AS pets FROM usr u JOIN pet p ON p.owner = u.id GROUP BY u.id;
    CREATE MATERIALIZED VIEW m_view AS SELECT name FROM a_view; CREATE UNIQUE INDEX m_name ON m_view (name) WHERE name > 'a'`;
  const judge = async (views: readonly View[], change: (schema: Schema) => Schema = (schema) => schema) => {
    const { live, result } = await respell(ddl, (schema) => ({ ...change(schema), views }));
    return result.views.map((view) => [
      view.name,
      view.sql === live.views.find(({ name }) => name === view.name)?.sql,
    ]);
  };

  test("are compared by what the database makes of them", async () => {
    expect(
      await judge([
        {
          name: "a_view",
          sql: `SELECT "usr"."id" AS "id", "usr"."name" AS "name" FROM "usr" WHERE "usr"."name" != ''`,
        },
        {
          name: "b_view",
          sql: "select usr.id, count(*) pets from usr u inner join pet p on p.owner = u.id group by u.id",
        },
        { name: "m_view", materialized: true, sql: "SELECT name FROM a_view;" },
      ]),
    ).toEqual([
      ["a_view", true],
      // The alias hides the table's name.
      ["b_view", false],
      ["m_view", true],
    ]);
    expect(
      await judge([
        { name: "a_view", sql: "SELECT id, name FROM usr WHERE name <> 'x'" },
        {
          name: "b_view",
          sql: "select u.id, count(*) as pets from usr u inner join pet p on p.owner = u.id group by u.id",
        },
        { name: "m_view", materialized: true, sql: "SELECT a_view.name AS name FROM a_view" },
      ]),
    ).toEqual([
      ["a_view", false],
      ["b_view", true],
      ["m_view", true],
    ]);
  });

  test("are judged on the tables as they will be", async () => {
    const withColumn = (schema: Schema): Schema => ({
      ...schema,
      tables: schema.tables.map((table) =>
        table.name === "usr"
          ? {
              ...table,
              columns: [...table.columns, { name: "extra", type: { name: "text" }, nullable: true }],
            }
          : table,
      ),
    });
    const everything = [{ name: "a_view", sql: "SELECT id, name, extra FROM usr WHERE name <> ''" }];
    expect(await judge(everything, withColumn)).toEqual([["a_view", false]]);
    const group = [
      {
        name: "b_view",
        sql: "SELECT u.id, COUNT(*) AS pets FROM usr AS u JOIN pet AS p ON p.owner = u.id GROUP BY u.id",
      },
    ];
    expect(await judge(group, withColumn)).toEqual([["b_view", true]]);
  });

  test("that take all columns change with their table", async () => {
    const { live, result } = await respell(
      "CREATE TABLE t (a int); CREATE VIEW v AS SELECT * FROM t",
      (schema) => ({
        ...schema,
        tables: schema.tables.map((table) => ({
          ...table,
          columns: [...table.columns, { name: "b", type: { name: "text" }, nullable: true }],
        })),
        views: [{ name: "v", sql: "SELECT * FROM t" }],
      }),
    );
    expect(result.views[0]?.sql).not.toBe(live.views[0]?.sql);
  });

  test("of equal text have indexes that are compared by meaning", async () => {
    const { live, result } = await respell(ddl, (schema) => ({
      ...schema,
      views: [
        {
          name: "m_view",
          materialized: true,
          sql: "SELECT name FROM a_view",
          indexes: [{ name: "m_name", parts: [{ column: "name" }], unique: true, where: `"name" > 'a'` }],
        },
      ],
    }));
    expect(live.views).toContainEqual({ ...result.views[0], dependsOn: [{ name: "a_view" }] });
  });
});

describe("the server", () => {
  const ddl = `CREATE TABLE t (id int, txt text, during tsrange, CONSTRAINT k CHECK (id BETWEEN 1 AND 5),
      CONSTRAINT c CHECK (txt COLLATE "C" > 'a'), CONSTRAINT x EXCLUDE USING gist (during WITH &&));
    CREATE VIEW v AS SELECT id FROM t`;
  const respelt = (schema: Schema): Schema => ({
    ...schema,
    tables: schema.tables.map((table) => ({
      ...table,
      constraints: [
        { kind: "check", name: "k", expression: "id >= 1 AND 5 >= 5 AND id <= 5" },
        { kind: "check", name: "c", expression: `t.txt COLLATE "C" > 'a'` },
        { kind: "exclusion", name: "x", expression: `USING gist ("during" WITH operator(&&))` },
      ],
    })),
    views: schema.views.map((view) => ({ ...view, sql: "SELECT t.id AS id FROM t" })),
  });

  test("is asked in a number of statements that does not grow, and not at all where tokens agree", async () => {
    const count = async (tables: number, change: (schema: Schema) => Schema): Promise<number> => {
      const many = Array.from(
        { length: tables },
        (_, number) =>
          `CREATE TABLE t${number} (id int, txt text, CONSTRAINT k${number} CHECK (id BETWEEN 1 AND 5), CONSTRAINT c${number} CHECK (txt COLLATE "C" > 'a'));
           CREATE VIEW v${number} AS SELECT id FROM t${number}`,
      ).join(";");
      return await onDatabase(many, async (db) => {
        const live = await liveOf(db);
        db.statements = 0;
        expect(await canonicalize(db, normalize(change(live)), live)).toEqual(live);
        return db.statements;
      });
    };
    const spelt = (schema: Schema): Schema => ({
      ...schema,
      tables: schema.tables.map((table) => ({
        ...table,
        constraints: table.constraints.map((constraint) => ({
          ...constraint,
          expression: constraint.name?.startsWith("k")
            ? "id >= 1 AND id <= 5 AND true"
            : `(txt) COLLATE "C" > 'a'`,
        })),
      })),
      views: schema.views.map((view) => ({
        ...view,
        sql: `SELECT t.id AS id FROM (${view.sql}) AS t`.replace(
          /.*/s,
          view.sql.replace("SELECT ", "SELECT ALL "),
        ),
      })),
    });
    expect(await count(40, spelt)).toBe(await count(3, spelt));
    expect(await count(3, (schema) => schema)).toBe(0);
  });

  test("keeps nothing and locks nothing of the user's", async () => {
    await onDatabase(ddl, async (db, client) => {
      const live = await liveOf(db);
      const locks: string[] = [];
      const watching: Queryable = {
        ...db,
        query: async <Row>(sql: string, parameters?: readonly unknown[]) => {
          const rows = await db.query<Row>(sql, parameters);
          if (!sql.startsWith("DO ")) return rows;
          const held = await client.query<{ name: string }>(
            `SELECT DISTINCT c.relname AS name FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
             WHERE l.pid = pg_backend_pid() AND c.relnamespace = 'public'::regnamespace AND l.mode <> 'AccessShareLock'`,
          );
          locks.push(...held.rows.map(({ name }) => name));
          return rows;
        },
      };
      const before = await client.query("SELECT count(*)::int AS n FROM pg_class");
      expect(await canonicalize(watching, normalize(respelt(live)), live)).toEqual(live);
      expect(locks).toEqual([]);
      expect((await client.query("SELECT count(*)::int AS n FROM pg_class")).rows).toEqual(before.rows);
      expect(await liveOf(db)).toEqual(live);
    });
  });

  test("judges inside a transaction that is open already, and leaves it open", async () => {
    await onDatabase(ddl, async (db, client) => {
      const live = await liveOf(db);
      await client.query("BEGIN; CREATE TABLE mine (a int)");
      expect(await canonicalize(db, normalize(respelt(live)), live)).toEqual(live);
      await client.query("COMMIT");
      expect((await client.query("SELECT to_regclass('mine') IS NOT NULL AS there")).rows).toEqual([
        { there: true },
      ]);
    });
  });

  test("that may only be read judges by its planner, and that is said", async () => {
    const { live, result, warnings } = await respell(ddl, respelt, async (client) => {
      await client.query("BEGIN READ ONLY");
    });
    const [table] = result.tables;
    const expressions = table?.constraints.map(
      (constraint) => "expression" in constraint && constraint.expression,
    );
    expect(expressions).toContain(
      onlyCheck({
        ...live.tables[0],
        constraints: live.tables[0]?.constraints.filter(({ name }) => name === "k") ?? [],
      } as Table),
    );
    expect(result.views).toEqual(live.views);
    // No planner judges an exclusion.
    expect(expressions).toContain(`USING gist ("during" WITH operator(&&))`);
    expect(warnings).toEqual([
      expect.stringContaining("could not judge whether these expressions have changed"),
      expect.stringContaining("could not judge whether these views have changed"),
    ]);
  });

  test("judges for a role that may not make temporary tables as far as it can", async () => {
    const role = `"limbeck reader ${process.pid}"`;
    await onDatabase(`CREATE ROLE ${role}; ${ddl}`, async (db, client) => {
      try {
        const live = await liveOf(db);
        await client.query(
          `DO $$ BEGIN EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database()); END $$`,
        );
        await client.query(`SET ROLE ${role}`);
        const warnings: string[] = [];
        const result = await canonicalize(db, normalize(respelt(live)), live, (text) => warnings.push(text));
        expect(result.tables[0]?.constraints.filter(({ kind }) => kind === "check")).toEqual(
          live.tables[0]?.constraints.filter(({ kind }) => kind === "check"),
        );
        expect(warnings).toHaveLength(2);
      } finally {
        await client.query(`RESET ROLE; DROP ROLE ${role}`);
      }
    });
  });
});
