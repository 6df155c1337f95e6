/** A trigger on a view writes into a table: where a revision renames that table, it writes into it under its new name. */
import { EntitySchema } from "typeorm";
import { entity, id, SqliteProject, text } from "../../commands/sqlite-project";

const view = (table: string) =>
  new EntitySchema({
    name: "names",
    type: "view",
    expression: `SELECT id, name FROM ${table}`,
    columns: { id: { type: "integer" }, name: { type: "varchar" } },
  });
const TRIGGER =
  "CREATE TRIGGER into_names INSTEAD OF INSERT ON names BEGIN INSERT INTO account (name) VALUES (new.name); END";

test("follows the table up and down", async () => {
  const project = new SqliteProject();
  try {
    await project.migrate([entity("account", { id, name: text }), view("account")], "first");
    await project.query(TRIGGER);
    const insert = (name: string) => project.query(`INSERT INTO names (name) VALUES ('${name}')`);
    await insert("Ada");

    const limbeck = await project.open([entity("customer", { id, name: text }), view("customer")]);
    await limbeck.revision({ autogenerate: true, message: "second", renames: ["account:customer"] });
    await limbeck.upgrade();
    await insert("Bo");
    expect(await project.query("SELECT name FROM customer")).toEqual([{ name: "Ada" }, { name: "Bo" }]);
    expect((await limbeck.check()).differences).toEqual([]);

    await limbeck.downgrade({ revision: "-1" });
    await insert("Cy");
    const names = [{ name: "Ada" }, { name: "Bo" }, { name: "Cy" }];
    expect(await project.query("SELECT name FROM account")).toEqual(names);
  } finally {
    project.remove();
  }
});
