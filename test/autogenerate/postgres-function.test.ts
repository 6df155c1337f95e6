/** The example of docs/plugins.md that keeps a function of PostgreSQL, taken from the page and run on a server. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compileFunction } from "node:vm";
import { Client } from "pg";
import ts from "typescript";
import type { Plugin } from "../../src/autogenerate/plugin";
import * as limbeck from "../../src/index";
import { entity } from "../commands/sqlite-project";
import { readPage } from "../docs/page";
import { ROOT } from "../docs/site";
import { createPostgresDatabase } from "../support/servers";
import { temporaryFolder } from "../support/sqlite";

const page = readPage(readFileSync(join(ROOT, "docs", "plugins.md"), "utf8"));
const example = page.steps.find((step) => step.kind === "file" && step.path === "src/functions.ts");
const source = example?.kind === "file" ? example.text : "";

/** What the page's module exports, with Limbeck's own source behind the name `limbeck`. */
function pluginOf(text: string): Plugin {
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const exported: { functionsPlugin?: Plugin } = {};
  const run = compileFunction(outputText, ["require", "exports"]) as (
    require: () => typeof limbeck,
    exports: object,
  ) => void;
  run(() => limbeck, exported);
  return exported.functionsPlugin ?? { name: "none" };
}

const account = entity("account", {
  id: { type: "int", primary: true },
  code: { type: "text", default: () => "new_code()" },
});

test("a function is created in its place, replaced, dropped, and put back on the way down", async () => {
  const database = await createPostgresDatabase();
  const place = temporaryFolder();
  const client = new Client({ connectionString: database.url });
  try {
    await client.connect();
    await client.query("CREATE FUNCTION theirs() RETURNS int LANGUAGE sql AS 'SELECT 1'");
    const opened = (functions: string): Promise<limbeck.Limbeck> =>
      limbeck.open({
        cwd: place.folder,
        config: {
          dataSource: { type: "postgres", url: database.url, entities: [account] },
          plugins: [pluginOf(functions)],
        },
      });
    const next = async (functions: string): Promise<readonly string[]> => {
      const project = await opened(functions);
      const { differences } = await project.revision({ autogenerate: true });
      await project.upgrade();
      const { differences: rest, unmanaged } = await project.check();
      expect(rest).toEqual([]);
      expect(unmanaged).toEqual([{ kind: "object", type: "function", name: "theirs" }]);
      return differences;
    };
    const count = async (): Promise<unknown> =>
      (await client.query<{ n: string }>("SELECT account_count() AS n")).rows[0]?.n;
    const names = async (): Promise<readonly string[]> => {
      const { rows } = await client.query<{ name: string }>(
        "SELECT proname AS name FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1",
      );
      return rows.map(({ name }) => name);
    };

    expect(await next(source)).toEqual([
      "create function new_code",
      "create table account (2 columns)",
      "create function account_count",
    ]);
    await client.query("INSERT INTO account (id) VALUES (1), (2)");
    expect(await count()).toBe("2");

    const replaced = source.replace("SELECT count(*) FROM account", "SELECT 10 * count(*) FROM account");
    expect(await next(replaced)).toEqual(["replace function account_count"]);
    expect(await count()).toBe("20");

    const withArgument = replaced.replace(
      /arguments: "",(\s+)returns: "bigint"/,
      'arguments: "minimum integer DEFAULT 0",$1returns: "bigint"',
    );
    expect(await next(withArgument)).toEqual(["replace function account_count"]);

    const gone = withArgument.replace(/\{\s+name: "account_count"[\s\S]*?\n {2}\},\n/, "");
    expect(await next(gone)).toEqual(["drop function account_count"]);
    expect(await names()).toEqual(["new_code", "theirs"]);

    const project = await opened(gone);
    await project.downgrade({ revision: "-3" });
    expect(await count()).toBe("2");
    await project.downgrade({ revision: "base" });
    expect(await names()).toEqual(["theirs"]);
  } finally {
    await client.end();
    place.remove();
    await database.drop();
  }
});
