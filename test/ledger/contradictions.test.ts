import { describe, expect, test } from "vitest";
import { checkAsOf } from "../../src/ledger/dates.ts";
import { discoverFiles } from "../../src/source/discover.ts";
import { portalUsers, registrations, report, signedIn, signIns, skus, users } from "./dated-files.ts";
import { Dating, type Files, type Said } from "./dating.ts";

const dating = new Dating();

describe("evidence that contradicts itself is said", () => {
  const contradictions = async (files: Files, said?: Said): Promise<unknown[]> =>
    [...(await dating.dates(dating.write(files), said))].flatMap(([name, { date: day, source, issues }]) =>
      issues.some(({ code }) => code === "date_contradicted") ? [[name, day, source]] : [],
    );

  test.each<[what: string, files: Files, said: Said, found: unknown[]]>([
    [
      "its records against --as-of",
      { "r.json": registrations("2026-10-20") },
      { asOf: "2026-10-31" },
      [["r.json", "2026-10-20", "file"]],
    ],
    [
      "its records against its folder",
      { "2026-10-31/r.json": registrations("2026-10-20") },
      {},
      [["2026-10-31/r.json", "2026-10-20", "file"]],
    ],
    [
      "--as-of against its name",
      { "users_10_20_2026 9_30_00 PM.csv": portalUsers },
      { asOf: "2026-10-31" },
      [["users_10_20_2026 9_30_00 PM.csv", "2026-10-31", "as_of"]],
    ],
    [
      "its name against its folder",
      { "2026-10-31/exportUsers_2026-10-20.csv": portalUsers },
      {},
      [["2026-10-31/exportUsers_2026-10-20.csv", "2026-10-20", "file_name"]],
    ],
    [
      "its folder against another list",
      { "2026-10-31/subscribedSkus.json": skus, "2026-10-31/users_10_20_2026 9_30_00 PM.csv": portalUsers },
      {},
      [
        ["2026-10-31/subscribedSkus.json", "2026-10-31", "folder_name"],
        ["2026-10-31/users_10_20_2026 9_30_00 PM.csv", "2026-10-20", "file_name"],
      ],
    ],
    [
      "its name against its folder; the times in another list of the same people bound that one alone",
      {
        "2026-10-31/users.json": signedIn("2026-10-30"),
        "2026-10-31/users_10_20_2026 9_30_00 PM.csv": portalUsers,
      },
      {},
      [["2026-10-31/users_10_20_2026 9_30_00 PM.csv", "2026-10-20", "file_name"]],
    ],
    [
      "--as-of against later records, which move the day",
      { "users.json": signedIn("2026-10-31") },
      { asOf: "2026-10-28" },
      [["users.json", "2026-10-31", "bound"]],
    ],
    [
      "its folder against later records, which move the day",
      { "2026-10-28/users.json": signedIn("2026-10-31") },
      {},
      [["2026-10-28/users.json", "2026-10-31", "bound"]],
    ],
    [
      "its name against an account created later",
      { "exportUsers_2026-10-20.csv": portalUsers.replace("2020-01-01", "2026-10-24") },
      {},
      [["exportUsers_2026-10-20.csv", "2026-10-24", "bound"]],
    ],
    [
      "another list against later records, which move the day",
      { "users.json": signedIn("2026-10-31"), "r.json": registrations("2026-10-28") },
      {},
      [["users.json", "2026-10-31", "bound"]],
    ],
    [
      "a report against its folder, of an earlier day",
      { "2026-10-20/report.csv": report("2026-10-31") },
      {},
      [["2026-10-20/report.csv", "2026-10-31", "file"]],
    ],
    [
      "a log against --as-of, of an earlier day",
      { "signIns.json": signIns("2026-10-31") },
      { asOf: "2026-10-20" },
      [["signIns.json", "2026-10-31", "records"]],
    ],
    [
      "records against the clock",
      { "users.json": [signedIn("2026-10-31"), "2026-10-31"] },
      { startedAt: new Date("2026-01-05T00:00:00Z") },
      [["users.json", "2026-01-05", "modified_time"]],
    ],
    [
      "not two days",
      { "2026-10-31/r.json": registrations("2026-10-31"), "2026-10-31/users.json": signedIn("2026-11-02") },
      {},
      [],
    ],
    ["not a report that lags its folder", { "2026-10-31/report.csv": report("2026-10-25") }, {}, []],
    [
      "not a log that ends before its folder's day",
      { "2026-10-31/signIns.json": signIns("2026-10-20") },
      {},
      [],
    ],
    ["not the time of writing", { "r.json": [registrations("2026-10-20"), "2026-12-20"] }, {}, []],
    ["not a folder of a month", { "2026-10/r.json": registrations("2026-11-05") }, {}, []],
  ])("%s", async (_what, files, said, found) => {
    expect(await contradictions(files, said)).toEqual(found);
  });
});

describe("--as-of", () => {
  const check = (files: Files, asOf = "2026-10-31"): (() => void) => {
    const { files: found } = discoverFiles([dating.write(files)]);
    return () => checkAsOf(asOf, found);
  };

  test.each<[what: string, files: Files]>([
    ["a folder whose name states another day", { "2026-10-30/users.json": users() }],
    ["a folder of another day above the nearest", { "2026-10-30/graph/2026-10-31/users.json": users() }],
    ["folders of two months", { "2026-09/users.json": users(), "2026-10/users.json": users() }],
    [
      "folders of two months by their days",
      { "2026-10-31/users.json": users(), "2026-09/users.json": users() },
    ],
  ])("is refused over %s", (_what, files) => {
    expect(check(files)).toThrow(expect.objectContaining({ exitCode: 2 }) as Error);
  });

  test.each<[what: string, files: Files]>([
    ["a folder of the same day", { "2026-10-31/users.json": users() }],
    ["a folder of one month", { "2026-09/users.json": users() }],
    [
      "folders whose names state nothing",
      { "INC-2026-10-30/users.json": users(), "2026-10-01_2026-10-30/users.json": users() },
    ],
  ])("holds for %s", (_what, files) => {
    expect(check(files)).not.toThrow();
  });
});
