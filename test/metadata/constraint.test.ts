import {
  Check,
  Column,
  Entity,
  Exclusion,
  Index,
  JoinColumn,
  ManyToOne,
  OneToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  Unique,
} from "typeorm";
import type { Relation } from "typeorm";
import type { Constraint } from "../../src/model/schema";
import { beyondTypeorm } from "../../fixtures/entities/everything";
import { typeormLine } from "../../fixtures/entities/typeorm-line";
import { databaseTypes, read, tableOf } from "./build";

@Entity("parent")
class Parent {
  @PrimaryColumn({ primaryKeyConstraintName: "parent_pk" })
  one!: number;

  @PrimaryColumn({ name: "second", primaryKeyConstraintName: "parent_pk" })
  two!: number;
}

@Entity("child")
@Unique("child_unique", ["parent", "code"], { deferrable: "INITIALLY DEFERRED" })
@Check("child_check", " code <> '' ")
@Index("child_code", ["code"], { unique: true, where: " code > 'a' " })
class Child {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column({ length: 10 })
  code!: string;

  @ManyToOne(() => Parent, { onDelete: "SET NULL", onUpdate: "CASCADE", deferrable: "INITIALLY IMMEDIATE" })
  @JoinColumn([
    { name: "parent_two", referencedColumnName: "two", foreignKeyConstraintName: "child_fk" },
    { name: "parent_one", referencedColumnName: "one", foreignKeyConstraintName: "child_fk" },
  ])
  parent?: Relation<Parent>;
}

test("reads constraints with their names, parts and pairs", async () => {
  const target = await read("postgres", [Parent, Child]);
  expect(tableOf(target, "parent").constraints).toEqual([
    { kind: "primaryKey", name: "parent_pk", columns: ["one", "second"] },
  ]);
  const constraints = tableOf(target, "child").constraints;
  const key = constraints.find(({ kind }) => kind === "foreignKey");
  const pairs =
    key?.kind === "foreignKey" ? key.columns.map((column, at) => [column, key.referencedColumns[at]]) : [];
  expect(Object.fromEntries(pairs)).toEqual({ parent_one: "one", parent_two: "second" });
  expect(key).toMatchObject({
    name: "child_fk",
    references: { name: "parent" },
    onDelete: "SET NULL",
    onUpdate: "CASCADE",
    deferrable: "INITIALLY IMMEDIATE",
  });
  expect(constraints).toContainEqual({
    kind: "unique",
    name: "child_unique",
    columns: expect.arrayContaining(["parent_one", "parent_two", "code"]),
    deferrable: "INITIALLY DEFERRED",
  });
});

test.each(databaseTypes)("reads a check on %s, even where TypeORM skips it", async (type) => {
  expect(tableOf(await read(type, [Parent, Child]), "child").constraints).toContainEqual({
    kind: "check",
    name: "child_check",
    expression: "code <> ''",
  });
});

test("takes TypeORM's DEFAULT for SET DEFAULT", async () => {
  const { constraints } = tableOf(await read("better-sqlite3", beyondTypeorm), "set_default");
  expect(constraints.filter(({ kind }) => kind === "foreignKey")).toEqual([
    expect.objectContaining({ onDelete: "SET DEFAULT", onUpdate: "SET DEFAULT" }),
  ]);
});

test("reads exclusion constraints on PostgreSQL", async () => {
  @Entity("booking")
  @Exclusion("booking_overlap", " USING gist (during WITH &&) ")
  class Booking {
    @PrimaryGeneratedColumn()
    id!: number;

    @Column({ type: "tstzrange" })
    during!: string;
  }
  const { constraints } = tableOf(await read("postgres", [Booking]), "booking");
  expect(constraints.filter(({ kind }) => kind === "exclusion")).toEqual([
    { kind: "exclusion", name: "booking_overlap", expression: "USING gist (during WITH &&)" },
  ]);
});

@Entity("owner")
class Owner {
  @PrimaryGeneratedColumn()
  id!: number;

  @OneToOne(() => Parent)
  parent?: Relation<Parent>;

