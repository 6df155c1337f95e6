/** The operations for production that are written by hand on PostgreSQL: online and as a script they leave the same schema. */
import { postgres } from "../../src/dialects/postgres";
import type { Schema } from "../../src/model/schema";
import { queryableOf } from "../../src/runtime/queryable";
import { connected, kinds } from "../roundtrip/databases";
import { describeOn } from "../support/describe-on";
import { ServerProject } from "./server-project";

const UP = `
  await op.createExtension("citext", { ifNotExists: true });
  await op.createSchema("shop", { ifNotExists: true });
  await op.createSequence("shop.numbers", { start: 5, increment: 5 });
  await op.alterSequence("shop.numbers", { restart: 50, newName: "shop.counts" });
  await op.createTable("shop.box", { columns: [{ name: "id", type: "int" }], primaryKey: { name: "pk_box", columns: ["id"] } });
  await op.createTable("thing", {
    columns: [{ name: "id", type: "int", generated: "identity" }, { name: "box", type: "int", nullable: true },
      { name: "name", type: "citext" }, { name: "during", type: "tsrange", nullable: true }],
    primaryKey: { name: "pk_thing", columns: ["id"] },
  }, { ifNotExists: true });
  await op.bulkInsert("shop.box", [{ id: 1 }]);
  await op.bulkInsert("thing", [{ box: 1, name: "one" }, { box: null, name: "two" }]);
  await op.autocommitBlock(async () => {
    await op.createIndex("thing_name", "thing", ["name"], { concurrently: true, ifNotExists: true });
    await op.createIndex("thing_gone", "thing", ["box"], { concurrently: true });
    await op.dropIndex("thing_gone", "thing", { concurrently: true, ifExists: true });
  });
  await op.createForeignKey("fk", "thing", ["box"], "shop.box", ["id"], { notValid: true, onDelete: "CASCADE", deferrable: "INITIALLY DEFERRED", lockTimeout: "3s" });
  await op.createCheckConstraint("named", "thing", "box IS NULL OR box > 0", { notValid: true });
  await op.createCheckConstraint("later", "thing", "id > 0", { notValid: true });
  await op.validateConstraint("fk", "thing");
  await op.validateConstraint("named", "thing");
  await op.createExclusionConstraint("apart", "thing", "USING gist (during WITH &&)", { deferrable: "INITIALLY IMMEDIATE" });
  await op.alterColumn("thing", "name", { type: "varchar", length: 20 }, { using: "upper(name)", lockTimeout: "3s" });
  await op.createView("big", "SELECT id, name FROM thing", { materialized: true });
  await op.refreshView("big");
  await op.dropExtension("citext", { ifExists: true });
  await op.dropSequence("nowhere", { ifExists: true });`;

describeOn(
  kinds.filter(({ name }) => name === "postgres"),
  "by hand on %s",
  (kind) => {
    test("the same stands online and after the script", async () => {
      const outcome = async (isScript: boolean) => {
        const project = new ServerProject(kind);
        try {
          project.write("a1", null, UP);
          const database = await project.database();
          const written: string[] = [];
          const limbeck = await project.open({}, { write: (text) => void written.push(text) });
          if (!isScript) await limbeck.upgrade();
          else if (database.feed) {
            await limbeck.upgrade({ sql: true });
            database.feed(written.join(""));
          } else {
            console.warn("not run: the script, because there is no psql");
            return undefined;
          }
          const rows = await project.query("SELECT id, box, name FROM thing ORDER BY id");
          const [next] = await project.query("SELECT nextval('shop.counts')::int AS next");
          return { rows, next, schema: await schemaOf(project) };
        } finally {
          await project.remove();
        }
      };
      const online = await outcome(false);
      expect(online).toMatchObject({
        rows: [
          { id: 1, box: 1, name: "ONE" },
          { id: 2, box: null, name: "TWO" },
        ],
        next: { next: 50 },
      });
      const [thing] = online?.schema.tables.filter(({ name }) => name === "thing") ?? [];
      expect(thing?.indexes.map(({ name }) => name)).toEqual(["thing_name"]);
      const open = thing?.constraints.filter((one) => "notValid" in one && one.notValid) ?? [];
      expect(open.map(({ name }) => name)).toEqual(["later"]);
      const script = await outcome(true);
      if (script) expect(script).toEqual(online);
    });
  },
);

async function schemaOf(project: ServerProject): Promise<Schema> {
  const { options } = await project.database();
  return await connected(options, async (dataSource) => {
    const queryRunner = dataSource.createQueryRunner();
    try {
      const db = queryableOf(queryRunner);
      const schema = postgres.normalize(await postgres.inspect(db, { schemas: ["shop"] }));
      // A script has no journal.
      return { ...schema, tables: schema.tables.filter(({ name }) => !name.startsWith("limbeck_")) };
    } finally {
      await queryRunner.release();
    }
  });
}
