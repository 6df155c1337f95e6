import {
  Check,
  Column,
  DataSource,
  DefaultNamingStrategy,
  Entity,
  EntitySchema,
  Index,
  JoinTable,
  ManyToMany,
  ManyToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  ViewColumn,
  ViewEntity,
} from "typeorm";
import type { Relation } from "typeorm";
import { hasForeignKeys } from "../../fixtures/entities/typeorm-line";
import { readMetadata } from "../../src/metadata/read";
import { build, read, tableOf, thing } from "./build";

describe("where tables live", () => {
  @Entity("here", { schema: "app", database: "main" })
  class Here {
    @PrimaryGeneratedColumn()
    id!: number;
  }

  @Entity("there", { schema: "audit", database: "archive" })
  class There {
    @PrimaryGeneratedColumn()
    id!: number;

    @Column({ type: "simple-enum", enum: ["a"] })
    state!: string;

    @ManyToOne(() => Here)
    here?: Relation<Here>;
  }

  /** As TypeORM knows it once it has connected. */
  const connectedTo = (dataSource: DataSource, searchSchema: string): DataSource => {
    Object.assign(dataSource.driver, { searchSchema });
    return dataSource;
  };

  test.each([
    ["postgres", "app", undefined, "audit"],
    ["postgres", "public", "app", "audit"],
    ["postgres", "audit", "app", undefined],
    ["mysql", "any", undefined, "archive"],
    ["mssql", "app", undefined, "archive.audit"],
    ["mssql", "dbo", "app", "archive.audit"],
  ] as const)(
    "is said on %s where a connection that looks into %s would not find it",
    async (type, current, here, there) => {
      const dataSource = await build(type, [Here, There], { schema: "app" });
      const target = readMetadata(connectedTo(dataSource, current));
      expect(target.schema.namespaces).toEqual([here, there].filter(Boolean));
      expect(tableOf(target, "here").schema).toBe(here);
      expect(tableOf(target, "there").schema).toBe(there);
      const references = here === undefined ? { name: "here" } : { schema: here, name: "here" };
      expect(tableOf(target, "there").constraints).toContainEqual(
        expect.objectContaining({ kind: "foreignKey", references }),
      );
    },
  );

  test.each([
    ["postgres", "app"],
    ["mssql", "app"],
    ["mysql", undefined],
    ["better-sqlite3", undefined],
  ] as const)("is on %s the data source's own schema for what says none", async (type, schema) => {
    const target = await read(type, [thing({ type: Number })], { schema: "app" });
    expect(tableOf(target, "thing").schema).toBe(schema);
    expect(target.ownTables.map((table) => table.schema)).toEqual([schema, schema, schema]);
    expect(target.typeormMetadata.schema).toBe(schema);
  });

  test("is passed on to enum types", async () => {
    const { schema } = await read("postgres", [Here, There], { schema: "app" });
    expect(schema.enums).toEqual([{ schema: "audit", name: "there_state_enum", values: ["a"] }]);
  });

  test.each([
    ["postgres", "public"],
    ["mssql", "dbo"],
  ] as const)("is %s's usual schema where none is said", async (type, schema) => {
    const target = await read(type, [thing({ type: Number }, { schema })]);
    expect(tableOf(target, "thing").schema).toBeUndefined();
  });

  test("is the alias of an attached file on SQLite", async () => {
    const options = { database: "/data/main.sqlite" };
    const dataSource = await build("better-sqlite3", [There, Here], options);
    const path = dataSource.entityMetadatas.find(({ tableName }) => tableName === "there")?.tablePath;
    const target = await read("better-sqlite3", [There, Here], options);
    expect(path).toMatch(/^.+\.there$/);
    expect(`${tableOf(target, "there").schema ?? ""}.there`).toBe(path);
  });

  test("may be a database with the name of a schema", async () => {
    const target = await read("postgres", [thing({ type: Number }, { schema: "main" })]);
    expect(tableOf(target, "thing").schema).toBe("main");
  });
});

test("sorts tables by name, whatever order entities were given in", async () => {
  const entities = ["b", "a", "c"].map(
    (name) => new EntitySchema({ name, columns: { id: { type: Number, primary: true } } }),
  );
  const names = (await read("better-sqlite3", entities)).schema.tables.map(({ name }) => name);
  expect(names).toEqual(["a", "b", "c"]);
});

