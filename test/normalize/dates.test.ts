import { expect, test } from "vitest";
import { dateEvidence, readDateText, unordered, type DateOrder } from "../../src/normalize/dates.ts";

function read(text: string, format: "date" | "date-time", order?: DateOrder, timeZone = "UTC"): unknown {
  return readDateText(text, format, { dateOrder: () => order, timeZone, onZoneless: () => {} });
}

test.each([
  ["2026-10-30T00:00:00+02:00", "2026-10-30"],
  ["2026-10-30 23:30:00-08:00", "2026-10-30"],
  ["30.10.2026 00:15", "2026-10-30"],
  ["2026/10/30", "2026-10-30"],
  // Midnight in Berlin, in Tokyo and in Seattle, as PowerShell 5.1 writes them.
  ["/Date(1793314800000)/", "2026-10-30"],
  ["/Date(1793286000000)/", "2026-10-30"],
  ["/Date(1793343600000)/", "2026-10-30"],
])("a day is the day that was written: %s", (text, day) => {
  expect(read(text, "date")).toBe(day);
});

test("a day in ticks is that of the zone that is said", () => {
  expect(read("/Date(1793314800000)/", "date", undefined, "Europe/Berlin")).toBe("2026-10-30");
  expect(read("/Date(1793314800000)/", "date", undefined, "America/Los_Angeles")).toBe("2026-10-29");
});

test.each([
  ["8/19/2021 1:25:31 PM", "month-first", "2021-08-19T13:25:31Z"],
  ["8/19/2021 12:00:00 AM", "month-first", "2021-08-19T00:00:00Z"],
  ["8/19/2021 12:00:00 PM", "month-first", "2021-08-19T12:00:00Z"],
  ["10/30/2026, 10:00:00 AM", "month-first", "2026-10-30T10:00:00Z"],
  ["1/9/2007 10:41:00 AM +01:00", "month-first", "2007-01-09T09:41:00Z"],
  ["18/03/2021", "day-first", "2021-03-18T00:00:00Z"],
  ["18.03.2021 16:28:00", undefined, "2021-03-18T16:28:00Z"],
  ["2022-03-18 19:49:35Z", undefined, "2022-03-18T19:49:35Z"],
  ["2022-03-18T19:49:35.1234567", undefined, "2022-03-18T19:49:35.123456Z"],
  ["/Date(1616084880000)/", undefined, "2021-03-18T16:28:00.000Z"],
  ["/Date(1616084880000+0200)/", undefined, "2021-03-18T16:28:00.000Z"],
  ["5/5/2026", undefined, "2026-05-05T00:00:00Z"],
  ["2021-08-19 13:25 UTC", undefined, "2021-08-19T13:25:00Z"],
  ["2021-08-19 13:25:00+02", undefined, "2021-08-19T11:25:00Z"],
] as const)("a time is read as it was meant: %s, %s", (text, order, time) => {
  expect(read(text, "date-time", order)).toBe(time);
});

test.each(["3/4/2021", "12/11/2021 10:00"])("of %s nobody knows which is the day", (text) => {
  expect(read(text, "date-time")).toBe(unordered);
});

test.each(["yesterday", "31.02.2021", "8/19/2021 13:00 PM", "2021-13-01T00:00:00Z", "1/1/21", ""])(
  "%j is no date",
  (text) => {
    expect(read(text, "date-time", "month-first")).toBeUndefined();
  },
);

test("a text of megabytes is no date, at once", () => {
  expect(read(`2026-01-01T10:00:00${" ".repeat(1 << 22)}x`, "date-time")).toBeUndefined();
});

test.each([
  ["13/4/2021", "day-first"],
  ["4/13/2021", "month-first"],
  ["4/5/2021", undefined],
  ["13.4.2021", undefined],
  ["31/31/2021", undefined],
] as const)("%s shows %s", (text, order) => {
  expect(dateEvidence(text)).toBe(order);
});
