import { describe, expect, test } from "vitest";
import type { Row } from "../../src/database/open.ts";
import { e3, e5, given, type GivenFile } from "./given.ts";
import { activeRow, upn, user } from "./people.ts";
import { exchange, held, planId, skuOf as sku, teams } from "./skus.ts";
import { withoutProperty } from "./tenant.ts";

const apps = { servicePlanId: planId("a3"), servicePlanName: "OFFICESUBSCRIPTION" };
const extra = { servicePlanId: planId("a4"), servicePlanName: "INTUNE_A" };
const other = { servicePlanId: planId("a5"), servicePlanName: "RMS_S_PREMIUM" };

const silent: GivenFile = ["office365_active_user_detail", [activeRow("ann")]];
const assigned = (assignedDateTime: string, ...plans: readonly Row[]): Row => ({
  assignedPlans: plans.map(({ servicePlanId }) => ({
    servicePlanId,
    service: "x",
    capabilityStatus: "Enabled",
    assignedDateTime,
  })),
});

async function reasons(...files: readonly GivenFile[]): Promise<unknown[][]> {
  const query = await given(...files);
  const rows = await query(
    "select sku_part_number, reclaim_reason, reclaim_blocker from license_assignments where user_id = 'ann' order by 1",
  );
  return rows.map((row) => Object.values(row));
}

const unsure = "Review: since when the user has it is not known";
const unmonitored = "Review: no report tells of the use of this product";

describe("what is in use, or may be, is not called unused", () => {
  const office: GivenFile = ["subscribed_skus", [sku(e3, "APPS", [apps, exchange])]];
  const row = (lastActivityDate: string): GivenFile => [
    "m365_app_user_detail",
    [{ userPrincipalName: upn("ann"), lastActivityDate, reportPeriod: 180, windows: true }],
  ];
  test("the Office applications were used within the threshold: no reason", async () => {
    expect(await reasons(office, ["users", [user("ann")]], silent, row("2026-10-30"))).toEqual([
      ["APPS", null, null],
    ]);
  });

  test("they were used before it: the reason stands", async () => {
    expect(await reasons(office, ["users", [user("ann")]], silent, row("2026-05-01"))).toEqual([
      ["APPS", "Inactive", `${unsure}; Review: mailbox type was not supplied`],
    ]);
  });

  test("no report can tell of the product: a person has to look", async () => {
    expect(
      await reasons(["subscribed_skus", [sku(e3, "INTUNE", [extra])]], ["users", [user("ann")]], silent),
    ).toEqual([["INTUNE", "No activity", `${unmonitored}; ${unsure}`]]);
  });
});

describe("of two SKUs one stays", () => {
  const both: GivenFile = ["users", [user("ann", { accountEnabled: true, ...held(e3, e5) })]];
  const used: GivenFile = [
    "office365_active_user_detail",
    [activeRow("ann", { exchangeLastActivityDate: "2026-10-30" })],
  ];

  test("where the plans of a higher tier are switched off to less than the lower one has", async () => {
    const files: GivenFile[] = [
      [
        "subscribed_skus",
        [sku(e5, "SPE_E5", [exchange, teams, extra, other]), sku(e3, "SPE_E3", [exchange, teams, extra])],
      ],
      [
        "users",
        [
          user("ann", {
            assignedLicenses: [
              { skuId: e5, disabledPlans: [extra.servicePlanId, other.servicePlanId] },
              { skuId: e3, disabledPlans: [] },
            ],
          }),
        ],
      ],
      used,
    ];
    expect((await reasons(...files)).map(([name, reason]) => [name, reason])).toEqual([
      ["SPE_E3", null],
      ["SPE_E5", "Duplicate product"],
    ]);
  });

  test("where the one that includes the other has expired", async () => {
    const skus: GivenFile = [
      "subscribed_skus",
      [sku(e3, "A1", [exchange]), sku(e5, "B1", [exchange, teams], { capabilityStatus: "Suspended" })],
    ];
    expect((await reasons(skus, both, used)).map(([name, reason]) => [name, reason])).toEqual([
      ["A1", null],
      ["B1", null],
    ]);
  });

  test("where the one that includes the other is itself to be taken back", async () => {
    const skus: GivenFile = [
      "subscribed_skus",
      [sku(e3, "A1", [exchange]), sku(e5, "B1", [exchange, teams])],
    ];
    // B1 has been there for years, A1 came with a plan of its own date a week ago.
    const young: GivenFile = [
      "users",
      [user("ann", held(e5)), user("zoe")],
      { date: "2026-10-01", import: 1 },
    ];
    const now: GivenFile = [
      "users",
      [user("ann", { ...held(e3, e5), ...assigned("2020-01-01T00:00:00Z", teams) }), user("zoe")],
      { import: 2 },
    ];
    expect((await reasons(skus, young, now, silent)).map(([name, reason]) => [name, reason])).toEqual([
      ["A1", null],
      ["B1", "No activity"],
    ]);
  });
});

test("what an earlier export shows the user without is younger than that export, whatever its plans say", async () => {
  const files: GivenFile[] = [
    ["subscribed_skus", [sku(e3, "E3", [exchange])]],
    ["users", [user("ann", { assignedLicenses: [] })], { date: "2026-10-01", import: 1 }],
    ["users", [user("ann", assigned("2021-01-01T00:00:00Z", exchange))], { date: "2026-10-31", import: 2 }],
    silent,
  ];
  const query = await given(...files);
  expect(
    await query(
      "select assigned_at, assigned_at_source as source, reclaim_reason as reason from license_assignments",
    ),
  ).toEqual([{ assigned_at: "2026-10-31", source: "First snapshot", reason: null }]);
});

