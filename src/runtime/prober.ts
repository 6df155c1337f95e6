/** Probes of the statements of one revision, and what they find. */
import type { Statement } from "../dialects/dialect";
import type { Schema } from "../model/schema";
import type { Operation } from "../operations/operation";
import { isUnknown } from "./commits";
import type { MigrationContext } from "./context";
import { creationsFrom } from "./creations";
import type { JournalEntry } from "./journal";
import { followed } from "./known-schema";
import { judgeRespelt, probeBetween, probeOfWhole } from "./probe";
import type { Probe, ProbeResult } from "./probe";

export class Prober {
  readonly #context: MigrationContext;
  #simulation: { readonly base: Schema; state: Schema; operation: Operation | undefined } | undefined;

  constructor(context: MigrationContext) {
    this.#context = context;
  }

  /** What became of a statement that was begun. */
  async result({ probe }: JournalEntry, live: Schema): Promise<ProbeResult> {
    if (probe === undefined) return { undecided: [] };
    const { dialect, db } = this.#context;
    return await judgeRespelt(
      probe,
      dialect.normalize(live),
      async (schema, found) => (await dialect.canonicalize?.(db, schema, found)) ?? schema,
    );
  }

  /** How to find out what became of a statement: by what it changes, or by the whole schema where that is not known. */
  async probe(statement: Statement): Promise<Probe> {
    const { operation } = statement;
    const { dialect, parts } = this.#context;
    if (operation && !isUnknown(statement)) {
      const state = await this.#simulated(operation);
      const after = followed(state, operation, parts.registry);
      const probe = probeBetween(state, after, (schema) => dialect.normalize(schema));
      if (probe) return probe;
    }
    return probeOfWhole(dialect.normalize(await this.#context.inspect()));
  }

  /** How to find out what became of the statements from this one on, each of which makes a table. */
  async announcement({ operation }: Statement): Promise<Probe | undefined> {
    return operation && creationsFrom(await this.#simulated(operation));
  }

  /** The schema before an operation, where one call became several operations. */
  async #simulated(operation: Operation): Promise<Schema> {
    const { schema, registry } = this.#context.parts;
    const base = await schema.current();
    if (this.#simulation?.base !== base) this.#simulation = { base, state: base, operation };
    const { state, operation: last } = this.#simulation;
    if (last !== undefined && last !== operation) {
      this.#simulation.state = followed(state, last, registry);
      this.#simulation.operation = operation;
    }
    return this.#simulation.state;
  }
}
