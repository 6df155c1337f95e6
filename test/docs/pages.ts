/** The pages of docs/, by their path in it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readPage } from "./page";
import type { Page } from "./page";
import { ROOT } from "./site";

export const DOCS = join(ROOT, "docs");

export const pages: ReadonlyMap<string, Page> = new Map(
  readdirSync(DOCS, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .sort()
    .map((name) => [name, readPage(readFileSync(join(DOCS, name), "utf8"))]),
);
