/** What Node's module system has and its types do not: old, private-looking, and what every TypeScript hook stands on. */
import Module from "node:module";

interface ModuleInstance {
  filename: string | null;
  paths: readonly string[];
  readonly exports: unknown;
  load(file: string): void;
  _compile(code: string, file: string): void;
}

interface ModuleInternals {
  new (file: string): ModuleInstance;
  readonly _cache: Readonly<Record<string, { readonly exports: unknown } | undefined>>;
  readonly _extensions: Record<string, (module: Pick<ModuleInstance, "_compile">, file: string) => void>;
  _nodeModulePaths(folder: string): readonly string[];
  _load(
    request: string,
    parent: { readonly filename?: string | null } | undefined,
    ...rest: readonly unknown[]
  ): unknown;
  _resolveFilename(
    request: string,
    parent: { readonly filename?: string | null } | undefined,
    ...rest: readonly unknown[]
  ): string;
}

export const internals = Module as unknown as ModuleInternals;
