/** A role that may not read the version table is told so: the database must not look like one that is empty. */
import { join } from "node:path";
import Database from "better-sqlite3";
import { open } from "../../src/open";
import { failure } from "../support/error";
import { describeOn } from "../support/describe-on";
import { kinds } from "../roundtrip/databases";
import { temporaryFolder } from "../support/sqlite";
import { ServerProject, table } from "./server-project";

const role = `limbeck_reader_${process.pid}`;

interface Stranger {
  readonly make: readonly string[];
  readonly drop: readonly string[];
}

/** A user of MySQL who may see something else of the database. */
const byGrant = (database: string): Stranger => ({
  make: [
    `CREATE USER ${role}@'%' IDENTIFIED BY 'secret'`,
    "CREATE TABLE open_to_all (id int)",
    `GRANT SELECT ON ${database}.open_to_all TO ${role}@'%'`,
  ],
  drop: [`DROP USER ${role}@'%'`],
});

/** Makes and removes a user who may come in, and read nothing that is there. */
const STRANGERS: Readonly<Record<string, (database: string) => Stranger>> = {
  postgres: () => ({
    make: [`CREATE ROLE ${role} LOGIN`, `GRANT ALL ON SCHEMA public TO ${role}`],
    drop: [`DROP OWNED BY ${role}`, `DROP ROLE ${role}`],
  }),
  mysql: byGrant,
  mariadb: byGrant,
};

const servers = kinds.filter(({ name }) => name in STRANGERS);

describeOn(servers, "on %s", (kind) => {
  test("neither current nor upgrade take its database for an empty one", async () => {
    const project = new ServerProject(kind);
    project.write("a1", null, table("one"));
    project.write("b2", "a1", table("two"));
    await (await project.open()).upgrade({ revisions: ["a1"] });
    const { options } = await project.database();
    const url = new URL((options as { readonly url: string }).url);
    const stranger = STRANGERS[kind.name]?.(url.pathname.slice(1));
    for (const sql of stranger?.make ?? []) await project.query(sql);
    try {
      [url.username, url.password] = [role, "secret"];
      const limbeck = await project.open({ dataSource: { ...options, url: url.href } });
      for (const error of [await failure(limbeck.current()), await failure(limbeck.upgrade())]) {
        expect(error.message).toContain("the version table limbeck_version cannot be read");
        expect(error.message).toMatch(/denied/);
        expect(error.hint).toContain("SELECT");
      }
    } finally {
      for (const sql of stranger?.drop ?? []) await project.query(sql);
      await project.remove();
    }
  });
});

test("a file that another program holds is said to be held", async () => {
  const { folder, remove } = temporaryFolder();
  const file = join(folder, "app.sqlite");
  const holder = new Database(file);
  holder.exec("CREATE TABLE limbeck_version (version_num text); BEGIN EXCLUSIVE");
  const limbeck = await open({
    cwd: folder,
    config: { dataSource: { type: "better-sqlite3", database: file, timeout: 100 } },
  });
  const error = await failure(limbeck.current());
  expect(error.message).toContain(
    "the version table limbeck_version cannot be read: SqliteError: database is locked",
  );
  expect(error.hint).toContain("another program may hold the file");
  holder.close();
  remove();
});
