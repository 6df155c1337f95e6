/** A deployment of ten containers: one runs, nine wait and find nothing to do, and all of them are content. */
import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { RunResult } from "../../src/commands/upgrade";
import { connected, kinds } from "../roundtrip/databases";
import { temporaryFolder } from "../support/sqlite";

const run = promisify(execFile);
const DIST = join(__dirname, "..", "..", "dist", "index.js");

const SOURCE = (id: string, parent: string | null): string => `exports.revision = "${id}";
exports.downRevision = ${JSON.stringify(parent)};
exports.message = "revision ${id}";
exports.upgrade = async (op) => {
  await op.createTable("t_${id}", { columns: [{ name: "id", type: "int" }], primaryKey: { columns: ["id"] } });
  await op.bulkInsert("t_${id}", [{ id: 1 }]);
};
exports.downgrade = async (op) => {};
`;

const SCRIPT = `
  const [folder, options, lock] = process.argv.slice(1);
  require(${JSON.stringify(DIST)})
    .open({ cwd: folder, config: { dataSource: JSON.parse(options), lock } })
    .then((limbeck) => limbeck.upgrade())
    .then((result) => console.log(JSON.stringify(result)))
    .catch((error) => { console.error(error.message); process.exitCode = 1; });
`;

const cases = kinds
  .filter(({ name }) => name !== "sqlite")
  .flatMap((kind) =>
    (kind.name === "better-sqlite3" ? ["session"] : ["session", "table"]).map(
      (lock) => [kind.name, lock, kind] as const,
    ),
  );

test.each(cases)(
  "ten processes that upgrade one %s database at once, with a lock of the %s",
  async (_name, lock, kind) => {
    const place = temporaryFolder();
    const versions = join(place.folder, "revisions", "versions");
    mkdirSync(versions, { recursive: true });
    for (const [index, id] of ["a1", "b2", "c3"].entries()) {
      writeFileSync(join(versions, `${id}.js`), SOURCE(id, ["a1", "b2"][index - 1] ?? null));
    }
    const database = await kind.create(place.folder, "app");
    try {
      const results = await Promise.all(
        Array.from({ length: 10 }, async () => {
          const args = ["-e", SCRIPT, place.folder, JSON.stringify(database.options), lock];
          const { stdout } = await run(process.execPath, args, {
            env: { ...process.env, NODE_OPTIONS: "", JEST_WORKER_ID: "" },
          });
          return (JSON.parse(stdout) as RunResult).steps.length;
        }),
      );
      expect(results.toSorted((left, right) => left - right)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 3]);
      const rows = await connected(database.options, (dataSource) =>
        dataSource.query<{ version_num: string }[]>("SELECT version_num FROM limbeck_version"),
      );
      expect(rows).toEqual([{ version_num: "c3" }]);
    } finally {
      await database.drop();
      place.remove();
    }
  },
  120_000,
);
