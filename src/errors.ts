/**
 * Every reason for which Limbeck stops, as a stable code that programs may branch on.
 *
 * The three groups decide the exit status of the command line (DESIGN section 1): `answer` codes end with 1,
 * `migration` codes with 3, everything else with 2.
 */
export type ErrorCode =
  // the answer is no
  | "DIFFERENCES_FOUND"
  | "NOT_AT_HEADS"
  | "SEVERAL_HEADS"
  | "REVISION_CHANGED"
  | "NOT_VERIFIED"
  | "NO_SUCH_FILE"
  | "REFUSED"
  // it could not start
  | "USAGE"
  | "CONFIG_NOT_FOUND"
  | "CONFIG_INVALID"
  | "CONFIG_FAILED"
  | "MODULE_FAILED"
  | "DATA_SOURCE_INVALID"
  | "DRIVER_MISSING"
  | "CONNECTION_FAILED"
  | "DATABASE_MISSING"
  | "SCRATCH_FAILED"
  | "SQUASH_REFUSED"
  | "GIT_FAILED"
  | "NO_ENTITIES"
  | "METADATA_INVALID"
  | "UNKNOWN_COLUMN_TYPE"
  | "SCRIPT_LOCATION_INVALID"
  | "TEMPLATE_NOT_FOUND"
  | "FILE_EXISTS"
  | "FILE_WRITE_FAILED"
  | "HOOK_FAILED"
  | "EDITOR_FAILED"
  | "REVISION_FILE_INVALID"
  | "DUPLICATE_REVISION"
  | "DUPLICATE_LABEL"
  | "MISSING_PARENT"
  | "REVISION_CYCLE"
  | "UNKNOWN_REVISION"
  | "AMBIGUOUS_REVISION"
  | "MULTIPLE_HEADS"
  | "NOT_ANCESTOR"
  | "INVALID_TARGET"
  | "NOT_A_HEAD"
  | "UNKNOWN_VERSION_ROW"
  | "DATABASE_AHEAD"
  | "DATABASE_BEHIND"
  | "RENAME_QUESTION"
  | "INVALID_FILTER"
  | "IRREVERSIBLE_REVISION"
  | "ENVIRONMENT_INVALID"
  | "OFFLINE_UNAVAILABLE"
  | "UNSUPPORTED"
  | "LOCK_TIMEOUT"
  | "HALF_DONE"
  | "RESUME_REFUSED"
  // a migration failed
  | "IRREVERSIBLE"
  | "INCOMPLETE_OPERATION"
  | "INVALID_OPERATION"
  | "UNKNOWN_OBJECT"
  | "MIGRATION_FAILED"
  | "INTERRUPTED"
  | "STATEMENT_FAILED"
  | "FOREIGN_KEY_VIOLATION"
  | "VERSION_ROWS_CHANGED"
  | "OPERATION_AFTER_END"
  | "INTERNAL";

/** What an error carries beside its sentence. */
export interface ErrorDetails {
  /** What to do next, as one sentence without a full stop. */
  readonly hint?: string;
  /** The file that the error is about. */
  readonly file?: string;
  /** The SQL statement that failed. */
  readonly sql?: string;
  /** The error underneath, for `--raise`. */
  readonly cause?: unknown;
  /** Facts for programs (`--json`), such as the differences that were found. */
  readonly data?: unknown;
}

/**
 * The one class of everything that a user may cause: a code for programs, one sentence for people, and the cause.
 * The sentence says what is wrong and with what; `hint` says what to do next.
 */
export class LimbeckError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly file: string | undefined;
  readonly sql: string | undefined;
  readonly data: unknown;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "LimbeckError";
    this.code = code;
    this.hint = details.hint;
    this.file = details.file;
    this.sql = details.sql;
    this.data = details.data;
  }
}

const ANSWERS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "DIFFERENCES_FOUND",
  "NOT_AT_HEADS",
  "SEVERAL_HEADS",
  "REVISION_CHANGED",
  "NOT_VERIFIED",
  // For the rules of a project, such as one that forbids drops.
  "REFUSED",
]);
const FAILED_MIGRATIONS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "IRREVERSIBLE",
  "INCOMPLETE_OPERATION",
  "INVALID_OPERATION",
  "UNKNOWN_OBJECT",
  "MIGRATION_FAILED",
  "INTERRUPTED",
  "STATEMENT_FAILED",
  "FOREIGN_KEY_VIOLATION",
  "VERSION_ROWS_CHANGED",
  "OPERATION_AFTER_END",
  "INTERNAL",
]);

/** The exit status that an error ends a command with: 1 the answer is no, 2 it could not start, 3 a migration failed. */
export function exitStatusOf(error: unknown): 1 | 2 | 3 {
  if (!(error instanceof LimbeckError)) return 3;
  if (ANSWERS.has(error.code)) return 1;
  return FAILED_MIGRATIONS.has(error.code) ? 3 : 2;
}

/** The message of anything that was thrown, without a stack. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  return String(thrown);
}

/** Makes a `switch` over a union exhaustive: the compiler names the case that is missing. */
export function assertNever(value: never): never {
  throw new LimbeckError("INTERNAL", `unexpected value ${JSON.stringify(value)}`);
}
