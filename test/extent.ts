import { test } from "vitest";

const said = process.env["THOROUGH"];

/** Whether the tests of `npm test` are run: not by the short forms, which are run behind it. */
export const isSuite = said !== "short";

/** Whether the tests are run that take too long for `npm test`: `npm run thorough` and, with `--short`, some of them. */
export const isThorough = said !== undefined;

/** Whether they are run at full length. */
export const isWhole = said === "all";

const nothing = (): (() => void) => () => {};
const none = Object.assign(nothing, { each: nothing, skipIf: nothing }) as unknown as typeof test;

/** A test of `npm test`, in a file of which the short forms run some, too. */
export const suiteTest = isSuite ? test : none;

/** A test that takes too long for `npm test`. */
export const thoroughTest = isThorough ? test : none;
