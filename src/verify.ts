/**
 * The properties of revisions as functions for jest, vitest and any other runner of tests: each ends well, or throws
 * NOT_VERIFIED with everything that is wrong. They run on a scratch database, never on the application's own.
 */
import type { PropertyName, VerifiedProperty } from "./commands/verify";
import { LimbeckError } from "./errors";
import { open } from "./open";
import type { OpenOptions } from "./open";

/** All properties, in one pass over one scratch database. */
export async function verify(options: OpenOptions = {}): Promise<void> {
  await demand(options, undefined);
}

/** The revisions have one head (or there are none), so that everybody's `upgrade head` means the same. Asks no database. */
export async function singleHead(options: OpenOptions = {}): Promise<void> {
  await demand(options, ["singleHead"]);
}

/** An empty database comes up to the heads. */
export async function upgradesToHead(options: OpenOptions = {}): Promise<void> {
  await demand(options, ["upgradesToHead"]);
}

/** Entities are what an empty database becomes: no change was forgotten in the revisions. */
export async function modelMatches(options: OpenOptions = {}): Promise<void> {
  await demand(options, ["upgradesToHead", "modelMatches"]);
}

/** Each downgrade undoes its upgrade, and after it the upgrade makes the same again. */
export async function upDownConsistent(options: OpenOptions = {}): Promise<void> {
  await demand(options, ["upgradesToHead", "upDownConsistent"]);
}

async function demand(options: OpenOptions, properties: readonly PropertyName[] | undefined): Promise<void> {
  const limbeck = await open(options);
  const result = await limbeck.verify(properties === undefined ? {} : { properties });
  if (result.passed) return;
  const sentences = result.properties.flatMap(problemsOf);
  throw new LimbeckError("NOT_VERIFIED", sentences.join("; "), {
    hint: "`limbeck verify` tells the same",
    data: result,
  });
}

function problemsOf({ property, problems }: VerifiedProperty): readonly string[] {
  return problems.map((problem) => `${property}: ${problem}`);
}
