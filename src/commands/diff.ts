/** `diff`: what `revision --autogenerate` would write, without a file. */
import type { OpenQuestion } from "../diff/renames";
import type { ObjectReference } from "../model/filter";
import type { Operation } from "../operations/operation";
import type { MigrationContext } from "../runtime/context";
import type { Environment } from "../runtime/environment";
import { recorder } from "../runtime/executor";
import { compareAgainst } from "./against";
import type { AgainstOptions } from "./against";
import { changesOf } from "./changes";
import type { Change } from "./changes";
import { isPresumed } from "./renames";
import { statementTexts } from "./statements";

/** The candidate operations of one database. */
export interface DatabaseDiff {
  /** Its name, where the configuration has several. */
  readonly database?: string;
  readonly dialect: string;
  /** What looks like a rename and was not answered. */
  readonly questions: readonly OpenQuestion[];
  /** The operations in words, one by one, without the renames that are a question. */
  readonly changes: readonly Change[];
  /** None when entities and database agree; a rename that is a question is there as if it was meant. */
  readonly operations: readonly Operation[];
  /** What the operations would run, each ended as a script's statements are. */
  readonly sql: readonly string[];
  /** In the database, but neither in the entities nor made by a revision. */
  readonly unmanaged: readonly ObjectReference[];
  readonly warnings: readonly string[];
}

/**
 * Compares, and changes nothing: neither a database nor a file. One answer for each database that env.ts covers.
 *
 * Throws DATABASE_BEHIND where revisions wait.
 */
export async function diff(
  environment: Environment,
  options: AgainstOptions = {},
): Promise<readonly DatabaseDiff[]> {
  const results: DatabaseDiff[] = [];
  const asked = { ...options, presumeRenames: true };
  await compareAgainst(environment, asked, async ({ comparison, context }) => {
    const { operations, unmanaged, warnings, registry, renamed } = comparison;
    const answered = operations.filter((operation) => !isPresumed(operation, renamed));
    for (const warning of warnings) environment.reporter.warn(warning);
    const { database } = context.parts;
    results.push({
      ...(database === undefined ? {} : { database }),
      dialect: context.dialect.name,
      questions: renamed.questions,
      changes: changesOf(answered, registry, comparison.losses),
      operations,
      sql: await sqlOf(context, operations),
      unmanaged,
      warnings,
    });
  });
  return results;
}

/** The statements of operations, given the schema that they were found for. */
async function sqlOf(
  context: MigrationContext,
  operations: readonly Operation[],
): Promise<readonly string[]> {
  const statements = recorder();
  const script = (context.isOffline ? context : context.imagined()).through(statements);
  for (const operation of operations) await script.perform(operation);
  return await statementTexts(context.dialect, statements.statements);
}
