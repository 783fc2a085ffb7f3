import { describe, expect, test } from "vitest";
import type { Row } from "../../src/database/open.ts";
import { e3, e5, given, type GivenFile, type Query } from "./given.ts";
import { activeRow, skus, upn, user } from "./people.ts";

const plain: Row = {
  recipientTypeDetails: "UserMailbox",
  litigationHoldEnabled: false,
  inPlaceHolds: [],
  delayHoldApplied: false,
  delayReleaseHoldApplied: false,
  complianceTagHoldApplied: false,
};
const mailbox = (id: string, more: Row = {}): Row => ({
  externalDirectoryObjectId: id,
  userPrincipalName: upn(id),
  ...plain,
  ...more,
});
const sql =
  "select user_id, reclaim_reason, reclaim_blocker, is_reclaimable from license_assignments order by user_id";
const values = (rows: readonly Row[]): unknown[][] => rows.map((row) => Object.values(row));
const reclaimable = async (query: Query): Promise<unknown> =>
  (await query("select reclaimable_units from license_summary where sku_part_number = 'E3'"))[0]?.[
    "reclaimable_units"
  ];

const unsure = "Review: since when the user has it is not known";

const left = "2026-01-01T00:00:00Z";

/** A user with an account that stays disabled: always a reason. */
const gone = (id: string, more: Row = {}): Row =>
  user(id, { accountEnabled: false, employeeLeaveDateTime: left, ...more });

test("what speaks against taking a license back stands beside the reason, and such rows are not counted", async () => {
  const boxes = [
    mailbox("a-plain"),
    mailbox("b-shared", { recipientTypeDetails: "SharedMailbox" }),
    mailbox("c-room", { recipientTypeDetails: "RoomMailbox" }),
    mailbox("d-equipment", { recipientTypeDetails: "EquipmentMailbox" }),
    mailbox("e-litigation", { litigationHoldEnabled: true }),
    mailbox("f-hold", { inPlaceHolds: ["UniH1"] }),
    mailbox("g-excepted", { inPlaceHolds: ["-mbx1"] }),
    mailbox("h-archive", { archiveStatus: "Active" }),
    mailbox("i-large"),
    mailbox("j-just-fits"),
    mailbox("k-both", { recipientTypeDetails: "SharedMailbox", litigationHoldEnabled: true }),
    mailbox("l-no-holds", { litigationHoldEnabled: undefined }),
    { ...mailbox("m-by-name"), externalDirectoryObjectId: null, recipientTypeDetails: "SharedMailbox" },
    mailbox("o-few-holds", { delayReleaseHoldApplied: undefined }),
    mailbox("p-hold-of-few", { litigationHoldEnabled: true, complianceTagHoldApplied: undefined }),
  ];
  const ids = [...boxes.map((box) => String(box["userPrincipalName"]).split("@")[0] ?? ""), "n-unlisted"];
  const query = await given(
    skus,
    ["users", ids.map((id) => gone(id))],
    ["mailboxes", boxes],
    [
      "mailbox_usage_detail",
      [
        { userPrincipalName: upn("i-large"), storageUsedInBytes: 50 * 1024 ** 3 + 1 },
        { userPrincipalName: upn("j-just-fits"), storageUsedInBytes: 50 * 1024 ** 3 },
      ],
    ],
  );
  const reason = "Account disabled";
  const unlisted = "Review: mailbox type was not supplied";
  const notAll = "Review: not all holds of the mailbox were supplied";
  const unknown = [
    "Review: size of the mailbox was not supplied",
    "Review: whether the mailbox has an archive was not supplied",
  ].join("; ");
  expect(values(await query(sql))).toEqual([
    ["a-plain", reason, null, true],
    ["b-shared", "Shared mailbox", unknown, true],
    ["c-room", "Room or equipment", unknown, true],
    ["d-equipment", "Room or equipment", unknown, true],
    ["e-litigation", reason, "Litigation hold", false],
    ["f-hold", reason, "In-place hold", false],
    ["g-excepted", reason, null, true],
    ["h-archive", reason, "Archive mailbox", false],
    ["i-large", reason, "Mailbox above 50 GB", false],
    ["j-just-fits", reason, null, true],
    ["k-both", "Shared mailbox", `Litigation hold; ${unknown}`, false],
    ["l-no-holds", reason, "Review: holds of the mailbox were not supplied", true],
    ["m-by-name", "Shared mailbox", unknown, true],
    ["n-unlisted", reason, unlisted, true],
    ["o-few-holds", reason, notAll, true],
    ["p-hold-of-few", reason, `Litigation hold; ${notAll}`, false],
  ]);
  expect(await reclaimable(query)).toBe(10);
});

