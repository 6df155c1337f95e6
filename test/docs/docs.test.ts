/** Every page of docs/ is run: its files written, its commands typed, their output compared, its modules type-checked. */
import { join } from "node:path";
import ts from "typescript";
import { printedAsShown } from "./page";
import type { Page, Step } from "./page";
import { DOCS, pages } from "./pages";
import { ROOT, Site } from "./site";
import { createPostgresDatabase, hasServer } from "../support/servers";

const isRun = (step: Step): boolean => step.kind === "command";

const canRun = ([name, page]: readonly [string, Page]): boolean => {
  if (!page.needsPostgres || hasServer("postgres")) return true;
  console.warn(`not run: docs/${name}, because there is no PostgreSQL server here`);
  return false;
};

describe("a page of docs/ runs from top to bottom", () => {
  test.each([...pages].filter(([, page]) => page.steps.some(isRun)).filter(canRun))(
    "%s",
    async (name, page) => {
      const database = page.needsPostgres ? await createPostgresDatabase() : undefined;
      const site = new Site(page.start, database ? { DATABASE_URL: database.url } : {});
      try {
        for (const step of page.steps) follow(site, step, name);
      } finally {
        site.remove();
        await database?.drop();
      }
    },
    120_000,
  );
});

function follow(site: Site, step: Step, page: string): void {
  switch (step.kind) {
    case "file":
      return site.write(step.path, step.text);
    case "operations":
    case "config":
      return undefined;
    case "command": {
      const { status, printed } = site.run(step.command);
      const place = `docs/${page}:${step.line}: $ ${step.command}`;
      if (status !== step.status)
        throw new Error(`${place}\nended with ${status}, not ${step.status}:\n${printed}`);
      if (!printedAsShown(printed, step.output))
        throw new Error(`${place}\nprinted\n${printed}\nwhere the page shows\n${step.output.join("\n")}`);
    }
  }
}

test("every TypeScript block of docs/ passes the type checker", () => {
  const modules = new Map<string, { readonly text: string; readonly place: string }>();
  for (const [name, page] of pages)
    for (const step of page.steps) {
      const text = moduleOf(step);
      if (text !== undefined)
        modules.set(join(DOCS, `${name}.${step.line}.ts`), { text, place: `docs/${name}:${step.line}` });
    }
  const problems = typeProblems(modules);
  expect(problems).toEqual([]);
}, 60_000);

/** A block as a module of TypeScript, where it is one or can stand in one. */
function moduleOf(step: Step): string | undefined {
  switch (step.kind) {
    case "file":
      return /\.[cm]?ts$/.test(step.path) ? `${step.text}\nexport {};\n` : undefined;
    case "operations":
      return [
        'import type { QueryRunner } from "typeorm";',
        'import type { Operations } from "limbeck";',
        "export async function upgrade(op: Operations): Promise<void> {",
        step.text,
        "}",
      ].join("\n");
    case "config":
      return `import type { Config } from "limbeck";\nexport default {\n${step.text}\n} satisfies Config;\n`;
    case "command":
      return undefined;
  }
}

type Modules = ReadonlyMap<string, { readonly text: string; readonly place: string }>;

/** What the type checker says of modules that exist in memory alone, without complaints of files of the page's own project. */
function typeProblems(modules: Modules): readonly string[] {
  const options: ts.CompilerOptions = {
    strict: true,
    strictPropertyInitialization: false,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: ["node", "jest"],
    paths: { limbeck: [join(ROOT, "dist", "index.d.ts")] },
  };
  const files = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...files,
    fileExists: (file) => modules.has(file) || files.fileExists(file),
    readFile: (file) => modules.get(file)?.text ?? files.readFile(file),
    getSourceFile: (file, language, ...rest) => {
      const text = modules.get(file)?.text;
      return text === undefined
        ? files.getSourceFile(file, language, ...rest)
        : ts.createSourceFile(file, text, language);
    },
  };
  const program = ts.createProgram([...modules.keys()], options, host);
  return ts
    .getPreEmitDiagnostics(program)
    .filter((problem) => problem.file !== undefined && modules.has(problem.file.fileName))
    .filter((problem) => !isOfTheProject(problem))
    .map((problem) => {
      const { place = "" } = modules.get(problem.file?.fileName ?? "") ?? {};
      return `${place}: ${ts.flattenDiagnosticMessageText(problem.messageText, "\n")}`;
    });
}

const CANNOT_FIND_MODULE = 2307;

/** A relative import is of the page's project, which the type checker does not see. */
function isOfTheProject(problem: ts.Diagnostic): boolean {
  const isMissing = problem.code === CANNOT_FIND_MODULE || problem.code === 2834 || problem.code === 2835;
  const named = problem.file?.text.slice(problem.start ?? 0, (problem.start ?? 0) + (problem.length ?? 0));
  return isMissing && /^["']\.{1,2}\//.test(named ?? "");
}
