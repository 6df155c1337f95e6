/** What is told to those who want to know that version rows were written. */

/** A step that was taken, or a stamp. */
export interface VersionApplied {
  readonly direction: "up" | "down" | "stamp";
  /** The revision that ran; those that are new among the version rows, of a stamp. */
  readonly revisions: readonly string[];
  /** The version rows before and after. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** The name that `configure` was given, or that of the configuration. */
  readonly database: string | undefined;
  readonly isOffline: boolean;
}

/** Hears of a step or a stamp; what it throws ends the run. */
export type OnVersionApply = (applied: VersionApplied) => void | Promise<void>;
