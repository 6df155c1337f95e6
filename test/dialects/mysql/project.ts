/** A project whose entities are edited, on a database of its own. */
import type { DataSourceOptions, EntitySchema } from "typeorm";
import type { MysqlDataSourceOptions } from "typeorm/driver/mysql/MysqlDataSourceOptions";
import { open } from "../../../src/open";
import type { Limbeck } from "../../../src/open";
import { connected } from "../../roundtrip/databases";
import type { ServerName } from "../../support/mysql";
import { createMysqlDatabase } from "../../support/servers";
import { temporaryFolder } from "../../support/sqlite";

export type Entities = readonly (EntitySchema | (new () => object))[];
export type Row = Readonly<Record<string, unknown>>;

/** What a project says beside its entities. */
type More = Partial<Pick<MysqlDataSourceOptions, "type" | "namingStrategy">>;

/** The project as it is with some entities, and what its database answers. */
export interface Place {
  readonly project: (entities: Entities, more?: More) => Promise<Limbeck>;
  readonly query: (sql: string) => Promise<readonly Row[]>;
  /** What TypeORM's own schema builder would run. */
  readonly log: (entities: Entities, more?: More) => Promise<readonly string[]>;
  readonly synchronize: (entities: Entities, more?: More) => Promise<void>;
}

/** Runs a body on such a project. */
export async function onProject(server: ServerName, body: (place: Place) => Promise<void>): Promise<void> {
  const { folder, remove } = temporaryFolder();
  const { url, drop } = await createMysqlDatabase(server);
  const options = (entities: Entities, more: More = {}): DataSourceOptions => ({
    type: server,
    url,
    entities: [...entities],
    ...more,
  });
  try {
    await body({
      project: async (entities, more) =>
        await open({ cwd: folder, config: { dataSource: options(entities, more) } }),
      query: async (sql) => await connected(options([]), (dataSource) => dataSource.query<Row[]>(sql)),
      log: async (entities, more) => {
        const { upQueries } = await connected(options(entities, more), (dataSource) =>
          dataSource.driver.createSchemaBuilder().log(),
        );
        return upQueries.map(({ query }) => query);
      },
      synchronize: async (entities, more) => {
        await connected(options(entities, more), (dataSource) => dataSource.synchronize());
      },
    });
  } finally {
    await drop();
    remove();
  }
}
