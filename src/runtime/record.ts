/** What revisions do to a schema, as operations, and whether they do anything else. */
import type { Dialect } from "../dialects/dialect";
import { LimbeckError } from "../errors";
import type { Schema } from "../model/schema";
import type { Operation } from "../operations/operation";
import type { Operations } from "../operations/spec";
import type { Registry } from "../operations/registry";
import type { Revision } from "../revisions/revision";
import { MigrationContext } from "./context";
import type { RevisionModule } from "./directory";
import { recorder } from "./executor";
import { simulatedSchema } from "./known-schema";
import { createOperations } from "./op";
import { versionTables } from "./version-table";

/** One revision as it was recorded. */
export interface Recorded {
  readonly revision: Revision;
  readonly operations: readonly Operation[];
  /** What it does that no schema shows, such as "calls op.execute". */
  readonly barrier?: string;
}

/** The calls that change schemas and nothing else, so that all they do is known. */
const STRUCTURAL: ReadonlySet<string> = new Set([
  "createTable",
  "dropTable",
  "renameTable",
  "alterTable",
  "addColumn",
  "alterColumn",
  "dropColumn",
  "createIndex",
  "dropIndex",
  "renameIndex",
  "createPrimaryKey",
  "createForeignKey",
  "createUniqueConstraint",
  "createCheckConstraint",
  "createExclusionConstraint",
  "validateConstraint",
  "dropConstraint",
  "renameConstraint",
  "createEnum",
  "alterEnum",
  "dropEnum",
  "createView",
  "replaceView",
  "dropView",
  "createSchema",
  "dropSchema",
  "createSequence",
  "alterSequence",
  "dropSequence",
  "createExtension",
  "dropExtension",
  "createTableComment",
  "dropTableComment",
  "batchAlterTable",
] satisfies (keyof Operations)[]);

/** Runs the upgrades of some revisions, in order, on an imagined database. */
export async function record(
  revisions: readonly Revision[],
  options: {
    readonly dialect: Dialect;
    readonly registry: Registry;
    readonly load: (id: string) => Promise<RevisionModule>;
    /** The schema before the first of them. */
    readonly start: Schema;
  },
): Promise<readonly Recorded[]> {
  const { dialect, registry, load, start } = options;
  const simulated = simulatedSchema(() => Promise.resolve(start), registry);
  const recorded: Recorded[] = [];
  for (const revision of revisions) {
    const operations: Operation[] = [];
    const follow = (operation: Operation): void => {
      operations.push(operation);
      simulated.follow(operation);
    };
    const context = new MigrationContext({
      dialect,
      executor: recorder(),
      schema: { ...simulated, follow },
      registry,
      transaction: "none",
      tables: versionTables({ name: "version" }, { name: "history" }),
    });
    const barriers: string[] = [];
    const module = await load(revision.id);
    if (module.transaction === false) barriers.push("runs outside any transaction (`transaction = false`)");
    const runnable = createOperations(context, { revision, autocommit: (block) => block() });
    try {
      await runnable.run((op) => module.upgrade(watched(op, (name) => barriers.push(`uses op.${name}`))));
    } catch (error) {
      // A barrier comes first: what it asked for is not there.
      if (barriers.length === 0 && error instanceof LimbeckError)
        barriers.push(`cannot be followed: ${error.message}`);
      else if (!(error instanceof LimbeckError) && barriers.length === 0) throw error;
    }
    const [barrier] = barriers;
    recorded.push({ revision, operations, ...(barrier === undefined ? {} : { barrier }) });
  }
  return recorded;
}

/** An `op` that tells of everything that is asked of it beside changes of the schema. */
function watched(op: Operations, tell: (name: string) => void): Operations {
  return new Proxy(op, {
    get: (target, name) => {
      if (typeof name === "string" && !STRUCTURAL.has(name)) tell(name);
      return Reflect.get(target, name, target) as unknown;
    },
  });
}
