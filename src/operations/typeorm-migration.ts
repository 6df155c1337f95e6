/** What `op.typeormMigration` takes. */
import type { QueryRunner } from "typeorm";

/** A migration of TypeORM: its `MigrationInterface`. */
export interface TypeormMigration {
  name?: string;
  transaction?: boolean;
  up(queryRunner: QueryRunner): Promise<unknown>;
  down(queryRunner: QueryRunner): Promise<unknown>;
}
