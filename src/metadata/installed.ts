/** What TypeORM puts into a database by itself, when it connects and before it runs a migration. */
import type { DataSource } from "typeorm";
import type { QualifiedName } from "../model/schema";
import { allExtensionsOf } from "./extensions";
import { typeormMetadataOf } from "./name";

export interface Installed {
  /** Extensions of PostgreSQL, by name. */
  readonly extensions: readonly string[];
  /** The table with the texts of views and generated columns, where there are any. */
  readonly metadataTable?: QualifiedName;
}

/** What that is for a data source whose metadata has been built. */
export function installedByTypeorm(dataSource: DataSource): Installed {
  const hasTexts = dataSource.entityMetadatas.some(
    ({ tableType, columns }) =>
      tableType === "view" ||
      columns.some(
        ({ generatedType, asExpression }) => generatedType !== undefined && asExpression !== undefined,
      ),
  );
  return {
    extensions: allExtensionsOf(dataSource),
    ...(hasTexts ? { metadataTable: typeormMetadataOf(dataSource) } : {}),
  };
}
