/** Databases as TypeORM itself makes them, read back and compared with what the entities want: nothing may differ. */
import "reflect-metadata";
import {
  Check,
  Column,
  CreateDateColumn,
  DataSource,
  DeleteDateColumn,
  Entity,
  EntitySchema,
  Exclusion,
  Generated,
  Index,
  JoinColumn,
  JoinTable,
  ManyToMany,
  ManyToOne,
  OneToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  Tree,
  TreeChildren,
  TreeParent,
  Unique,
  UpdateDateColumn,
  VersionColumn,
  ViewColumn,
  ViewEntity,
} from "typeorm";
import type { ColumnOptions, DataSourceOptions, Relation } from "typeorm";
import { entities as blog } from "../../../fixtures/entities/blog";
import { entities as shop } from "../../../fixtures/entities/shop";
import { diff } from "../../../src/diff/diff";
import { keepUnsaid } from "../../../src/diff/unsaid";
import { canonicalize } from "../../../src/dialects/postgres/canonicalize";
import { inspect } from "../../../src/dialects/postgres/inspect";
import { normalize } from "../../../src/dialects/postgres/normalize";
import { readMetadata } from "../../../src/metadata/read";
import { filterSchema, without } from "../../../src/model/filter";
import { findTable } from "../../../src/model/schema";
import type { Schema } from "../../../src/model/schema";
import { describe as inWords } from "../../../src/operations/describe";
import { emptyRegistry } from "../../../src/operations/registry";
import { queryableOf } from "../../../src/runtime/queryable";
import { createPostgresDatabase, testWith } from "../../support/servers";

interface Compared {
  /** What our comparison finds right after TypeORM's own `synchronize()`, in words. */
  readonly differences: readonly string[];
  readonly warnings: readonly string[];
  readonly live: Schema;
}

/** Synchronises the entities into a database of their own and compares. */
async function compared(entities: readonly unknown[], options: object = {}, ddl = ""): Promise<Compared> {
  const database = await createPostgresDatabase();
  const dataSource = new DataSource({
    type: "postgres",
    url: database.url,
    entities,
    ...options,
  } as DataSourceOptions);
  try {
    await dataSource.initialize();
    const schemas = new Set(dataSource.entityMetadatas.flatMap(({ schema }) => schema ?? []));
    for (const schema of schemas) await dataSource.query(`CREATE SCHEMA IF NOT EXISTS "${schema}"`);
    await dataSource.synchronize();
    await dataSource.query(ddl);
    return await comparedWithLive(dataSource);
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
    await database.drop();
  }
}

async function comparedWithLive(dataSource: DataSource): Promise<Compared> {
  const queryRunner = dataSource.createQueryRunner();
  const db = queryableOf(queryRunner);
  const { schema, ownTables, untouched } = readMetadata(dataSource);
  const own = ownTables.map((name) => ({ kind: "table", ...name }) as const);
  const found = await inspect(db, { schemas: schema.namespaces });
  const live = normalize(filterSchema(found, without([...own, ...untouched])));
  const warnings: string[] = [];
  const wanted = keepUnsaid(normalize(schema), live);
  const target = await canonicalize(db, wanted, live, (sentence) => warnings.push(sentence));
  const operations = diff(live, target, {
    forwardReferences: false,
    registry: emptyRegistry,
    names: "strategy",
  });
  await queryRunner.release();
  return { differences: operations.map((operation) => inWords(operation)), warnings, live };
}

/** An entity for one column of interest. */
function thing(value: ColumnOptions, rest: object = {}): EntitySchema {
  return new EntitySchema({
    name: "Thing",
    tableName: "thing",
    columns: { id: { type: Number, primary: true, generated: true }, value: value as never },
    ...rest,
  });
}

test.each([
  ["the blog", blog],
  ["the shop", shop],
])("%s", async (_name, entities) => {
  expect((await compared(entities)).differences).toEqual([]);
});

