/**
 * A project goes from TypeORM 0.3 to 1.x, which hashes some names differently and cascades on both sides of a many-to-many
 * relation: what 0.3 has made differs by that, and by nothing else. Both copies read the same decorators, because TypeORM
 * keeps them in one place for all copies.
 */
import "../support/shared-decorators";
import type { DataSource } from "typeorm";
import { DataSource as OldDataSource } from "typeorm-0.3";
import * as blog from "../../fixtures/entities/blog";
import * as everything from "../../fixtures/entities/everything";
import { JsonValues } from "../../fixtures/entities/everything/json";
import * as shop from "../../fixtures/entities/shop";
import { open } from "../../src/open";
import { temporaryFolder } from "../support/sqlite";

type Entities = NonNullable<DataSource["options"]["entities"]> & readonly unknown[];

const fixtures: readonly (readonly [string, Entities])[] = [
  ["the blog", blog.entities],
  ["the shop", shop.entities],
  // What 0.3 cannot make.
  ["everything", everything.entities.filter((entity) => entity !== JsonValues)],
];

/**
 * A key that the far side of a many-to-many relation got anew, or whose columns now go in the order of the key that they
 * refer to; a name that was hashed in another way; an array of enum values, which has no check any more.
 */
const EXPECTED = [
  /^(drop|add) foreign key \S+ \([\w, ]+\) to \S+ (of|to) \S+$/,
  /^rename (constraint|index) (CHK|IDX|UQ|FK|REL)_\w+ of .+ to (CHK|IDX|UQ|FK|REL)_\w+$/,
  /^change column all_others\.simple_enum_array: varchar in \(plain, fancy\) -> varchar$/,
];

test.each(fixtures)("%s", async (_title, entities) => {
  const place = temporaryFolder();
  try {
    const options = { type: "better-sqlite3" as const, database: `${place.folder}/app.db`, entities };
    const old = await new OldDataSource(options as never).initialize();
    await old.synchronize();
    await old.destroy();
    const limbeck = await open({ cwd: place.folder, config: { dataSource: options } });
    const { differences } = await limbeck.check();
    expect(differences.filter((text) => !EXPECTED.some((pattern) => pattern.test(text)))).toEqual([]);
    expect(differences).not.toEqual([]);
    await limbeck.revision({ autogenerate: true, message: "TypeORM 1" });
    await limbeck.upgrade();
    expect((await limbeck.check()).differences).toEqual([]);
  } finally {
    place.remove();
  }
});
