/** How the command line words and orders what it says. */
import { ORDINARY, Project, revisionText } from "./project";

let project: Project;
beforeAll(() => {
  project = new Project(ORDINARY);
});
afterAll(() => project.remove());

test("help lists a command's own options before those of every command", () => {
  const { stdout } = project.run("heads", "--help");
  const places = ["--check", "Options of every command:", "--config"].map((text) => stdout.indexOf(text));
  expect(places).toEqual(places.toSorted((left, right) => left - right));
  expect(places).not.toContain(-1);
});

test("a revision without a message says so", () => {
  const { status } = project.run("revision", "--rev-id", "a1");
  expect(status).toBe(0);
  expect(project.run("history").stdout).toContain("<base> -> a1 (head), (no message)");
});

test("one revision waits", () => {
  project.write({ "revisions/versions/b2.ts": revisionText("b2", "a1") });
  project.run("upgrade", "a1");
  expect(project.run("check").stderr).toContain(
    "the database is behind: 1 revision waits to be applied (b2)",
  );
});
