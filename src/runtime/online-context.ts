/** The context of a connection, which knows the schema by reading it. */
import type { DataSource, QueryRunner } from "typeorm";
import { schemasToRead } from "../autogenerate/options";
import { registryOf } from "../autogenerate/plugin";
import type { Plugin } from "../autogenerate/plugin";
import { dialectOfDriver, loadDialect } from "../dialects/index";
import { typeormMetadataOf } from "../metadata/name";
import { compact } from "../model/equal";
import { displayName } from "../model/names";
import { MigrationContext } from "./context";
import type { MigrationContextParts } from "./context";
import { onlineExecutor } from "./executor";
import { liveSchema } from "./known-schema";
import { ownerOf, queryableOf } from "./queryable";
import { versionTables } from "./version-table";

/** What is known of a context before its connection. */
export type ContextShared = Omit<MigrationContextParts, "executor" | "schema">;

/** The context of a connection. `schemas` are those to read beside its own and those that steering asks for. */
export function onlineContext(
  shared: ContextShared,
  queryRunner: QueryRunner,
  schemas: readonly string[] = [],
): MigrationContext {
  const db = queryableOf(queryRunner);
  const { dialect, registry, autogenerate = {} } = shared;
  const namespaces = new Set(schemas);
  const ownDatabase = ownerOf(queryRunner).driver.database;
  const inspect = async () =>
    await dialect.inspect(db, { schemas: await schemasToRead(dialect, db, autogenerate, [...namespaces]) });
  return new MigrationContext({
    ...shared,
    ...(ownDatabase === undefined ? {} : { ownDatabase }),
    executor: onlineExecutor(dialect, db, queryRunner),
    db,
    queryRunner,
    schema: liveSchema(inspect, registry),
    inspect,
    namespaces,
    isInTransaction: queryRunner.isTransactionActive,
    beside: async (sql) => await besides(ownerOf(queryRunner), sql),
    hasTable: async (name) =>
      (await dialect.hasTable?.(db, name)) ?? (await queryRunner.hasTable(displayName(name))),
  });
}

/** Runs a statement on a connection of its own. */
async function besides(dataSource: DataSource, sql: string): Promise<void> {
  const other = dataSource.createQueryRunner();
  try {
    await other.query(sql);
  } finally {
    await other.release();
  }
}

/** What TypeORM learnt of the server when it connected; it asks some kinds only. */
export function versionOf(queryRunner: QueryRunner): string | undefined {
  return (ownerOf(queryRunner).driver as { readonly version?: string }).version;
}

/** How a connection is meant where no configuration says it. */
export interface StandaloneOptions {
  /** Schemas to read beside the connection's own; what an operation names is read anyway. */
  readonly schemas?: readonly string[];
  /** Whether TypeORM's `typeorm_metadata` is kept in step for views and generated columns; true unless said. */
  readonly typeormMetadata?: boolean;
  /** Name of the version table; `limbeck_version` unless said. */
  readonly versionTable?: string;
  /** Where Limbeck's own tables are; where the connection looks unless said. */
  readonly versionTableSchema?: string;
  /** Bring the operations for `op.invoke`. */
  readonly plugins?: readonly Plugin[];
}

/** The context of a caller's connection, without a project. */
export function standaloneContext(
  queryRunner: QueryRunner,
  options: StandaloneOptions = {},
): MigrationContext {
  const {
    schemas = [],
    typeormMetadata = true,
    versionTable = "limbeck_version",
    versionTableSchema,
  } = options;
  const dataSource = ownerOf(queryRunner);
  const named = (name: string) =>
    versionTableSchema === undefined ? { name } : { schema: versionTableSchema, name };
  return onlineContext(
    {
      dialect: loadDialect(dialectOfDriver(dataSource.options.type)),
      registry: registryOf(options.plugins ?? []),
      transaction: "all",
      tables: versionTables(named(versionTable), named(versionTable.replace(/(?:_version)?$/, "_history"))),
      ...(typeormMetadata ? { typeormMetadata: typeormMetadataOf(dataSource) } : {}),
      ...compact({ serverVersion: versionOf(queryRunner) }),
    },
    queryRunner,
    schemas,
  );
}