describe("a column", () => {
  const columns: readonly ColumnOptions[] = [
    ...["int", "int2", "int4", "int8", "smallint", "integer", "bigint", "real", "float", "float4", "float8"],
    ...["double precision", "money", "character varying", "varchar", "character", "char", "text", "citext"],
    ...[
      "hstore",
      "bytea",
      "bit",
      "varbit",
      "bit varying",
      "timetz",
      "timestamptz",
      "timestamp",
      "date",
      "time",
    ],
    ...[
      "timestamp without time zone",
      "timestamp with time zone",
      "time without time zone",
      "interval",
      "bool",
    ],
    ...["boolean", "point", "line", "lseg", "box", "path", "polygon", "circle", "cidr", "inet", "macaddr"],
    ...[
      "tsvector",
      "tsquery",
      "uuid",
      "xml",
      "json",
      "jsonb",
      "int4range",
      "int8range",
      "numrange",
      "tsrange",
    ],
    ...["tstzrange", "daterange", "cube", "ltree", "numeric", "decimal", "simple-array", "simple-json"],
  ].map((type) => ({ type }) as ColumnOptions);
  const more: readonly ColumnOptions[] = [
    { type: "numeric", precision: 10 },
    { type: "numeric", precision: 10, scale: 2 },
    { type: "decimal", array: true, precision: 100, scale: 50, default: [] },
    { type: "varchar", length: 20 },
    { type: "varchar", array: true, length: 20 },
    { type: "char", length: 64 },
    { type: "bit", length: 5 },
    { type: "varbit", length: 5 },
    { type: "timestamp", precision: 3 },
    { type: "timestamptz", precision: 0 },
    { type: "time", precision: 6 },
    { type: "interval", precision: 3 },
    { type: "text", array: true },
    { type: "uuid", array: true },
    { type: "text", collation: "C" },
    { type: "varchar", length: 20, collation: "C" },
    { type: "text", comment: "it's a value", nullable: true },
    { type: "varchar", default: "plain" },
    { type: "varchar", default: "" },
    { type: "varchar", default: "it''s" },
    { type: "varchar", default: 'a "quoted" \\ back-slashed, naïve ☃ text' },
    { type: "varchar", default: "now()" },
    { type: "varchar", default: "false" },
    { type: "varchar", default: 5 },
    { type: "varchar", length: 5, default: "x" },
    { type: "char", length: 5, default: "x" },
    { type: "int", default: 42 },
    { type: "int", default: -7 },
    { type: "int", default: "5" },
    { type: "smallint", default: 1 },
    { type: "bigint", default: "9007199254740993" },
    { type: "numeric", default: 0 },
    { type: "numeric", precision: 10, scale: 2, default: 0 },
    { type: "numeric", precision: 10, scale: 2, default: "1.50" },
    { type: "real", default: 1.5 },
    { type: "float", default: 0.1 },
    { type: "money", default: 5 },
    { type: "boolean", default: "false" },
    { type: "boolean", default: true },
    { type: "boolean", default: () => "FALSE" },
    { type: "varchar", default: () => "null", nullable: true },
    { type: "varchar", default: null },
    { type: "varchar", default: () => "'x'" },
    { type: "varchar", default: () => "upper('x')" },
    { type: "varchar", array: true, default: "{}" },
    { type: "smallint", array: true, default: "{5}" },
    { type: "text", array: true, default: () => "ARRAY[]::text[]" },
    { type: "text", array: true, default: ["Guild Master", "plain"] },
    { type: "int", array: true, default: [1, 2] },
    { type: "jsonb", default: { theme: "dark", quote: "its" } },
    { type: "jsonb", default: '{"countryCode":"fr", "numero":""}' },
    { type: "jsonb", default: [] },
    { type: "jsonb", default: () => "'{}'" },
    { type: "json", default: { b: 1, a: [true, null] } },
    { type: "json", default: "{}" },
    { type: "simple-json", default: { a: 1 } },
    { type: "simple-array", default: "a,b" },
    { type: "timestamp", default: () => "CURRENT_TIMESTAMP" },
    { type: "timestamptz", default: () => "NOW()" },
    { type: "timestamptz", default: () => "CURRENT_TIMESTAMP(3)" },
    { type: "timestamp", default: () => "LOCALTIMESTAMP" },
    { type: "date", default: () => "CURRENT_DATE" },
    { type: "time", default: () => "LOCALTIME" },
    { type: "timestamptz", default: () => "NOW() + interval '1 day'" },
    { type: "timestamp", default: () => "(now() at time zone 'utc')" },
    { type: "timestamp", default: "now()" },
    { type: "date", default: "2020-01-31" },
    { type: "timestamptz", default: "2020-01-31 10:00:00+02" },
    { type: "interval", default: "1 day" },
    { type: "inet", default: "10.0.0.1" },
    { type: "uuid", default: () => "uuid_generate_v4()" },
    { type: "uuid", default: () => "gen_random_uuid()" },
    { type: "uuid", default: "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11" },
    { type: "uuid", generated: "uuid" },
    { type: "int", generated: "increment" },
    { type: "bigint", generated: "increment", nullable: true },
    { type: "varchar", generated: "uuid" },
    { type: "int", default: () => "(1 + 2) * 3" },
    { type: "varchar", asExpression: `'a' || "id"::text`, generatedType: "STORED" },
    { type: "enum", enum: ["a", "it's", ""], default: "a" },
    { type: "simple-enum", enum: ["b", "a"], default: "a" },
    { type: "enum", enum: ["Guild Master", "x"], array: true, default: ["Guild Master"] },
    { type: "enum", enum: ["Guild Master", "x"], array: true, default: "{Guild Master}" },
    { type: "enum", enum: ["a", "b"], array: true, default: [] },
    { type: "enum", enum: { low: 0, high: 10 }, default: 10 },
    { type: "enum", enum: { low: 0, high: 10, 0: "low", 10: "high" }, array: true, default: [10] },
    { type: "enum", enum: ["a"], enumName: "thing_value_enum" },
    { type: "enum", enum: ["a"], enumName: "Shared Name" },
  ];
  const options = [...columns, ...more];

  // One table each, all in one database.
  let differences: readonly string[] = [];
  beforeAll(async () => {
    const entities = options.map((value, place) => {
      const schema = thing(value, { name: `Thing${place}`, tableName: `thing_${place}` });
      return value.enumName === "thing_value_enum"
        ? thing(value, { name: `Thing${place}`, tableName: "thing" })
        : schema;
    });
    ({ differences } = await compared(entities));
  });

  test.each(options.map((value, place) => [JSON.stringify(show(value)), place] as const))(
    "%s",
    (_shown, place) => {
      const table = options[place]?.enumName === "thing_value_enum" ? "thing" : `thing_${place}`;
      expect(differences.filter((difference) => new RegExp(`\\b${table}\\b`).test(difference))).toEqual([]);
    },
  );

  test("and nothing else differs", () => {
    expect(differences).toEqual([]);
  });
});

