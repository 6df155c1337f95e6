/**
 * `verify`: the properties that every set of revisions should have, tried out on a scratch database: one head, a way up
 * from nothing, a way down from each revision that undoes just that revision, and entities that are what comes of it all.
 */
import { diff } from "../diff/diff";
import { LimbeckError } from "../errors";
import { filterSchema, without } from "../model/filter";
import type { Schema } from "../model/schema";
import type { RevisionMap } from "../revisions/revision-map";
import { planUpgrade } from "../revisions/plan";
import type { Plan, Step } from "../revisions/revision";
import type { MigrationContext } from "../runtime/context";
import type { Environment } from "../runtime/environment";
import { silentReporter } from "../runtime/reporter";
import { runPlan } from "../runtime/run";
import { version } from "../version";
import { compare } from "./compare";
import { describeAll } from "./describe-all";
import { timeoutsOf } from "./online";
import { reversed } from "./script";

/** What can be verified: each for itself, or all in one pass. */
export const PROPERTIES = ["singleHead", "upgradesToHead", "upDownConsistent", "modelMatches"] as const;
export type PropertyName = (typeof PROPERTIES)[number];

/** Which properties are tried. */
export interface VerifyOptions {
  /** All of them unless said. */
  readonly properties?: readonly PropertyName[];
}

/** What came of one property. */
export interface VerifiedProperty {
  readonly property: PropertyName;
  /** `skipped` where something before it failed, so that it could not be tried. */
  readonly status: "passed" | "failed" | "skipped";
  /** What is wrong, a sentence each. */
  readonly problems: readonly string[];
  /** What could not be tried, such as the way down of a revision that has none. */
  readonly notes: readonly string[];
}

/** What held, and what did not. */
export interface VerifyResult {
  /** Whether nothing failed. */
  readonly passed: boolean;
  readonly properties: readonly VerifiedProperty[];
}

/** What was found so far, by property. A property that nothing stands of was not reached. */
type Findings = Map<PropertyName, { readonly problems: string[]; readonly notes: string[] }>;

/**
 * Tries the properties out. The answer tells what failed; nothing is thrown for it.
 *
 * Throws SCRATCH_FAILED, CONNECTION_FAILED and what else keeps a scratch database from being made; INTERRUPTED.
 */
export async function verify(
  environment: Environment,
  { properties = PROPERTIES }: VerifyOptions = {},
): Promise<VerifyResult> {
  const map = await environment.revisions();
  const findings: Findings = new Map();
  if (properties.includes("singleHead")) note(findings, "singleHead", severalHeads(map));
  if (properties.some((property) => property !== "singleHead")) {
    await environment.run({ scratch: true }, async (context, args) => {
      const trial = new Trial(environment, context, map, args, findings);
      await trial.prepare();
      const isUp = properties.includes("upDownConsistent") ? await trial.stairs() : await trial.straight();
      if (isUp && properties.includes("modelMatches")) await trial.model();
    });
  }
  const results = PROPERTIES.filter((property) => properties.includes(property)).map((property) =>
    resultOf(property, findings),
  );
  return { passed: results.every(({ status }) => status === "passed"), properties: results };
}

function resultOf(property: PropertyName, findings: Findings): VerifiedProperty {
  const found = findings.get(property);
  if (!found) return { property, status: "skipped", problems: [], notes: [] };
  return { property, status: found.problems.length === 0 ? "passed" : "failed", ...found };
}

function severalHeads({ heads }: RevisionMap): readonly string[] {
  return heads.length <= 1 ? [] : [`there are ${heads.length} heads: ${heads.join(", ")}`];
}

/** Notes that a property was tried, and what is wrong with it. */
function note(findings: Findings, property: PropertyName, problems: readonly string[]): void {
  const found = findings.get(property) ?? { problems: [], notes: [] };
  found.problems.push(...problems);
  findings.set(property, found);
}

/** The trials on one scratch database. */
class Trial {
  readonly #environment: Environment;
  readonly #context: MigrationContext;
  readonly #map: RevisionMap;
  readonly #args: readonly unknown[];
  readonly #findings: Findings;

  constructor(
    environment: Environment,
    context: MigrationContext,
    map: RevisionMap,
    args: readonly unknown[],
    findings: Findings,
  ) {
    this.#environment = environment;
    this.#context = context;
    this.#map = map;
    this.#args = args;
    this.#findings = findings;
  }

  /** The schemas that the entities name are looked into from the start. */
  async prepare(): Promise<void> {
    const { target, namespaces } = this.#context.parts;
    if (!target || !namespaces) return;
    const { schema } = await this.#environment.readTarget(target);
    for (const name of schema.namespaces) namespaces.add(name);
  }

