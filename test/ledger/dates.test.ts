import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { portalUsers, registrations, report, signIns, skus, users } from "./dated-files.ts";
import { Dating, type Files, type Said } from "./dating.ts";

const dating = new Dating();

describe("the day of a file is what the first evidence says:", () => {
  test.each<[what: string, files: Files, said: Said, of: string, day: string, source: string]>([
    [
      "the file itself, before --as-of",
      { "r.json": registrations("2026-10-30") },
      { asOf: "2026-10-31" },
      "r.json",
      "2026-10-30",
      "file",
    ],
    [
      "--as-of, before its name",
      { "users_10_30_2026 9_30_00 PM.csv": portalUsers },
      { asOf: "2026-10-31" },
      "users_",
      "2026-10-31",
      "as_of",
    ],
    [
      "--as-of, before another list",
      { "subscribedSkus.json": skus, "r.json": registrations("2026-10-30") },
      { asOf: "2026-10-31" },
      "subscribedSkus",
      "2026-10-31",
      "as_of",
    ],
    [
      "the name that a portal gave it, before the folder's",
      { "2026-10-31/users_10_30_2026 9_30_00 PM.csv": portalUsers },
      {},
      "users_",
      "2026-10-30",
      "file_name",
    ],
    [
      "the name of Entra's list",
      { "exportUsers_2026-10-9.csv": portalUsers },
      {},
      "exportUsers",
      "2026-10-09",
      "file_name",
    ],
    [
      "not a name of the user's own",
      { "users-2026-10-09.json": users() },
      {},
      "users",
      "2026-10-31",
      "modified_time",
    ],
    [
      "the folder's name, before another list",
      { "2026-10-31/subscribedSkus.json": skus, "2026-10-31/r.json": registrations("2026-10-30") },
      {},
      "subscribedSkus",
      "2026-10-31",
      "folder_name",
    ],
    [
      "the nearest folder's name, through folders that state nothing",
      { "2026-10-09/graph/licenses/subscribedSkus.json": skus },
      {},
      "subscribedSkus",
      "2026-10-09",
      "folder_name",
    ],
    [
      "the nearest of two folders' names",
      { "2026-09-30/2026-10-09/subscribedSkus.json": skus },
      {},
      "subscribedSkus",
      "2026-10-09",
      "folder_name",
    ],
    [
      "another list in the same folder",
      { "subscribedSkus.json": skus, "r.json": registrations("2026-10-30") },
      {},
      "subscribedSkus",
      "2026-10-30",
      "other_file",
    ],
    [
      "another list in the same folder, by its name",
      { "subscribedSkus.json": skus, "users_10_30_2026 9_30_00 PM.csv": portalUsers },
      {},
      "subscribedSkus",
      "2026-10-30",
      "other_file",
    ],
    [
      "the list in the same folder, before one above",
      {
        "a/subscribedSkus.json": skus,
        "a/r.json": registrations("2026-10-20"),
        "r.json": registrations("2026-10-30", 2),
      },
      {},
      "subscribedSkus",
      "2026-10-20",
      "other_file",
    ],
    [
      "another list in the nearest folder above",
      { "a/b/subscribedSkus.json": skus, "r.json": registrations("2026-10-30") },
      {},
      "subscribedSkus",
      "2026-10-30",
      "other_file",
    ],
    [
      "no list in a sister folder",
      { "a/subscribedSkus.json": skus, "b/r.json": registrations("2026-10-30") },
      {},
      "subscribedSkus",
      "2026-10-31",
      "modified_time",
    ],
    [
      "no report, whose refresh date only bounds",
      { "subscribedSkus.json": skus, "report.csv": report("2026-10-28") },
      {},
      "subscribedSkus",
      "2026-10-31",
      "modified_time",
    ],
    [
      "no log, whose events only bound",
      { "subscribedSkus.json": skus, "signIns.json": signIns("2026-10-28") },
      {},
      "subscribedSkus",
      "2026-10-31",
      "modified_time",
    ],
    [
      "the time of writing, where nothing says anything",
      { "subscribedSkus.json": [skus, "2026-12-20"] },
      {},
      "subscribedSkus",
      "2026-12-20",
      "modified_time",
    ],
  ])("%s", async (_what, files, said, of, day, source) => {
    expect(await dating.date(files, said, of)).toEqual([day, source]);
  });

  test("the given folder's own name included, but none above it", async () => {
    const root = dating.write({ "2026-10-09/exports/subscribedSkus.json": skus });
    const of = async (path: string): Promise<unknown[]> =>
      [...(await dating.dates(join(root, path))).values()].map(({ date: day, source }) => [day, source]);
    expect(await of("2026-10-09")).toEqual([["2026-10-09", "folder_name"]]);
    expect(await of("2026-10-09/exports")).toEqual([["2026-10-31", "modified_time"]]);
    expect(await of("2026-10-09/exports/subscribedSkus.json")).toEqual([["2026-10-31", "modified_time"]]);
  });

  test("each of two months' folders dates its own files, also by their parent", async () => {
    const root = dating.write({
      "2026-10-31/users.json": [users(), "2026-12-20"],
      "2026-11-30/users.json": [users({ department: "Sales" }), "2026-12-20"],
    });
    const dates = await dating.dates(root);
    expect([...dates.values()].map(({ date: day }) => day)).toEqual(["2026-10-31", "2026-11-30"]);
  });
});
