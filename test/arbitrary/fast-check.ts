/**
 * fast-check with one seed for all runs, so that a test suite passes or fails for what the code is, not for luck.
 * `LIMBECK_TEST_SEED=random` searches elsewhere on each run, a number goes to one place.
 */
import { configureGlobal } from "fast-check";

export * from "fast-check";

const seed = process.env.LIMBECK_TEST_SEED ?? "20261121";
configureGlobal(seed === "random" ? {} : { seed: Number(seed) });