describe("what is declared synchronize: false", () => {
  @Entity("foreign", { synchronize: false })
  class Foreign {
    @PrimaryGeneratedColumn()
    id!: number;
  }

  @ViewEntity({ name: "foreign_view", expression: "SELECT 1", synchronize: false })
  class ForeignView {
    @ViewColumn()
    id!: number;
  }

  @Entity("local")
  @Index("by_expression", { synchronize: false })
  class Local {
    @PrimaryGeneratedColumn()
    id!: number;

    @ManyToMany(() => Foreign)
    @JoinTable({ name: "local_foreign", synchronize: false })
    foreign!: Relation<Foreign>[];
  }

  @Entity("local", { synchronize: false })
  class LightLocal {
    @PrimaryGeneratedColumn()
    id!: number;
  }

  test("stays out of the schema and is named", async () => {
    const target = await read("better-sqlite3", [Foreign, ForeignView, Local]);
    expect(target.schema.tables.map(({ name }) => name)).toEqual(["local"]);
    expect(target.schema.views).toEqual([]);
    expect(target.untouched).toEqual([
      { kind: "table", name: "foreign" },
      { kind: "view", name: "foreign_view" },
      { kind: "table", name: "local_foreign" },
      { kind: "index", name: "by_expression", table: { name: "local" } },
    ]);
  });

  test("is managed all the same where another entity wants the table", async () => {
    const target = await read("better-sqlite3", [LightLocal, Local, Foreign]);
    expect(target.untouched).not.toContainEqual({ kind: "table", name: "local" });
    expect(tableOf(target, "local").columns.map(({ name }) => name)).toEqual(["id"]);
  });

  test("is said to be unrecognisable where an index has no name", async () => {
    const { untouched, warnings } = await read("better-sqlite3", [
      thing({ type: Number }, { indices: [{ columns: ["value"], synchronize: false }] }),
    ]);
    expect(untouched).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining("an index of the entity Thing is declared")]);
  });
});

describe("several entities on one table", () => {
  @Entity("person")
  @Check("person_age_check", "age > 0")
  class Person {
    @PrimaryGeneratedColumn()
    id!: number;

    @Column({ length: 80 })
    name!: string;

    @Column()
    age!: number;
  }

  @Entity("person")
  class LightPerson {
    @PrimaryGeneratedColumn()
    id!: number;

    @Index("person_name")
    @Column({ type: "varchar", length: 40, nullable: true })
    name?: string;
  }

  test.each([
    ["the full one first", [Person, LightPerson]],
    ["the full one last", [LightPerson, Person]],
  ])("are merged with %s, and the full one counts", async (_title, entities) => {
    const target = await read("better-sqlite3", entities);
    const table = tableOf(target, "person");
    expect(target.schema.tables).toHaveLength(1);
    expect(table.columns.map(({ name, nullable }) => [name, nullable])).toEqual([
      ["id", false],
      ["name", false],
      ["age", false],
    ]);
    expect(table.constraints.map(({ kind }) => kind)).toEqual(["primaryKey", "check"]);
    expect(table.indexes.map(({ name }) => name)).toEqual(["person_name"]);
    expect(target.warnings).toEqual([
      "Person.name and LightPerson.name want the column person.name differently (length, nullable); Person.name counts",
    ]);
  });

  test("are merged where one is the junction of a relation, without a word if they agree", async () => {
    @Entity("song")
    class Song {
      @PrimaryGeneratedColumn()
      id!: number;

      @ManyToMany(() => Song)
      @JoinTable({ name: "cover", joinColumn: { name: "song" }, inverseJoinColumn: { name: "original" } })
      originals!: Relation<Song>[];
    }

    @Entity("cover")
    class Cover {
      @PrimaryColumn()
      song!: number;

      @PrimaryColumn()
      original!: number;

      @Column()
      year!: number;
    }
    const target = await read("better-sqlite3", [Song, Cover]);
    const cover = tableOf(target, "cover");
    expect(cover.columns.map(({ name }) => name)).toEqual(["song", "original", "year"]);
    expect(cover.constraints.map(({ kind }) => kind)).toEqual(["primaryKey", "foreignKey", "foreignKey"]);
    expect(cover.indexes).toHaveLength(2);
    expect(target.warnings).toEqual([]);
  });
});

test("leaves out the enum type of a column that lost", async () => {
  const entity = (name: string, columns: object): EntitySchema =>
    new EntitySchema({
      name,
      tableName: "mood",
      columns: { id: { type: Number, primary: true }, ...columns },
    });
  const target = await read("postgres", [
    entity("Mood", {
      value: { type: "enum", enum: ["good"], enumName: "mood_kept" },
      more: { type: Number },
    }),
    entity("LightMood", { value: { type: "enum", enum: ["bad"], enumName: "mood_lost" } }),
  ]);
  expect(target.schema.enums).toEqual([{ name: "mood_kept", values: ["good"] }]);
  expect(target.warnings).toEqual([
    "Mood.value and LightMood.value want the column mood.value differently (enumName); Mood.value counts",
  ]);
});

test("names two foreign keys of one name in one entity", async () => {
  const left = new EntitySchema({ name: "Left", columns: { id: { type: Number, primary: true } } });
  const keys = ["CASCADE", "SET NULL"].map((onDelete) => ({
    name: "same",
    target: "Left",
    columnNames: ["value"],
    referencedColumnNames: ["id"],
    onDelete,
  }));
  const { warnings } = await read("better-sqlite3", [left, thing({ type: Number }, { foreignKeys: keys })]);
  expect(warnings).toEqual(
    hasForeignKeys
      ? ["Thing wants the foreign key same of thing in two ways (onDelete); the first counts"]
      : [],
  );
});

