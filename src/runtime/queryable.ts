/** TypeORM's query runner as the one pinned connection that dialects and executors speak to. */
import type { DataSource, QueryRunner } from "typeorm";
import type { Queryable } from "../dialects/dialect";

/** The owner of a query runner, which has another name in each line of TypeORM. */
export function ownerOf(queryRunner: QueryRunner): DataSource {
  const owner = queryRunner as unknown as {
    readonly dataSource?: DataSource;
    readonly connection: DataSource;
  };
  return owner.dataSource ?? owner.connection;
}

/** What TypeORM answers with when it is asked for a structured result. */
interface StructuredResult {
  readonly affected?: number;
}

/** A `Queryable` over a query runner. */
export function queryableOf(queryRunner: QueryRunner): Queryable {
  const query = queryRunner.query.bind(queryRunner) as (
    sql: string,
    parameters?: readonly unknown[],
    structured?: boolean,
  ) => Promise<unknown>;
  return {
    query: async <Row>(sql: string, parameters?: readonly unknown[]) => {
      const rows = await query(sql, parameters);
      return (Array.isArray(rows) ? rows : []) as readonly Row[];
    },
    change: async (sql, parameters) => {
      const result = (await query(sql, parameters, true)) as StructuredResult;
      return result.affected ?? 0;
    },
  };
}