function show(value: ColumnOptions): object {
  const { default: said } = value as { readonly default?: unknown };
  return typeof said === "function" ? { ...value, default: String((said as () => unknown)()) } : value;
}

@Entity("room")
@Unique("room_place", ["building", "floor"], { deferrable: "INITIALLY DEFERRED" })
@Unique(["floor", "label"])
@Check("room_floor", `"floor" BETWEEN -2 AND 40`)
@Check(`"label" IN ('a', 'b') OR "building" LIKE '%x%'`)
@Index(["label", "floor"])
@Index("room_upper", ["floor"], { where: `"label" <> 'x' AND "building" IS NOT NULL`, unique: true })
@Index("room_tags", ["tags"], { type: "gin" } as never)
@Index("room_shape", ["shape"], { spatial: true })
@Entity("room", { comment: "it's a room" } as never)
class Room {
  @PrimaryGeneratedColumn("uuid")
  id!: string;

  @Column({ type: "varchar", length: 40, nullable: true })
  building!: string | null;

  @Column({ type: "int" })
  floor!: number;

  @Column({ type: "varchar", unique: true })
  label!: string;

  @Column({ type: "text", array: true, default: "{}" })
  tags!: string[];

  @Column({ type: "box", nullable: true })
  shape!: string | null;

  @Column({ type: "varchar", asExpression: `upper("label")`, generatedType: "STORED" })
  upper!: string;

