import { describe, expect, test } from "vitest";
import type { Row } from "../../src/database/open.ts";
import { e3, e5, given, odd, type GivenFile } from "./given.ts";
import { activeRow, upn, user } from "./people.ts";
import { exchange, held, planId, skuOf as sku, teams } from "./skus.ts";

const copilot = { servicePlanId: planId("a3"), servicePlanName: "M365_COPILOT_APPS" };
const visio = { servicePlanId: planId("a4"), servicePlanName: "VISIOONLINE" };
const yammer = { servicePlanId: planId("a5"), servicePlanName: "YAMMER_ENTERPRISE" };

const holder = (id: string, ...skuIds: string[]): Row => user(id, held(...skuIds));
const active: GivenFile = [
  "office365_active_user_detail",
  [activeRow("ann", { teamsLastActivityDate: "2026-10-30" })],
];
const seat = (lastActivityDate: string | null): GivenFile => [
  "copilot_usage_user_detail",
  [{ userPrincipalName: upn("ann"), lastActivityDate, reportPeriod: 180 }],
];
const counts =
  "sku_active_users, sku_inactive_users, sku_no_activity_users, sku_not_monitored_users, sku_not_available_users";

async function usesOf(...files: readonly GivenFile[]): Promise<Record<string, unknown>> {
  const query = await given(...files);
  const rows = await query(
    "select sku_part_number as part, sku_activity_status as use from license_assignments order by all",
  );
  return Object.fromEntries(rows.map(({ part, use }) => [String(part), use]));
}

describe("the use of a SKU is that of what it alone brings", () => {
  const both: GivenFile = ["users", [holder("ann", e3, e5)]];

  test("a Copilot seat that an active user never used is seen as such", async () => {
    const skus: GivenFile = [
      "subscribed_skus",
      [sku(e3, "SUITE", [exchange, teams]), sku(e5, "COPILOT", [copilot])],
    ];
    const query = await given(skus, both, active, seat(null));
    expect(
      await query(
        `select sku_part_number as part, inactive_users, no_activity_users, ${counts}, inactive_assigned_units as unused from license_summary order by 1`,
      ),
    ).toEqual([
      {
        part: "COPILOT",
        inactive_users: 0,
        no_activity_users: 0,
        sku_active_users: 0,
        sku_inactive_users: 0,
        sku_no_activity_users: 1,
        sku_not_monitored_users: 0,
        sku_not_available_users: 0,
        unused: 1,
      },
      {
        part: "SUITE",
        inactive_users: 0,
        no_activity_users: 0,
        sku_active_users: 1,
        sku_inactive_users: 0,
        sku_no_activity_users: 0,
        sku_not_monitored_users: 0,
        sku_not_available_users: 0,
        unused: 0,
      },
    ]);
  });

  test("what another SKU brings too does not count for either", async () => {
    const skus: GivenFile = [
      "subscribed_skus",
      [sku(e3, "ONE", [exchange, teams]), sku(e5, "TWO", [teams, visio])],
    ];
    const used: GivenFile = [
      "office365_active_user_detail",
      [activeRow("ann", { teamsLastActivityDate: "2026-10-30", exchangeLastActivityDate: "2026-05-01" })],
    ];
    expect(await usesOf(skus, both, used)).toEqual({ ONE: "Inactive", TWO: "Not monitored" });
  });

  test("a duplicate has no use of its own", async () => {
    const skus: GivenFile = [
      "subscribed_skus",
      [sku(e3, "LESS", [teams]), sku(e5, "MORE", [teams, exchange])],
    ];
    const query = await given(skus, both, active);
    expect(
      await query(
        "select sku_part_number as part, sku_activity_status as use, reclaim_reason as reason from license_assignments order by 1",
      ),
    ).toEqual([
      { part: "LESS", use: "Not monitored", reason: "Duplicate product" },
      { part: "MORE", use: "No activity", reason: null },
    ]);
  });

  test("a plan that is switched off in the other is brought by this one alone", async () => {
    const skus: GivenFile = ["subscribed_skus", [sku(e3, "ONE", [teams]), sku(e5, "TWO", [teams, exchange])]];
    const people: GivenFile = [
      "users",
      [
        user("ann", {
          assignedLicenses: [{ skuId: e3 }, { skuId: e5, disabledPlans: [teams.servicePlanId] }],
        }),
      ],
    ];
    expect(await usesOf(skus, people, active)).toMatchObject({ ONE: "Active" });
  });

  test("what has expired brings nothing any more", async () => {
    const gone = { capabilityStatus: "Suspended" };
    const skus: GivenFile = ["subscribed_skus", [sku(e3, "OLD", [teams], gone), sku(e5, "NEW", [teams])]];
    expect(await usesOf(skus, both, active)).toEqual({ NEW: "Active", OLD: "Not monitored" });
  });

  test("beside a SKU whose plans are not known nobody can say what this one alone brings", async () => {
    const skus: GivenFile = ["subscribed_skus", [sku(e3, "ONE", [teams]), sku(e5, "TOOL", [visio])]];
    const people: GivenFile = ["users", [holder("ann", e3, e5, odd)]];
    const query = await given(skus, people, active);
    expect(await query("select sku_activity_status as use from license_assignments order by sku_id")).toEqual(
      [{ use: "Not Available" }, { use: "Not Available" }, { use: "Not monitored" }],
    );
  });
});

