/** Questions about renames on a terminal: what is shown, every way to answer, and every way not to. */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { renameAsker } from "../../src/cli/ask-rename";
import type { RenameQuestion } from "../../src/diff/rename-questions";
import { hasClient } from "../roundtrip/databases";
import { failure } from "../support/error";
import { ENTITIES, ORDINARY, Project } from "./project";
import { CTRL_C, onTerminal } from "./terminal";
import { describeOn } from "../support/describe-on";

const table = { name: "account" };
const question: RenameQuestion = {
  fresh: "column account.full_name",
  candidates: [
    {
      rename: { kind: "column", table, from: "name", to: "full_name" },
      reasons: ["same type varchar(40)", "similar name"],
    },
    { rename: { kind: "column", table, from: "it's", to: "full_name" }, reasons: ["same position"] },
  ],
};

/** An asker with somebody who has typed all that they will type. */
function asked(keys: string, signal = new AbortController().signal) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const answer = renameAsker(input, output, signal)(question);
  input.write(keys);
  return { input, answer, shown: () => String(output.read() ?? "") };
}

describe("a question about a rename", () => {
  test("shows the candidates with what speaks for each, and that the thing may be new", async () => {
    const { answer, shown } = asked("3\n");
    await answer;
    expect(shown().split("\n")).toEqual([
      "column account.full_name is not in the database: is it new, or renamed?",
      "  [1] renamed from account.name (same type varchar(40), similar name)",
      "  [2] renamed from account.it's (same position)",
      "  [3] new; account.name and account.it's are something else",
      "[1-3] ",
    ]);
  });

  test.each([
    ["1\n", 0, "answered: --rename account.name:full_name"],
    [" 2 \n", 1, "answered: --rename 'account.it'\\''s:full_name'"],
    ["3\n", undefined, "[1-3] "],
    // What is no number of the list is asked again.
    ["\n0\n4\n1.5\nyes\n2\n", 1, "answered: --rename 'account.it'\\''s:full_name'"],
  ])("%j is %p", async (keys, expected, last) => {
    const { answer, shown } = asked(keys);
    expect(await answer).toBe(expected);
    expect(shown().trimEnd().split("\n").at(-1)).toContain(last.trimEnd());
  });

  test("is not answered by an input that ends, or a run that is interrupted", async () => {
    const ended = asked("7\n");
    ended.input.end();
    const controller = new AbortController();
    const interrupted = asked("", controller.signal);
    controller.abort("SIGTERM");
    for (const { answer } of [ended, interrupted])
      expect(await failure(answer)).toMatchObject({
        code: "RENAME_QUESTION",
        message: "column account.full_name may be a rename, and the question was not answered",
        hint: "answer with --rename account.name:full_name or --rename 'account.it'\\''s:full_name', or say --no-renames where drop and add is meant",
      });
  });
});

const NO_TERMINAL = "this machine has no `script` of util-linux";
const terminals = hasClient("script") ? ["a terminal"] : [];
if (terminals.length === 0 && process.env.LIMBECK_REQUIRE_CLIENTS) throw new Error(NO_TERMINAL);

describeOn(
  terminals,
  "revision --autogenerate on %s",
  () => {
    const generate = ["revision", "--autogenerate", "-m", "names", "--rev-id", "b2"];
    let project: Project;
    beforeAll(() => {
      project = new Project({
        ...ORDINARY,
        "entities.ts": ENTITIES.replace("@Column", "@Column() state: number;\n  @Column"),
      });
      project.run("revision", "--autogenerate", "-m", "first", "--rev-id", "a1");
      project.run("upgrade", "head");
      project.write({
        "entities.ts": ENTITIES.replace(
          /@Column.*name.*/,
          "@Column({ length: 40 }) fullName: string;\n  @Column() rank: number;",
        ),
      });
    });
    afterAll(() => project.remove());

    test("asks one question after another, and does what is answered", async () => {
      const { status, shown } = await onTerminal(project, generate, [
        { when: "[1-2] ", keys: "1\r" },
        { when: "[1-2] ", keys: "2\r" },
      ]);
      expect(shown).toContain(
        [
          "column account.fullName is not in the database: is it new, or renamed?",
          "  [1] renamed from account.name (same type varchar(40), similar name, both not null)",
        ].join("\n"),
      );
      expect(shown).toContain("answered: --rename account.name:fullName");
      expect(shown).toContain("column account.rank is not in the database: is it new, or renamed?");
      expect(status).toBe(0);
      const name = join(project.folder, "revisions/versions/b2_names.ts");
      const file = readFileSync(name, "utf8");
      rmSync(name);
      expect(file).toContain('newName: "fullName"');
      expect(file).toContain('dropColumn("state")');
      expect(file).toContain("rename to fullName (answered on the terminal)");
    });

    test("stops at Ctrl-C, and leaves no file", async () => {
      const before = project.snapshot();
      const { status, shown } = await onTerminal(project, generate, [
        { when: "[1-2] ", keys: "1\r" },
        { when: "[1-2] ", keys: CTRL_C },
      ]);
      expect(shown).toContain(
        "error: column account.rank may be a rename, and the question was not answered",
      );
      expect(status).toBe(2);
      expect(project.snapshot()).toEqual(before);
    });

    test("asks nothing where the output is for a program", async () => {
      const { status, shown } = await onTerminal(project, [...generate, "--json"], []);
      expect(shown).toContain('"code": "RENAME_QUESTION"');
      expect(status).toBe(2);
    });
  },
  NO_TERMINAL,
);