describe("options of a table", () => {
  test("come from the entity", async () => {
    @Entity("noted", { comment: "what for", engine: "InnoDB" })
    class Noted {
      @PrimaryGeneratedColumn()
      id!: number;
    }
    expect(tableOf(await read("mysql", [Noted]), "noted")).toMatchObject({
      comment: "what for",
      options: { engine: "InnoDB" },
    });
  });

  test.each([
    ["a list", (schema: EntitySchema) => [schema]],
    ["an object", (schema: EntitySchema) => ({ schema })],
  ])("come from an EntitySchema in %s, although TypeORM drops them", async (_title, listed) => {
    const schema = thing({ type: Number }, { comment: "what for", engine: "MyISAM" });
    const dataSource = await read("mysql", listed(schema) as never);
    expect(tableOf(dataSource, "thing")).toMatchObject({
      comment: "what for",
      options: { engine: "MyISAM" },
    });
  });

  test("come from an EntitySchema that was found behind a glob", async () => {
    const schema = thing({ type: Number }, { comment: "what for" });
    const dataSource = await build("mysql", [schema]);
    Object.assign(dataSource.options, { entities: ["src/*.ts"] });
    expect(tableOf(readMetadata(dataSource), "thing").comment).toBeUndefined();
    expect(tableOf(readMetadata(dataSource, [schema]), "thing").comment).toBe("what for");
  });

  test("reach columns and indexes of an EntitySchema, although TypeORM drops them", async () => {
    const identity = { type: Number, generated: "identity", generatedIdentity: "ALWAYS" };
    const inner = new EntitySchema({ name: "Inner", columns: { number: identity as never } });
    const columns = ["value"];
    const indices = [
      { name: "by_hash", columns, type: "HASH" },
      { name: "by_value", columns },
    ];
    const schema = thing(identity as never, { indices, embeddeds: { inner: { schema: inner } } });
    const table = tableOf(await read("postgres", [schema]), "thing");
    expect(table.columns.map(({ name, generated }) => [name, generated])).toEqual([
      ["id", undefined],
      ["value", { kind: "identity", always: true }],
      ["innerNumber", { kind: "identity", always: true }],
    ]);
    expect(table.indexes.map(({ name, method }) => [name, method])).toEqual([
      ["by_hash", "hash"],
      ["by_value", undefined],
    ]);
  });

  test("are absent where nothing is said", async () => {
    const table = tableOf(await read("better-sqlite3", [thing({ type: Number })]), "thing");
    expect(Object.keys(table).sort()).toEqual(["columns", "constraints", "indexes", "name"]);
  });
});

test("names TypeORM's own tables, as the data source calls them", async () => {
  const usual = await read("better-sqlite3", [thing({ type: Number })]);
  expect(usual.ownTables.map(({ name }) => name)).toEqual([
    "migrations",
    "typeorm_metadata",
    "query-result-cache",
  ]);
  const named = await read("better-sqlite3", [thing({ type: Number })], {
    migrationsTableName: "changes",
    metadataTableName: "notes",
    cache: { type: "database", tableName: "results" },
  });
  expect(named.ownTables.map(({ name }) => name)).toEqual(["changes", "notes", "results"]);
  expect(named.typeormMetadata).toEqual({ name: "notes" });
});

test("gives the names of the project's naming strategy", async () => {
  class Loud extends DefaultNamingStrategy {
    override primaryKeyName(table: string, columns: string[]): string {
      return `PK ${table} ${columns.join()}`;
    }
  }
  const namingStrategy = new Loud();
  const target = await read("better-sqlite3", [thing({ type: Number })], { namingStrategy });
  expect(target.naming.primaryKeyName("t", ["a", "b"])).toBe("PK t a,b");
  expect(tableOf(target, "thing").constraints).toEqual([
    { kind: "primaryKey", name: "PK thing id", columns: ["id"] },
  ]);
  expect([
    target.naming.uniqueName("t", ["b", "a"]),
    target.naming.relationName("t", ["a"], "x"),
    target.naming.indexName("t", ["a"], "a > 1"),
    target.naming.foreignKeyName("t", ["a"], "u", ["b"]),
    target.naming.checkName("t", "a > 1"),
    target.naming.exclusionName("t", "x"),
    target.naming.defaultName("t", "a"),
  ]).toEqual([
    namingStrategy.uniqueConstraintName("t", ["a", "b"]),
    namingStrategy.relationConstraintName("t", ["a"], "x"),
    namingStrategy.indexName("t", ["a"], "a > 1"),
    namingStrategy.foreignKeyName("t", ["a"]),
    namingStrategy.checkConstraintName("t", "a > 1"),
    namingStrategy.exclusionConstraintName("t", "x"),
    namingStrategy.defaultConstraintName("t", "a"),
  ]);
});

test("takes the prefix of all entities into names", async () => {
  const { schema } = await read("better-sqlite3", [thing({ type: Number })], { entityPrefix: "app_" });
  expect(schema.tables.map(({ name }) => name)).toEqual(["app_thing"]);
});

test("needs no connection", async () => {
  const connect = jest.spyOn(DataSource.prototype, "initialize");
  await read("better-sqlite3", [thing({ type: Number })]);
  expect(connect).not.toHaveBeenCalled();
});
