import { describe, expect, test } from "vitest";
import type { Row } from "../../src/database/open.ts";
import { e3, e5, given, odd, type GivenFile } from "./given.ts";
import { activeRow, upn, user } from "./people.ts";

const planId = (number: number): string => `00000000-0000-4000-8000-00000000000${number}`;
const plan = (number: number, servicePlanName: string): Row => ({
  servicePlanId: planId(number),
  servicePlanName,
});
const exchange = plan(1, "EXCHANGE_S_ENTERPRISE");
const teams = plan(2, "TEAMS1");
const sku = (skuId: string, skuPartNumber: string, ...servicePlans: Row[]): Row => ({
  id: skuId,
  skuId,
  skuPartNumber,
  servicePlans,
});
const values = (rows: readonly Row[]): unknown[][] => rows.map((row) => Object.values(row));
const holder = (id: string, ...assignedLicenses: Row[]): Row => user(id, { assignedLicenses });
const report = (rows: readonly Row[], date = "2026-10-30"): GivenFile => [
  "office365_active_user_detail",
  rows,
  { date },
];

describe("whether a SKU is used", () => {
  const cases: (readonly [
    name: string,
    plans: readonly Row[],
    files: readonly GivenFile[],
    expected: readonly unknown[],
  ])[] = [
    [
      "Active: one of its workloads was used within the threshold",
      [exchange, teams],
      [
        report([
          activeRow("ann", { exchangeLastActivityDate: "2026-09-30", teamsLastActivityDate: "2026-05-01" }),
        ]),
      ],
      ["Active", "2026-09-30"],
    ],
    [
      "Inactive: the last use of its workloads is older, whatever else was used",
      [exchange],
      [
        report([
          activeRow("ann", { exchangeLastActivityDate: "2026-09-29", teamsLastActivityDate: "2026-10-30" }),
        ]),
      ],
      ["Inactive", "2026-09-29"],
    ],
    [
      "No activity: its workloads were never used",
      [exchange],
      [report([activeRow("ann", { teamsLastActivityDate: "2026-10-30" })])],
      ["No activity", null],
    ],
    ["Not Available: no report", [exchange], [], ["Not Available", null]],
    [
      "Not Available: the report does not name the user",
      [exchange],
      [report([activeRow("bob")])],
      ["Not Available", null],
    ],
    [
      "Not Available: the report conceals names",
      [exchange],
      [report([{ ...activeRow("ann"), userPrincipalName: "0123456789ABCDEF0123456789ABCDEF" }])],
      ["Not Available", null],
    ],
    [
      "Not Available: the report lacks the column of a workload",
      [exchange, teams],
      [
        report([
          {
            ...activeRow("ann", { exchangeLastActivityDate: "2026-01-01" }),
            teamsLastActivityDate: undefined,
          },
        ]),
      ],
      ["Not Available", "2026-01-01"],
    ],
    [
      "Not monitored: Intune, Windows and Entra ID leave no trace in any report",
      [
        plan(3, "INTUNE_A"),
        plan(4, "AAD_PREMIUM"),
        plan(5, "WIN10_PRO_ENT_SUB"),
        plan(6, "EXCHANGE_S_FOUNDATION"),
      ],
      [report([activeRow("ann", { exchangeLastActivityDate: "2026-10-30" })])],
      ["Not monitored", null],
    ],
    [
      "Not monitored: the OneDrive that comes with Visio tells nothing of Visio",
      [plan(3, "VISIO_CLIENT_SUBSCRIPTION"), plan(4, "ONEDRIVE_BASIC")],
      [report([activeRow("ann", { oneDriveLastActivityDate: "2026-10-30" })])],
      ["Not monitored", null],
    ],
    [
      "Active: the Office applications by their report",
      [plan(3, "OFFICESUBSCRIPTION")],
      [
        [
          "m365_app_user_detail",
          [{ userPrincipalName: upn("Ann"), lastActivityDate: "2026-10-20" }],
          { date: "2026-10-30" },
        ],
      ],
      ["Active", "2026-10-20"],
    ],
    [
      "Not Available: the Office applications without their report",
      [plan(3, "OFFICESUBSCRIPTION")],
      [],
      ["Not Available", null],
    ],
    [
      "Inactive: Copilot by its report",
      [plan(3, "M365_COPILOT_APPS")],
      [
        [
          "copilot_usage_user_detail",
          [{ userPrincipalName: upn("ann"), lastActivityDate: "2026-08-20" }],
          { date: "2026-10-30" },
        ],
      ],
      ["Inactive", "2026-08-20"],
    ],
    [
      "the Office applications are not missed where the other workloads are covered",
      [exchange, plan(3, "OFFICESUBSCRIPTION")],
      [report([activeRow("ann")])],
      ["No activity", null],
    ],
  ];
  test.each(cases)("%s", async (_name, plans, files, expected) => {
    const query = await given(
      ["subscribed_skus", [sku(e3, "E3", ...plans)]],
      ["users", [holder("ann", { skuId: e3, disabledPlans: [] })], { date: "2026-10-31" }],
      ...files,
    );
    expect(
      values(await query("select sku_activity_status, sku_last_activity_date from license_assignments")),
    ).toEqual([expected]);
  });

  test("a plan that is switched off is no workload of the SKU; it is named among the disabled plans", async () => {
    const query = await given(
      ["subscribed_skus", [sku(e3, "E3", exchange, teams)]],
      [
        "users",
        [
          holder("ann", { skuId: e3, disabledPlans: [planId(2)] }),
          holder("bob", { skuId: e3, disabledPlans: [] }),
          holder("cem", { skuId: odd, disabledPlans: [planId(9)] }),
          user("dee", {
            assignedLicenses: [],
            licenseAssignmentStates: [
              { skuId: e3, assignedByGroup: null, state: "Error", error: "CountViolation" },
            ],
          }),
        ],
      ],
      report([
        activeRow("ann", { teamsLastActivityDate: "2026-10-30" }),
        activeRow("bob", { teamsLastActivityDate: "2026-10-30" }),
      ]),
    );
    const rows = await query(
      "select user_id, disabled_plans, sku_activity_status, consumes_unit from license_assignments order by 1",
    );
    expect(values(rows)).toEqual([
      ["ann", "TEAMS1", "No activity", true],
      ["bob", "", "Active", true],
      ["cem", planId(9), "Not Available", true],
      ["dee", null, null, false],
    ]);
  });
});

