/** A replica takes no writes at all: `check` reads and judges as far as it can there, says so once, and asks for no more. */
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { EntitySchema } from "typeorm";
import { open } from "../../../src/open";
import type { Limbeck } from "../../../src/open";
import { describeOn } from "../../support/describe-on";
import { failure } from "../../support/error";
import { temporaryFolder } from "../../support/sqlite";

interface Server {
  readonly url: string;
  readonly stop: () => Promise<void>;
  readonly asReplica: () => Promise<string>;
}
interface Servers {
  readonly postgresBinaries: (modules: string) => string | undefined;
  readonly startPostgres: (binaries: string) => Promise<Server>;
}
const { postgresBinaries, startPostgres } = createRequire(__filename)("../../servers/postgres") as Servers;

const entities = (check: string) => [
  new EntitySchema({
    name: "thing",
    columns: {
      id: { type: "int", primary: true },
      name: { type: "varchar", length: 20, default: "x" },
      loud: { type: "text", asExpression: "upper(name) || '!'", generatedType: "STORED", nullable: true },
    },
    checks: [{ name: "c", expression: check }],
    indices: [{ name: "i", columns: ["name"], where: `"name" <> 'y' AND id > 3` }],
  }),
  new EntitySchema({
    name: "v",
    type: "view",
    expression: "SELECT t.id, UPPER(t.name) AS big FROM thing t WHERE t.id IN (1, 2)",
    columns: { id: { type: "int" } },
  }),
];
const CHECK = `"name" COLLATE "C" IN ('a', 'b') OR id BETWEEN 1 AND 9`;

const binaries = postgresBinaries(resolve("node_modules"));
describeOn(binaries === undefined ? [] : [binaries], "a replica", (place) => {
  test("is compared as its primary is, changes are seen, and what writes is refused", async () => {
    const { folder, remove } = temporaryFolder();
    const server = await startPostgres(place);
    const warnings: string[] = [];
    const project = async (url: string, check: string): Promise<Limbeck> =>
      await open({
        cwd: folder,
        config: { dataSource: { type: "postgres", url, entities: entities(check) } },
        reporter: { info: () => undefined, warn: (line) => void warnings.push(line) },
      });
    try {
      const primary = await project(server.url, CHECK);
      await primary.revision({ autogenerate: true, message: "first" });
      await primary.upgrade();
      expect((await primary.check()).differences).toEqual([]);
      const url = await server.asReplica();
      const found = await (await project(url, CHECK)).check();
      expect(found.differences).toEqual([]);
      // Once for all expressions, and once for all views.
      expect(warnings.map((line) => /whether these (\w+) have changed/.exec(line)?.[1])).toEqual([
        "expressions",
        "views",
      ]);
      expect(await (await project(url, CHECK)).current()).toHaveLength(1);
      const other = await (await project(url, `"name" COLLATE "C" IN ('a', 'c')`)).check();
      expect(other.differences.map((line) => line.replace(/ c .*/, ""))).toEqual(["drop check", "add check"]);
      const error = await failure((await project(url, CHECK)).downgrade({ revision: "base" }));
      expect(error.message).toContain("read-only");
    } finally {
      await server.stop();
      remove();
    }
  }, 120_000);
});
