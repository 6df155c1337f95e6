/** What Node's module system has and its types do not: old, private-looking, and what every TypeScript hook stands on. */
import Module from "node:module";

interface ModuleInternals {
  readonly _cache: Readonly<Record<string, { readonly exports: unknown } | undefined>>;
  readonly _extensions: Record<
    string,
    (module: { _compile(code: string, file: string): void }, file: string) => void
  >;
  _load(request: string, ...rest: readonly unknown[]): unknown;
  _resolveFilename(
    request: string,
    parent: { readonly filename?: string | null } | undefined,
    ...rest: readonly unknown[]
  ): string;
}

export const internals = Module as unknown as ModuleInternals;
