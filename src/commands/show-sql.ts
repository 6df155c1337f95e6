/** `show --sql` and `show --new-since`: what revisions run, and which of them a branch adds. */
import { dirname, relative } from "node:path";
import { LimbeckError } from "../errors";
import type { Statement } from "../dialects/dialect";
import { scanRevision } from "../revisions/scan";
import { appliedBy } from "../revisions/revision-map";
import type { Environment } from "../runtime/environment";
import { changesSince } from "../runtime/git";
import { replay } from "../runtime/replay";
import { entryOf, identified } from "./history";
import type { HistoryItem } from "./history";
import { statementTexts } from "./statements";

/** A revision with the statements of its upgrade. */
export interface RevisionSql extends HistoryItem {
  readonly sql: readonly string[];
  /** False where the revision asks a database, so that what follows in it is not known without one. */
  readonly isComplete: boolean;
  /** Why operations are left out that need to know what is there, a sentence each. */
  readonly left: readonly string[];
}

/** What a branch adds to the revisions. */
export interface NewRevisions {
  /** The new ones by their ids, each after those that it needs. */
  readonly revisions: readonly string[];
  /** Files of older revisions that the branch has changed or deleted, relative to the root of the working tree. */
  readonly changed: readonly { readonly file: string; readonly how: "changed" | "deleted" }[];
}

/** The statements of revisions, in the order in which they would run. No database is asked. */
export async function showSql(
  environment: Environment,
  revisions: readonly string[],
): Promise<readonly RevisionSql[]> {
  const { map, ids } = await identified(environment, revisions);
  const needed = appliedBy(map, ids);
  const found: RevisionSql[] = [];
  await environment.run({ readsOnly: true, offline: true }, async (context) => {
    const { dialect, compileContext: place } = context;
    const { directory } = environment;
    const { registry } = context.parts;
    const statements = new Map<string, readonly Statement[]>();
    const unknown = new Map<string, readonly string[]>();
    const { incomplete } = await replay(
      map.sorted.filter(({ id }) => needed.has(id)),
      {
        dialect,
        registry,
        place,
        load: (id) => directory.load(id),
        onRevision: ({ id }, ran, left) => {
          statements.set(id, ran);
          unknown.set(
            id,
            left.map(({ message }) => message),
          );
        },
      },
    );
    for (const { id } of map.sorted.filter((revision) => ids.includes(revision.id))) {
      const sql = await statementTexts(dialect, statements.get(id) ?? []);
      const left = unknown.get(id) ?? [];
      found.push({
        ...entryOf(map, id),
        sql,
        isComplete: !incomplete.includes(id),
        left,
      });
    }
  });
  return found;
}

/**
 * The revisions that are not in a git ref, and what happened to those that are.
 *
 * Throws GIT_FAILED where the project is in no repository or the ref is not known.
 */
export async function newSince(environment: Environment, ref: string): Promise<NewRevisions> {
  const { config, directory } = environment;
  const map = await environment.revisions();
  const { root, changed, isNew } = await changesSince(ref, directory.locations, dirname(config.file));
  return {
    revisions: map.sorted.filter(({ file }) => file !== undefined && isNew(file)).map(({ id }) => id),
    changed: changed
      .filter(({ before }) => scanRevision(before).kind !== "none")
      .map(({ file, how }) => ({ file: relative(root, file), how })),
  };
}

/** Throws REVISION_CHANGED where a branch has touched what others may have run already. */
export function demandUntouched({ changed }: NewRevisions, ref: string): void {
  if (changed.length === 0) return;
  const files = changed.map(({ file, how }) => `${file} (${how})`);
  throw new LimbeckError(
    "REVISION_CHANGED",
    `revisions of ${ref} are not what they were: ${files.join(", ")}`,
    {
      hint: "databases may have run them: put them back, and write a new revision for what is to change",
      data: changed,
    },
  );
}
