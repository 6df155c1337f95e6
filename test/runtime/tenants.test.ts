/** The environment of the cookbook that goes round the schemas of one database, each with a version table of its own. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { open } from "../../src/open";
import { entity, id } from "../commands/sqlite-project";
import { connected, kinds } from "../roundtrip/databases";
import { temporaryFolder } from "../support/sqlite";
import { describeOn } from "../support/describe-on";

const ENVIRONMENT = `
module.exports = async function env(context) {
  const asked = context.xArguments["tenant"];
  const dataSource = await context.dataSource();
  for (const tenant of asked === undefined ? ["one", "two"] : [asked]) {
    await context.connect(dataSource, async (queryRunner) => {
      await queryRunner.query('SET search_path TO "' + tenant + '"');
      await context.configure({ queryRunner, target: dataSource, versionTableSchema: tenant });
      await context.runMigrations();
    });
  }
};
`;

describeOn(
  kinds.filter(({ name }) => name === "postgres"),
  "on %s",
  (kind) =>
    test("every schema comes to the head, and one alone goes back", async () => {
      const place = temporaryFolder();
      const { options, drop } = await kind.create(place.folder, "tenants");
      mkdirSync(join(place.folder, "revisions"));
      writeFileSync(join(place.folder, "revisions", "env.js"), ENVIRONMENT);
      const project = async (xArguments: Readonly<Record<string, string>> = {}) =>
        await open({
          cwd: place.folder,
          config: { dataSource: { ...options, entities: [entity("account", { id })] } },
          xArguments,
        });
      const tables = async (): Promise<readonly string[]> =>
        await connected(options, async (dataSource) => {
          const rows = await dataSource.query<{ readonly place: string }[]>(
            "SELECT schemaname || '.' || tablename AS place FROM pg_tables WHERE schemaname IN ('one', 'two', 'public')",
          );
          return rows.map((row) => row.place).sort();
        });
      await connected(options, (dataSource) => dataSource.query("CREATE SCHEMA one; CREATE SCHEMA two"));

      await (await project({ tenant: "one" })).revision({ autogenerate: true, message: "first" });
      await (await project()).upgrade();
      expect((await (await project()).check()).differences).toEqual([]);
      await (await project({ tenant: "two" })).downgrade({ revision: "base" });
      expect(await tables()).toEqual([
        "one.account",
        "one.limbeck_history",
        "one.limbeck_version",
        "two.limbeck_history",
        "two.limbeck_version",
      ]);
      await drop();
      place.remove();
    }),
);
