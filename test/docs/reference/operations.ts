/** The chapter of the operations: their doc comments and signatures, and what each example becomes on every database. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import example from "../../../ormconfig.example";
import { registryOf } from "../../../src/autogenerate/plugin";
import { inlineParameters, ownPlaceholders } from "../../../src/dialects/ansi/parameters";
import { loadDialect } from "../../../src/dialects/index";
import type { Dialect } from "../../../src/dialects/dialect";
import { messageOf } from "../../../src/errors";
import { emptySchema } from "../../../src/model/schema";
import { MigrationContext } from "../../../src/runtime/context";
import { recorder } from "../../../src/runtime/executor";
import { simulatedSchema } from "../../../src/runtime/known-schema";
import { createOperations } from "../../../src/runtime/op";
import { versionTables } from "../../../src/runtime/version-table";
import { ROOT } from "../site";
import type { Chapter } from "./chapter";
import { EXAMPLES, SETTING, WITHOUT_SQL } from "./examples";
import { revisionBody } from "../../support/evaluate";

/** Statements of an example as JavaScript. */
export function javascript(text: string): string {
  return ts.transpile(text, { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext });
}

const DATABASES = {
  postgres: "PostgreSQL",
  mysql: "MySQL",
  mariadb: "MariaDB",
  sqlite: "SQLite",
  mssql: "SQL Server",
};

/** A call of `op` as its source has it. */
export interface DocumentedCall {
  readonly name: string;
  readonly comment: string;
  readonly signature: string;
}

/** The methods of the interface `Operations`, in the order of the file. */
export function documentedCalls(): readonly DocumentedCall[] {
  const file = join(ROOT, "src", "operations", "spec.ts");
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, true);
  const found = source.statements.find(
    (statement) => ts.isInterfaceDeclaration(statement) && statement.name.text === "Operations",
  ) as ts.InterfaceDeclaration;
  return found.members.filter(ts.isMethodSignature).map((method) => ({
    name: method.name.getText(),
    comment: ts
      .getJSDocCommentsAndTags(method)
      .map((part) => ts.getTextOfJSDocComment(part.comment) ?? "")
      .join("\n")
      .replace(/\s*\n\s*/g, " "),
    signature: method.getText(),
  }));
}

/** The methods and options of a batch, which only stand in its own file. */
function batchInterfaces(): readonly string[] {
  const file = join(ROOT, "src", "operations", "spec-batch.ts");
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, true);
  const texts = source.statements
    .filter(ts.isInterfaceDeclaration)
    .map((declaration) => declaration.getText().replace(/^export /, ""));
  return [
    "What `batch` can do, and the options:",
    "",
    "```ts signature",
    texts.reverse().join("\n\n"),
    "```",
    "",
  ];
}

/** The SQL of a body, or why there is none. */
async function sqlOf(dialect: Dialect, before: string, call: string): Promise<string> {
  const registry = registryOf(example.plugins);
  const context = new MigrationContext({
    dialect,
    executor: recorder(),
    schema: simulatedSchema(() => Promise.resolve(emptySchema), registry),
    registry,
    transaction: "none",
    tables: versionTables({ name: "limbeck_version" }, { name: "limbeck_history" }),
  });
  const executor = recorder();
  const run = async (to: MigrationContext, text: string): Promise<void> => {
    await createOperations(to, { autocommit: (block) => block() }).run(revisionBody(javascript(text)));
  };
  try {
    await run(context, before);
    await run(context.through(executor), call);
  } catch (error) {
    return `-- refused: ${messageOf(error)}`;
  }
  const lines = executor.statements.map(({ sql, parameters = [] }) => {
    const { placeholder } = dialect;
    const literals = parameters.map((value) => dialect.literal(value));
    return `${inlineParameters(ownPlaceholders(sql, literals.length, placeholder), literals, placeholder)};`;
  });
  return lines.length === 0 ? "-- nothing" : lines.join("\n");
}

/** The whole chapter. */
export async function operations(): Promise<Chapter> {
  const pages: Chapter["pages"][number][] = [];
  const calls = documentedCalls();
  for (const name of new Set(calls.map((call) => call.name))) {
    const own = calls.filter((call) => call.name === name);
    const summary = own.find(({ comment }) => comment !== "")?.comment;
    pages.push({ name, text: await pageOf(name, own), ...(summary === undefined ? {} : { summary }) });
  }
  return {
    title: "Operations",
    intro: [
      'What `op` can do in a revision file. Every call is queued in order; awaiting it waits for it. A table is `"name"` or `"schema.name"`. The SQL on the page of each call is what a script gets, on these tables:',
      "",
      "```ts op",
      SETTING.trim(),
      "```",
    ].join("\n"),
    pages,
  };
}

async function pageOf(name: string, calls: readonly DocumentedCall[]): Promise<string> {
  const shown = EXAMPLES[name];
  if (!shown) throw new Error(`no example of op.${name}`);
  const { before = "", call, note } = shown;
  const lines = ["```ts signature", ...calls.map(({ signature }) => signature), "```", ""];
  for (const { comment } of calls) if (comment !== "") lines.push(comment, "");
  if (name === "batchAlterTable") lines.push(...batchInterfaces());
  lines.push("## Example", "");
  if (before !== "") lines.push("First:", "", "```ts op", before, "```", "", "Then:", "");
  lines.push("```ts op", call, "```", "");
  if (note !== undefined) lines.push(note, "");
  if (WITHOUT_SQL.has(name)) return lines.join("\n");
  lines.push("## What it runs", "");
  const bySql = new Map<string, string[]>();
  for (const [key, title] of Object.entries(DATABASES)) {
    const sql = await sqlOf(loadDialect(key as keyof typeof DATABASES), `${SETTING}${before}`, call);
    bySql.set(sql, [...(bySql.get(sql) ?? []), title]);
  }
  for (const [sql, titles] of bySql) lines.push(`${titles.join(", ")}:`, "", "```sql", sql, "```", "");
  return lines.join("\n");
}
