import { expect, test } from "vitest";
import { canonicalDateTime, isDate, isUuid } from "../../src/schema/formats.ts";

test.each([
  ["2020-03-13T19:15:41.6195833Z", "2020-03-13T19:15:41.619583Z"],
  ["2020-03-13T19:15:41Z", "2020-03-13T19:15:41Z"],
  ["2020-03-13T19:15:41.5+00:00", "2020-03-13T19:15:41.5Z"],
  ["2020-03-13T00:15:41+14:00", "2020-03-12T10:15:41Z"],
  ["2024-02-28T23:30:00.123456789-05:30", "2024-02-29T05:00:00.123456Z"],
  ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"],
  ["9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.999999Z"],
  ["2020-03-13t19:15:41z", "2020-03-13T19:15:41Z"],
])("the moment %s is stored as %s", (text, canonical) => {
  expect(canonicalDateTime(text)).toBe(canonical);
});

test.each([
  "2020-03-13",
  "2020-03-13T19:15:41",
  "2020-02-30T00:00:00Z",
  "2023-02-29T00:00:00Z",
  "2020-13-01T00:00:00Z",
  "2020-03-13T24:00:00Z",
  "2020-03-13T19:60:41Z",
  "2020-03-13T19:15:60Z",
  "2020-03-13T19:15:41.Z",
  "2020-03-13T19:15:41+0200",
  "0001-01-01T00:00:00+14:00",
  "9999-12-31T23:00:00-02:00",
  "2020-03-13T19:15:41Z ",
  "infinity",
  "",
])("%j is no moment", (text) => {
  expect(canonicalDateTime(text)).toBeUndefined();
});

test.each([
  ["2024-02-29", true],
  ["1900-02-29", false],
  ["2000-02-29", true],
  ["0000-01-01", false],
  ["2024-2-29", false],
  ["2024-04-31", false],
])("%s as a day of the calendar: %s", (text, expected) => {
  expect(isDate(text)).toBe(expected);
});

test.each([
  ["48a80680-7326-48cd-9935-b556b81d3a4e", true],
  ["48A80680-7326-48CD-9935-B556B81D3A4E", true],
  ["48a80680-7326-48cd-9935-b556b81d3a4", false],
  ["48a80680-7326-48cd-9935_b556b81d3a4e", false],
  ["g8a80680-7326-48cd-9935-b556b81d3a4e", false],
])("%s as a UUID: %s", (text, expected) => {
  expect(isUuid(text)).toBe(expected);
});
