/** Views, what is left alone, prefixes, naming strategies and schemas. */
import {
  Column,
  DefaultNamingStrategy,
  Entity,
  Index,
  JoinTable,
  ManyToMany,
  ManyToOne,
  ViewColumn,
  ViewEntity,
} from "typeorm";
import type { Relation } from "typeorm";
import { Base, id, schema } from "./kind";
import type { Kinds } from "./kind";

/** As projects have it: names of columns in snake case, and a mark before the names of tables. */
class SnakeCase extends DefaultNamingStrategy {
  override tableName(target: string, given?: string): string {
    return given ?? `T_${snake(target)}`;
  }
  override columnName(property: string, given: string, prefixes: string[]): string {
    return snake([...prefixes, given || property].join("_"));
  }
  override joinColumnName(relation: string, column: string): string {
    return snake(`${relation}_${column}`);
  }
  override joinTableName(first: string, _second: string, property: string): string {
    return `${first}_${snake(property)}`;
  }
  override joinTableColumnName(table: string, property: string, column?: string): string {
    return `${table}_${snake(column ?? property)}`;
  }
}

function snake(name: string): string {
  return name.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
}

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
  "a naming strategy of the project": {
    options: { namingStrategy: new SnakeCase() },
    decorators: () => {
      @Entity()
      class BlogPost extends Base {
        @Column()
        firstLine!: string;

        @ManyToOne(() => BlogPost)
        answerTo?: Relation<BlogPost>;

        @ManyToMany(() => BlogPost)
        @JoinTable()
        seeAlso!: Relation<BlogPost>[];
      }
      return [BlogPost];
    },
    schemas: () => [
      schema({
        name: "BlogPost",
        columns: { id, firstLine: { type: String } },
        relations: {
          answerTo: { type: "many-to-one", target: "BlogPost" },
          seeAlso: { type: "many-to-many", target: "BlogPost", joinTable: true },
        },
      }),
    ],
    expected: {
      T_blog_post: ["+id first_line answer_to_id?", "key id", "answer_to_id -> T_blog_post id"],
      T_blog_post_see_also: [
        "t_blog_post_id_1 t_blog_post_id_2",
        "key t_blog_post_id_1 t_blog_post_id_2",
        "t_blog_post_id_1 -> T_blog_post id CASCADE",
        "t_blog_post_id_2 -> T_blog_post id CASCADE",
        "index t_blog_post_id_1",
        "index t_blog_post_id_2",
      ],
    },
  },
  "tables in other schemas, and what belongs to them": {
    type: "postgres",
    decorators: () => {
      @Entity("tag", { schema: "words" })
      class Tag extends Base {}
      @Entity("post", { schema: "texts" })
      class Post extends Base {
        @ManyToMany(() => Tag)
        @JoinTable({ name: "post_tag", schema: "links" })
        tags!: Relation<Tag>[];

        @ManyToMany(() => Tag)
        @JoinTable({ name: "post_word" })
        words!: Relation<Tag>[];
      }
      return [Post, Tag];
    },
    schemas: () => [
      schema({ name: "Tag", tableName: "tag", schema: "words", columns: { id } }),
      schema({
        name: "Post",
        tableName: "post",
        schema: "texts",
        columns: { id },
        relations: {
          tags: { type: "many-to-many", target: "Tag", joinTable: { name: "post_tag", schema: "links" } },
          words: { type: "many-to-many", target: "Tag", joinTable: { name: "post_word" } },
        },
      }),
    ],
    expected: {
      "words.tag": ["+id", "key id"],
      "texts.post": ["+id", "key id"],
      ...Object.fromEntries(
        ["links.post_tag", "texts.post_word"].map((name) => [
          name,
          [
            "postId tagId",
            "key postId tagId",
            "postId -> texts.post id CASCADE",
            "tagId -> words.tag id CASCADE",
            "index postId",
            "index tagId",
          ],
        ]),
      ),
    },
  },
};
