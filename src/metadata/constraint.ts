/** The constraints of an entity's table. All of them have names, from the entity or from the naming strategy. */
import type { DataSource, EntityMetadata } from "typeorm";
import { LimbeckError } from "../errors";
import { compact } from "../model/equal";
import type {
  Check,
  Constraint,
  Exclusion,
  ForeignKey,
  PrimaryKey,
  ReferentialAction,
  Unique,
} from "../model/schema";
import { tableNameOf } from "./name";
import type { ColumnMetadata, ForeignKeyMetadata } from "./typeorm";

/** What an entity wants of its rows. Checks are read on every database: that TypeORM skips them on MySQL is its own gap. */
export function readConstraints(metadata: EntityMetadata, dataSource: DataSource): readonly Constraint[] {
  return [
    ...readPrimaryKey(metadata, dataSource),
    ...metadata.uniques.map((unique) =>
      compact<Unique>({
        kind: "unique",
        name: unique.name,
        columns: namesOf(unique.columns),
        deferrable: unique.deferrable,
      }),
    ),
    ...metadata.checks.map(({ name, expression }): Check => ({
      kind: "check",
      name,
      expression: expressionOf(expression, `the check ${name}`, metadata),
    })),
    ...metadata.exclusions.map((exclusion) =>
      compact<Exclusion>({
        kind: "exclusion",
        name: exclusion.name,
        expression: expressionOf(
          exclusion.expression,
          `the exclusion constraint ${exclusion.name}`,
          metadata,
        ),
        deferrable: exclusion.deferrable,
      }),
    ),
    ...metadata.foreignKeys.map((key) => readForeignKey(key, dataSource)),
  ];
}

/** JavaScript, and entities written for another line of TypeORM, may give anything: `@Exclusion` got options in 1.0. */
function expressionOf(expression: unknown, what: string, { name }: EntityMetadata): string {
  if (typeof expression === "string") return expression.trim();
  throw new LimbeckError("METADATA_INVALID", `${what} of the entity ${name} has no expression`, {
    hint: "give its decorator the SQL of the expression as a text",
  });
}

/** The names that columns have in the database. */
export function namesOf(columns: readonly ColumnMetadata[]): readonly string[] {
  return columns.map(({ databaseName }) => databaseName);
}

function readPrimaryKey(metadata: EntityMetadata, { namingStrategy }: DataSource): readonly PrimaryKey[] {
  const columns = [...new Set(namesOf(metadata.primaryColumns))];
  if (columns.length === 0) return [];
  const given = metadata.primaryColumns.find((column) => column.primaryKeyConstraintName !== undefined);
  const name = given?.primaryKeyConstraintName ?? namingStrategy.primaryKeyName(metadata.tableName, columns);
  return [{ kind: "primaryKey", name, columns }];
}

function readForeignKey(key: ForeignKeyMetadata, dataSource: DataSource): ForeignKey {
  return compact<ForeignKey>({
    kind: "foreignKey",
    name: key.name,
    columns: key.columnNames,
    references: tableNameOf(key.referencedEntityMetadata, dataSource),
    referencedColumns: key.referencedColumnNames,
    onDelete: actionOf(key.onDelete),
    onUpdate: actionOf(key.onUpdate),
    deferrable: key.deferrable,
  });
}

/** TypeORM's `DEFAULT` is SQL's SET DEFAULT. */
function actionOf(action: ForeignKeyMetadata["onDelete"] | "DEFAULT"): ReferentialAction {
  return action === "DEFAULT" ? "SET DEFAULT" : (action ?? "NO ACTION");
}
