/** What a new revision is to do, as the user may see and change it before it is written or counted. */
import { LimbeckError } from "../errors";
import { equal } from "../model/equal";
import type { Operation } from "../operations/operation";
import type { ComparisonContext } from "./plugin";

/** One revision that is to be written. Everything may be changed in place. */
export interface RevisionDirective {
  /** Absent where it gets a fresh one. */
  id?: string;
  message: string;
  /** What it goes on top of. */
  parents: readonly string[];
  branchLabels: readonly string[];
  dependsOn: readonly string[];
  /** What it does, in order. */
  upgrade: Operation[];
  /**
   * The way back: the mirror of `upgrade`, and it stays that where you change `upgrade` alone. Nothing where there is
   * none; the file then has no downgrade.
   */
  downgrade: Operation[] | undefined;
  /** Statements at the top of the file, such as `import { now } from "../../src/sql";`. */
  imports: string[];
}

/** What functions that see directives may know. */
export interface DirectiveContext extends ComparisonContext {
  /** `check` writes nothing, but counts what is left. */
  readonly command: "revision" | "check";
  /** Whether the operations come from a comparison; `false` for a plain `revision`, whose directive is empty. */
  readonly autogenerate: boolean;
  /** One line of plain words. */
  readonly describe: (operation: Operation) => string;
  /** The way back from operations; nothing where one of them has none. */
  readonly invert: (operations: readonly Operation[]) => Operation[] | undefined;
}

/** What such a function may answer: nothing, or what stands in the list's place. */
export type DirectiveAnswer =
  | ReturnType<() => void | Promise<void>>
  | readonly RevisionDirective[]
  | undefined
  | Promise<readonly RevisionDirective[] | undefined>;

/**
 * Sees what is to be written: change the list or what is in it, or return another list. `revision` holds the ids that the
 * new revision goes on top of. A LimbeckError that it throws ends the command.
 */
export type ProcessRevisionDirectives = (
  context: DirectiveContext,
  revision: readonly string[],
  directives: RevisionDirective[],
) => DirectiveAnswer;

/** Something with such a function, as a `Rewriter` is. */
export interface DirectiveProcessor {
  readonly process: ProcessRevisionDirectives;
}

/** A directive after the user's functions, with whether its way back is the mirror of what it does. */
export interface ProcessedDirective extends Readonly<RevisionDirective> {
  readonly isMirrored: boolean;
}

/**
 * The directives that the user's functions leave of one. Throws CONFIG_INVALID where what they leave is no list of
 * directives.
 */
export async function processDirectives(
  context: DirectiveContext,
  original: RevisionDirective,
  process: ProcessRevisionDirectives | DirectiveProcessor | undefined,
): Promise<readonly ProcessedDirective[]> {
  if (!process) return [{ ...original, isMirrored: true }];
  const { upgrade, downgrade, imports } = original;
  const handed = [
    {
      ...original,
      upgrade: [...upgrade],
      downgrade: downgrade && [...downgrade],
      imports: [...imports],
    },
  ];
  const run = typeof process === "function" ? process : process.process;
  const answer: unknown = (await run(context, original.parents, handed)) ?? handed;
  return demandDirectives(answer).map((directive) => {
    const isMirrored =
      equal(directive.downgrade, downgrade) || equal(directive.downgrade, context.invert(directive.upgrade));
    return {
      ...directive,
      downgrade: isMirrored ? context.invert(directive.upgrade) : directive.downgrade,
      isMirrored,
    };
  });
}

function demandDirectives(answer: unknown): readonly RevisionDirective[] {
  const isDirective = (value: unknown): boolean =>
    typeof value === "object" &&
    value !== null &&
    "upgrade" in value &&
    Array.isArray(value.upgrade) &&
    value.upgrade.every((one: { readonly kind?: unknown } | null) => typeof one?.kind === "string");
  if (Array.isArray(answer) && answer.every(isDirective)) return answer as readonly RevisionDirective[];
  throw new LimbeckError(
    "CONFIG_INVALID",
    "`processRevisionDirectives` returned something else than a list of directives with operations",
    { hint: "change the directives in place and return nothing, or return a list of directives" },
  );
}
