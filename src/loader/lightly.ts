/**
 * What loads more than anybody needs. TypeORM loads its classes for a dozen kinds of database, of which a data source takes
 * one, and what it lays out logged SQL with; pg loads all of `fetch` where there is no `navigator`, to see whether it runs
 * at Cloudflare. Together they are a quarter of what it costs to load TypeORM and pg.
 */

/** What a module gives that a file asks for; what is hardly ever needed is loaded when it is. */
export function lightly(request: string, from: string | null | undefined, load: () => unknown): unknown {
  if (request === "pg") return withNavigator(load);
  return mayWait(request, from ?? "") ? later(load) : load();
}

/** Files of TypeORM 0.3 and 1.x that use one of what they ask for, or none of it. */
function mayWait(request: string, from: string): boolean {
  if (request.endsWith("Driver")) return /[\\/]typeorm[\\/]driver[\\/]DriverFactory\.js$/.test(from);
  return (
    request.startsWith("@sqltools/formatter") && /[\\/]typeorm[\\/]platform[\\/]PlatformTools\.js$/.test(from)
  );
}

/** Stands for a module until something of it is used. */
function later(load: () => unknown): unknown {
  let loaded: object | undefined;
  const real = (): object => (loaded ??= load() as object);
  return new Proxy(
    {},
    {
      get: (_stand, name): unknown => Reflect.get(real(), name),
      has: (_stand, name) => Reflect.has(real(), name),
    },
  );
}

/** Node has a `navigator` from version 21 on; before that there is one while this loads. */
function withNavigator(load: () => unknown): unknown {
  if ("navigator" in globalThis) return load();
  const userAgent = `Node.js/${process.versions.node}`;
  Object.defineProperty(globalThis, "navigator", { configurable: true, value: { userAgent } });
  try {
    return load();
  } finally {
    Reflect.deleteProperty(globalThis, "navigator");
  }
}
