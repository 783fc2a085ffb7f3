import { describe, expect, test } from "vitest";
import { given, type GivenFile } from "./given.ts";
import { activeRow, signIn, skus, upn, user } from "./people.ts";
import { everything } from "./tenant.ts";

const active = (dates = {}): GivenFile => ["office365_active_user_detail", [activeRow("ann", dates)]];
const drive = (lastActivityDate: string): GivenFile => [
  "onedrive_usage_account_detail",
  [{ ownerPrincipalName: upn("ann"), siteUrl: "x", lastActivityDate, storageUsedInBytes: 1 }],
];

describe("who moved the newest date", () => {
  const cases: readonly (readonly [string, readonly GivenFile[], string])[] = [
    [
      "the account, where only the OneDrive usage report has it",
      [active(), drive("2026-10-20")],
      "OneDrive (account)",
    ],
    [
      "the person, where the activity reports have it too",
      [active({ oneDriveLastActivityDate: "2026-10-20" }), drive("2026-10-20")],
      "OneDrive",
    ],
    [
      "the person, where another workload was used that day",
      [active({ teamsLastActivityDate: "2026-10-20" }), drive("2026-10-20")],
      "Teams",
    ],
    [
      "the account, where the person's own date is older",
      [active({ oneDriveLastActivityDate: "2026-10-19" }), drive("2026-10-20")],
      "OneDrive (account)",
    ],
  ];
  test.each(cases)("%s", async (_name, files, source) => {
    const query = await given(["users", [user("ann")]], skus, ...files);
    expect(await query("select last_activity_source as source from user_activity")).toEqual([{ source }]);
  });
});

describe("a missing last success", () => {
  const bob = user("bob", { signInActivity: { lastSuccessfulSignInDateTime: "2026-10-01T00:00:00Z" } });
  const tried = (lastSignInDateTime: string): GivenFile => [
    "users",
    [user("ann", { signInActivity: { lastSignInDateTime } }), bob],
  ];
  test.each([
    [
      "is unknown where the newest sign-in is from before December 2023",
      "2023-11-30T08:00:00Z",
      "Not Available",
    ],
    ["is none where there was one since", "2023-12-01T08:00:00Z", "No activity"],
  ])("%s", async (_name, time, status) => {
    // With dates of 2019 in its columns the report reaches back that far.
    const old = Object.fromEntries(
      Object.keys(activeRow("bob"))
        .filter((name) => name.endsWith("LastActivityDate"))
        .map((name) => [name, "2019-01-01"]),
    );
    const report: GivenFile = ["office365_active_user_detail", [activeRow("ann"), activeRow("bob", old)]];
    const query = await given(tried(time), skus, report);
    expect(
      await query("select activity_status as status from user_activity where user_id = 'ann'", {
        inactive_after_days: 2000,
      }),
    ).toEqual([{ status }]);
  });
});

test("0001-01-01 in a report is never", async () => {
  const query = await given(["users", [user("ann")]], skus, active({ teamsLastActivityDate: "0001-01-01" }));
  expect(
    await query("select activity_status as status, last_activity_date as date from user_activity"),
  ).toEqual([{ status: "No activity", date: null }]);
});

test("a report that names nobody makes nothing Complete, even where another report names people", async () => {
  const concealed = "0123456789ABCDEF0123456789ABCDEF";
  const files = everything.map((file): GivenFile =>
    file[0] === "office365_active_user_detail"
      ? [file[0], [{ ...activeRow("ann"), userPrincipalName: concealed }]]
      : file,
  );
  const query = await given(...files, [
    "sharepoint_activity_user_detail",
    [{ userPrincipalName: upn("ann"), lastActivityDate: "2026-10-30", isDeleted: false }],
  ]);
  expect(
    await query(
      "select output, data_status as status from output_status where output in ('license_summary', 'user_activity') order by 1",
    ),
  ).toEqual([
    { output: "license_summary", status: "Partial" },
    { output: "user_activity", status: "Partial" },
  ]);
});

test("without a users export a sign-in is that of the person with its id, not of another with its name", async () => {
  const query = await given(
    ["user_registration_details", [{ id: "ann", userPrincipalName: upn("ann") }]],
    [
      "sharepoint_activity_user_detail",
      [{ userPrincipalName: upn("bob"), lastActivityDate: null, isDeleted: false }],
    ],
    ["sign_ins", [signIn("ann", "2026-10-30T08:00:00Z", { userPrincipalName: upn("bob") })]],
  );
  expect(
    await query(
      "select user_principal_name as name, activity_status as status from user_activity order by 1",
    ),
  ).toEqual([
    { name: upn("ann"), status: "Active" },
    { name: upn("bob"), status: "Not Available" },
  ]);
});