test("a license by group is taken back by the group, and names it where groups were exported", async () => {
  const state = (assignedByGroup: string | null): Row => ({ skuId: e3, assignedByGroup, state: "Active" });
  const query = await given(
    skus,
    [
      "users",
      [
        gone("ann", { licenseAssignmentStates: [state("g1"), state("g2")] }),
        gone("bob", { licenseAssignmentStates: [state(null)] }),
        user("cem", { licenseAssignmentStates: [state("g1")] }),
      ],
    ],
    ["mailboxes", ["ann", "bob", "cem"].map((id) => mailbox(id))],
    ["groups", [{ id: "G1", displayName: "Staff" }]],
  );
  expect(values(await query(sql))).toEqual([
    ["ann", "Account disabled", "Assigned by group: remove the member, not the license (Staff; g2)", true],
    ["bob", "Account disabled", null, true],
    ["cem", null, null, null],
  ]);
});

test("a SKU without Exchange puts no mailbox at risk", async () => {
  const teams = { ...skus[1][0], servicePlans: [{ servicePlanId: e5, servicePlanName: "TEAMS1" }] };
  const query = await given(
    ["subscribed_skus", [teams]],
    ["users", [gone("ann")]],
    ["mailboxes", [mailbox("ann", { recipientTypeDetails: "SharedMailbox" })]],
  );
  expect(values(await query(sql))).toEqual([["ann", "Account disabled", null, true]]);
});

const report = (...rows: Row[]): GivenFile => ["office365_active_user_detail", rows];

describe("the reclaim policy", () => {
  const people: GivenFile = ["users", [user("ann"), user("bob"), user("svc.one")]];
  const activity = report(
    activeRow("ann", { teamsLastActivityDate: "2026-09-20" }),
    activeRow("bob", { teamsLastActivityDate: "2026-09-20" }),
    activeRow("svc.one", { teamsLastActivityDate: "2026-07-01" }),
    activeRow("dee", { teamsLastActivityDate: "2026-10-31" }),
  );
  const boxes: GivenFile = ["mailboxes", ["ann", "bob", "svc.one"].map((id) => mailbox(id))];
  const cases: (readonly [name: string, rules: readonly Row[], expected: readonly unknown[]])[] = [
    ["without rules: the days of all", [], [null, null, "Inactive"]],
    [
      "days of a SKU by its part number",
      [{ sku: "e3", afterDays: 40 }],
      ["Inactive", "Inactive", "Inactive"],
    ],
    ["days of a SKU by its GUID", [{ sku: e3, afterDays: 40 }], ["Inactive", "Inactive", "Inactive"]],
    ["days of another SKU", [{ sku: "E5", afterDays: 40 }], [null, null, "Inactive"]],
    ["days of one user", [{ userPrincipalName: upn("Ann"), afterDays: 40 }], ["Inactive", null, "Inactive"]],
    ["days of a pattern", [{ userPattern: "svc.*", afterDays: 300 }], [null, null, null]],
    [
      "a dot and an underscore are themselves",
      [{ userPattern: "svc_*", afterDays: 300 }],
      [null, null, "Inactive"],
    ],
    [
      "the user comes before the SKU",
      [
        { sku: "E3", afterDays: 40 },
        { userPrincipalName: upn("bob"), afterDays: 300 },
      ],
      ["Inactive", null, "Inactive"],
    ],
    [
      "of two equal rules the first",
      [
        { userPattern: "*ann*", afterDays: 40 },
        { userPattern: "a*", afterDays: 300 },
      ],
      ["Inactive", null, "Inactive"],
    ],
  ];
  test.each(cases)("%s", async (_name, rules, expected) => {
    const query = await given(skus, people, activity, boxes, ["reclaim_policy", rules]);
    const rows = await query("select reclaim_reason from license_assignments order by user_id");
    expect(rows.map((row) => row["reclaim_reason"])).toEqual(expected);
  });

  test("an exclusion keeps the reason, says why, and is not counted", async () => {
    const query = await given(skus, people, activity, boxes, [
      "reclaim_policy",
      [
        { userPattern: "SVC.*", isExcluded: true, reason: "Runs the night jobs" },
        { sku: "E3", afterDays: 40 },
        { userPrincipalName: upn("bob"), sku: "E3", isExcluded: true },
      ],
    ]);
    expect(values(await query(sql))).toEqual([
      ["ann", "Inactive", unsure, true],
      ["bob", "Inactive", `Excluded by policy: no reason given; ${unsure}`, false],
      ["svc.one", "Inactive", `Excluded by policy: Runs the night jobs; ${unsure}`, false],
    ]);
    expect(await reclaimable(query)).toBe(1);
  });
});

