/** Revision files are code, and so are their snippets: this runs them where tests look at what they do. */
import { compileFunction } from "node:vm";
import type { Operations } from "../../src/operations/spec";

/** A function of named parameters that runs a text. */
export function functionOf<Parameters extends readonly unknown[], Result>(
  parameters: readonly string[],
  text: string,
): (...args: Parameters) => Result {
  return compileFunction(text, parameters) as (...args: Parameters) => Result;
}

/** Statements as the body of a revision's function. */
export function revisionBody(statements: string): (op: Operations) => Promise<void> {
  return functionOf<[Operations], Promise<void>>(["op"], `return (async () => {\n${statements}\n})();`);
}