  /** All the way up, as a new database goes. Answers whether it came there. */
  async straight(): Promise<boolean> {
    const plan = this.#plan();
    const failure = await this.#run(plan);
    note(this.#findings, "upgradesToHead", failure === undefined ? [] : [failure]);
    return failure === undefined;
  }

  /** Up, down and up again at every revision. Answers whether the heads were reached. */
  async stairs(): Promise<boolean> {
    note(this.#findings, "upDownConsistent", []);
    let before = await this.#schema();
    for (const step of this.#plan().steps) {
      const failure = await this.#run({ steps: [step], heads: step.after });
      if (failure !== undefined) {
        note(this.#findings, "upgradesToHead", [failure]);
        return false;
      }
      const after = await this.#schema();
      if (!(await this.#downAndUp(step, before, after))) return false;
      before = after;
    }
    note(this.#findings, "upgradesToHead", []);
    return true;
  }

  /** Whether the database is what the entities want, once it is at the heads. */
  async model(): Promise<void> {
    const { operations } = await compare(this.#environment, this.#context, { noRenames: true });
    const differences = describeAll(operations, this.#context.parts.registry);
    note(
      this.#findings,
      "modelMatches",
      differences.map((difference) => this.#named(`no revision does this: ${difference}`)),
    );
  }

  /** One step back and forth. Answers whether the database is where the way up goes on. */
  async #downAndUp(step: Step, before: Schema, after: Schema): Promise<boolean> {
    const { id } = step.revision;
    const module = await this.#environment.directory.load(id);
    if (!module.downgrade) {
      this.#findings.get("upDownConsistent")?.notes.push(this.#named(`revision ${id} has no downgrade`));
      return true;
    }
    const problem = (text: string): void => note(this.#findings, "upDownConsistent", [this.#named(text)]);
    const down = await this.#run(reversed({ steps: [step], heads: step.after }, step.before));
    if (down !== undefined) {
      problem(down);
      // What failed in a transaction left everything as it was.
      return this.#context.dialect.traits.transactionalDdl;
    }
    const now = await this.#schema();
    const left = now.extensions.filter(({ name }) => !before.extensions.some((other) => other.name === name));
    for (const { name } of left) {
      const sentence = `taking extension ${name} away in the downgrade of revision ${id}: others may use it`;
      this.#findings.get("upDownConsistent")?.notes.push(this.#named(sentence));
    }
    const kept = { ...before, extensions: [...before.extensions, ...left] };
    for (const difference of await this.#differences(now, kept)) {
      problem(`the downgrade of revision ${id} does not undo its upgrade, which would take: ${difference}`);
    }
    const up = await this.#run({ steps: [step], heads: step.after });
    if (up !== undefined) {
      problem(`after its own downgrade, ${up}`);
      return false;
    }
    for (const difference of await this.#differences(await this.#schema(), after)) {
      problem(`revision ${id} makes something else after its own downgrade, which would take: ${difference}`);
    }
    return true;
  }

  #plan(): Plan {
    return planUpgrade(this.#map, [], this.#map.heads.length === 0 ? [] : ["heads"]);
  }

  /** Runs a plan; a migration that fails is an answer, and everything else is thrown. */
  async #run(plan: Plan): Promise<string | undefined> {
    const { directory, now, config, signal } = this.#environment;
    // Each run is one of its own, and looks at the database anew as a command does.
    this.#context.parts.schema.forget();
    try {
      await runPlan(this.#context, {
        plan: () => plan,
        load: (id) => directory.load(id),
        now,
        limbeckVersion: version,
        reporter: silentReporter,
        timeouts: timeoutsOf(config),
        lockWait: 0,
        args: this.#args,
        ...(signal ? { signal } : {}),
      });
      return undefined;
    } catch (error) {
      if (!(error instanceof LimbeckError) || error.code === "INTERRUPTED") throw error;
      return this.#named(error.message);
    }
  }

  /** The schema as it is, without what is Limbeck's or TypeORM's own. */
  async #schema(): Promise<Schema> {
    const { dialect, parts } = this.#context;
    const { version: versions, history, journal, lock } = parts.tables;
    const own = [versions, history, journal, lock, ...(parts.typeormMetadata ? [parts.typeormMetadata] : [])];
    const tables = own.map((name) => ({ kind: "table" as const, ...name }));
    return dialect.normalize(filterSchema(await this.#context.inspect(), without(tables)));
  }

  /** What would lead from one state to the other, in words. The database judges what is only spelt differently. */
  async #differences(from: Schema, to: Schema): Promise<readonly string[]> {
    const { dialect, db } = this.#context;
    const { registry } = this.#context.parts;
    const options = {
      forwardReferences: dialect.traits.forwardReferences,
      registry,
      names: "strategy",
    } as const;
    if (diff(from, to, options).length === 0) return [];
    const respelt = (await dialect.canonicalize?.(db, to, from)) ?? to;
    return describeAll(diff(from, respelt, options), registry);
  }

  /** The sentence with its database, where the configuration has several. */
  #named(sentence: string): string {
    const { database } = this.#context.parts;
    return database === undefined ? sentence : `${database}: ${sentence}`;
  }
}
