/**
 * Keeps the application's own TypeORM from touching a database while user code loads: a data source file may well call
 * `initialize()` when it is imported, with `synchronize: true` among its options.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { loadedOrAbsent } from "./absent-driver";
import { internals } from "./internals";
import { lightly } from "./lightly";
import { asksWhileLoading } from "./typeorm-error";

/** Set in all that runs on behalf of a load, and nowhere else: what the application does meanwhile is its own business. */
const loading = new AsyncLocalStorage<true>();

/**
 * Runs user code with every data source of TypeORM at rest: `initialize` gives the data source as it is, and what would
 * change a database does nothing, and what would ask one is refused. It holds for all that the code starts, also where it goes on after this has returned.
 */
export async function guarded<T>(body: () => Promise<T>): Promise<T> {
  watch();
  return await loading.run(true, body);
}

type Method = (this: unknown, ...values: unknown[]) => unknown;

const CONNECTING = ["initialize", "connect"];
const CHANGING = ["synchronize", "dropDatabase", "runMigrations", "undoLastMigration"];
const ASKING = ["createQueryRunner"];
const seen = new WeakSet();

/** Puts a copy of TypeORM under guard, once; anything else is left as it is. */
export function guardTypeOrm(exported: unknown): void {
  const prototype = prototypeOf(exported);
  if (prototype === undefined || seen.has(prototype)) return;
  seen.add(prototype);
  for (const name of [...CONNECTING, ...CHANGING, ...ASKING]) {
    const original = prototype[name];
    if (original === undefined) continue;
    prototype[name] = function (...values) {
      if (loading.getStore() === undefined) return original.apply(this, values);
      if (ASKING.includes(name)) throw asksWhileLoading();
      return Promise.resolve(CHANGING.includes(name) ? [] : this);
    };
  }
}

function prototypeOf(exported: unknown): Record<string, Method | undefined> | undefined {
  const { DataSource } = (exported ?? {}) as { readonly DataSource?: { readonly prototype?: unknown } };
  const prototype = DataSource?.prototype as Record<string, Method | undefined> | undefined;
  return typeof prototype?.buildMetadatas === "function" ? prototype : undefined;
}

let watching = false;

/**
 * Guards the copies of TypeORM that are loaded already, and each one when it comes. To load one here would be simpler,
 * and would cost the commands that need none a tenth of a second.
 */
function watch(): void {
  if (watching) return;
  watching = true;
  for (const [file, module] of Object.entries(internals._cache)) {
    if (isDataSourceModule(file)) guardTypeOrm(module?.exports);
  }
  const original = internals._load.bind(internals);
  internals._load = (request, parent, ...rest) => {
    const load = (): unknown => original(request, parent, ...rest);
    const exported =
      loading.getStore() === undefined
        ? load()
        : loadedOrAbsent(request, () => lightly(request, parent?.filename, load));
    if (isDataSourceModule(request)) guardTypeOrm(exported);
    return exported;
  };
}

function isDataSourceModule(request: string): boolean {
  return /(^|[\\/])DataSource(\.js)?$/.test(request);
}
