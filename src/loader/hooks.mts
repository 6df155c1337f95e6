/** The hooks for ES modules. They run in a thread of their own, which Node gives them. */
import type { LoadHook, ResolveHook } from "node:module";
import { importerOf, loadTypeScript, typeScriptUrl } from "./import-hooks.js";
import { isTypeScript } from "./resolve.js";

export const resolve: ResolveHook = async (specifier, context, next) => {
  const from = importerOf(context.parentURL);
  if (from === undefined) return await next(specifier, context);
  if (isTypeScript(from)) return await next(typeScriptUrl(specifier, from) ?? specifier, context);
  try {
    return await next(specifier, context);
  } catch (cause) {
    const found = typeScriptUrl(specifier, from);
    if (found === undefined) throw cause;
    return await next(found, context);
  }
};

export const load: LoadHook = async (url, context, next) => loadTypeScript(url) ?? (await next(url, context));
