/** env.ts where no database is needed: some want it to run all the same (`revisionEnvironment`). */
import type { Environment } from "../runtime/environment";
import type { RunBody } from "../runtime/environment-run";

/** Lets env.ts take part in `revision`, `merge` and `history` without a database, where the configuration wants that. */
export async function runEnvironment(
  environment: Environment,
  { sql = false }: { readonly sql?: boolean } = {},
  body: RunBody = () => Promise.resolve(),
): Promise<void> {
  if (!environment.config.revisionEnvironment) return;
  await environment.run({ readsOnly: true, offline: sql }, body);
}
