/** The hooks for ES modules. They run in a thread of their own, which Node gives them. */
import { readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { LoadHook, ResolveHook } from "node:module";
import { formatOf, isTypeScript, isUserFile, resolveTypeScript } from "./resolve.js";
import { transpile } from "./transpile.js";

export const resolve: ResolveHook = async (specifier, context, next) => {
  const from = context.parentURL?.startsWith("file:") ? fileURLToPath(context.parentURL) : undefined;
  if (from === undefined || !isUserFile(from)) return await next(specifier, context);
  if (isTypeScript(from)) return await next(urlOf(specifier, from) ?? specifier, context);
  try {
    return await next(specifier, context);
  } catch (cause) {
    const found = urlOf(specifier, from);
    if (found === undefined) throw cause;
    return await next(found, context);
  }
};

export const load: LoadHook = async (url, context, next) => {
  if (!url.startsWith("file:")) return await next(url, context);
  const file = fileURLToPath(url);
  if (!isTypeScript(file)) return await next(url, context);
  // CommonJS is left to the hook of `require`, which lives in the main thread.
  if (formatOf(file) === "commonjs") return { format: "commonjs", shortCircuit: true };
  return {
    format: "module",
    source: transpile(readFileSync(file, "utf8"), file, "module"),
    shortCircuit: true,
  };
};

function urlOf(specifier: string, from: string): string | undefined {
  const found = resolveTypeScript(specifier, from);
  return found === undefined ? undefined : pathToFileURL(found).href;
}
