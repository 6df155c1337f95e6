/** What revisions make of an empty schema, by simulation: no database is asked. */
import { LimbeckError } from "../errors";
import type { CompileContext, Dialect, Statement } from "../dialects/dialect";
import { emptySchema } from "../model/schema";
import type { Schema } from "../model/schema";
import type { Registry } from "../operations/registry";
import type { Revision } from "../revisions/revision";
import { MigrationContext } from "./context";
import type { RevisionModule } from "./directory";
import { recorder } from "./executor";
import { simulatedSchema } from "./known-schema";
import type { KnownSchema } from "./known-schema";
import { createOperations } from "./op";
import { versionTables } from "./version-table";

export interface ReplayOptions {
  readonly dialect: Dialect;
  readonly registry: Registry;
  readonly load: (id: string) => Promise<RevisionModule>;
  /** What the compiler knows of the place that is imagined. */
  /** What env.ts hands to revisions. */
  readonly args?: readonly unknown[];
  readonly place?: Omit<CompileContext, "registry">;
  /** Hears what each revision would run, as far as it could be followed. */
  readonly onRevision?: (revision: Revision, statements: readonly Statement[]) => void;
}

/** The simulated schema, and the revisions that could not be followed to their end because they ask a database. */
export interface Replayed {
  readonly schema: Schema;
  /** The same, with the tables that SQL text has made unknown. */
  readonly known: KnownSchema;
  readonly incomplete: readonly string[];
}

/** Replays the upgrades of some revisions, in order, from an empty schema. */
export async function replay(revisions: readonly Revision[], options: ReplayOptions): Promise<Replayed> {
  const { dialect, registry, load, args = [], place, onRevision } = options;
  const schema = simulatedSchema(() => Promise.resolve(emptySchema), registry);
  const imagined = new MigrationContext({
    ...place,
    dialect,
    executor: recorder(),
    schema,
    registry,
    transaction: "none",
    tables: versionTables({ name: "version" }, { name: "history" }),
  });
  const incomplete: string[] = [];
  for (const revision of revisions) {
    const module = await load(revision.id);
    const executor = recorder();
    const context = imagined.through(executor);
    const operations = createOperations(context, { revision, autocommit: (block) => block() });
    try {
      await operations.run((op) => module.upgrade(op, ...args));
    } catch (error) {
      if (!(error instanceof LimbeckError)) throw error;
      incomplete.push(revision.id);
    }
    onRevision?.(revision, executor.statements);
  }
  return { schema: await schema.current(), known: schema, incomplete };
}
