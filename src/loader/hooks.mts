/** The hooks for ES modules. They run in a thread of their own, which Node gives them. */
import { readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { LoadHook, ResolveHook } from "node:module";
import { formatOf, isTypeScript, resolveTypeScript } from "./resolve.js";
import { transpile } from "./transpile.js";

export const resolve: ResolveHook = async (specifier, context, next) => {
  const { parentURL } = context;
  if (
    parentURL?.startsWith("file:") &&
    !specifier.startsWith("node:") &&
    !parentURL.includes("/node_modules/")
  ) {
    const target = specifier.startsWith("file:") ? fileURLToPath(specifier) : specifier;
    const file = resolveTypeScript(target, fileURLToPath(parentURL));
    if (file !== undefined) return await next(pathToFileURL(file).href, context);
  }
  return await next(specifier, context);
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
