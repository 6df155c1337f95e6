import { readFileSync } from "node:fs";
import { join } from "node:path";
import { LimbeckError } from "../../src/errors";
import { Rewriter } from "../../src/autogenerate/rewriter";
import type { ProcessRevisionDirectives } from "../../src/autogenerate/directives";
import type { Operation } from "../../src/operations/operation";
import type { Limbeck } from "../../src/open";
import { failure } from "../support/error";
import { connected } from "../roundtrip/databases";
import { entity, id, SqliteProject, text } from "../commands/sqlite-project";

let project: SqliteProject;
beforeEach(() => {
  project = new SqliteProject();
});
afterEach(() => project.remove());

const account = entity("account", { id, name: text });
const log = entity("log", { id, line: text });

async function generated(limbeck: Limbeck): Promise<string> {
  const { file } = await limbeck.revision({ autogenerate: true, message: "next" });
  return file === undefined ? "" : readFileSync(file, "utf8");
}

async function opened(
  processRevisionDirectives: ProcessRevisionDirectives | Rewriter,
  entities = [account, log],
): Promise<Limbeck> {
  return await project.open(entities, { processRevisionDirectives });
}

/** Bodies of upgrade and downgrade, calls only. */
function calls(source: string): { readonly up: string[]; readonly down: string[] } {
  const [up = "", down = ""] = source.split("function downgrade");
  const found = (part: string): string[] =>
    [...part.matchAll(/(?:op|batch)\.(\w+)\(\s*"?(\w*)/g)].map(([, name, what]) => `${name} ${what}`);
  return { up: found(up), down: found(down) };
}

describe("processRevisionDirectives", () => {
  test("sees what is to be written, its mirror and where it goes", async () => {
    await project.migrate([account], "first");
    const seen: unknown[] = [];
    const limbeck = await opened((context, revision, directives) => {
      const [directive] = directives;
      const { upgrade = [], downgrade = [] } = directive ?? {};
      seen.push(context.command, context.dialect, revision, directive?.message);
      seen.push(upgrade.map(context.describe), downgrade.map(context.describe));
      seen.push(
        context.live.tables.map(({ name }) => name),
        context.target.tables.map(({ name }) => name),
      );
    });
    await generated(limbeck);
    expect(seen).toEqual([
      "revision",
      "sqlite",
      ["first"],
      "next",
      ["create table log (2 columns)"],
      ["drop table log"],
      ["account"],
      ["account", "log"],
    ]);
  });

  test("empties the list: no file, and check finds nothing", async () => {
    const limbeck = await opened((_context, _revision, directives) => {
      directives.length = 0;
    });
    expect(await generated(limbeck)).toBe("");
    expect((await limbeck.check()).differences).toEqual([]);
  });

  test("empties the upgrade: no file, unless it may be empty", async () => {
    const limbeck = await opened((_context, _revision, [directive]) => {
      if (directive) directive.upgrade = [];
    });
    expect(await generated(limbeck)).toBe("");
    const { file } = await limbeck.revision({ autogenerate: true, allowEmpty: true });
    expect(readFileSync(file ?? "", "utf8")).toContain("// nothing to do");
  });

  test("changes the upgrade: the downgrade follows", async () => {
    const limbeck = await opened((_context, _revision, directives) =>
      directives.map((directive) => ({
        ...directive,
        message: "only the log",
        upgrade: directive.upgrade.filter((one) => one.kind === "createTable" && one.table.name === "log"),
      })),
    );
    const source = await generated(limbeck);
    expect(calls(source)).toEqual({ up: ["createTable log"], down: ["dropTable log"] });
    expect(source).toContain('export const message = "only the log";');
  });

  test("changes the downgrade alone", async () => {
    const limbeck = await opened((_context, _revision, directives) => {
      for (const directive of directives) directive.downgrade = [];
    });
    expect(calls(await generated(limbeck))).toEqual({
      up: ["createTable account", "createTable log"],
      down: [],
    });
  });

  test("adds SQL that has no way back: the file has no downgrade, and that is said", async () => {
    const limbeck = await opened((_context, _revision, directives) => {
      for (const { upgrade } of directives) upgrade.push({ kind: "execute", sql: "SELECT 1" });
    });
    const source = await generated(limbeck);
    expect(calls(source).up).toEqual(["createTable account", "createTable log", "execute SELECT"]);
    expect(source).not.toContain("downgrade");
    expect(project.reported).toContain(
      'the new revision has no downgrade: there is no way back from "execute SQL"',
    );
  });

  test("adds SQL with a way back", async () => {
    const limbeck = await opened((_context, _revision, directives) => {
      for (const { upgrade } of directives)
        upgrade.push({ kind: "execute", sql: "SELECT 1", reverse: "SELECT 2" });
    });
    expect(calls(await generated(limbeck)).down).toEqual([
      "execute SELECT",
      "dropTable log",
      "dropTable account",
    ]);
  });

  test("SQL between two changes of a table stays between them, though the table is copied", async () => {
    await project.migrate([account], "first");
    await project.query("INSERT INTO account (name) VALUES ('Zoë')");
    const wanted = entity("account", {
      id,
      name: { type: "varchar", nullable: true },
      size: { type: "integer", nullable: true },
    });
    const limbeck = await opened(
      (_context, _revision, directives) => {
        for (const directive of directives) {
          const isAdd = (one: Operation): boolean => one.kind === "addColumn";
          directive.upgrade = [
            ...directive.upgrade.filter(isAdd),
            {
              kind: "execute",
              sql: "UPDATE account SET size = length(name)",
              reverse: "UPDATE account SET size = NULL",
            },
            ...directive.upgrade.filter((one) => !isAdd(one)),
          ];
        }
      },
      [wanted],
    );
    const source = await generated(limbeck);
    expect(calls(source).up).toEqual([
      "addColumn account",
      "execute UPDATE",
      "batchAlterTable account",
      "alterColumn name",
    ]);
    expect(calls(source).down).toEqual([
      "batchAlterTable account",
      "alterColumn name",
      "execute UPDATE",
      "dropColumn account",
    ]);
    await limbeck.upgrade();
    expect(await project.query("SELECT name, size FROM account")).toEqual([{ name: "Zoë", size: 3 }]);
    await limbeck.downgrade({ revision: "-1" });
    expect(await project.query("SELECT * FROM account")).toEqual([{ id: 1, name: "Zoë" }]);
  });

  test("an operation without what was there before is completed from the database, so that it has a way back", async () => {
    await project.migrate([account, log], "first");
    const limbeck = await opened((_context, _revision, directives) => {
      for (const { upgrade } of directives)
        upgrade.push({ kind: "dropColumn", table: { name: "log" }, column: "line" });
    });
    const source = await generated(limbeck);
    expect(calls(source)).toEqual({ up: ["dropColumn log"], down: ["addColumn log"] });
    expect(source).toContain('name: "line", type: "varchar", default: ""');
  });

  test("makes several revisions of one, each on top of the other", async () => {
    const limbeck = await opened((_context, _revision, [directive]) => {
      if (!directive) return [];
      const [first, ...rest] = directive.upgrade;
      return [
        { ...directive, id: "one", upgrade: first ? [first] : [] },
        { ...directive, id: "two", parents: ["one"], upgrade: rest },
      ];
    });
    const result = await limbeck.revision({ autogenerate: true, message: "both" });
    expect(result).toMatchObject({
      revision: "one",
      parents: [],
      others: [{ revision: "two", parents: ["one"] }],
    });
    expect((await limbeck.upgrade()).steps.map(({ revision }) => revision)).toEqual(["one", "two"]);
    expect((await limbeck.check()).differences).toEqual([]);
  });

  test("a rule that is broken is the answer no, and no file is written", async () => {
    await project.migrate([account, log], "first");
    const noDrops: ProcessRevisionDirectives = (context, _revision, directives) => {
      const drops = directives.flatMap(({ upgrade }) => upgrade.filter(({ kind }) => kind === "dropTable"));
      if (drops.length > 0) throw new LimbeckError("REFUSED", drops.map(context.describe).join("; "));
    };
    const limbeck = await opened(noDrops, [account]);
    for (const run of [() => limbeck.check(), () => limbeck.revision({ autogenerate: true })]) {
      expect(await failure(run())).toMatchObject({ code: "REFUSED", message: "drop table log" });
    }
    expect((await limbeck.heads()).map(({ revision }) => revision)).toEqual(["first"]);
  });

  test.each([
    ["a number", 1],
    ["directives without operations", [{}]],
    ["operations without a kind", [{ upgrade: [{}] }]],
  ])("%s in place of directives is an error of configuration", async (_name, answer) => {
    const limbeck = await opened(() => answer as never);
    expect((await failure(limbeck.check())).code).toBe("CONFIG_INVALID");
  });
});

describe("a rewriter", () => {
  test("rewrites each operation of a kind: by another, by several, by none", async () => {
    await project.migrate([account], "first");
    const rewriter = new Rewriter()
      .rewrites("createTable", (_context, _revision, operation) =>
        operation.table.name === "log"
          ? [operation, { kind: "execute", sql: "SELECT 1", reverse: "SELECT 2" }]
          : undefined,
      )
      .rewrites("addColumn", (_context, _revision, operation) => ({
        ...operation,
        column: { ...operation.column, nullable: true },
      }))
      .rewrites("dropColumn", () => []);
    const wanted = [entity("account", { id, size: { type: "integer" } }), log];
    const limbeck = await project.open(wanted, { processRevisionDirectives: rewriter });
    const { file, losses } = await limbeck.revision({ autogenerate: true, noRenames: true });
    const source = readFileSync(file ?? "", "utf8");
    expect(calls(source).up).toEqual(["createTable log", "execute SELECT", "addColumn account"]);
    expect(source).toMatch(/name: "size",\s+type: "integer",\s+nullable: true/);
    expect(losses).toEqual([]);
  });

  test("several functions for a kind see what those before them made, and chained ones what is left", async () => {
    const seen: string[] = [];
    const rename = (name: string) => (operation: Operation) =>
      operation.kind === "createTable" ? { ...operation, table: { ...operation.table, name } } : operation;
    const rewriter = new Rewriter()
      .rewrites(["createTable", "createIndex"], (_context, _revision, operation) => rename("a")(operation))
      .rewrites("createTable", (_context, _revision, operation) => {
        seen.push(operation.table.name);
        return { ...operation, table: { ...operation.table, name: "b" } };
      })
      .chain(
        new Rewriter().rewrites(
          "createTable",
          (_context, _revision, operation) => void seen.push(operation.table.name),
        ),
      )
      .chain((_context, _revision, directives) => {
        seen.push(`${directives.length} directive`);
      });
    expect(calls(await generated(await opened(rewriter, [log])))).toEqual({
      up: ["createTable b"],
      down: ["dropTable b"],
    });
    expect(seen).toEqual(["a", "b", "1 directive"]);
  });
});

describe("a revision by hand", () => {
  /** Writes one, and tells what the functions saw. */
  async function written(process: ProcessRevisionDirectives, revisionEnvironment = true) {
    await project.migrate([account], "first");
    const seen: unknown[] = [];
    const limbeck = await project.open([account], {
      revisionEnvironment,
      processRevisionDirectives: (context, revision, directives) => {
        seen.push([context.autogenerate, revision, context.live.tables.map(({ name }) => name)]);
        return process(context, revision, directives);
      },
    });
    const { file, differences } = await limbeck.revision({ message: "by hand", id: "b2" });
    const source = file === undefined ? undefined : readFileSync(file, "utf8");
    return { limbeck, seen, source, differences };
  }

  test("is seen where env.ts runs for it, and does what it is given", async () => {
    const {
      source = "",
      seen,
      differences,
    } = await written((_context, _revision, [directive]) => {
      directive?.upgrade.push({ kind: "dropColumn", table: { name: "account" }, column: "name" });
    });
    expect(seen).toEqual([[false, ["first"], ["account"]]]);
    expect(differences).toEqual([]);
    expect(source).not.toContain("Detected");
    expect(source).not.toContain("generated from the entities");
    expect(calls(source)).toEqual({ up: ["dropColumn account"], down: ["addColumn account"] });
  });

  test("stays empty, becomes another, or none, as the functions leave it", async () => {
    const { source, limbeck } = await written((_context, _revision, directives) => {
      for (const directive of directives) directive.message += " of ours";
      if (directives[0]?.id === "c3") directives.length = 0;
    });
    expect(source).toContain("// nothing to do");
    expect(source).toContain('message = "by hand of ours"');
    expect((await limbeck.revision({ message: "none", id: "c3" })).file).toBeUndefined();
  });

  test("is not seen where env.ts does not run for it", async () => {
    const { seen, source } = await written(() => undefined, false);
    expect({ seen, isWritten: source !== undefined }).toEqual({ seen: [], isWritten: true });
  });

  test("is seen, but a merge is not", async () => {
    const { limbeck, seen } = await written(() => undefined);
    await limbeck.revision({ head: "first", splice: true, id: "c3" });
    await limbeck.merge({ id: "d4" });
    expect(seen.map((one) => (one as readonly unknown[])[1])).toEqual([["first"], ["first"]]);
  });

  test("is seen for each of several databases that one file is for", async () => {
    const template = join(__dirname, "..", "..", "templates", "multidb", "env.cjs.js");
    project.writeEnvironment(readFileSync(template, "utf8"));
    const on = (name: string) => ({
      dataSource: {
        type: "better-sqlite3",
        database: join(project.folder, `${name}.db`),
        entities: [account],
      },
    });
    const limbeck = await project.open([account], {
      dataSource: undefined,
      databases: { main: on("main"), audit: on("audit") },
      revisionEnvironment: true,
      processRevisionDirectives: ({ database, autogenerate }, _revision, [directive]) => {
        const column = { name: `by_hand_${database ?? ""}`, type: { name: "text" }, nullable: true };
        if (!autogenerate) directive?.upgrade.push({ kind: "addColumn", table: { name: "account" }, column });
      },
    });
    await limbeck.revision({ autogenerate: true, message: "first", id: "a1" });
    await limbeck.upgrade();
    const { file = "", differences } = await limbeck.revision({ message: "by hand", id: "b2" });
    const source = readFileSync(file, "utf8");
    expect(differences).toEqual([]);
    expect(source).not.toContain("generated from the entities");
    await limbeck.upgrade();
    for (const name of ["main", "audit"]) {
      expect(source).toContain(`by_hand_${name}`);
      const columns = await connected(
        { type: "better-sqlite3", database: join(project.folder, `${name}.db`) },
        (dataSource) => dataSource.query<{ name: string }[]>("PRAGMA table_info(account)"),
      );
      expect(columns.map((column) => column.name)).toEqual(["id", "name", `by_hand_${name}`]);
    }
  });
});
