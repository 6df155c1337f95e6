/** The chapter of the configuration: every key of `ormconfig.example.ts` with its comment and the value that stands there. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { ROOT } from "../site";
import type { Chapter } from "./chapter";

export function configuration(): Chapter {
  const text = readFileSync(join(ROOT, "ormconfig.example.ts"), "utf8");
  const source = ts.createSourceFile("ormconfig.example.ts", text, ts.ScriptTarget.ES2022, true);
  const exported = source.statements.find(ts.isExportAssignment);
  const object = exported && unwrapped(exported.expression);
  if (!object || !ts.isObjectLiteralExpression(object))
    throw new Error("ormconfig.example.ts exports no object");
  return {
    title: "Configuration",
    intro:
      "The keys of `ormconfig.ts`. None is needed but `dataSource`; what stands here is the default unless the text says otherwise. Paths are relative to the file.",
    pages: object.properties.map((property) => {
      const comments = ts.getLeadingCommentRanges(text, property.getFullStart()) ?? [];
      const comment = comments.map(({ pos, end }) => text.slice(pos, end).replace(/^\/\/ ?/, "")).join(" ");
      return {
        name: property.name?.getText() ?? "",
        text: [comment, "", "```ts config", `${dedented(property.getText())},`, "```"].join("\n"),
        summary: comment,
      };
    }),
  };
}

function unwrapped(expression: ts.Expression): ts.Expression {
  return ts.isSatisfiesExpression(expression) || ts.isAsExpression(expression)
    ? unwrapped(expression.expression)
    : expression;
}

function dedented(text: string): string {
  return text.replace(/\n {2}/g, "\n");
}