test("the five counts add up to the users that have the SKU", async () => {
  const people = ["ann", "bob", "cem", "dee"].map((id) => holder(id, e3));
  const query = await given(
    ["subscribed_skus", [sku(e3, "ONE", [teams, yammer])]],
    ["users", people],
    [
      "office365_active_user_detail",
      [
        activeRow("ann", { teamsLastActivityDate: "2026-10-30" }),
        activeRow("bob", { teamsLastActivityDate: "2026-05-01" }),
        activeRow("cem"),
      ],
    ],
  );
  expect(await query(`select assigned_users, ${counts} from license_summary`)).toEqual([
    {
      assigned_users: 4,
      sku_active_users: 1,
      sku_inactive_users: 1,
      sku_no_activity_users: 1,
      sku_not_monitored_users: 0,
      sku_not_available_users: 1,
    },
  ]);
});

test("an unused count of zero beside somebody whose use is not known is unknown", async () => {
  const query = await given(["subscribed_skus", [sku(e3, "ONE", [teams])]], ["users", [holder("ann", e3)]]);
  expect(await query("select inactive_assigned_units, sku_not_available_users from license_summary")).toEqual(
    [{ inactive_assigned_units: null, sku_not_available_users: 1 }],
  );
});

describe("units in grace stand apart", () => {
  const units = "available_units, available_enabled_units, at_risk_units";
  test.each<[name: string, more: Row, expected: readonly unknown[]]>([
    ["none in grace", {}, [9, 9, 0]],
    ["some that nobody needs", { prepaidUnits: { enabled: 10, warning: 5 }, consumedUnits: 8 }, [7, 2, 0]],
    ["some that are assigned", { prepaidUnits: { enabled: 10, warning: 5 }, consumedUnits: 13 }, [2, -3, 3]],
    ["all of them", { prepaidUnits: { enabled: 0, warning: 5 }, consumedUnits: 5 }, [0, -5, 5]],
    ["expired", { capabilityStatus: "Suspended" }, [null, null, null]],
    ["the company's", { appliesTo: "Company" }, [null, null, null]],
    ["not known", { prepaidUnits: null }, [null, null, null]],
  ])("%s", async (_name, more, expected) => {
    const query = await given(["subscribed_skus", [sku(e3, "ONE", [teams], more)], { date: "2026-10-30" }]);
    const [row = {}] = await query(`select ${units}, units_snapshot_date from license_summary`);
    expect(Object.values(row)).toEqual([...expected, "2026-10-30"]);
  });
});

describe("what a license costs", () => {
  const costs = "select unit_price, currency, monthly_cost from license_assignments";
  const price = (more: Row): Row => ({
    skuId: e3,
    unitPrice: 36,
    currency: "USD",
    billingPeriod: "month",
    ...more,
  });
  const skus: GivenFile = ["subscribed_skus", [sku(e3, "ONE", [teams])]];
  const people: GivenFile = ["users", [holder("ann", e3)]];

  test.each<[name: string, prices: readonly Row[], expected: readonly unknown[]]>([
    ["by the month", [price({})], [36, "USD", 36]],
    ["by the year: a twelfth", [price({ billingPeriod: "year", unitPrice: 100 })], [100, "USD", 8.33]],
    [
      "that which began last",
      [price({ validFrom: "2026-01-01" }), price({ unitPrice: 40, validFrom: "2026-06-01" })],
      [40, "USD", 40],
    ],
    [
      "in the currency that began last",
      [
        price({ validFrom: "2026-01-01" }),
        price({ unitPrice: 33, currency: "EUR", validFrom: "2026-06-01" }),
      ],
      [33, "EUR", 33],
    ],
    ["nothing of a price to come", [price({ validFrom: "2027-01-01" })], [null, null, null]],
    ["nothing where it is not known", [price({ skuId: e5 })], [null, null, null]],
  ])("%s", async (_name, prices, expected) => {
    const [row = {}] = await (await given(skus, people, ["sku_prices", prices]))(costs);
    expect(Object.values(row)).toEqual(expected);
  });

  test("what has expired, and what takes no unit, has a price and no cost", async () => {
    const prices: GivenFile = ["sku_prices", [price({})]];
    const gone: GivenFile = ["subscribed_skus", [sku(e3, "ONE", [teams], { capabilityStatus: "Deleted" })]];
    const failed = {
      assignedLicenses: [],
      licenseAssignmentStates: [{ skuId: e3, state: "Error", error: "CountViolation" }],
    };
    const expired = await (await given(gone, people, prices))(costs);
    const unassigned = await (await given(skus, ["users", [user("ann", failed)]], prices))(costs);
    expect([expired[0]?.["monthly_cost"], unassigned[0]?.["monthly_cost"]]).toEqual([null, null]);
    expect([expired[0]?.["currency"], unassigned[0]?.["currency"]]).toEqual(["USD", "USD"]);
  });
});