describe("since when a license is assigned", () => {
  const assigned = (number: number, day: string, capabilityStatus = "Enabled"): Row => ({
    service: "exchange",
    capabilityStatus,
    servicePlanId: planId(number),
    assignedDateTime: `${day}T10:00:00Z`,
  });
  const skus: GivenFile = [
    "subscribed_skus",
    [sku(e3, "E3", exchange, teams), sku(e5, "E5", teams, plan(3, "YAMMER_ENTERPRISE"))],
  ];
  const dates =
    "select sku_part_number, assigned_at, assigned_at_source from license_assignments where user_id = 'ann' order by 1";
  const three = [{ skuId: e3 }, { skuId: e5 }];

  test("the newest of the plans that this SKU alone brings; never the date of a state", async () => {
    const ann = user("ann", {
      assignedLicenses: three,
      assignedPlans: [
        assigned(1, "2024-01-05"),
        assigned(2, "2026-09-01"),
        assigned(3, "2025-02-01"),
        assigned(3, "2026-10-01", "Deleted"),
      ],
      licenseAssignmentStates: [
        { skuId: e3, assignedByGroup: null, state: "Active", lastUpdatedDateTime: "2026-10-30T00:00:00Z" },
      ],
    });
    const query = await given(skus, ["users", [ann]]);
    expect(values(await query(dates))).toEqual([
      ["E3", "2024-01-05", "Service plans"],
      ["E5", "2025-02-01", "Service plans"],
    ]);
  });

  test("without plans the dates of the report, of workloads that no other SKU of the user brings", async () => {
    const people = (createdDateTime: string): GivenFile => [
      "users",
      [user("ann", { assignedLicenses: three, createdDateTime })],
    ];
    const row = activeRow("ann", {
      exchangeLicenseAssignDate: "2024-03-01",
      teamsLicenseAssignDate: "2026-09-01",
      yammerLicenseAssignDate: null,
    });
    expect(values(await (await given(skus, people("2020-01-01T00:00:00Z"), report([row])))(dates))).toEqual([
      ["E3", "2024-03-01", "Usage report"],
      ["E5", null, null],
    ]);
    const reused = await given(skus, people("2025-01-01T00:00:00Z"), report([row]));
    expect(values(await reused(dates))).toEqual([
      ["E3", null, null],
      ["E5", null, null],
    ]);
  });

  test("beside a SKU of unknown plans nobody knows which brought what", async () => {
    const ann = user("ann", {
      assignedLicenses: [{ skuId: e3 }, { skuId: odd }],
      assignedPlans: [assigned(1, "2024-01-05")],
    });
    const query = await given(skus, ["users", [ann]]);
    expect(values(await query(dates))).toEqual(
      [
        ["E3", null, null],
        [null, null, null],
      ].toSorted((left, right) => String(left[0]).localeCompare(String(right[0]))),
    );
  });

  const on = (date: string, ids: readonly string[], more: Row = {}, facts: Row = {}): GivenFile => [
    "users",
    [user("ann", { assignedLicenses: ids.map((skuId) => ({ skuId })), ...more })],
    { date, ...facts },
  ];
  const histories: (readonly [name: string, files: readonly GivenFile[], expected: readonly unknown[]])[] = [
    ["one snapshot says nothing", [on("2026-10-31", [e3])], [null, null]],
    [
      "the first snapshot with the SKU after one without",
      [on("2026-08-31", []), on("2026-09-30", [e3]), on("2026-10-31", [e3])],
      ["2026-09-30", "First snapshot"],
    ],
    ["always there: unknown", [on("2026-09-30", [e3]), on("2026-10-31", [e3])], [null, null]],
    [
      "taken away and given again",
      [on("2026-07-31", []), on("2026-08-31", [e3]), on("2026-09-30", []), on("2026-10-31", [e3])],
      ["2026-10-31", "First snapshot"],
    ],
    [
      "an incomplete snapshot without it says nothing",
      [on("2026-09-30", [], {}, { completeness: "Incomplete" }), on("2026-10-31", [e3])],
      [null, null],
    ],
    [
      "a snapshot without licenses at all says nothing",
      [on("2026-09-30", [], { assignedLicenses: undefined }), on("2026-10-31", [e3])],
      [null, null],
    ],
    [
      "the user was not there before: unknown",
      [["users", [user("bob")], { date: "2026-09-30" }], on("2026-10-31", [e3])],
      [null, null],
    ],
  ];
  test.each(histories)("by snapshots: %s", async (_name, files, expected) => {
    const query = await given(...files);
    expect(
      values(
        await query("select assigned_at, assigned_at_source from license_assignments where user_id = 'ann'"),
      ),
    ).toEqual([expected]);
  });

  test("as_of before a snapshot does not know of it", async () => {
    const query = await given(on("2026-08-31", []), on("2026-09-30", [e3]), on("2026-10-31", [e3, e5]));
    const sql = "select assigned_at from license_assignments order by 1 nulls last";
    expect(await query(sql, { as_of: "2026-10-15" })).toEqual([{ assigned_at: "2026-09-30" }]);
    expect(await query(sql)).toEqual([{ assigned_at: "2026-09-30" }, { assigned_at: "2026-10-31" }]);
  });
});
