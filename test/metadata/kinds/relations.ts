/** The tables and keys that relations make, or do not make. */
import {
  Column,
  Entity,
  JoinColumn,
  JoinTable,
  ManyToMany,
  ManyToOne,
  OneToOne,
  PrimaryColumn,
} from "typeorm";
import type { Relation } from "typeorm";
import { Base, id, schema } from "./kind";
import type { Kinds } from "./kind";

export const relations: Kinds = {
  "a junction": {
    decorators: () => {
      @Entity("tag")
      class Tag {
        @PrimaryColumn()
        name!: string;
      }
      @Entity("post")
      class Post extends Base {
        @ManyToMany(() => Tag)
        @JoinTable()
        tags!: Relation<Tag>[];
      }
      return [Post, Tag];
    },
    schemas: () => [
      schema({ name: "Tag", tableName: "tag", columns: { name: { type: String, primary: true } } }),
      schema({
        name: "Post",
        tableName: "post",
        columns: { id },
        relations: { tags: { type: "many-to-many", target: "Tag", joinTable: true } },
      }),
    ],
    expected: {
      post: ["+id", "key id"],
      tag: ["name", "key name"],
      post_tags_tag: [
        "postId tagName",
        "key postId tagName",
        "postId -> post id CASCADE",
        "tagName -> tag name CASCADE",
        "index postId",
        "index tagName",
      ],
    },
  },
  "a junction that is an entity, too": {
    decorators: () => {
      @Entity("person")
      class Person extends Base {
        @ManyToMany(() => Person)
        @JoinTable({
          name: "friendship",
          joinColumn: { name: "one" },
          inverseJoinColumn: { name: "other" },
        })
        friends!: Relation<Person>[];
      }
      @Entity("friendship")
      class Friendship {
        @PrimaryColumn()
        one!: number;

        @PrimaryColumn()
        other!: number;

        @Column({ nullable: true })
        since?: number;
      }
      return [Person, Friendship];
    },
    schemas: () => [
      schema({
        name: "Person",
        tableName: "person",
        columns: { id },
        relations: {
          friends: {
            type: "many-to-many",
            target: "Person",
            joinTable: {
              name: "friendship",
              joinColumn: { name: "one" },
              inverseJoinColumn: { name: "other" },
            },
          },
        },
      }),
      schema({
        name: "Friendship",
        tableName: "friendship",
        columns: {
          one: { type: Number, primary: true },
          other: { type: Number, primary: true },
          since: { type: Number, nullable: true },
        },
      }),
    ],
    expected: {
      person: ["+id", "key id"],
      friendship: [
        "one other since?",
        "key one other",
        "one -> person id CASCADE",
        "other -> person id CASCADE",
        "index one",
        "index other",
      ],
    },
  },
  "relations without foreign keys": {
    decorators: () => {
      @Entity("user")
      class User extends Base {
        @ManyToOne(() => User, { createForeignKeyConstraints: false })
        boss?: Relation<User>;

        @OneToOne(() => User, { createForeignKeyConstraints: false })
        @JoinColumn()
        twin?: Relation<User>;

        @ManyToMany(() => User, { createForeignKeyConstraints: false })
        @JoinTable()
        friends!: Relation<User>[];
      }
      return [User];
    },
    schemas: () => [
      schema({
        name: "User",
        tableName: "user",
        columns: { id },
        relations: {
          boss: { type: "many-to-one", target: "User", createForeignKeyConstraints: false },
          twin: {
            type: "one-to-one",
            target: "User",
            joinColumn: true,
            createForeignKeyConstraints: false,
          },
          friends: {
            type: "many-to-many",
            target: "User",
            joinTable: true,
            createForeignKeyConstraints: false,
          },
        },
      }),
    ],
    expected: {
      user: ["+id bossId? twinId?", "key id"],
      user_friends_user: ["userId_1 userId_2", "key userId_1 userId_2", "index userId_1", "index userId_2"],
    },
  },
};
