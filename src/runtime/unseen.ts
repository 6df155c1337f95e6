/**
 * Operations in a script on what nobody can know without a database, because SQL text or a revision that asks the
 * database made it: their statements are written where they need no more than the call says, and refused elsewhere.
 */
import type { Dialect } from "../dialects/dialect";
import { LimbeckError } from "../errors";
import { compact } from "../model/equal";
import { displayName } from "../model/names";
import type { QualifiedName, View } from "../model/schema";
import { describe } from "../operations/describe";
import type { BatchAlterTable, Operation } from "../operations/operation";
import type { KnownSchema, Unknown } from "./known-schema";

/** Why what an operation changes is unknown; nothing where it is known, or the call itself says it. */
export function whyUnknown(operation: Operation, schema: KnownSchema): Unknown | undefined {
  if (operation.kind === "batchAlterTable" && operation.copyFrom !== undefined) return undefined;
  const subject = subjectOf(operation);
  return subject && schema.whyUnknown(subject);
}

function subjectOf(operation: Operation): QualifiedName | undefined {
  switch (operation.kind) {
    case "renameTable":
      return operation.from;
    case "replaceView":
    case "dropView":
      return operation.view;
    case "alterEnum":
    case "dropEnum":
    case "alterSequence":
    case "dropSequence":
      return operation.name;
    default:
      return "table" in operation ? operation.table : undefined;
  }
}

/** Where such an operation goes. */
export interface Place {
  readonly dialect: Dialect;
  /** Hears of what is left out; without it, that is an error. */
  readonly onUnknown?: (error: LimbeckError) => void;
}

/**
 * The operation as its statements can be written without seeing what it changes.
 *
 * Throws INCOMPLETE_OPERATION where they cannot.
 */
export function unseen(operation: Operation, unknown: Unknown, place: Place): readonly Operation[] {
  if (operation.kind === "batchAlterTable" && staysInPlace(operation)) {
    return operation.operations.flatMap((inner) => unseen(inner, unknown, place));
  }
  const told = place.dialect.unseen(withViewBefore(operation));
  if (told) return [told];
  const error = cannotBeKnown(operation, unknown);
  if (!place.onUnknown) throw error;
  place.onUnknown(error);
  return [];
}

/** TypeORM's row of a view goes by its name, whatever its text is. */
function withViewBefore(operation: Operation): Operation {
  switch (operation.kind) {
    case "replaceView":
      return { ...operation, was: operation.was ?? { ...operation.view, sql: "" } };
    case "dropView": {
      const { view, materialized } = operation;
      return { ...operation, was: operation.was ?? compact<View>({ ...view, sql: "", materialized }) };
    }
    default:
      return operation;
  }
}

function staysInPlace({ moves = [], reorder = [], recreate, namingConvention }: BatchAlterTable): boolean {
  return moves.length + reorder.length === 0 && recreate !== "always" && !namingConvention;
}

function cannotBeKnown(operation: Operation, { because, sql }: Unknown): LimbeckError {
  const subject = subjectOf(operation);
  const kind = KINDS[operation.kind] ?? "table";
  const name = subject ? ` "${displayName(subject)}"` : "";
  return new LimbeckError(
    "INCOMPLETE_OPERATION",
    `${describe(operation)}: what ${kind}${name} looks like cannot be known in a script, because ${because}`,
    {
      hint: "write the script with `--plan -o FILE` in place of `--sql`: it asks the database; or say it in the revision: `existing` in alterColumn, `copyFrom` in batchAlterTable",
      ...(sql === undefined ? {} : { sql }),
    },
  );
}

const KINDS: Partial<Record<Operation["kind"], string>> = {
  alterEnum: "enum type",
  dropEnum: "enum type",
  replaceView: "view",
  dropView: "view",
  alterSequence: "sequence",
  dropSequence: "sequence",
};
