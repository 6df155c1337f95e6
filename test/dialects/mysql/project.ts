/** A project whose entities are edited, on a database of its own. */
import type { DataSourceOptions, EntitySchema } from "typeorm";
import { open } from "../../../src/open";
import type { Limbeck } from "../../../src/open";
import { connected } from "../../roundtrip/databases";
import type { ServerName } from "../../support/mysql";
import { createMysqlDatabase } from "../../support/servers";
import { temporaryFolder } from "../../support/sqlite";

export type Entities = readonly (EntitySchema | (new () => object))[];
export type Row = Readonly<Record<string, unknown>>;

/** The project as it is with some entities, and what its database answers. */
export interface Place {
  readonly project: (entities: Entities) => Promise<Limbeck>;
  readonly query: (sql: string) => Promise<readonly Row[]>;
  /** What TypeORM's own schema builder would run. */
  readonly log: (entities: Entities) => Promise<readonly string[]>;
}

/** Runs a body on such a project. */
export async function onProject(server: ServerName, body: (place: Place) => Promise<void>): Promise<void> {
  const { folder, remove } = temporaryFolder();
  const { url, drop } = await createMysqlDatabase(server);
  const options = (entities: Entities): DataSourceOptions => ({ type: server, url, entities: [...entities] });
  try {
    await body({
      project: async (entities) => await open({ cwd: folder, config: { dataSource: options(entities) } }),
      query: async (sql) => await connected(options([]), (dataSource) => dataSource.query<Row[]>(sql)),
      log: async (entities) => {
        const { upQueries } = await connected(options(entities), (dataSource) =>
          dataSource.driver.createSchemaBuilder().log(),
        );
        return upQueries.map(({ query }) => query);
      },
    });
  } finally {
    await drop();
    remove();
  }
}
