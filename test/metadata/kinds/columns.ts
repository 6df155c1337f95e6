/** Where columns come from: bases, children, embedded values, queries. */
import { ChildEntity, Column, Entity, Index, ManyToOne, TableInheritance, VirtualColumn } from "typeorm";
import type { Relation } from "typeorm";
import { Base, id, schema } from "./kind";
import type { Kinds } from "./kind";

export const columns: Kinds = {
  "an abstract base": {
    decorators: () => {
      abstract class Named extends Base {
        @Index()
        @Column()
        name!: string;
      }
      @Entity("city")
      class City extends Named {
        @Column({ nullable: true })
        size?: number;
      }
      return [City];
    },
    schemas: () => [
      schema({
        name: "City",
        tableName: "city",
        columns: { id, name: { type: String }, size: { type: Number, nullable: true } },
        indices: [{ columns: ["name"] }],
      }),
    ],
    expected: { city: ["+id name size?", "key id", "index name"] },
  },
  "single-table inheritance": {
    decorators: () => {
      @Entity("animal")
      @TableInheritance({ column: { type: "varchar", name: "species" } })
      class Animal extends Base {
        @Column()
        name!: string;
      }
      @ChildEntity("dog")
      class Dog extends Animal {
        @Column({ unique: true })
        licence!: string;
      }
      @ChildEntity()
      class Bird extends Animal {
        @ManyToOne(() => Dog)
        enemy?: Relation<Dog>;
      }
      return [Bird, Dog, Animal];
    },
    schemas: () => {
      class Animal {}
      class Dog extends Animal {}
      class Bird extends Animal {}
      const common = { id, name: { type: String } } as const;
      return [
        schema({
          name: "Animal",
          target: Animal,
          tableName: "animal",
          columns: common,
          inheritance: { pattern: "STI", column: { name: "species", type: "varchar" } },
        }),
        schema({
          name: "Dog",
          target: Dog,
          type: "entity-child",
          discriminatorValue: "dog",
          columns: { ...common, licence: { type: String, unique: true } },
        }),
        schema({
          name: "Bird",
          target: Bird,
          type: "entity-child",
          discriminatorValue: "Bird",
          columns: common,
          relations: { enemy: { type: "many-to-one", target: "Dog" } },
        }),
      ];
    },
    expected: {
      animal: [
        "+id name licence? species enemyId?",
        "key id",
        "unique licence",
        "enemyId -> animal id",
        "index species",
      ],
    },
  },
  "embedded values with prefixes": {
    decorators: () => {
      class Unit {
        @Column()
        unit!: string;
      }
      class Money {
        @Column()
        amount!: number;

        @Index()
        @Column()
        currency!: string;

        @Column(() => Unit, { prefix: "per" })
        unit!: Unit;
      }
      @Entity("offer")
      class Offer extends Base {
        @Column(() => Money)
        price!: Money;

        @Column(() => Unit, { prefix: "sold_in" })
        sold!: Unit;

        @Column(() => Unit, { prefix: false })
        plain!: Unit;
      }
      return [Offer];
    },
    schemas: () => {
      const unit = schema({ name: "Unit", columns: { unit: { type: String } } });
      const money = schema({
        name: "Money",
        columns: { amount: { type: Number }, currency: { type: String } },
        indices: [{ columns: ["currency"] }],
        embeddeds: { unit: { schema: unit, prefix: "per" } },
      });
      return [
        schema({
          name: "Offer",
          tableName: "offer",
          columns: { id },
          embeddeds: {
            price: { schema: money },
            sold: { schema: unit, prefix: "sold_in" },
            plain: { schema: unit, prefix: false },
          },
        }),
      ];
    },
    expected: {
      offer: ["+id priceAmount priceCurrency pricePerUnit soldInUnit unit", "key id", "index priceCurrency"],
    },
  },
  "a column that is a query": {
    decorators: () => {
      @Entity("company")
      class Company extends Base {
        @VirtualColumn({ query: (alias) => `SELECT COUNT(*) FROM employee WHERE company = ${alias}.id` })
        employees!: number;
      }
      return [Company];
    },
    schemas: () => [
      schema({
        name: "Company",
        tableName: "company",
        columns: {
          id,
          employees: { type: Number, virtualProperty: true, query: () => "SELECT 1" },
        },
      }),
    ],
    isNewInSchemas: true,
    expected: { company: ["+id", "key id"] },
  },
};