describe("a hold that was not supplied is no absent hold, whatever the reason", () => {
  const known: Row = {
    externalDirectoryObjectId: "ann",
    userPrincipalName: upn("ann"),
    recipientTypeDetails: "UserMailbox",
    litigationHoldEnabled: false,
    inPlaceHolds: [],
    delayHoldApplied: false,
    delayReleaseHoldApplied: false,
    complianceTagHoldApplied: false,
  };
  const lacking = [
    "inPlaceHolds",
    "delayHoldApplied",
    "delayReleaseHoldApplied",
    "complianceTagHoldApplied",
  ] as const;
  const notAll = "Review: not all holds of the mailbox were supplied";
  // The plan of a date makes known since when the user has the license.
  const own = (more: Row, plan: Row): Row =>
    user("ann", { ...more, ...assigned("2020-01-01T00:00:00Z", plan) });
  const left = { accountEnabled: false, employeeLeaveDateTime: "2026-01-01T00:00:00Z" };
  const inactive: GivenFile = [
    "office365_active_user_detail",
    [activeRow("ann", { exchangeLastActivityDate: "2026-05-01", teamsLastActivityDate: "2026-05-01" })],
  ];
  const judge = async (more: Row, [plan, box]: readonly [Row, Row], report: GivenFile): Promise<unknown> => {
    const query = await given(
      ["subscribed_skus", [sku(e3, "E3", [plan])]],
      ["users", [own(more, plan)]],
      ["mailboxes", [box]],
      report,
    );
    const [row] = await query(
      `select reclaim_reason as reason, reclaim_blocker as blocker, needs_review, surplus_units - surplus_units_sure as unsure
         from license_assignments join license_summary using (sku_id)`,
    );
    return row;
  };
  describe.each<[reason: string, more: Row, report: GivenFile]>([
    ["Inactive", {}, inactive],
    ["No activity", {}, silent],
    ["Account disabled", left, silent],
  ])("%s", (reason, more, report) => {
    test("every hold is known: sure", async () => {
      expect(await judge(more, [exchange, known], report)).toEqual({
        reason,
        blocker: null,
        needs_review: false,
        unsure: 0,
      });
    });

    test.each(lacking)("%s is not known: a person has to look", async (name) => {
      expect(await judge(more, [exchange, { ...known, [name]: undefined }], report)).toEqual({
        reason,
        blocker: notAll,
        needs_review: true,
        unsure: 1,
      });
    });

    test("no mailbox comes with the product: holds do not matter", async () => {
      const box = { ...known, delayHoldApplied: undefined };
      expect(await judge(more, [teams, box], report)).toEqual({
        reason,
        blocker: null,
        needs_review: false,
        unsure: 0,
      });
    });
  });
});

describe("what a mailbox export lacks is told by the outputs on licenses, which stay Complete", () => {
  const told = async (files: readonly GivenFile[]): Promise<unknown[][]> => {
    const query = await given(...files);
    const rows = await query(
      "select data_status, reasons from output_status where output in ('license_assignments', 'license_summary', 'license_costs') order by output",
    );
    return rows.map((row) => Object.values(row));
  };
  test.each([
    "litigationHoldEnabled",
    "inPlaceHolds",
    "delayHoldApplied",
    "delayReleaseHoldApplied",
    "complianceTagHoldApplied",
    "archiveGuid",
  ])("%s", async (name) => {
    // The usage report tells of archives too, here without that column.
    const report =
      name === "archiveGuid" ? "note: mailbox_usage_detail was exported without hasArchive; " : "";
    const same = ["Complete", `${report}note: mailboxes was exported without ${name}`];
    expect(await told(withoutProperty("mailboxes", name))).toEqual([same, same, same]);
  });

  const status = { archiveStatus: "None" };
  const report = { hasArchive: false };
  test.each<[name: string, more: readonly [dataset: string, more: Row]]>([
    ["the status of the archive stands in for its identifier", ["mailboxes", status]],
    ["so does the usage report", ["mailbox_usage_detail", report]],
  ])("%s", async (_name, [dataset, more]) => {
    const files = withoutProperty("mailboxes", "archiveGuid").map(([name, records, facts]): GivenFile => [
      name,
      name === dataset ? records.map((record) => ({ ...record, ...more })) : records,
      facts,
    ]);
    const same = ["Complete", null];
    expect(await told(files)).toEqual([same, same, same]);
  });
});

test("who has it directly and by group must lose both", async () => {
  const path = (assignedByGroup: string | null): Row => ({
    skuId: e3,
    assignedByGroup,
    state: "Active",
    error: "None",
  });
  const query = await given(
    ["subscribed_skus", [sku(e3, "E3", [teams])]],
    [
      "users",
      [
        user("ann", {
          accountEnabled: false,
          employeeLeaveDateTime: "2026-01-01T00:00:00Z",
          licenseAssignmentStates: [path(null), path("g1")],
        }),
      ],
    ],
    ["groups", [{ id: "g1", displayName: "Staff" }]],
  );
  expect(await query("select reclaim_blocker as blocker from license_assignments")).toEqual([
    { blocker: "Assigned by group too: remove the member and the license (Staff)" },
  ]);
});

test("a year's price is divided once, behind the units", async () => {
  const query = await given(
    [
      "subscribed_skus",
      [
        sku(e3, "E3", [teams], {
          consumedUnits: 0,
          prepaidUnits: { enabled: 998, warning: 0, suspended: 0, lockedOut: 0 },
        }),
      ],
    ],
    ["users", [user("ann", { assignedLicenses: [] })]],
    ["sku_prices", [{ skuPartNumber: "E3", unitPrice: 100, currency: "USD", billingPeriod: "year" }]],
  );
  expect(await query("select monthly_cost::varchar as cost from license_costs")).toEqual([
    { cost: "8316.67" },
  ]);
});
