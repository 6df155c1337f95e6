/** `revision`: writes a new revision file, empty or with what differs between the entities and the database. */
import { LimbeckError } from "../errors";
import { invertAll } from "../operations/invert";
import { lossesOf } from "../operations/loss";
import { refilled } from "../operations/refill";
import type { Operation } from "../operations/operation";
import type { AnnotatedOperation } from "../render/migration";
import type { RevisionMap } from "../revisions/revision-map";
import { resolve } from "../revisions/target";
import type { Environment } from "../runtime/environment";
import { demandAtHeads } from "./at-heads";
import { compare } from "./compare";
import type { CompareOptions, Comparison } from "./compare";
import { describeAll } from "./describe-all";
import { newRevision, writeRevision } from "./new-revision";
import type { NewRevisionOptions } from "./new-revision";

export interface RevisionOptions extends CompareOptions, NewRevisionOptions {
  /** What the new revision goes on top of, `head` unless said; `base` begins a branch of its own, `heads` merges. */
  readonly head?: string;
  /** Fills the file with what differs. */
  readonly autogenerate?: boolean;
  /** Writes a file also where nothing differs. */
  readonly allowEmpty?: boolean;
  /** With `revisionEnvironment`: env.ts runs as for a script, without a database. */
  readonly sql?: boolean;
}

export interface RevisionResult {
  /** Absent where nothing differs, and no file was written. */
  readonly file?: string;
  readonly revision?: string;
  /** What it goes on top of. */
  readonly parents?: readonly string[];
  readonly differences: readonly string[];
  readonly losses: readonly string[];
  readonly unmanaged: Comparison["unmanaged"];
}

/**
 * Writes a revision file on top of the head. An existing file is never overwritten.
 *
 * Throws MULTIPLE_HEADS where there are several heads and none was named, and what `newRevision` throws.
 */
export async function revision(
  environment: Environment,
  options: RevisionOptions = {},
): Promise<RevisionResult> {
  demandSensible(environment, options);
  const map = await environment.revisions();
  const planned = newRevision(map, environment, parentsOf(map, options.head), options);
  if (!options.autogenerate) await runEnvironment(environment, { sql: options.sql ?? false });
  const comparison = options.autogenerate ? await autogenerate(environment, options) : undefined;
  const operations = comparison?.operations ?? [];
  const unmanaged = comparison?.unmanaged ?? [];
  if (options.autogenerate && operations.length === 0 && !options.allowEmpty) {
    return { differences: [], losses: [], unmanaged };
  }
  const detected = describeAll(operations, environment.registry);
  const downgrade = refilled(invertAll(operations, environment.registry)).map(annotated);
  const content = { upgrade: operations.map(annotated), downgrade, detected };
  const file = await writeRevision(environment, planned, content, options);
  const losses = operations.flatMap(lossesOf);
  const { id, parents } = planned.revision;
  return { file, revision: id, parents, differences: detected, losses, unmanaged };
}

/** Lets env.ts take part in writing a file that needs no database, where the configuration wants that. */
export async function runEnvironment(
  environment: Environment,
  { sql = false }: { readonly sql?: boolean } = {},
): Promise<void> {
  if (!environment.config.revisionEnvironment) return;
  await environment.run({ readsOnly: true, offline: sql }, () => Promise.resolve());
}

function demandSensible({ config }: Environment, { sql, autogenerate }: RevisionOptions): void {
  if (!sql || (config.revisionEnvironment && !autogenerate)) return;
  throw new LimbeckError("USAGE", "`revision --sql` has no database to ask, and nothing to write as SQL", {
    hint: autogenerate
      ? "leave --sql out: --autogenerate compares with a database"
      : "it is for `revisionEnvironment: true` in the configuration; `upgrade --sql` writes scripts",
  });
}

function parentsOf(map: RevisionMap, head: string | undefined): readonly string[] {
  if (head !== undefined) return resolve(map, head);
  if (map.heads.length <= 1) return map.heads;
  throw new LimbeckError("MULTIPLE_HEADS", `there are ${map.heads.length} heads: ${map.heads.join(", ")}`, {
    hint: `say --head ${map.heads[0] ?? ""}, or merge them first with \`limbeck merge heads\``,
    data: map.heads,
  });
}

async function autogenerate(environment: Environment, options: CompareOptions): Promise<Comparison> {
  const comparisons: Comparison[] = [];
  await environment.run({ readsOnly: true }, async (context) => {
    await demandAtHeads(environment, context);
    comparisons.push(await compare(environment, context, options));
  });
  const [comparison] = comparisons;
  if (!comparison) throw new LimbeckError("ENVIRONMENT_INVALID", "env.ts ran no migrations");
  for (const warning of comparison.warnings) environment.reporter.warn(warning);
  return comparison;
}

function annotated(operation: Operation): AnnotatedOperation {
  return { operation, comments: lossesOf(operation) };
}
