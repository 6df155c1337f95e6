/** Values as TypeScript source. */

/** Source text that stands where a value would. Under the key `...` of an object it is spread. */
export class Code {
  constructor(readonly source: string) {}
}

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/** A value as an expression. A function becomes an arrow function that gives its SQL, `undefined` is left out. */
export function renderValue(value: unknown): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (typeof value === "string") return renderString(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return `() => ${renderString((value as () => string)())}`;
  if (value instanceof Date) return `new Date(${renderString(value.toISOString())})`;
  if (value instanceof Uint8Array) return `new Uint8Array([${value.join(", ")}])`;
  if (value instanceof Code) return value.source;
  if (Array.isArray(value)) return `[${value.map(renderValue).join(", ")}]`;
  if (typeof value === "object") return renderObject(value);
  return "undefined";
}

/** Text in quotes; a template literal where it has several lines, so that it can be read. */
export function renderString(text: string): string {
  if (!text.includes("\n")) return JSON.stringify(text);
  // Only \r must be written out: in a template literal it would be read as a line feed.
  const escaped = text.replaceAll(/[\\`]|\$\{/g, "\\$&").replaceAll("\r", "\\r");
  return `\`${escaped}\``;
}

function renderObject(value: object): string {
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  if (entries.length === 0) return "{}";
  const rendered = entries.map(([key, inner]: [string, unknown]) =>
    inner instanceof Code && key === "..."
      ? `...${inner.source}`
      : `${renderKey(key)}: ${renderValue(inner)}`,
  );
  return `{ ${rendered.join(", ")} }`;
}

function renderKey(key: string): string {
  // "__proto__: x" in an object literal would set the prototype.
  if (key === "__proto__") return '["__proto__"]';
  return IDENTIFIER.test(key) ? key : JSON.stringify(key);
}
