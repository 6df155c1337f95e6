/** The names of revision files. Nothing is ever read from them: they are for people. */

import { dateParts } from "./date";

/** What a file name is made of. */
export interface FileNameParts {
  readonly id: string;
  readonly message: string;
  /** When the revision was made. */
  readonly now: Date;
  /** The zone of dates and times, by its IANA name; UTC unless said. */
  readonly timeZone?: string;
  /** With `{rev}`, `{slug}`, `{year}`, `{month}`, `{day}`, `{hour}`, `{minute}`, `{second}` and `{epoch}`; a slash makes folders. */
  readonly template: string;
  /** The longest slug, in characters. */
  readonly slugLength: number;
  /** With its dot. */
  readonly extension: string;
}

/** Device names that Windows keeps for itself, whatever extension follows (learn.microsoft.com, "Naming Files"). */
const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)/i;
const FORBIDDEN = /[<>:"/\\|?*\u0000-\u001f]/g;

/** The name of a revision file, with the folders of its template, one that Linux, macOS and Windows all accept. */
export function fileNameOf(wanted: FileNameParts): string {
  const { id, message, now, template, slugLength, extension } = wanted;
  const safeId = id.replaceAll(FORBIDDEN, "_");
  const parts: Readonly<Record<string, string>> = {
    ...dateParts(now, wanted.timeZone ?? "UTC"),
    rev: safeId,
    slug: slugOf(message, slugLength),
    epoch: String(Math.floor(now.getTime() / 1000)),
  };
  const folders = template.split("/").map((segment) => {
    const filled = segment.replaceAll(/\{(\w+)\}/g, (whole, part: string) => parts[part] ?? whole);
    // A leading dot would hide the file; underscores at the ends are what an empty slug leaves behind.
    return filled.replace(/^[._]+/, "").replace(/[_. ]+$/, "");
  });
  const name = folders.pop() ?? "";
  return [...folders.filter((folder) => folder !== ""), name === "" ? safeId : name]
    .map((segment) => segment.replace(RESERVED, "$1_"))
    .join("/")
    .concat(extension);
}

/** A message as part of a file name: words in lower case joined by `_`, cut where a word ends. */
export function slugOf(message: string, length: number): string {
  const words =
    message
      .toLowerCase()
      .normalize("NFC")
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  let slug = "";
  for (const word of words) {
    const next = slug === "" ? word : `${slug}_${word}`;
    if (characters(next).length > length)
      return slug === "" ? characters(word).slice(0, length).join("") : slug;
    slug = next;
  }
  return slug;
}

/** Whole characters: cutting by code units could leave half of one. */
function characters(text: string): readonly string[] {
  return Array.from(text);
}
