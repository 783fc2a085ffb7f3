import { describe, expect, test } from "vitest";
import { guid, page, report, signedIn, signIns, skus, user, users } from "./dated-files.ts";
import { Dating, type Files } from "./dating.ts";

const dating = new Dating();

describe("a guess", () => {
  const transfer = "2026-12-20";
  test.each<[what: string, files: Files, day: string, source: string]>([
    [
      "counts on the day of the newest refresh date",
      { "subscribedSkus.json": [skus, "2026-10-28"], "report.csv": report("2026-10-28") },
      "2026-10-28",
      "modified_time",
    ],
    [
      "counts seven days behind it",
      { "subscribedSkus.json": [skus, "2026-11-04"], "report.csv": report("2026-10-28") },
      "2026-11-04",
      "modified_time",
    ],
    [
      "does not count eight days behind it",
      { "subscribedSkus.json": [skus, "2026-11-05"], "report.csv": report("2026-10-28") },
      "2026-10-28",
      "bound",
    ],
    [
      "does not count before it",
      { "subscribedSkus.json": [skus, "2026-10-27"], "report.csv": report("2026-10-28") },
      "2026-10-28",
      "bound",
    ],
    [
      "is bounded by the newest of two reports",
      {
        "subscribedSkus.json": [skus, transfer],
        "a.csv": report("2026-10-20"),
        "b/c.csv": report("2026-10-28"),
      },
      "2026-10-28",
      "bound",
    ],
    [
      "is bounded by the sign-ins of a log",
      { "subscribedSkus.json": [skus, transfer], "signIns.json": signIns("2026-10-29") },
      "2026-10-29",
      "bound",
    ],
    [
      "is bounded by signInActivity",
      { "subscribedSkus.json": [skus, transfer], "users.json": signedIn("2026-10-29") },
      "2026-10-29",
      "bound",
    ],
    [
      "is bounded by the time of a license",
      {
        "subscribedSkus.json": [skus, transfer],
        "users.json": users({
          licenseAssignmentStates: [
            { skuId: guid(2), state: "Active", lastUpdatedDateTime: "2026-10-29T07:00:00Z" },
          ],
        }),
      },
      "2026-10-29",
      "bound",
    ],
    [
      "is bounded by what lies below its folder",
      { "subscribedSkus.json": [skus, transfer], "a/b/report.csv": report("2026-10-28") },
      "2026-10-28",
      "bound",
    ],
    [
      "is bounded by a sister folder, where its own says nothing",
      { "a/subscribedSkus.json": [skus, transfer], "b/report.csv": report("2026-10-28") },
      "2026-10-28",
      "bound",
    ],
    [
      "is not bounded by a sister folder, where its own does",
      {
        "a/subscribedSkus.json": [skus, "2026-10-20"],
        "a/report.csv": report("2026-10-18"),
        "b/report.csv": report("2026-10-28"),
      },
      "2026-10-20",
      "modified_time",
    ],
    [
      "is not bounded by a sister folder of another month",
      { "2026-10/subscribedSkus.json": [skus, "2026-10-31"], "2026-11/report.csv": report("2026-11-28") },
      "2026-10-31",
      "modified_time",
    ],
    [
      "is not bounded by a folder of another month below it",
      {
        "2026-10/subscribedSkus.json": [skus, "2026-10-31"],
        "2026-10/2026-11/report.csv": report("2026-11-28"),
      },
      "2026-10-31",
      "modified_time",
    ],
    [
      "is not bounded by a sister folder of a month where it has none",
      { "a/subscribedSkus.json": [skus, "2026-10-31"], "2026-11/report.csv": report("2026-11-28") },
      "2026-10-31",
      "modified_time",
    ],
    [
      "stands where nothing bounds it",
      { "subscribedSkus.json": [skus, transfer] },
      transfer,
      "modified_time",
    ],
    [
      "is never later than the import began",
      { "subscribedSkus.json": [skus, "2027-05-05"] },
      "2026-12-22",
      "modified_time",
    ],
    [
      "is not bounded by a time that nobody can have exported yet",
      {
        "subscribedSkus.json": [skus, "2026-10-31"],
        "users.json": page("users", [
          user({ signInActivity: { lastSignInDateTime: "2099-01-01T00:00:00Z" } }),
          user({ signInActivity: { lastSignInDateTime: "2026-10-29T07:00:00Z" } }, 2),
        ]),
      },
      "2026-10-31",
      "modified_time",
    ],
    [
      "is not bounded by the day on which somebody was created long ago",
      { "subscribedSkus.json": skus, "users.json": users({ createdDateTime: "2019-01-01T00:00:00Z" }) },
      "2026-10-31",
      "modified_time",
    ],
  ])("%s", async (_what, files, day, source) => {
    expect(await dating.date(files)).toEqual([day, source]);
  });

  test("of the pages of one export is one day, that of the last that was written", async () => {
    const next = { "@odata.nextLink": "https://graph.microsoft.com/v1.0/users?$skiptoken=x" };
    const dates = await dating.dates(
      dating.write({
        "users-1.json": [page("users", [user()], next), "2026-10-30"],
        "users-2.json": [page("users", [user({}, 2)]), "2026-10-31"],
      }),
    );
    expect([...dates.values()].map(({ date: day }) => day)).toEqual(["2026-10-31", "2026-10-31"]);
  });

  test("is said to be one, with the day of writing where that does not count", async () => {
    const folder = dating.write({
      "subscribedSkus.json": [skus, transfer],
      "report.csv": report("2026-10-28"),
    });
    const dates = await dating.dates(folder);
    expect(dates.get("subscribedSkus.json")?.issues.map(({ code, message }) => [code, message])).toEqual([
      ["date_guessed", expect.stringMatching(/written on 2026-12-20.*2026-10-28 is taken/)],
    ]);
    expect(dates.get("report.csv")?.issues).toEqual([]);
  });

  test("a folder's guess is no day for the month that its name states", async () => {
    const dates = await dating.dates(dating.write({ "2026-10/subscribedSkus.json": [skus, "2026-11-02"] }));
    const file = dates.get("2026-10/subscribedSkus.json");
    expect([file?.date, file?.source, file?.named]).toEqual([
      "2026-11-02",
      "modified_time",
      { month: "2026-10" },
    ]);
  });
});