  @Column({ unique: true })
  @Index({ unique: true })
  code!: string;
}

test("keeps one unique index where a unique column has an index of the same name", async () => {
  const { constraints, indexes } = tableOf(await read("mysql", [Owner, Parent]), "owner");
  expect(constraints.filter(({ kind }) => kind === "unique")).toEqual([]);
  expect(indexes).toEqual([
    { name: expect.stringMatching(/^IDX_/), parts: [{ column: "code" }], unique: true },
  ]);
});

test("prefers the unique one of two indexes of one name", async () => {
  @Entity("twice")
  class Twice {
    @PrimaryGeneratedColumn()
    id!: number;

    @Column({ unique: true })
    @Index()
    code!: string;
  }
  const target = await read("mysql", [Twice]);
  expect(tableOf(target, "twice").indexes.map(({ unique }) => unique)).toEqual([true]);
  expect(target.warnings).toEqual([]);
});

test("leaves out foreign keys that are not wanted, and keeps their columns", async () => {
  @Entity("loose")
  class Loose {
    @PrimaryGeneratedColumn()
    id!: number;

    @OneToOne(() => Owner, { createForeignKeyConstraints: false })
    @JoinColumn()
    owner?: Relation<Owner>;
  }
  const table = tableOf(await read("better-sqlite3", [Owner, Parent, Loose]), "loose");
  expect(table.columns.map(({ name }) => name)).toEqual(["id", "ownerId"]);
  expect(table.constraints.map(({ kind }: Constraint) => kind)).toEqual(["primaryKey"]);
});

describe("indexes", () => {
  @Entity("searched")
  @Index("by_gin", ["tags"], { type: "gin" })
  @Index("by_btree", ["id"], { type: "btree" })
  class PostgresSearched {
    @PrimaryGeneratedColumn()
    id!: number;

    @Column({ type: "text", array: true })
    tags!: string[];

    @Index("by_place", { spatial: true })
    @Column({ type: "geometry" })
    place!: string;
  }

  @Entity("searched")
  @Index("by_text", ["body"], { fulltext: true, parser: "ngram" })
  class MysqlSearched {
    @PrimaryGeneratedColumn()
    id!: number;

    @Column({ type: "text" })
    body!: string;

    @Index("by_place", { spatial: true })
    @Column({ type: "point" })
    place!: string;
  }

  test("have their method on PostgreSQL, unless it is the usual one", async () => {
    const { indexes } = tableOf(await read("postgres", [PostgresSearched]), "searched");
    expect(Object.fromEntries(indexes.map(({ name, method }) => [name, method]))).toEqual({
      // Since 1.0 only can an entity say so.
      by_gin: typeormLine === "1" ? "gin" : undefined,
      by_btree: undefined,
      by_place: "gist",
    });
  });

  test("have their method and parser on MySQL", async () => {
    const { indexes } = tableOf(await read("mysql", [MysqlSearched]), "searched");
    expect(indexes).toContainEqual({
      name: "by_text",
      parts: [{ column: "body" }],
      method: "fulltext",
      parser: "ngram",
    });
    expect(indexes).toContainEqual({ name: "by_place", parts: [{ column: "place" }], method: "spatial" });
  });

  test("have a trimmed condition", async () => {
    expect(tableOf(await read("better-sqlite3", [Parent, Child]), "child").indexes).toEqual([
      { name: "child_code", parts: [{ column: "code" }], unique: true, where: "code > 'a'" },
    ]);
  });

  test("of a one-to-one relation is unique and conditional on SQL Server", async () => {
    @Entity("single")
    class Single {
      @PrimaryGeneratedColumn()
      id!: number;

      @OneToOne(() => Owner)
      @JoinColumn()
      owner?: Relation<Owner>;
    }
    const target = await read("mssql", [Single, Owner, Parent]);
    expect(tableOf(target, "single").indexes).toEqual([
      expect.objectContaining({ unique: true, where: '"ownerId" IS NOT NULL' }),
    ]);
  });
});
