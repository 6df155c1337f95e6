/**
 * A backfill changes every row once, whatever ends it in the middle: each batch is committed with its place in the
 * journal, and the next `upgrade` goes on from there.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { open } from "../../src/open";
import type { OpenOptions } from "../../src/open";
import { connected } from "../roundtrip/databases";
import type { Kind, TestDatabase } from "../roundtrip/databases";
import { killable, upgradeKilled } from "./upgrade-killed";

const file = (id: string, down: string | null, body: string): string => `export const revision = "${id}";
export const downRevision = ${JSON.stringify(down)};
export const branchLabels = null;
export const dependsOn = null;
export const message = "revision ${id}";
export async function upgrade(op) {
${body}
}
export async function downgrade(op) {}
`;

/** Rows with a number that no JavaScript number holds among the keys. */
const FIRST = `  await op.createTable("item", {
    columns: [
      { name: "id", type: "bigint" },
      { name: "kind", type: "varchar", length: 40 },
      { name: "n", type: "int", default: 0 },
    ],
    primaryKey: { columns: ["id"] },
  });
  const rows = Array.from({ length: 95 }, (_, index) => ({ id: 9007199254740980n + BigInt(index), kind: "it's " + (index % 9) }));
  await op.bulkInsert("item", rows);`;
/** Not repeatable: a row that is changed twice shows. */
const SECOND = `  await op.execute("UPDATE item SET n = 10");
  await op.backfill("item", { set: { n: () => "n + 1" }, where: "n < 100", batchSize: 10 });
  await op.execute("UPDATE item SET n = n + 100");`;

describe.each(killable)("a backfill on $name", (kind: Kind) => {
  let folder: string;
  let made = 0;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "limbeck-backfill-"));
    mkdirSync(join(folder, "revisions", "versions"), { recursive: true });
    writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (id: string, down: string | null, body: string): void =>
    writeFileSync(join(folder, "revisions", "versions", `${id}.js`), file(id, down, body));
  const lines: string[] = [];
  const upgrade = async (
    options: TestDatabase["options"],
    revision = "head",
    more: Partial<OpenOptions> = {},
  ) => {
    lines.length = 0;
    const reporter = { info: (line: string) => lines.push(line), warn: () => undefined };
    const limbeck = await open({ cwd: folder, config: { dataSource: options }, reporter, ...more });
    return await limbeck.upgrade({ revisions: [revision] });
  };
  const on = async (body: (database: TestDatabase) => Promise<void>): Promise<void> => {
    const database = await kind.create(folder, `copy${++made}`);
    try {
      await body(database);
    } finally {
      await database.drop();
    }
  };
  const numbers = async (options: TestDatabase["options"]): Promise<readonly number[]> =>
    await connected(options, async (dataSource) => {
      const rows = await dataSource.query<readonly { n: number | string }[]>(
        "SELECT n FROM item ORDER BY id",
      );
      return rows.map(({ n }) => Number(n));
    });

  it("is taken up where it was killed", async () => {
    write("a1", null, FIRST);
    write("b2", "a1", SECOND);
    let count = 0;
    await on(async ({ options }) => {
      await upgrade(options, "a1");
      count = (await upgradeKilled({ kind, folder, options, at: 0, when: "after" }))?.length ?? 0;
      expect(await numbers(options)).toEqual(Array<number>(95).fill(111));
    });
    let resumed = 0;
    for (const [part, when] of [
      [0.5, "after"],
      [0.7, "sent"],
    ] as const) {
      await on(async ({ options }) => {
        await upgrade(options, "a1");
        const at = Math.floor(count * part);
        expect(await upgradeKilled({ kind, folder, options, at, when })).toBeUndefined();
        const left = await numbers(options);
        expect(new Set(left)).toEqual(new Set([10, 11]));
        await upgrade(options);
        expect(await numbers(options)).toEqual(Array<number>(95).fill(111));
        if (lines.some((line) => /, \d+ of them done before/.test(line))) resumed++;
      });
    }
    expect(resumed).toBe(2);
  }, 60_000);

  it("goes along any key, says how far it is, and stops when it is interrupted", async () => {
    write("a1", null, FIRST);
    write("b2", "a1", SECOND.replace("batchSize: 10", 'batchSize: 7, key: ["kind", "id"], pause: "1ms"'));
    await on(async ({ options }) => {
      await upgrade(options, "a1");
      const controller = new AbortController();
      const reporter = {
        info: () => undefined,
        warn: () => undefined,
        progress: (line: string) => {
          if (/: 21 of 95 rows/.test(line)) controller.abort("SIGINT");
        },
      };
      await expect(upgrade(options, "head", { signal: controller.signal, reporter })).rejects.toMatchObject({
        code: "INTERRUPTED",
      });
      expect((await numbers(options)).filter((n) => n === 11)).toHaveLength(21);
      await upgrade(options);
      expect(lines).toContain("backfill of item: 95 rows, 21 of them done before");
      expect(await numbers(options)).toEqual(Array<number>(95).fill(111));
    });
  });

  it("changes what `where` means, is one statement in a script, and leaves nothing in a dry run", async () => {
    write("a1", null, FIRST);
    write(
      "b2",
      "a1",
      `  await op.backfill("item", { set: { n: 5, kind: "it's" }, where: "n = 0 OR n = 1" });`,
    );
    await on(async ({ options }) => {
      await upgrade(options, "a1");
      const texts: string[] = [];
      const limbeck = await open({
        cwd: folder,
        config: { dataSource: options },
        write: (text) => texts.push(text),
      });
      await limbeck.upgrade({ revisions: ["a1:b2"], sql: true });
      const updates = texts.join("").match(/UPDATE .item. SET .*/g);
      expect(updates).toEqual([
        expect.stringMatching(/^UPDATE .item. SET .n. = 5, .kind. = 'it''s' WHERE n = 0 OR n = 1;$/),
      ]);
      // There, definitions commit by themselves.
      if (kind.name !== "mariadb" && kind.name !== "mysql") {
        await limbeck.upgrade({ dryRun: true });
        expect(new Set(await numbers(options))).toEqual(new Set([0]));
      }
      await limbeck.upgrade();
      expect(new Set(await numbers(options))).toEqual(new Set([5]));
    });
  });

  // Nothing of this asks a database.
  const refused = it.each([
    ["sets nothing", `{ set: {} }`],
    ["the batch size 0", `{ set: { n: 1 }, batchSize: 0 }`],
    ['the pause "soon"', `{ set: { n: 1 }, pause: "soon" }`],
    ['changes "n"', `{ set: { n: 1 }, key: "n" }`],
    ['goes along "x", which is no column', `{ set: { n: 1 }, key: "x" }`],
  ]);
  if (kind !== killable[0]) return;
  refused("is refused where it %s", async (message, options) => {
    write("a1", null, FIRST);
    write("b2", "a1", `  await op.backfill("item", ${options});`);
    await on(async (database) => {
      await upgrade(database.options, "a1");
      await expect(upgrade(database.options)).rejects.toMatchObject({
        code: "INVALID_OPERATION",
        message: expect.stringContaining(message) as string,
      });
    });
  });
});
