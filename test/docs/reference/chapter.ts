/** A chapter of the reference: a page that lists its entries, and a page for each entry. */
export interface Chapter {
  readonly title: string;
  readonly intro: string;
  readonly pages: readonly { readonly name: string; readonly text: string; readonly summary?: string }[];
}

/** The pages of a chapter, by their path from the folder of the reference. */
export function pagesOf(folder: string, { title, intro, pages }: Chapter): ReadonlyMap<string, string> {
  const list = pages.map(({ name, summary }) => {
    const sentence = /^.*?[.;:](?= |$)/.exec(summary ?? "")?.[0].replace(/[;:]$/, ".");
    return `- [${name}](${folder}/${name}.md)${sentence === undefined ? "" : ` ${sentence}`}`;
  });
  return new Map([
    [`${folder}.md`, [`# ${title}`, "", intro, "", ...list, ""].join("\n")],
    ...pages.map(
      ({ name, text }) =>
        [
          `${folder}/${name}.md`,
          [`# ${name}`, "", text.trim(), "", `[All of these](../${folder}.md)`, ""].join("\n"),
        ] as const,
    ),
  ]);
}
