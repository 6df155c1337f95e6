/** Statements as text to read, outside of a script. */
import type { Dialect, Statement } from "../dialects/dialect";
import { scriptExecutor } from "../runtime/executor";

/** Each statement with its values in it, ended as the database's client wants it, and nothing around it. */
export async function statementTexts(
  dialect: Dialect,
  statements: readonly Statement[],
): Promise<readonly string[]> {
  const texts: string[] = [];
  const { batches: _batches, ...script } = dialect.script;
  const executor = scriptExecutor({ ...dialect, script }, (text) => texts.push(text.trimEnd()));
  for (const statement of statements) await executor.run(statement);
  return texts;
}
