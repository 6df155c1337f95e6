/** The connection that is lent to a revision: its queries and the operations take turns, and none waits for itself. */
import { kinds } from "../roundtrip/databases";
import { ServerProject, table } from "./server-project";

const ADD = 'op.addColumn("one", { name: "n", type: "int", nullable: true });';

/** What a revision asks of its connection, and which operations come then. */
const CASES: Readonly<Record<string, string>> = {
  "a query, then a change of a table": `await op.queryRunner.query("SELECT 1"); await ${ADD}`,
  "calls that nobody waits for": `void op.queryRunner.query("SELECT 1"); void ${ADD}`,
  "a query, then rows": 'await op.queryRunner.query("SELECT 1"); await op.bulkInsert("one", [{ id: 1 }]);',
  "a query, then an autocommit block":
    'await op.queryRunner.query("SELECT 1"); await op.autocommitBlock(async () => { await op.execute("SELECT 1"); });',
  "a query inside an autocommit block": `await op.autocommitBlock(async () => { await op.queryRunner.query("SELECT 1"); await ${ADD} });`,
  "a query, then a backfill": `await op.bulkInsert("one", [{ id: 1 }]); await ${ADD}
    await op.manager.query("SELECT 1"); await op.backfill("one", { set: { n: 1 }, where: "n IS NULL" });`,
  "a query inside a batch": `await op.batchAlterTable("one", async (batch) => {
    await op.queryRunner.query("SELECT 1"); await op.execute("SELECT 1");
    batch.addColumn({ name: "n", type: "int", nullable: true }); });`,
  "a transaction of the manager, which sees what was done": `await ${ADD}
    await op.manager.transaction(async (manager) => { await manager.query("INSERT INTO one (id, n) VALUES (1, 2)"); });
    const [row] = await op.queryRunner.manager.query("SELECT n FROM one"); if (row.n !== 2) throw new Error("not seen");`,
  "TypeORM's own change of a table": `await op.queryRunner.renameColumn("one", "id", "key"); await ${ADD}`,
};

describe.each(kinds.map((kind) => [kind.name, kind] as const))("on %s", (_name, kind) => {
  test.each(Object.entries(CASES))("%s: everything is done, in turn", async (_case, body) => {
    const project = new ServerProject(kind);
    project.write("a", null, `${table("one")} ${body}`);
    const limbeck = await project.open({ transaction: "each" });
    expect((await limbeck.upgrade()).to).toEqual(["a"]);
    await project.remove();
  });
});