  @CreateDateColumn()
  created!: Date;

  @UpdateDateColumn({ type: "timestamptz", precision: 3 })
  updated!: Date;

  @DeleteDateColumn()
  deleted!: Date | null;

  @VersionColumn()
  version!: number;

  @Column()
  @Generated("increment")
  number!: number;

  @ManyToMany(() => Tag)
  @JoinTable()
  tagged!: Relation<Tag>[];
}

@Entity("booking")
@Exclusion(`USING gist ("room_id" WITH =, "during" WITH &&)`)
@Exclusion("booking_long", `USING gist ("during" WITH &&) WHERE ("kind" = 'long')`)
class Booking {
  @PrimaryGeneratedColumn("identity")
  id!: number;

  @Column({ name: "room_id", type: "int" })
  roomId!: number;

  @Column({ type: "tstzrange" })
  during!: string;

  @Column({ type: "enum", enum: ["short", "long"], default: "short" })
  kind!: string;

  @ManyToOne(() => Room, { onDelete: "CASCADE", onUpdate: "RESTRICT", deferrable: "INITIALLY DEFERRED" })
  @JoinColumn({ foreignKeyConstraintName: "booking_room" })
  room!: Relation<Room>;

  @OneToOne(() => Tag, { nullable: true, onDelete: "SET NULL" })
  @JoinColumn()
  tag!: Relation<Tag> | null;
}

@Entity("tag", { schema: "labels" })
class Tag {
  @PrimaryColumn({ type: "varchar", length: 20 })
  name!: string;

  @PrimaryColumn({ type: "int" })
  number!: number;

  @Column({ type: "enum", enum: ["red", "green"], default: "red", enumName: "colour" })
  colour!: string;

  @Column({ type: "enum", enum: ["red", "green"], array: true, default: "{}", enumName: "colour" })
  colours!: string[];
}

@Entity("Mixed Case ☃")
@Tree("closure-table")
class Category {
  @PrimaryGeneratedColumn({ type: "bigint", primaryKeyConstraintName: "the key" })
  Id!: string;

  @Index("Mixed Index")
  @Column({ name: "with 'quotes'", default: "x" })
  quotes!: string;

  @TreeParent()
  parent!: Relation<Category> | null;

  @TreeChildren()
  children!: Relation<Category>[];
}

@ViewEntity({
  name: "booked",
  expression: (dataSource) =>
    dataSource
      .createQueryBuilder()
      .select("room.label", "label")
      .addSelect("COUNT(*)", "bookings")
      .from(Room, "room")
      .innerJoin(Booking, "booking", `booking."roomId" = room.id`)
      .groupBy("room.label"),
})
class Booked {
  @ViewColumn()
  label!: string;
}

@ViewEntity({
  name: "popular",
  materialized: true,
  dependsOn: [Booked],
  expression: `SELECT "label" AS "label" FROM "booked" WHERE "bookings" > 10 AND "label" IN ('a', 'b')`,
})
@Index("popular_label", ["label"], { unique: true })
class Popular {
  @ViewColumn()
  label!: string;
}

const office = [Room, Booking, Tag, Category, Booked, Popular];

test("everything that decorators can say", async () => {
  const { differences, warnings, live } = await compared(office);
  expect(differences).toEqual([]);
  expect(warnings).toEqual([]);
  expect(live.tables.map(({ schema, name }) => [schema, name])).toEqual([
    [undefined, "Mixed Case ☃"],
    [undefined, "Mixed Case ☃_closure"],
    [undefined, "booking"],
    ["labels", "tag"],
    [undefined, "room"],
    [undefined, "room_tagged_tag"],
  ]);
  expect(live.enums).toEqual([
    { name: "booking_kind_enum", values: ["short", "long"] },
    { schema: "labels", name: "colour", values: ["red", "green"] },
  ]);
});

