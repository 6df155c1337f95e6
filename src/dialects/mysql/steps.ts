/**
 * What an operation is compiled to before it becomes text: clauses of ALTER TABLE, which are joined where they concern
 * the same table, and statements that stand alone.
 */
import type { QualifiedName } from "../../model/schema";
import { keyOf } from "../../model/names";
import { LimbeckError } from "../../errors";
import type { Operation, RunOptions, RowValue } from "../../operations/operation";
import { equal } from "../../model/equal";
import type { Condition } from "./prepared";
import { quoteName } from "./quote";

/** Clauses of an ALTER TABLE. What touches the same thing twice needs two statements. */
export interface Alteration {
  readonly kind: "alter";
  readonly table: QualifiedName;
  readonly clauses: readonly string[];
  readonly touches: readonly string[];
  readonly run?: RunOptions | undefined;
  /** Where it is run at all, on a server that has no clause for that; it stands alone then. */
  readonly condition?: Condition | undefined;
}
/** A statement of its own. A definition commits by itself; a guard only reads, and may stop everything. */
export interface Single {
  readonly kind: "guard" | "statement" | "definition";
  readonly sql: string;
  readonly parameters?: readonly RowValue[] | undefined;
  /** The operation that it carries out, where that is a part of the one that it was compiled from. */
  readonly cause?: Operation;
}
export type Step = Alteration | Single;
/** A step with the operations that it carries out: several where clauses were joined. */
export type OwnedStep = Step & { readonly of: readonly Operation[] };

/** Guards first, as long as nothing before them changes what they look at; then neighbouring alterations as one. */
export function joined(steps: readonly OwnedStep[]): readonly OwnedStep[] {
  const result: OwnedStep[] = [];
  for (const step of guardsFirst(steps)) {
    const last = result.at(-1);
    const joins =
      step.kind === "alter" &&
      last?.kind === "alter" &&
      step.condition === undefined &&
      last.condition === undefined &&
      keyOf(step.table) === keyOf(last.table) &&
      equal(step.run, last.run) &&
      !step.touches.some((thing) => last.touches.includes(thing));
    if (!joins) result.push(step);
    else {
      result[result.length - 1] = {
        ...last,
        clauses: [...last.clauses, ...step.clauses],
        touches: [...last.touches, ...step.touches],
        of: [...last.of, ...step.of],
      };
    }
  }
  return result;
}

function guardsFirst(steps: readonly OwnedStep[]): readonly OwnedStep[] {
  if (steps.some(({ kind }) => kind === "statement" || kind === "definition")) return steps;
  const touched = steps.flatMap((step) => (step.kind === "alter" ? step.touches : []));
  if (new Set(touched).size < touched.length) return steps;
  return [...steps.filter(({ kind }) => kind === "guard"), ...steps.filter(({ kind }) => kind !== "guard")];
}

/** The ALTER TABLE of an alteration, in the way that its run options ask for. */
export function alterationSql({ table, clauses, run = {} }: Alteration): string {
  const how = [
    ...(run.algorithm === undefined ? [] : [`ALGORITHM = ${word(run.algorithm)}`]),
    ...(run.lock === undefined ? [] : [`LOCK = ${word(run.lock)}`]),
  ];
  return `ALTER TABLE ${quoteName(table)} ${[...clauses, ...how].join(", ")}`;
}

function word(text: string): string {
  if (/^[a-z]+$/i.test(text)) return text.toUpperCase();
  throw new LimbeckError("INVALID_OPERATION", `"${text}" is no algorithm or lock of ALTER TABLE`, {
    hint: "algorithms are INSTANT, INPLACE, NOCOPY and COPY; locks are NONE, SHARED and EXCLUSIVE",
  });
}
