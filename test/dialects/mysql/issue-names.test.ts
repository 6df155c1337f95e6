/** TypeORM's issues about names and about changes that come again, on tables with rows: up, compared by both, down. */
import { EntitySchema } from "typeorm";
import type { EntitySchemaColumnOptions } from "typeorm";
import { mysqlServers } from "../../support/mysql";
import { describeOn } from "../../support/describe-on";
import { SnakeNamingStrategy } from "../../support/snake-naming";
import { onProject } from "./project";
import type { Entities, Row } from "./project";

const id: EntitySchemaColumnOptions = { type: "int", primary: true, generated: "increment" };
const text: EntitySchemaColumnOptions = { type: String, nullable: true };
const toOne = (target: string) => ({ type: "many-to-one", target, onDelete: "CASCADE" }) as const;

const post = new EntitySchema<Row>({ name: "post", columns: { id, title: text } });
const reports = (name: string): Entities => [
  post,
  new EntitySchema<Row>({
    name,
    columns: { id, note: text },
    relations: { post: toOne("post"), other: toOne("post") },
    indices: [{ columns: ["note"] }],
    uniques: [{ columns: ["note", "id"] }],
  }),
];
const team = new EntitySchema<Row>({ name: "Team", columns: { id, fullName: text } });
const members: Entities = [
  team,
  new EntitySchema<Row>({
    name: "MbkUser",
    columns: { id, firstName: { type: String, unique: true }, hashedPwd: text },
    relations: { ownTeam: toOne("Team") },
    indices: [{ columns: ["hashedPwd"] }],
  }),
];
/** The table of issue 9394, and what else a project has. */
const clients: Entities = [
  post,
  new EntitySchema<Row>({
    name: "clients",
    columns: {
      id: { type: "uuid", primary: true, generated: "uuid" },
      createdAt: { type: Date, createDate: true },
      updatedAt: { type: Date, updateDate: true },
      deletedAt: { type: Date, deleteDate: true },
      version: { type: Number, version: true },
      type: text,
      first_name: text,
      active: { type: Boolean, default: false },
      total: { type: "decimal", precision: 11, scale: 8, default: 0 },
      data: { type: "simple-json", nullable: true },
      kind: { type: "enum", enum: ["a", "b"], default: "a" },
      many: { type: "simple-array", nullable: true },
    },
    relations: { post: toOne("post"), posts: { type: "many-to-many", target: "post", joinTable: true } },
  }),
];

describeOn(mysqlServers, "on %s", (server) => {
  test("issue 7193: a naming strategy renames tables and columns, and no row is lost", async () => {
    await onProject(server, async ({ project, query, log }) => {
      const first = await project(members);
      await first.revision({ autogenerate: true, message: "first" });
      await first.upgrade();
      await query("INSERT INTO team VALUES (4, 'größte')");
      await query("INSERT INTO mbk_user (id, firstName, hashedPwd, ownTeamId) VALUES (1, 'Zoë', 'x', 4)");
      const after = { namingStrategy: new SnakeNamingStrategy() };
      const later = await project(members, after);
      const { differences } = await later.revision({
        autogenerate: true,
        message: "later",
        renames: [
          "team.fullName:full_name",
          "mbk_user.firstName:first_name",
          "mbk_user.hashedPwd:hashed_pwd",
          "mbk_user.ownTeamId:own_team_id",
        ],
      });
      expect(differences.filter((line) => /^(?:add|drop) column/.test(line))).toEqual([]);
      await later.upgrade();
      const joined = `SELECT first_name, hashed_pwd, full_name FROM mbk_user JOIN team ON team.id = own_team_id`;
      expect(await query(joined)).toEqual([{ first_name: "Zoë", hashed_pwd: "x", full_name: "größte" }]);
      expect((await later.check()).differences).toEqual([]);
      expect(await log(members, after)).toEqual([]);
      await later.downgrade({ revision: "-1" });
      expect(await query("SELECT firstName, hashedPwd, ownTeamId FROM mbk_user")).toEqual([
        { firstName: "Zoë", hashedPwd: "x", ownTeamId: 4 },
      ]);
      expect(await log(members)).toEqual([]);
    });
  });

  const rows = async (query: (sql: string) => Promise<readonly Row[]>) => {
    await query("INSERT INTO post VALUES (4, 'first')");
    await query("INSERT INTO reports (id, note, postId, otherId) VALUES (1, 'größte', 4, 4)");
  };

  test("issue 12671: a table that is renamed takes the indexes of its foreign keys along", async () => {
    await onProject(server, async ({ project, query, log }) => {
      const first = await project(reports("reports"));
      await first.revision({ autogenerate: true, message: "first" });
      await first.upgrade();
      await rows(query);
      const later = await project(reports("circle_reports"));
      await later.revision({ autogenerate: true, message: "later", renames: ["reports:circle_reports"] });
      await later.upgrade();
      expect((await later.check()).differences).toEqual([]);
      expect(await log(reports("circle_reports"))).toEqual([]);
      expect(await query("SELECT note, postId, otherId FROM circle_reports")).toEqual([
        { note: "größte", postId: 4, otherId: 4 },
      ]);
      await later.downgrade({ revision: "-1" });
      expect(await query("SELECT note, postId, otherId FROM reports")).toEqual([
        { note: "größte", postId: 4, otherId: 4 },
      ]);
      expect(await log(reports("reports"))).toEqual([]);
    });
  });

  test("issue 12671: after a rename by hand, nothing that a foreign key needs is dropped", async () => {
    await onProject(server, async ({ project, query, log }) => {
      const first = await project(reports("reports"));
      await first.revision({ autogenerate: true, message: "first" });
      await first.upgrade();
      await rows(query);
      await query("RENAME TABLE reports TO circle_reports");
      const later = await project(reports("circle_reports"));
      await later.revision({ autogenerate: true, message: "later" });
      await later.upgrade();
      expect((await later.check()).differences).toEqual([]);
      expect(await log(reports("circle_reports"))).toEqual([]);
      expect(await query("SELECT note, postId, otherId FROM circle_reports")).toEqual([
        { note: "größte", postId: 4, otherId: 4 },
      ]);
      await later.downgrade({ revision: "-1" });
      await later.upgrade();
      expect((await later.check()).differences).toEqual([]);
    });
  });

  // MariaDB under the name of MySQL is what many projects have, and where TypeORM repeats itself most.
  test.each(server === "mariadb" ? (["mariadb", "mysql"] as const) : (["mysql"] as const))(
    "issue 9394: nothing comes again, also of what TypeORM made, as type %s",
    async (type) => {
      await onProject(server, async ({ project, query }) => {
        const made = await project(clients, { type });
        await made.revision({ autogenerate: true, message: "first" });
        await made.upgrade();
        await query(
          "INSERT INTO clients (id, first_name, version) VALUES ('8b2b7a44-2c3a-4d0a-9a43-0f2f6d0d3f11', 'Zoë', 1)",
        );
        const { differences } = await made.revision({ autogenerate: true, message: "again" });
        expect(differences).toEqual([]);
        await made.downgrade({ revision: "base" });
      });
      await onProject(server, async ({ project, synchronize }) => {
        await synchronize(clients, { type });
        const limbeck = await project(clients, { type });
        expect((await limbeck.check()).differences).toEqual([]);
      });
    },
  );
});