test("a data source with a schema of its own, where bare names mean another", async () => {
  const { differences, live } = await compared([Room, Booking, Tag, Category], { schema: "app" });
  expect(differences).toEqual([]);
  expect(findTable(live, { schema: "app", name: "room" })?.columns).toHaveLength(12);
});

test("a data source that names the usual schema", async () => {
  const { differences, live } = await compared(office, { schema: "public" });
  expect(differences).toEqual([]);
  expect(findTable(live, { name: "room" })?.columns).toHaveLength(12);
});

test("a primary key that is declared unique as well", async () => {
  const entity = new EntitySchema({
    name: "thing",
    columns: { id: { type: "int", primary: true, unique: true } as never },
  });
  expect((await compared([entity])).differences).toEqual([]);
});

testWith("vector")("vectors, where the extension is installed", async () => {
  const entity = new EntitySchema({
    name: "thing",
    columns: {
      id: { type: "int", primary: true },
      small: { type: "vector", length: 3 } as never,
      large: { type: "halfvec", length: 4, nullable: true } as never,
      free: { type: "vector", nullable: true } as never,
    },
  });
  expect((await compared([entity])).differences).toEqual([]);
});

test("pgcrypto makes uuids as well", async () => {
  expect((await compared([Room, Tag], { uuidExtension: "pgcrypto" })).differences).toEqual([]);
});

test("what entities cannot say stays as hands have made it", async () => {
  const ddl = `CREATE SEQUENCE own; CREATE EXTENSION unaccent;
    ALTER TABLE booking DROP CONSTRAINT booking_room;
    ALTER TABLE booking ADD CONSTRAINT booking_room FOREIGN KEY ("roomId") REFERENCES room ON DELETE CASCADE ON UPDATE RESTRICT DEFERRABLE INITIALLY DEFERRED NOT VALID;
    ALTER TABLE room DROP CONSTRAINT room_place;
    ALTER TABLE room ADD CONSTRAINT room_place UNIQUE (building, floor) INCLUDE (label) DEFERRABLE INITIALLY DEFERRED;
    ALTER TABLE room SET (fillfactor = 70); ALTER INDEX room_tags SET (fastupdate = off); ALTER TABLE room ENABLE ROW LEVEL SECURITY;
    CREATE POLICY p ON room USING (floor > 0); COMMENT ON VIEW booked IS 'counted'; COMMENT ON INDEX room_tags IS 'tags'`;
  expect((await compared(office, {}, ddl)).differences).toEqual([]);
});

test.each<[string, string]>([
  ["ALTER TABLE room ALTER floor TYPE bigint", "room.floor"],
  ["ALTER TABLE room ALTER label SET DEFAULT 'x'", "room.label"],
  ["ALTER TABLE room ALTER building SET NOT NULL", "room.building"],
  ["ALTER TABLE room DROP CONSTRAINT room_floor, ADD CONSTRAINT room_floor CHECK (floor > 0)", "room_floor"],
  ["DROP INDEX room_upper; CREATE UNIQUE INDEX room_upper ON room (floor) WHERE label <> 'y'", "room_upper"],
  ["ALTER TYPE labels.colour ADD VALUE 'blue'", "colour"],
  ["ALTER TYPE labels.colour RENAME VALUE 'red' TO 'rot'", "colour"],
  ["COMMENT ON TABLE room IS 'other'", "room"],
  [
    "ALTER TABLE booking DROP CONSTRAINT booking_long, ADD CONSTRAINT booking_long EXCLUDE USING gist (during WITH &&)",
    "booking_long",
  ],
  [
    `CREATE OR REPLACE VIEW booked AS SELECT label, count(*) + 0 AS bookings FROM room GROUP BY label`,
    "booked",
  ],
  [`ALTER TABLE "Mixed Case ☃" RENAME CONSTRAINT "the key" TO other`, "the key"],
])("%s is seen", async (ddl, named) => {
  const { differences } = await compared(office, {}, ddl);
  expect(differences.filter((difference) => difference.includes(named))).not.toEqual([]);
});
