import { describe, expect, test } from "vitest";
import type { Row } from "../../src/database/open.ts";
import { e3, e5, given, odd, type GivenFile } from "./given.ts";
import { activeRow, signIn, skus, upn, user } from "./people.ts";

const assigned = (...skuIds: string[]): Row => ({
  assignedLicenses: skuIds.map((skuId) => ({ skuId, disabledPlans: [] })),
});
const state = (assignedByGroup: string | null, more: Row = {}): Row => ({
  skuId: e3,
  assignedByGroup,
  state: "Active",
  error: "None",
  ...more,
});
const failure = { state: "Error", error: "CountViolation" };

const report = (date: string, dates: Row = {}): GivenFile => [
  "office365_active_user_detail",
  [activeRow("ann", dates)],
  { date },
];
const seen = (signInActivity: Row, more: Row = {}): Row => user("ann", { signInActivity, ...more });

describe("the path of a license and whether it consumes a unit", () => {
  const cases: (readonly [name: string, user: Row, expected: readonly unknown[]])[] = [
    [
      "direct",
      { ...assigned(e3), licenseAssignmentStates: [state(null)] },
      ["Direct", null, "Active", null, true],
    ],
    [
      "by a group",
      { ...assigned(e3), licenseAssignmentStates: [state("G1")] },
      ["Group", "g1", "Active", null, true],
    ],
    [
      "by two groups",
      { ...assigned(e3), licenseAssignmentStates: [state("g2"), state("g1")] },
      ["Group", "g1; g2", "Active", null, true],
    ],
    [
      "both, one unit",
      { ...assigned(e3), licenseAssignmentStates: [state(null), state("g1")] },
      ["Direct and group", "g1", "Active", null, true],
    ],
    [
      "failed",
      { ...assigned(), licenseAssignmentStates: [state("g1", failure)] },
      ["Group", "g1", "Error", "CountViolation", false],
    ],
    [
      "failed both ways",
      { ...assigned(), licenseAssignmentStates: [state("g1", failure), state(null, failure)] },
      ["Direct and group", "g1", "Error", "CountViolation", false],
    ],
    [
      "direct, with a group that failed",
      { ...assigned(e3), licenseAssignmentStates: [state(null), state("g1", failure)] },
      ["Direct", "g1", "Active", "CountViolation", true],
    ],
    [
      "with an error in a plan",
      {
        ...assigned(e3),
        licenseAssignmentStates: [state(null, { state: "ActiveWithError", error: "DependencyViolation" })],
      },
      ["Direct", null, "ActiveWithError", "DependencyViolation", true],
    ],
    ["unknown, when the paths were not exported", assigned(e3), ["Unknown", null, null, null, true]],
    [
      "known by its paths alone",
      { assignedLicenses: undefined, licenseAssignmentStates: [state("g1")] },
      ["Group", "g1", "Active", null, true],
    ],
  ];
  test.each(cases)("%s", async (_name, license, expected) => {
    const query = await given(["users", [user("ann", license)]], skus);
    const rows = await query(
      "select assignment_path, assigned_by_group_ids, assignment_state, assignment_error, consumes_unit from license_assignments",
    );
    expect(rows.map((row) => Object.values(row))).toEqual([expected]);
  });
});

test("a row names the user and the product, of which the part number is the last resort", async () => {
  const query = await given(
    [
      "users",
      [
        user("ann", {
          displayName: "Ann",
          accountEnabled: false,
          employeeLeaveDateTime: "2026-01-01T00:00:00Z",
          ...assigned(e3, e5, odd),
        }),
      ],
    ],
    [
      "subscribed_skus",
      [
        { id: "1", skuId: e3.toUpperCase(), skuPartNumber: "E3_HERE" },
        { id: "2", skuId: odd, skuPartNumber: "ODD" },
      ],
    ],
    ["sku_names", [{ skuId: e5, skuPartNumber: "E5_NEW", productName: "Office\u00a0E5 " }]],
  );
  const rows = await query("from license_assignments order by sku_id");
  const common = { user_id: "ann", user_principal_name: upn("ann"), display_name: "Ann" };
  expect(rows).toMatchObject([
    { ...common, sku_id: odd, sku_part_number: "ODD", product_name: "ODD" },
    {
      ...common,
      sku_id: e3,
      sku_part_number: "E3_HERE",
      product_name: "Office E3",
      assigned_at: null,
      reclaim_blocker: "Review: mailbox type was not supplied",
    },
    {
      ...common,
      sku_id: e5,
      sku_part_number: "E5_NEW",
      product_name: "Office E5",
      account_enabled: false,
      reclaim_reason: "Account disabled",
    },
  ]);
});

