/** Rewrites what autogenerate proposes, by the kind of operation; Alembic's `Rewriter`. */
import type { Operation, OperationKind, OperationOf } from "../operations/operation";
import type {
  DirectiveContext,
  DirectiveProcessor,
  ProcessRevisionDirectives,
  RevisionDirective,
} from "./directives";

/** What stands in an operation's place: one operation, several, or none (an empty list). Nothing leaves it as it is. */
export type RewriteAnswer = ReturnType<() => void> | Operation | readonly Operation[] | undefined;

/** Rewrites one operation. `revision` holds the ids that the new revision goes on top of. */
export type Rewrite<K extends OperationKind> = (
  context: DirectiveContext,
  revision: readonly string[],
  operation: OperationOf<K>,
) => RewriteAnswer;

/**
 * Rewrites operations one by one; stands in `processRevisionDirectives`. It sees the upgrade: the downgrade stays its
 * mirror. An operation that a rewriter makes is not shown to the same rewriter again.
 *
 * ```ts file=rewriter.ts
 * import { Rewriter } from "limbeck";
 *
 * export const rewriter = new Rewriter().rewrites("createIndex", (context, revision, operation) => ({
 *   ...operation,
 *   concurrently: true,
 * }));
 * ```
 */
export class Rewriter implements DirectiveProcessor {
  readonly #rewrites = new Map<OperationKind, Rewrite<OperationKind>[]>();
  readonly #chained: (DirectiveProcessor | ProcessRevisionDirectives)[] = [];

  /** Rewrites operations of a kind, or of several. Functions for the same kind see what those before them made of it. */
  rewrites<K extends OperationKind>(kind: K | readonly K[], rewrite: Rewrite<K>): this {
    for (const one of [kind].flat() as readonly K[]) {
      const others = this.#rewrites.get(one) ?? [];
      // Only operations of this kind are ever handed to it.
      this.#rewrites.set(one, [...others, rewrite as unknown as Rewrite<OperationKind>]);
    }
    return this;
  }

  /** Lets another rewriter, or a function, see what this one leaves. */
  chain(next: DirectiveProcessor | ProcessRevisionDirectives): this {
    this.#chained.push(next);
    return this;
  }

  /** The rewriter as a function for `processRevisionDirectives`. */
  readonly process = async (
    context: DirectiveContext,
    revision: readonly string[],
    directives: readonly RevisionDirective[],
  ): Promise<readonly RevisionDirective[]> => {
    let current = directives.map((directive) => {
      const upgrade = directive.upgrade.flatMap((one) => this.#rewritten(context, revision, one));
      return { ...directive, upgrade };
    });
    for (const next of this.#chained) {
      const run: ProcessRevisionDirectives = typeof next === "function" ? next : next.process;
      current = [...((await run(context, revision, current)) ?? current)];
    }
    return current;
  };

  #rewritten(
    context: DirectiveContext,
    revision: readonly string[],
    operation: Operation,
  ): readonly Operation[] {
    const { kind } = operation;
    let made: readonly Operation[] = [operation];
    for (const rewrite of this.#rewrites.get(kind) ?? []) {
      made = made.flatMap((one) =>
        one.kind === kind ? [rewrite(context, revision, one) ?? one].flat() : [one],
      );
    }
    return made;
  }
}
