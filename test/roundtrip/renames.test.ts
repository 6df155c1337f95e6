/** Renames on every database, with rows: up, compared again, down. */
import type { DataSource, EntitySchema } from "typeorm";
import { loadDialect } from "../../src/dialects";
import type { DialectName } from "../../src/dialects/dialect";
import type { Schema } from "../../src/model/schema";
import { open } from "../../src/open";
import type { Limbeck } from "../../src/open";
import { queryableOf } from "../../src/runtime/queryable";
import { temporaryFolder } from "../support/sqlite";
import { connected, kinds } from "./databases";
import type { Kind, TestDatabase } from "./databases";
import { cases } from "./rename-cases";
import type { Case, Row } from "./rename-cases";

describe.each(kinds)("$name renames with every row kept", (kind) => {
  const mine = Object.entries(cases).filter(([, { on }]) => on === undefined || on.includes(kind.name));
  test.concurrent.each(mine)("%s", async (_name, one) => {
    const seen = await migrated(kind, one);
    if (one.says) expect(seen.says).toEqual(one.says);
    expect(seen.after).toEqual(one.becomes);
    expect(seen.schemas.attached).toBe(one.attached?.[kind.name] === undefined ? 0 : 1);
    expect(seen.again).toEqual([]);
    expect(seen.typeorm).toEqual([]);
    expect(seen.back).toEqual(one.rows);
    expect(unquoted(seen.schemas.back)).toBe(unquoted(seen.schemas.before));
  });
});

/** SQLite quotes a name in a check when it changes it. */
function unquoted(schema: Schema): string {
  return JSON.stringify(schema, null, 1).replaceAll('\\"', "");
}

async function migrated(kind: Kind, one: Case) {
  const place = temporaryFolder();
  const database = await kind.create(place.folder, "renames");
  const project = async (entities: readonly EntitySchema[]): Promise<Limbeck> =>
    await open({
      cwd: place.folder,
      config: {
        dataSource: { ...database.options, entities: [...entities] },
        ...(one.names && { names: one.names }),
      },
    });
  try {
    const first = await project(one.before);
    await first.revision({ autogenerate: true, message: "first" });
    await first.upgrade();
    await fill(database, one, kind);
    const schema = await schemaOf(database);
    const limbeck = await project(one.after);
    const answers = { renames: one.answers ?? [] };
    const { differences: says } = await limbeck.revision({
      autogenerate: true,
      message: "rename",
      ...answers,
    });
    await limbeck.upgrade();
    // Nothing is asked any more, and what the entities tell of old names does no harm.
    const again = await limbeck.revision({ autogenerate: true, message: "again" });
    const after = await rowsOf(database, one.becomes);
    const typeorm = await typeormLog(database, one.after);
    const attached = (await schemaOf(database)).views.flatMap(({ attachments = [] }) => attachments).length;
    await limbeck.downgrade({ revision: "-1" });
    return {
      says,
      after,
      again: again.differences,
      typeorm,
      back: await rowsOf(database, one.rows),
      schemas: { before: schema, attached, back: await schemaOf(database) },
    };
  } finally {
    await database.drop();
    place.remove();
  }
}

async function fill({ options }: TestDatabase, { before, rows, attached }: Case, { name: kind }: Kind) {
  await connected({ ...options, entities: [...before] }, async (dataSource) => {
    if (attached?.[kind] !== undefined) await dataSource.query(attached[kind]);
    for (const [name, items] of Object.entries(rows)) await dataSource.getRepository(name).insert([...items]);
  });
}

/** The rows of some tables, whole numbers as numbers. */
async function rowsOf({ options }: TestDatabase, tables: Case["rows"]): Promise<Case["rows"]> {
  return await connected(options, async (dataSource) => {
    const rows: Record<string, readonly Row[]> = {};
    for (const name of Object.keys(tables)) {
      const found = await dataSource.query<Row[]>(`SELECT * FROM ${name} ORDER BY 1`);
      rows[name] = found.map((row) =>
        Object.fromEntries(
          Object.entries(row).map(([key, value]) => [
            key,
            /^\d+$/.test(String(value)) ? Number(value) : value,
          ]),
        ),
      );
    }
    return rows;
  });
}

async function typeormLog({ options }: TestDatabase, entities: readonly EntitySchema[]) {
  return await connected({ ...options, entities: [...entities] }, async (dataSource) => {
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    return upQueries.map(({ query }) => query);
  });
}

async function schemaOf({ options }: TestDatabase): Promise<Schema> {
  const name = ({ "better-sqlite3": "sqlite", sqlite: "sqlite" } as Record<string, DialectName>)[
    options.type
  ];
  return await connected(options, async (dataSource: DataSource) => {
    const dialect = loadDialect(name ?? (options.type as DialectName));
    const queryRunner = dataSource.createQueryRunner();
    const schema = dialect.normalize(await dialect.inspect(queryableOf(queryRunner), { schemas: [] }));
    await queryRunner.release();
    return { ...schema, tables: schema.tables.filter((found) => !/^limbeck_|^typeorm_/.test(found.name)) };
  });
}
