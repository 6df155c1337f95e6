/** Arrays as text, `{a,"b c",NULL}` (manual, section 8.15.6). */

type Item = string | null | readonly Item[];

/** The same array in the spelling that the database prints; the text itself where it is no array. */
export function canonicalArray(text: string): string {
  const items = parseArray(text);
  return items === undefined ? text : printArray(items);
}

/** The array with every item replaced; the text itself where it is no array. */
export function mapArray(text: string, change: (item: string) => string): string {
  const changed = (item: Item): Item => {
    if (item === null) return null;
    return typeof item === "string" ? change(item) : item.map(changed);
  };
  const items = parseArray(text);
  return items === undefined ? text : printArray(items.map(changed));
}

/** The values of a list as the text of an array. */
export function arrayText(values: readonly unknown[]): string {
  return printArray(values.map(itemOf));
}

function itemOf(value: unknown): Item {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map(itemOf);
  return typeof value === "string" ? value : JSON.stringify(value);
}

function printArray(items: readonly Item[]): string {
  return `{${items.map(printItem).join(",")}}`;
}

function printItem(item: Item): string {
  if (item === null) return "NULL";
  if (typeof item !== "string") return printArray(item);
  const isPlain = item !== "" && !/^null$/i.test(item) && !/[{}",\\\s]/.test(item);
  return isPlain ? item : `"${item.replace(/["\\]/g, "\\$&")}"`;
}

const PARTS =
  /\s*(?:(?<open>\{)|(?<close>\})|(?<comma>,)|"(?<quoted>(?:[^"\\]|\\[^])*)"|(?<bare>(?:[^{}",\\]|\\[^])+))/y;

function parseArray(text: string): readonly Item[] | undefined {
  const open: Item[][] = [];
  let position = 0;
  while (position < text.trimEnd().length) {
    PARTS.lastIndex = position;
    const match = PARTS.exec(text);
    if (!match) return undefined;
    position = PARTS.lastIndex;
    const groups = match.groups ?? {};
    const current = open.at(-1);
    if (groups.open !== undefined) {
      const items: Item[] = [];
      if (open.length > 0) current?.push(items);
      open.push(items);
    } else if (current === undefined) {
      return undefined;
    } else if (groups.close !== undefined) {
      open.pop();
      if (open.length === 0) return position === text.trimEnd().length ? current : undefined;
    } else if (groups.comma === undefined) {
      current.push(itemText(groups));
    }
  }
  return undefined;
}

function itemText({ quoted, bare }: Readonly<Record<string, string | undefined>>): string | null {
  if (quoted !== undefined) return quoted.replace(/\\([^])/g, "$1");
  const text = (bare ?? "").trim().replace(/\\([^])/g, "$1");
  return /^null$/i.test(text) ? null : text;
}
