import { describe, expect, test } from "vitest";
import { readFolderName, readPortalName } from "../../src/ledger/name-days.ts";

describe("names of folders", () => {
  test.each([
    ["2026-10-31", "2026-10-31"],
    ["20261031", "2026-10-31"],
    ["2026_10_31", "2026-10-31"],
    ["31.10.2026", "2026-10-31"],
    ["10-31-2026", "2026-10-31"],
    ["export 2026-10-31", "2026-10-31"],
    ["M365_2026-10-31", "2026-10-31"],
    ["2026-10-31T0930", "2026-10-31"],
    ["2026-10-31_093000", "2026-10-31"],
    ["2026-10-31 (2)", "2026-10-31"],
    ["2026-10-31 final", "2026-10-31"],
    ["2026-10-31.zip", "2026-10-31"],
  ])("%s states a day", (name, day) => {
    expect(readFolderName(name)).toEqual({ day, month: "2026-10" });
  });

  test.each([
    ["a range", "2026-10-01_2026-10-31"],
    ["a range of days", "2026-10-01-31"],
    ["a range in words", "2026-10-01 to 10-31"],
    ["two dates", "2026-10-01 2026-11-01"],
    ["a ticket", "INC20261031"],
    ["a ticket with a dash", "INC-2026-10-31"],
    ["a ticket with its own number", "CHG0030212-20261031"],
    ["a key of a project", "ABC-20261031"],
    ["a version", "v2026.10.31"],
    ["a version of more parts", "1.2026.10.31"],
    ["a release", "release-2026-10-31"],
    ["a version behind the date", "2026-10-31 v2"],
    ["a number behind the date", "2026-10-31-004"],
    ["a day or a month first, nobody knows which", "10-11-2026"],
    ["no day of the calendar", "2026-02-30"],
    ["a year", "2026"],
    ["a quarter", "2026-Q4"],
    ["an id", "518b93ed-619a-4b95-a7d1-202610311234"],
    ["nothing", "exports"],
  ])("%s states no time: %s", (_what, name) => {
    expect(readFolderName(name)).toBe(undefined);
  });

  test.each(["2026-10", "202610", "2026_10 exports"])("%s states a month alone", (name) => {
    expect(readFolderName(name)).toEqual({ month: "2026-10" });
  });
});

describe("names of files", () => {
  test.each([
    ["users_11_27_2026 9_30_00 PM.csv", "2026-11-27"],
    ["users_11_1_2026 8_15_42 AM (1).csv", "2026-11-01"],
    ["archive.zip/users_11_1_2026 8_15_42 AM.csv", "2026-11-01"],
    ["Office365ActiveUserDetail11_27_2026 9_30_00 PM.csv", "2026-11-27"],
    ["ProPlusUsageUserDetailV211_27_2026 9_30_00 PM.csv", "2026-11-27"],
    ["ProductList_11_2_2026_9_30_00_AM.csv", "2026-11-02"],
    ["users_27_11_2026 21_30_00.csv", "2026-11-27"],
    ["exportUsers_2026-11-1.csv", "2026-11-01"],
    ["exportUserRegistrationDetails_2026-11-1.csv.gz", "2026-11-01"],
  ])("a portal gives %s", (name, day) => {
    expect(readPortalName(name)).toBe(day);
  });

  test.each([
    "users-2026-10-31.json",
    "users_2026-10-31.csv",
    "users_11_05_2026.json",
    "users_02_11_2026 21_30_00.csv",
    "InteractiveSignIns_2026-10-29_2026-11-01.csv",
    "exportUsers_2026-13-1.csv",
    "subscribedSkus.json",
  ])("no portal gives %s, or nobody knows which number is the day", (name) => {
    expect(readPortalName(name)).toBe(undefined);
  });
});
