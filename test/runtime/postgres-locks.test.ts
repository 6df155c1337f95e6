/** A transaction that locks more than a PostgreSQL server has room for: what is said, and that what is said helps. */
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { open } from "../../src/open";
import { failure } from "../support/error";
import { makeProject, removeProjects } from "../support/project";
import { describeOn } from "../support/describe-on";

interface Servers {
  readonly postgresBinaries: (modules: string) => string | undefined;
  readonly startPostgres: (
    binaries: string,
    settings: Readonly<Record<string, string>>,
  ) => Promise<{ readonly url: string; readonly stop: () => Promise<void> }>;
}
const { postgresBinaries, startPostgres } = createRequire(__filename)("../servers/postgres") as Servers;

/** Room for few locks: the setting counts for each process that the server may have. */
const SMALL = {
  max_locks_per_transaction: "10",
  max_connections: "4",
  superuser_reserved_connections: "0",
  max_wal_senders: "0",
  max_worker_processes: "1",
  autovacuum_max_workers: "1",
};
/** Enough that those of two revisions have no room, and those of one have. */
const TABLES = 150;

const revision = (id: string, parent: string | null, prefix: string): string => `
exports.revision = "${id}";
exports.downRevision = ${JSON.stringify(parent)};
exports.message = "tables of ${prefix}";
exports.upgrade = async (op) => {
  for (let i = 0; i < ${TABLES}; i++) {
    await op.createTable("${prefix}" + i, { columns: [{ name: "id", type: "int" }], primaryKey: { columns: ["id"] } });
  }
};
exports.downgrade = async () => {};
`;

const binaries = postgresBinaries(resolve("node_modules"));
describeOn(binaries === undefined ? [] : [binaries], "a server with room for few locks", (place) => {
  afterAll(removeProjects);

  test("says what to do, and a transaction for each revision needs less of them", async () => {
    const { url, stop } = await startPostgres(place, SMALL);
    try {
      const cwd = makeProject({
        "revisions/versions/a1.js": revision("a1", null, "first_"),
        "revisions/versions/b2.js": revision("b2", "a1", "second_"),
      });
      const config = { dataSource: { type: "postgres", url, entities: [] } } as const;
      const error = await failure((await open({ cwd, config })).upgrade());
      expect(error.code).toBe("STATEMENT_FAILED");
      expect(error.message).toMatch(
        /^upgrade to b2 \("tables of second_"\) failed at statement \d+: out of shared memory; it was rolled back/,
      );
      expect(error.hint).toBe(
        "one transaction locks more tables and indexes than the server has room for: give each revision its own by " +
          '`transaction: "each"` and split the ones that are too large, or raise max_locks_per_transaction, which takes a restart',
      );
      const each = await open({ cwd, config: { ...config, transaction: "each" } });
      expect((await each.upgrade()).to).toEqual(["b2"]);
    } finally {
      await stop();
    }
  }, 120_000);
});
