/** What revisions make of an empty schema, by simulation: no database is asked. */
import { LimbeckError } from "../errors";
import type { CompileContext, Dialect, Statement } from "../dialects/dialect";
import { emptySchema } from "../model/schema";
import type { Registry } from "../operations/registry";
import type { Revision } from "../revisions/revision";
import { MigrationContext } from "./context";
import type { RevisionModule } from "./directory";
import { recorder } from "./executor";
import { simulatedSchema } from "./known-schema";
import type { Lost, Simulated } from "./known-schema";
import { createOperations } from "./op";
import { versionTables } from "./version-table";

export interface ReplayOptions {
  readonly dialect: Dialect;
  readonly registry: Registry;
  readonly load: (id: string) => Promise<RevisionModule>;
  /** What env.ts hands to revisions. */
  readonly args?: readonly unknown[];
  /** What the compiler knows of the place that is imagined. */
  readonly place?: Omit<CompileContext, "registry">;
  /**
   * Hears what each revision would run, as far as it could be followed, and why some of its operations are not among that:
   * they need to know what SQL text or another revision made.
   */
  readonly onRevision?: (
    revision: Revision,
    statements: readonly Statement[],
    left: readonly LimbeckError[],
  ) => void;
}

/** What simulating tells. */
export interface Replayed extends Simulated {
  readonly lost: Lost;
  /** The revisions that could not be followed to their end, because they ask the database. */
  readonly incomplete: readonly string[];
}

/** Replays the upgrades of some revisions, in order, from an empty schema. */
export async function replay(revisions: readonly Revision[], options: ReplayOptions): Promise<Replayed> {
  const { dialect, registry, load, args = [], place, onRevision } = options;
  const schema = simulatedSchema(() => Promise.resolve(emptySchema), registry);
  let left: LimbeckError[] = [];
  const imagined = new MigrationContext({
    ...place,
    onUnknown: (error) => void left.push(error),
    dialect,
    executor: recorder(),
    schema,
    registry,
    transaction: "none",
    tables: versionTables({ name: "version" }, { name: "history" }),
  });
  const incomplete: string[] = [];
  for (const revision of revisions) {
    left = [];
    const module = await load(revision.id);
    const executor = recorder();
    const context = imagined.through(executor);
    const operations = createOperations(context, { revision, autocommit: (block) => block() });
    try {
      await operations.run((op) => module.upgrade(op, ...args));
    } catch (error) {
      if (!(error instanceof LimbeckError)) throw error;
      incomplete.push(revision.id);
      schema.loseEverything(`revision ${revision.id} before it can be followed on a database only`);
    }
    onRevision?.(revision, executor.statements, left);
  }
  return { schema: await schema.current(), lost: schema.lost(), incomplete };
}
