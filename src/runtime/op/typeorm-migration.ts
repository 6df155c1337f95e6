/** Migration classes of TypeORM, run as they are: on a connection with its query runner, in a script by recording. */
import type { QueryRunner } from "typeorm";
import { LimbeckError } from "../../errors";
import { parseName } from "../../model/names";
import type { QualifiedName } from "../../model/schema";
import { tableFromSpec } from "../../operations/from-spec";
import type { Operation } from "../../operations/operation";
import { rowValue } from "../../operations/rows";
import type { Literal, Operations } from "../../operations/spec";
import type { TypeormMigration } from "../../operations/typeorm-migration";
import type { MigrationContext } from "../context";
import type { OperationQueues } from "../queue";
import type { OperationsOptions, Perform } from "./call";

type Direction = "up" | "down";

/** What TypeORM calls a migration: its `name`, else that of its class (`MigrationExecutor.getMigrations`). */
export function migrationName(migration: TypeormMigration): string {
  return migration.name ?? migration.constructor.name;
}

/** The thirteen digits at the end of its name, which TypeORM orders migrations by. */
export function migrationTimestamp(name: string): number {
  return Number.parseInt(name.slice(-13), 10);
}

export function typeormMigrations(
  context: MigrationContext,
  options: OperationsOptions,
  queues: OperationQueues,
  queryRunner: () => QueryRunner,
) {
  const recording = (name: string): QueryRunner => {
    const perform: Perform = (operation) =>
      queues.add(async () => {
        await context.perform(operation());
      });
    return recordingRunner(perform, name, options);
  };
  return {
    typeormMigration: (migration, direction, { migrationsTable, metadataTable } = {}) =>
      queues.add(async () => {
        const name = migrationName(migration);
        if (metadataTable !== undefined && direction === "up")
          await context.perform(missingMetadata(parseName(metadataTable), context));
        // A block, because the query runner that is lent out puts its own queries into the queue.
        await queues.block(async () => {
          await migration[direction](context.isOffline ? recording(name) : queryRunner());
          if (migrationsTable === undefined) return;
          const table = parseName(migrationsTable);
          if (direction === "up") await context.perform(missingTable(table, context));
          await context.perform({ kind: "execute", sql: rowStatement(context, table, name, direction) });
        });
      }),
  } satisfies Partial<Operations>;
}

/** TypeORM's own table, where no migration has made it yet (`createMigrationsTableIfNotExist`). */
function missingTable(name: QualifiedName, { dialect }: MigrationContext): Operation {
  const integer = dialect.name === "sqlite" ? "integer" : "int";
  const table = tableFromSpec(name, {
    columns: [
      { name: "id", type: integer, generated: "increment" },
      { name: "timestamp", type: "bigint" },
      { name: "name", type: "varchar", length: 255 },
    ],
    primaryKey: { columns: ["id"] },
  });
  return { kind: "createTable", table, ifNotExists: true };
}

/** The table of TypeORM's in which it remembers views, where nothing has made it yet (`createTypeormMetadataTable`). */
function missingMetadata(name: QualifiedName, { dialect }: MigrationContext): Operation {
  const isSized = dialect.name !== "postgres" && dialect.name !== "sqlite";
  const short = { type: "varchar", ...(isSized ? { length: 255 } : {}) } as const;
  const long = dialect.name === "mssql" ? ({ type: "nvarchar", length: "max" } as const) : { type: "text" };
  const table = tableFromSpec(name, {
    columns: [
      { name: "type", ...short },
      ...["database", "schema", "table", "name"].map((column) => ({
        name: column,
        nullable: true,
        ...short,
      })),
      { name: "value", nullable: true, ...long },
    ],
  });
  return { kind: "createTable", table, ifNotExists: true };
}

/** What TypeORM's own CLI would write of a migration that has run, or take away (`insertExecutedMigration`). */
function rowStatement(
  { dialect }: MigrationContext,
  table: QualifiedName,
  name: string,
  direction: Direction,
): string {
  const [into, timestamp, label] = [
    dialect.quoteName(table),
    dialect.quote("timestamp"),
    dialect.quote("name"),
  ];
  const values = [dialect.literal(migrationTimestamp(name)), dialect.literal(name)];
  return direction === "up"
    ? `INSERT INTO ${into} (${timestamp}, ${label}) VALUES (${values.join(", ")})`
    : `DELETE FROM ${into} WHERE ${timestamp} = ${values[0] ?? ""} AND ${label} = ${values[1] ?? ""}`;
}

/** A query runner that writes what it is asked into the script. Whatever would need an answer is refused, by its name. */
function recordingRunner(perform: Perform, name: string, { revision }: OperationsOptions): QueryRunner {
  const refuse = (what: string): never => {
    throw new LimbeckError("OFFLINE_UNAVAILABLE", `migration ${name} ${what}, which a script does not have`, {
      hint: "run it on a database; or write what it does with `op` in its revision file, where scripts are needed",
      ...(revision?.file === undefined ? {} : { file: revision.file }),
    });
  };
  const query = async (sql: string, parameters: readonly Literal[] = []): Promise<unknown> => {
    await perform(() => ({ kind: "execute", sql, parameters: parameters.map(rowValue) }));
    return onlyFor("then", undefined, () => refuse("reads what queryRunner.query answers"));
  };
  return onlyFor("query", query, (key) => refuse(`uses queryRunner.${key}`)) as QueryRunner;
}

/** An object with one property; asking for any other calls `otherwise`. */
function onlyFor(name: string, value: unknown, otherwise: (key: string) => never): unknown {
  return new Proxy(
    {},
    {
      get: (_target, key) => {
        if (key === Symbol.iterator) return otherwise("[Symbol.iterator]");
        // Promises and inspectors ask every object for these.
        if (typeof key === "symbol" || key === "then") return undefined;
        return key === name ? value : otherwise(key);
      },
    },
  );
}
