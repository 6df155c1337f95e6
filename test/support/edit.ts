/** One edit of entities on PostgreSQL, with rows in the tables: generated, run up, compared, run down, compared. */
import { readFileSync } from "node:fs";
import type { DataSource, EntitySchema } from "typeorm";
import { postgres } from "../../src/dialects/postgres";
import type { Schema } from "../../src/model/schema";
import { open } from "../../src/open";
import type { Limbeck } from "../../src/open";
import { queryableOf } from "../../src/runtime/queryable";
import { connected } from "../roundtrip/databases";
import { createPostgresDatabase } from "./servers";
import { temporaryFolder } from "./sqlite";

type Row = Readonly<Record<string, unknown>>;

/** What is edited, and what must come of it. */
export interface Edit {
  readonly before: readonly EntitySchema[];
  readonly after: readonly EntitySchema[];
  /** SQL that fills the tables once the first revision has run. */
  readonly rows?: string;
  /** What `SELECT * FROM "thing" ORDER BY 1` gives after the edit; the columns that are named here only. */
  readonly becomes?: readonly Row[];
  /** The answer to what looks like a rename. */
  readonly rename?: string;
  /** TypeORM's own schema builder must find nothing afterwards either. */
  readonly isQuiet?: boolean;
  /** Columns, as `table.column`, that the database may make anew because it computes them. */
  readonly remade?: readonly string[];
}

/** What was seen. */
export interface Edited {
  /** The text of the generated revision. */
  readonly text: string;
  readonly differences: readonly string[];
  /** What TypeORM's own schema builder would run after the way up. */
  readonly typeorm: readonly string[];
  readonly rows: { readonly before: Rows; readonly after: Rows; readonly back: Rows };
  readonly schema: { readonly before: Schema; readonly back: Schema };
  /** The numbers of the columns, which change when one is dropped and added. */
  readonly numbers: { readonly before: Numbers; readonly after: Numbers };
}

type Rows = Readonly<Record<string, readonly Row[]>>;
type Numbers = Readonly<Record<string, number>>;

/** A project on a database of its own whose first revision made the entities and whose tables have rows. */
export interface EditedProject {
  readonly url: string;
  readonly project: (entities: readonly EntitySchema[], options?: object) => Promise<Limbeck>;
  readonly query: (sql: string) => Promise<readonly Row[]>;
}

/** Runs a body on such a project. */
export async function withRows<T>(
  { before, rows = "" }: Pick<Edit, "before" | "rows">,
  body: (place: EditedProject) => Promise<T>,
): Promise<T> {
  const place = temporaryFolder();
  const database = await createPostgresDatabase();
  const { url } = database;
  const options = { type: "postgres", url } as const;
  const query = async (sql: string): Promise<readonly Row[]> =>
    await connected(options, async (dataSource) => await dataSource.query<Row[]>(sql));
  const project = async (entities: readonly EntitySchema[], more: object = {}): Promise<Limbeck> =>
    await open({
      cwd: place.folder,
      config: { dataSource: { ...options, entities: [...entities] }, ...more },
    });
  try {
    const first = await project(before);
    await first.revision({ autogenerate: true, message: "first" });
    await first.upgrade();
    if (rows !== "") await query(rows);
    return await body({ url, project, query });
  } finally {
    await database.drop();
    place.remove();
  }
}

/** Runs an edit up and down. */
export async function edited(edit: Edit): Promise<Edited> {
  return await withRows(edit, async ({ url, project }) => {
    const seen = async () => await connected({ type: "postgres", url }, look);
    const before = await seen();
    const later = await project(edit.after);
    const { file } = await later.revision({
      autogenerate: true,
      message: "edit",
      ...(edit.rename === undefined ? { noRenames: true } : { renames: [edit.rename] }),
    });
    await later.upgrade();
    const { differences } = await later.check();
    const after = await seen();
    const typeorm = await typeormLog(url, edit.after);
    await later.downgrade({ revision: "-1" });
    const back = await seen();
    return {
      text: file === undefined ? "" : readFileSync(file, "utf8"),
      differences,
      typeorm,
      rows: { before: before.rows, after: after.rows, back: back.rows },
      schema: { before: before.schema, back: back.schema },
      numbers: { before: before.numbers, after: after.numbers },
    };
  });
}

async function typeormLog(url: string, entities: readonly EntitySchema[]): Promise<readonly string[]> {
  return await connected({ type: "postgres", url, entities: [...entities] }, async (dataSource) => {
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    return upQueries.map(({ query }) => query);
  });
}

async function look(dataSource: DataSource): Promise<{
  readonly rows: Rows;
  readonly schema: Schema;
  readonly numbers: Numbers;
}> {
  const queryRunner = dataSource.createQueryRunner();
  const schema = postgres.normalize(await postgres.inspect(queryableOf(queryRunner), { schemas: ["other"] }));
  const tables = schema.tables.filter(({ name }) => !/^limbeck_|^typeorm_metadata$/.test(name));
  const rows: Record<string, readonly Row[]> = {};
  for (const table of tables) {
    const found = await dataSource.query<{ row: Row }[]>(
      `SELECT to_jsonb(t) AS row FROM ${postgres.quoteName(table)} t ORDER BY t::text`,
    );
    rows[table.name] = found.map(({ row }) => row);
  }
  const columns = await dataSource.query<{ name: string; number: number }[]>(
    `SELECT c.relname || '.' || a.attname AS name, a.attnum AS number FROM pg_attribute a
     JOIN pg_class c ON c.oid = a.attrelid WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped`,
  );
  await queryRunner.release();
  return {
    rows,
    schema: { ...schema, tables },
    numbers: Object.fromEntries(columns.map(({ name, number }) => [name, number])),
  };
}
