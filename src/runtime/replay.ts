/** What revisions make of an empty schema, by simulation: no database is asked. */
import { LimbeckError } from "../errors";
import type { Dialect } from "../dialects/dialect";
import { emptySchema } from "../model/schema";
import type { Schema } from "../model/schema";
import type { Registry } from "../operations/registry";
import type { Revision } from "../revisions/revision";
import { MigrationContext } from "./context";
import type { RevisionModule } from "./directory";
import { recorder } from "./executor";
import { simulatedSchema } from "./known-schema";
import { createOperations } from "./op";
import { versionTables } from "./version-table";

export interface ReplayOptions {
  readonly dialect: Dialect;
  readonly registry: Registry;
  readonly load: (id: string) => Promise<RevisionModule>;
}

/** The simulated schema, and the revisions that could not be followed to their end because they ask a database. */
export interface Replayed {
  readonly schema: Schema;
  readonly incomplete: readonly string[];
}

/** Replays the upgrades of some revisions, in order, from an empty schema. */
export async function replay(revisions: readonly Revision[], options: ReplayOptions): Promise<Replayed> {
  const { dialect, registry, load } = options;
  const schema = simulatedSchema(() => Promise.resolve(emptySchema), registry);
  const context = new MigrationContext({
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
    const operations = createOperations(context, { revision, autocommit: (block) => block() });
    try {
      await operations.run((op) => module.upgrade(op));
    } catch (error) {
      if (!(error instanceof LimbeckError)) throw error;
      incomplete.push(revision.id);
    }
  }
  return { schema: await schema.current(), incomplete };
}
