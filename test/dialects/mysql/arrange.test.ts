/** Foreign keys whose columns change in the same revision: those that stand there, those that come and those that go. */
import { EntitySchema } from "typeorm";
import type { EntitySchemaColumnOptions } from "typeorm";
import * as blog from "../../../fixtures/entities/blog";
import { mysqlServers } from "../../support/mysql";
import { onProject } from "./project";
import type { Entities, Row } from "./project";
import { describeOn } from "../../support/describe-on";

/** A table with an `id` of a type, more columns, and columns that refer to other tables. */
function table(
  name: string,
  id: "int" | "bigint",
  references: Readonly<Record<string, string>> = {},
  columns: Readonly<Record<string, EntitySchemaColumnOptions>> = {},
): EntitySchema {
  const relations = Object.entries(references).map(
    ([property, target]) =>
      [property, { type: "many-to-one", target, joinColumn: { name: property } }] as const,
  );
  return new EntitySchema<Row>({
    name,
    columns: { id: { type: id, primary: true }, ...columns },
    relations: Object.fromEntries(relations),
  });
}

const other = { other: { type: "bigint", nullable: true } } as const;
const before: Entities = [table("parent", "int"), table("child", "int", { parent: "parent" }, other)];
const edits: Readonly<Record<string, Entities>> = {
  "a new table refers to a column whose type changes": [
    table("parent", "bigint"),
    table("child", "int", { parent: "parent" }, other),
    table("friend", "int", { parent: "parent", child: "child" }),
  ],
  "an old table gets a reference to a column whose type changes": [
    table("parent", "bigint"),
    table("child", "int", { parent: "parent", other: "parent" }),
  ],
  "new tables refer to each other and to a column whose type changes": [
    table("parent", "bigint", { friend: "friend" }),
    table("child", "int", { parent: "parent" }, other),
    table("friend", "int", { parent: "parent", foe: "foe" }),
    table("foe", "int", { friend: "friend", parent: "parent" }),
  ],
  "a column with a reference goes, and another one changes": [
    table("parent", "int"),
    table("child", "bigint", {}, other),
  ],
};

describeOn(mysqlServers, "on %s", (server) => {
  test.concurrent.each(Object.entries(edits))("%s", async (_title, after) => {
    await onProject(server, async ({ project, query }) => {
      const first = await project(before);
      await first.revision({ autogenerate: true, message: "first" });
      await first.upgrade();
      await query("INSERT INTO parent VALUES (1)");
      await query("INSERT INTO child (id, other, parent) VALUES (2, 1, 1)");
      const definition = await query("SHOW CREATE TABLE child");
      const later = await project(after);
      await later.revision({ autogenerate: true, message: "later", noRenames: true });
      await later.upgrade();
      expect((await later.check()).differences).toEqual([]);
      expect(await query("SELECT CONCAT(id) AS id FROM child")).toEqual([{ id: "2" }]);
      await later.downgrade({ revision: "-1" });
      expect(await query("SHOW CREATE TABLE child")).toEqual(definition);
      expect(await query("SELECT id, other FROM child")).toEqual([{ id: 2, other: "1" }]);
    });
  });

  test("a blog made without knowing the server becomes the later one, where uuids have a type of their own", async () => {
    await onProject(server, async ({ project }) => {
      const first = await project(blog.entities);
      await first.revision({ autogenerate: true, against: "empty", message: "first" });
      await first.upgrade();
      const later = await project(blog.edited);
      await later.revision({ autogenerate: true, message: "later", noRenames: true });
      await later.upgrade();
      expect((await later.check()).differences).toEqual([]);
      await later.downgrade({ revision: "base" });
    });
  });
});
