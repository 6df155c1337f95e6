/** Views, what is left alone, and prefixes. */
import { Entity, Index, JoinTable, ManyToMany, ManyToOne, ViewColumn, ViewEntity } from "typeorm";
import type { Relation } from "typeorm";
import { Base, id, schema } from "./kind";
import type { Kinds } from "./kind";

export const others: Kinds = {
  "views, one on the other": {
    type: "postgres",
    decorators: () => {
      @ViewEntity({ name: "b", expression: "SELECT 1 AS id" })
      class B {
        @ViewColumn()
        id!: number;
      }
      @ViewEntity({ name: "a", expression: "SELECT id FROM b", dependsOn: [B], materialized: true })
      @Index(["id"], { unique: true })
      class A {
        @ViewColumn()
        id!: number;
      }
      return [A, B];
    },
    schemas: () => [
      schema({
        name: "A",
        tableName: "a",
        type: "view",
        expression: "SELECT id FROM b",
        columns: { id: { type: Number } },
        indices: [{ columns: ["id"], unique: true }],
        materialized: true,
        dependsOn: ["B"],
      }),
      schema({
        name: "B",
        tableName: "b",
        type: "view",
        expression: "SELECT 1 AS id",
        columns: { id: { type: Number } },
      }),
    ],
    expected: {
      a: ["materialized view SELECT id FROM b", "after b", "unique index id"],
      b: ["view SELECT 1 AS id"],
    },
  },
  "what is declared synchronize: false": {
    decorators: () => {
      @Entity("foreign", { synchronize: false })
      class Foreign extends Base {}
      @ViewEntity({ name: "foreign_view", expression: "SELECT 1 AS id", synchronize: false })
      class ForeignView {
        @ViewColumn()
        id!: number;
      }
      @Entity("local")
      @Index("by_hand", { synchronize: false })
      class Local extends Base {
        @ManyToMany(() => Foreign)
        @JoinTable({ synchronize: false })
        many!: Relation<Foreign>[];

        @ManyToOne(() => Foreign)
        one?: Relation<Foreign>;
      }
      return [Foreign, ForeignView, Local];
    },
    schemas: () => [
      schema({ name: "Foreign", tableName: "foreign", synchronize: false, columns: { id } }),
      schema({
        name: "ForeignView",
        tableName: "foreign_view",
        type: "view",
        synchronize: false,
        expression: "SELECT 1 AS id",
        columns: { id: { type: Number } },
      }),
      schema({
        name: "Local",
        tableName: "local",
        columns: { id },
        indices: [{ name: "by_hand", synchronize: false }],
        relations: {
          many: { type: "many-to-many", target: "Foreign", joinTable: { synchronize: false } },
          one: { type: "many-to-one", target: "Foreign" },
        },
      }),
    ],
    expected: { local: ["+id oneId?", "key id", "oneId -> foreign id"] },
  },
  "a prefix for all": {
    options: { entityPrefix: "app_" },
    decorators: () => {
      @Entity()
      class BlogPost extends Base {
        @ManyToMany(() => BlogPost)
        @JoinTable()
        related!: Relation<BlogPost>[];
      }
      return [BlogPost];
    },
    schemas: () => [
      schema({
        name: "BlogPost",
        columns: { id },
        relations: { related: { type: "many-to-many", target: "BlogPost", joinTable: true } },
      }),
    ],
    expected: {
      app_blog_post: ["+id", "key id"],
      app_blog_post_related_blog_post: [
        "blogPostId_1 blogPostId_2",
        "key blogPostId_1 blogPostId_2",
        "blogPostId_1 -> app_blog_post id CASCADE",
        "blogPostId_2 -> app_blog_post id CASCADE",
        "index blogPostId_1",
        "index blogPostId_2",
      ],
    },
  },
};
