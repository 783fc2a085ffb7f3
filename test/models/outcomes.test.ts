import { describe, expect, test } from "vitest";
import type { Row } from "../../src/database/open.ts";
import { given } from "./given.ts";
import { signIn } from "./people.ts";

/** What became of one sign-in with these properties. */
async function outcomeOf(more: Row): Promise<string> {
  const query = await given(["sign_ins", [signIn("ann", "2026-10-30T08:00:00Z", more)]]);
  const [row = {}] = await query(
    "select sign_ins, failed_sign_ins, interrupted_sign_ins, unknown_sign_ins from app_activity",
  );
  return Object.entries(row).flatMap(([name, count]) => (count === 1 ? name : []))[0] ?? "";
}

describe("the portal's word for an outcome goes before the code", () => {
  const cases = [
    ["Interrupted", 50_055, "interrupted_sign_ins"],
    ["Interrupted", 50_126, "interrupted_sign_ins"],
    ["Interrupted", 0, "interrupted_sign_ins"],
    ["Failure", 50_140, "failed_sign_ins"],
    ["Failure", 0, "failed_sign_ins"],
    ["Success", 50_126, "sign_ins"],
    [" success ", null, "sign_ins"],
    ["FAILURE", null, "failed_sign_ins"],
    ["interrupted", null, "interrupted_sign_ins"],
  ] as const;
  test.each(cases)("%s with %s: %s", async (signInStatus, errorCode, outcome) => {
    expect(await outcomeOf({ signInStatus, status: { errorCode } })).toBe(outcome);
  });
});

describe("a word that is not known falls back to the code", () => {
  const cases = [
    ["Erfolgreich", 0, "sign_ins"],
    ["Fehler", 50_126, "failed_sign_ins"],
    ["Unterbrochen", 50_076, "interrupted_sign_ins"],
    ["", 0, "sign_ins"],
    ["Erfolgreich", null, "unknown_sign_ins"],
    [null, null, "unknown_sign_ins"],
  ] as const;
  test.each(cases)("%s with %s: %s", async (signInStatus, errorCode, outcome) => {
    expect(await outcomeOf({ signInStatus, status: { errorCode } })).toBe(outcome);
  });
});

describe("codes of interrupts are no failures", () => {
  const asked = [
    50_058, 50_072, 50_074, 50_076, 50_079, 50_097, 50_125, 50_129, 50_140, 50_158, 50_199, 65_001,
  ];
  const workbook = [
    50_055, 50_059, 50_127, 50_143, 50_144, 51_006, 52_004, 16_000, 16_001, 16_003, 81_010, 81_012, 81_014,
  ];
  test.each([...asked, ...workbook])("%i", async (errorCode) => {
    expect(await outcomeOf({ status: { errorCode } })).toBe("interrupted_sign_ins");
  });
  test.each([50_126, 50_053, 50_057, 53_003, 530_032, 500_121, 16_002, 81_011])(
    "but %i is a failure",
    async (errorCode) => {
      expect(await outcomeOf({ status: { errorCode } })).toBe("failed_sign_ins");
    },
  );
});
