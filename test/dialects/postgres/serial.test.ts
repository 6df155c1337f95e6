/** The names of the sequences behind `serial` columns, as the server gives them. */
import { quote } from "../../../src/dialects/postgres/quote";
import { serialSequence } from "../../../src/dialects/postgres/serial";
import { onDatabase } from "../../support/postgres";

const [fifty, sixty] = ["t".repeat(50), "c".repeat(60)];

test("are those that the server gives, also to names that are too long", async () => {
  const names = [
    ["account", "id"],
    [fifty, "number"],
    ["other", sixty],
    [sixty, fifty],
    ["ä".repeat(30), "ö".repeat(25)],
    [`${"x".repeat(29)}ä`, `${"y".repeat(28)}€`],
  ] as const;
  const ddl = names.map(([table, column]) => `CREATE TABLE ${quote(table)} (${quote(column)} serial)`);
  await onDatabase(ddl.join(";"), async (db) => {
    const rows = await db.query<{ name: string }>(
      "SELECT s.relname AS name FROM pg_class s JOIN pg_depend d ON d.objid = s.oid AND d.deptype = 'a' WHERE s.relkind = 'S' ORDER BY s.oid",
    );
    expect(rows.map(({ name }) => name)).toEqual(
      names.map(([table, column]) => serialSequence(table, column)),
    );
  });
});