describe("why a license could be reclaimed", () => {
  const fresh = "2026-10-30";
  const failedState = { assignedLicenses: [], licenseAssignmentStates: [state(null, failure)] };
  const cases: (readonly [name: string, user: Row, files: readonly GivenFile[], reason: string | null])[] = [
    [
      "the account is disabled, without any evidence",
      user("ann", { accountEnabled: false }),
      [],
      "Account disabled",
    ],
    [
      "but a failed assignment holds nothing back",
      user("ann", { accountEnabled: false, ...failedState }),
      [],
      null,
    ],
    ["Active", user("ann"), [report(fresh, { teamsLastActivityDate: fresh })], null],
    [
      "Inactive for exactly 90 days",
      user("ann"),
      [report(fresh, { teamsLastActivityDate: "2026-08-01" })],
      null,
    ],
    ["Inactive for 91", user("ann"), [report(fresh, { teamsLastActivityDate: "2026-07-31" })], "Inactive"],
    ["no activity", user("ann"), [report(fresh)], "No activity"],
    [
      "no activity of an account 90 days old",
      user("ann", { createdDateTime: "2026-08-01T12:00:00Z" }),
      [report(fresh)],
      null,
    ],
    [
      "no activity of an account 91 days old",
      user("ann", { createdDateTime: "2026-07-31T12:00:00Z" }),
      [report(fresh)],
      "No activity",
    ],
    [
      "no activity of an account of unknown age",
      user("ann", { createdDateTime: null }),
      [report(fresh)],
      null,
    ],
    ["not available", user("ann"), [], null],
    ["only logs", user("ann"), [["sign_ins", [signIn("ann", "2026-01-01T00:00:00Z")]]], null],
    [
      "evidence exactly 7 days older than the users",
      user("ann"),
      [report("2026-10-24", { teamsLastActivityDate: "2026-01-01" })],
      "Inactive",
    ],
    [
      "evidence 8 days older",
      user("ann"),
      [report("2026-10-23", { teamsLastActivityDate: "2026-01-01" })],
      null,
    ],
    ["empty dates 8 days older", user("ann"), [report("2026-10-23")], null],
    [
      "the disabled account all the same",
      user("ann", { accountEnabled: false }),
      [report("2026-10-23")],
      "Account disabled",
    ],
    [
      "stale reports beside a recent sign-in of unknown outcome",
      seen({ lastSignInDateTime: "2026-10-20T00:00:00Z" }),
      [report("2026-05-01", { teamsLastActivityDate: "2026-04-30" })],
      null,
    ],
    [
      "the newest sign-in of any kind is 91 days old",
      seen({ lastSignInDateTime: "2026-08-01T00:00:00Z" }),
      [],
      "Inactive",
    ],
    [
      "the newest sign-in of any kind is 90 days old",
      seen({ lastSignInDateTime: "2026-08-02T00:00:00Z" }),
      [],
      null,
    ],
    [
      "sign-ins old, a report date newer than they",
      seen({ lastSignInDateTime: "2026-01-01T00:00:00Z" }),
      [["mailbox_usage_detail", [{ userPrincipalName: upn("ann"), lastActivityDate: "2026-09-20" }]]],
      null,
    ],
    [
      "an old report date of one workload, with an attempt of unknown outcome since, perhaps in another",
      seen({ lastSignInDateTime: "2026-09-01T00:00:00Z" }),
      [["mailbox_usage_detail", [{ userPrincipalName: upn("ann"), lastActivityDate: "2026-01-01" }]]],
      null,
    ],
  ];
  test.each(cases)("%s", async (_name, ann, files, reason) => {
    // By somebody else the export can speak of who did not sign in.
    const activity = { lastNonInteractiveSignInDateTime: "2026-10-31T00:00:00Z" };
    const others =
      ann["signInActivity"] === undefined
        ? []
        : [user("dee", { assignedLicenses: [], signInActivity: activity })];
    const query = await given(["users", [ann, ...others]], skus, ...files);
    const settings = { as_of: "2026-10-31" };
    expect(await query("select reclaim_reason from license_assignments", settings)).toEqual([
      { reclaim_reason: reason },
    ]);
  });
});

test("reclaim_after_days moves the reason", async () => {
  const query = await given(["users", [user("ann")]], skus, [
    "office365_active_user_detail",
    [activeRow("ann", { teamsLastActivityDate: "2026-09-20" })],
  ]);
  const sql = "select activity_status, reclaim_reason from license_assignments";
  expect(await query(sql)).toEqual([{ activity_status: "Inactive", reclaim_reason: null }]);
  expect(await query(sql, { reclaim_after_days: 40 })).toEqual([
    { activity_status: "Inactive", reclaim_reason: "Inactive" },
  ]);
  expect(await query(sql, { reclaim_after_days: 40, inactive_after_days: 60 })).toEqual([
    { activity_status: "Active", reclaim_reason: null },
  ]);
});

test("there are no rows without a users export, and none from users without licenses", async () => {
  expect(await (await given(skus))("from license_assignments")).toEqual([]);
  expect(
    await (
      await given(["users", [{ id: "ann", assignedLicenses: [] }, { id: "bob" }]], skus)
    )("from license_assignments"),
  ).toEqual([]);
});
