/** Custom operations as statements, the same way on every database. */
import { LimbeckError } from "../../errors";
import type { OperationOf } from "../../operations/operation";
import { customOperation } from "../../operations/registry";
import type { CustomStatement } from "../../operations/registry";
import type { CompileContext, DialectName } from "../dialect";
import type { Writer } from "./sql";

/** How a custom operation finds its SQL. */
export interface CustomTarget extends Writer {
  readonly dialect: DialectName;
  /** Another dialect, whose function is taken where there is none for this one. */
  readonly alike?: DialectName;
}

/**
 * The statements of a custom operation.
 *
 * Throws INVALID_OPERATION where it is not registered, UNSUPPORTED where it has no SQL for this database.
 */
export function compileCustom(
  { name, payload }: OperationOf<"custom">,
  { alike, ...writer }: CustomTarget,
  { registry, serverVersion }: Pick<CompileContext, "registry" | "serverVersion">,
): readonly Exclude<CustomStatement, string>[] {
  const { compile } = customOperation(registry, name);
  const { dialect } = writer;
  const forThis = typeof compile === "function" ? compile : (compile[dialect] ?? (alike && compile[alike]));
  if (!forThis) {
    throw new LimbeckError("UNSUPPORTED", `the custom operation "${name}" has no SQL for ${dialect}`, {
      hint: `its \`compile\` needs a function \`${dialect}\``,
    });
  }
  const statements = forThis(payload, serverVersion === undefined ? writer : { ...writer, serverVersion });
  return statements.map((statement) => (typeof statement === "string" ? { sql: statement } : statement));
}