test("no silence counts from before the license: assigned within the threshold gives no reason by activity", async () => {
  const plans = (assignedDateTime: string): Row => ({
    assignedPlans: [
      {
        service: "exchange",
        capabilityStatus: "Enabled",
        servicePlanId:
          skus[1][0]?.["servicePlans"] === undefined ? e3 : "00000000-0000-4000-8000-0000000000a1",
        assignedDateTime,
      },
    ],
  });
  const query = await given(
    skus,
    [
      "users",
      [
        user("just", plans("2026-08-02T23:00:00Z")),
        user("long", plans("2026-08-01T01:00:00Z")),
        user("old-but-off", { accountEnabled: false, ...plans("2026-10-01T00:00:00Z") }),
      ],
    ],
    report(
      activeRow("just"),
      activeRow("long"),
      activeRow("old-but-off"),
      activeRow("x", { teamsLastActivityDate: "2026-10-31" }),
    ),
  );
  const rows = await query(
    "select user_id, assigned_at, reclaim_reason from license_assignments order by 1",
    {
      as_of: "2026-10-31",
    },
  );
  expect(values(rows)).toEqual([
    ["just", "2026-08-02", null],
    ["long", "2026-08-01", "No activity"],
    ["old-but-off", "2026-10-01", "Account disabled"],
  ]);
});

describe("a duplicate product", () => {
  const planOf = (number: number, servicePlanName: string): Row => ({
    servicePlanId: `00000000-0000-4000-8000-00000000000${number}`,
    servicePlanName,
  });
  const exchange = planOf(1, "EXCHANGE_S_ENTERPRISE");
  const two: GivenFile = [
    "subscribed_skus",
    [
      { ...skus[1][0], servicePlans: [exchange] },
      { id: "5", skuId: e5, skuPartNumber: "E5", servicePlans: [exchange, planOf(2, "TEAMS1")] },
    ],
  ];
  const both = { assignedLicenses: [{ skuId: e3 }, { skuId: e5 }] };
  const duplicates =
    "select user_id, reclaim_reason, duplicate_of, reclaim_blocker from license_assignments where sku_part_number = 'E3' order by 1";

  test("is the last reason, needs no activity, and puts no mailbox at risk", async () => {
    const query = await given(
      two,
      ["users", [user("ann", both), gone("bob", both), user("cem")]],
      ["mailboxes", [mailbox("ann", { litigationHoldEnabled: true }), mailbox("bob"), mailbox("cem")]],
    );
    expect(values(await query(duplicates))).toEqual([
      ["ann", "Duplicate product", "Office E5", null],
      ["bob", "Account disabled", "Office E5", null],
      ["cem", null, null, null],
    ]);
  });

  test("beside a SKU whose plans are not known, nobody can say that there is none: the count of zero is unknown", async () => {
    const active = report(activeRow("ann", { teamsLastActivityDate: "2026-10-30" }));
    const people: GivenFile = ["users", [user("ann", both)]];
    const unknown = await given(["subscribed_skus", [skus[1][0] ?? {}]], people, active);
    expect(await reclaimable(unknown)).toBe(null);
    const known = await given(skus, ["users", [user("ann")]], active);
    expect(await reclaimable(known)).toBe(0);
  });
});
