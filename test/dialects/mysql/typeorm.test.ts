/** What TypeORM itself makes is what the entities want; each entity is from an issue where TypeORM found differences. */
import "reflect-metadata";
import {
  Column,
  CreateDateColumn,
  DataSource,
  Entity,
  ManyToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  Unique,
  UpdateDateColumn,
} from "typeorm";
import type { DataSourceOptions, Relation } from "typeorm";
import { diff } from "../../../src/diff/diff";
import { readMetadata } from "../../../src/metadata/read";
import { emptyRegistry } from "../../../src/operations/registry";
import { queryableOf } from "../../../src/runtime/queryable";
import { mariadb, mysql } from "../../../src/dialects/mysql";
import { createMysqlDatabase } from "../../support/servers";
import { mysqlServers } from "../../support/mysql";
import { describeOn } from "../../support/describe-on";

@Entity("issue_2023")
class DatePrecision {
  @PrimaryGeneratedColumn()
  id!: number;
  @CreateDateColumn({ type: "datetime", precision: null, default: () => "CURRENT_TIMESTAMP" })
  made!: Date;
}

@Entity("issue_4782")
class LowerCaseTimestamp {
  @PrimaryGeneratedColumn()
  id!: number;
  @CreateDateColumn()
  made!: Date;
  @UpdateDateColumn()
  changed!: Date;
}

@Entity("issue_3636")
class JsonIsText {
  @PrimaryGeneratedColumn()
  id!: number;
  @Column("json", { nullable: true })
  lexicon!: object;
}

@Entity("issue_5407")
class DecimalDefault {
  @PrimaryGeneratedColumn()
  id!: number;
  @Column({ type: "decimal", precision: 11, scale: 8, default: 0 })
  latitude!: number;
  @Column({ type: "double", default: 0 })
  double!: number;
}

@Entity("issue_2943")
class Unsigned {
  @PrimaryGeneratedColumn({ unsigned: true })
  id!: number;
  @Column("int", { unsigned: true })
  count!: number;
  @Column("tinyint", { default: 1 })
  flag!: number;
  @Column({ default: "false" })
  word!: string;
  @Column({ type: "boolean", default: false })
  bool!: boolean;
}

@Entity("issue_10532")
class Uuids {
  @PrimaryGeneratedColumn("uuid")
  id!: string;
  @ManyToOne(() => Uuids, { nullable: true })
  parent!: Relation<Uuids> | null;
}

@Entity("issue_4669")
class Generated {
  @PrimaryGeneratedColumn()
  id!: number;
  @Column()
  Name!: string;
  @Column({ asExpression: "concat('MDV.',upper(replace(`Name`,' ','')))", generatedType: "STORED" })
  code!: string;
}

@Entity("issue_11397")
class Letters {
  @PrimaryGeneratedColumn()
  id!: number;
  @Column({ charset: "utf8mb4", collation: "utf8mb4_bin" })
  binary!: string;
  @Column({ charset: "latin1" })
  latin!: string;
  @Column({ charset: "utf8" })
  short!: string;
  @Column({ charset: "utf8", collation: "utf8_unicode_ci" })
  sorted!: string;
}

@Entity("issue_4630")
class Apostrophe {
  @PrimaryGeneratedColumn()
  id!: number;
  @Column({ type: "enum", enum: ["Blackrock", "Kel'Thuzad"] })
  realm!: string;
}

@Entity("issue_9829")
class ExpressionDefault {
  @PrimaryGeneratedColumn()
  id!: number;
  @Column({ default: () => "(concat('AA', COALESCE(NULL, '1')))" })
  text!: string;
  // Letters that latin1 has too, which old servers make where nothing is said.
  @Column({ charset: "utf8mb4", default: () => "(concat('größe', COALESCE(NULL, 'ß')))" })
  letters!: string;
  @Column({ nullable: true, default: () => "null" })
  none!: string;
}

@Entity("issue_3142")
@Unique("named_unique", ["name"])
class NamedUnique {
  @PrimaryColumn({ unique: true })
  id!: number;
  @Column()
  name!: string;
  @Column({ unique: true })
  other!: string;
}

const issues = [
  DatePrecision,
  LowerCaseTimestamp,
  JsonIsText,
  DecimalDefault,
  Unsigned,
  Uuids,
  Generated,
  Letters,
  Apostrophe,
  ExpressionDefault,
  NamedUnique,
];

describeOn(mysqlServers, "on %s", (server) => {
  // TypeORM has two types of data source, and people use the one for MySQL with MariaDB too.
  describe.each([...new Set([server, "mysql" as const])])("as %s", (type) => {
    // TypeORM's type for MySQL writes NOT NULL behind a computed column, which MariaDB refuses.
    const possible = issues.filter((entity) => entity !== Generated || server === type);
    const named = possible.map((entity) => [entity.name, entity] as const);
    test.each(named)("%s, made by synchronize(), is what the entity wants", async (_name, entity) => {
      await withDatabase(server, type, entity, async (dataSource) => {
        expect(await differences(dataSource, type)).toEqual([]);
      });
    });
  });
});

async function withDatabase(
  server: "mysql" | "mariadb",
  type: "mysql" | "mariadb",
  entity: new () => object,
  body: (dataSource: DataSource) => Promise<void>,
): Promise<void> {
  const database = await createMysqlDatabase(server);
  const options: DataSourceOptions = { type, url: database.url, entities: [entity], synchronize: true };
  const dataSource = await new DataSource(options).initialize();
  try {
    await body(dataSource);
  } finally {
    await dataSource.destroy();
    await database.drop();
  }
}

async function differences(dataSource: DataSource, type: "mysql" | "mariadb") {
  const dialect = type === "mysql" ? mysql : mariadb;
  const queryRunner = dataSource.createQueryRunner();
  try {
    const db = queryableOf(queryRunner);
    const found = dialect.normalize(await dialect.inspect(db, { schemas: [] }));
    const live = { ...found, tables: found.tables.filter(({ name }) => name !== "typeorm_metadata") };
    const wanted = dialect.normalize(readMetadata(dataSource).schema);
    const target = (await dialect.canonicalize?.(db, wanted, live)) ?? wanted;
    return diff(live, target, { forwardReferences: false, registry: emptyRegistry, names: "strategy" });
  } finally {
    await queryRunner.release();
  }
}
