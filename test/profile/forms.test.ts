import { expect, test } from "vitest";
import { compileDate, isDateForm, maybeFormatNumber } from "../../src/profile/forms.ts";
import { nearestWord } from "../../src/profile/nearest.ts";

test.each<[string, string, string | undefined]>([
  ["yyyy-MM-dd", "2026-11-01", "2026-11-01"],
  ["dd/MM/yyyy", "2026-11-01T23:59:59.9Z", "01/11/2026"],
  ["yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", "2026-11-01T23:59:59.9Z", "2026-11-01T23:59:59.900Z"],
  ["yyyy-MM-dd'T'HH:mm:ss'Z'", "2026-11-01", "2026-11-01T00:00:00Z"],
  ["yyyy-MM-dd'T00:00:00:00Z'", "2027-07-01", "2027-07-01T00:00:00:00Z"],
  ["HH 'o''clock'", "2026-11-01T08:00:00.123456Z", "08 oclock"],
  ["yyyy", "yesterday", undefined],
  ["yyyy", "2026", undefined],
])("the form %s makes of %s %s", (form, value, text) => {
  expect([isDateForm(form), compileDate(form)(value)]).toEqual([true, text]);
});

test.each(["YYYY", "yyyy-mm-ddT", "q", "'open", "yyyyy"])("%s is no form of dates", (form) => {
  expect(isDateForm(form)).toBe(false);
});

test.each<[unknown, number, string | undefined]>([
  [12, 0, "12"],
  ["12.5", 0, "13"],
  ["12.4999", 0, "12"],
  ["-12.5", 0, "-13"],
  ["-0.4", 0, "0"],
  ["10.6000", 2, "10.60"],
  ["0.005", 2, "0.01"],
  [7, 3, "7.000"],
  ["9007199254740993", 0, "9007199254740993"],
  ["1e3", 0, undefined],
  ["ten", 2, undefined],
  ["", 0, undefined],
])("%s with %i decimals is %s", (value, decimals, text) => {
  expect(maybeFormatNumber(value, decimals)).toBe(text);
});

test("the nearest word is the one with the least to change", () => {
  expect(nearestWord("requird", ["relations", "required", "unique"])).toBe("required");
  expect(nearestWord("x", [])).toBeUndefined();
});
