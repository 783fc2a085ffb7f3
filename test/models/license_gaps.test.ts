import { expect, test } from "vitest";
import type { Row } from "../../src/database/open.ts";
import { e3, e5, given, type GivenFile } from "./given.ts";
import { user } from "./people.ts";

const sku = (skuId: string, skuPartNumber: string, more: Row = {}): Row => ({
  id: `contoso_${skuId}`,
  skuId,
  skuPartNumber,
  appliesTo: "User",
  capabilityStatus: "Enabled",
  consumedUnits: 1,
  prepaidUnits: { enabled: 10, warning: 0, suspended: 0, lockedOut: 0 },
  servicePlans: [
    { servicePlanId: "00000000-0000-4000-8000-0000000000a1", servicePlanName: "EXCHANGE_S_ENTERPRISE" },
  ],
  ...more,
});
const holder = (id: string, ...skuIds: (string | null)[]): Row =>
  user(id, {
    assignedLicenses: skuIds.map((skuId) => ({ ...(skuId !== null && { skuId }), disabledPlans: [] })),
  });

test.each([
  ["two SKUs without Teams", "18a4bd3f-0b5b-4887-b04f-61dd0ee15f5e", "dcf0408c-aaec-446c-afd4-43e3683943ea"],
  [
    "M365_F1, which is F1, beside F3",
    "66b55226-6b4f-492c-910c-a3b7a3c9d993",
    "44575883-256e-4a79-9da4-ebe9acabe2b2",
  ],
])("tiers go by identifiers, whatever the part numbers say: %s", async (_name, higher, lower) => {
  const other = [{ servicePlanId: "00000000-0000-4000-8000-0000000000a2", servicePlanName: "INTUNE_A" }];
  const query = await given(
    ["users", [holder("ann", higher, lower)]],
    ["subscribed_skus", [sku(higher, "ONE"), sku(lower, "OTHER", { servicePlans: other })]],
  );
  expect(
    await query(
      "select sku_id, reclaim_reason from license_assignments order by sku_id = $1".replace(
        "$1",
        `'${lower}'`,
      ),
    ),
  ).toEqual([
    { sku_id: higher, reclaim_reason: null },
    { sku_id: lower, reclaim_reason: "Duplicate product" },
  ]);
});

test("who never signed in has that reason, which needs review, from the days since the assignment on", async () => {
  const assigned = (assignedDateTime: string): Row => ({
    assignedPlans: [
      {
        assignedDateTime,
        capabilityStatus: "Enabled",
        service: "exchange",
        servicePlanId: "00000000-0000-4000-8000-0000000000a1",
      },
    ],
    createdDateTime: "2023-01-01T00:00:00Z",
  });
  const seen = {
    signInActivity: {
      lastNonInteractiveSignInDateTime: "2026-10-31T00:00:00Z",
      lastSignInDateTime: "2026-10-31T00:00:00Z",
    },
  };
  const query = await given(
    [
      "users",
      [
        user("ann", assigned("2023-01-02T00:00:00Z")),
        user("bob", assigned("2026-10-01T00:00:00Z")),
        user("dee", seen),
      ],
    ],
    ["subscribed_skus", [sku(e3, "E3")]],
  );
  expect(
    await query(
      "select user_id, reclaim_reason, needs_review from license_assignments where user_id <> 'dee' order by user_id",
    ),
  ).toEqual([
    { user_id: "ann", reclaim_reason: "Never signed in", needs_review: true },
    { user_id: "bob", reclaim_reason: null, needs_review: null },
  ]);
});

test("an entry that does not say its SKU makes what counts users unknown, and the output Partial by its name", async () => {
  const query = await given(
    ["users", [holder("ann", e3), holder("bob", null)]],
    ["subscribed_skus", [sku(e3, "E3"), sku(e5, "E5")]],
  );
  const [status] = await query(
    "select data_status, reasons from output_status where output = 'license_summary'",
  );
  expect(status?.["data_status"]).toBe("Partial");
  expect(status?.["reasons"]).toContain("assignedLicenses has entries without skuId; users: 1");
  const rows = await query("select sku_part_number as part, assigned_users from license_summary order by 1");
  // Nobody is known to hold E5, and the entry may be one.
  expect(rows.find(({ part }) => part === "E5")?.["assigned_users"]).toBeNull();
});

const plan = {
  servicePlanId: "00000000-0000-4000-8000-0000000000a1",
  servicePlanName: "EXCHANGE_S_ENTERPRISE",
};
const assignedPlan = {
  servicePlanId: plan.servicePlanId,
  service: "exchange",
  capabilityStatus: "Enabled",
  assignedDateTime: "2023-01-01T00:00:00Z",
};
const state = { skuId: e3, assignedByGroup: null, state: "Active", error: "None", disabledPlans: [] };
const groups: GivenFile = ["groups", [{ id: "g", assignedLicenses: [{ skuId: e3, disabledPlans: [] }] }]];
const without = (record: Row, name: string): Row =>
  Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
const withList = (list: string, entries: readonly Row[]): GivenFile[] => [
  [
    "users",
    [user("ann", { assignedPlans: [assignedPlan], licenseAssignmentStates: [state], [list]: entries })],
  ],
  ["subscribed_skus", [sku(e3, "E3")]],
];
const withSku = (more: Row): GivenFile[] => [
  ["users", [user("ann", { assignedPlans: [assignedPlan], licenseAssignmentStates: [state] })]],
  ["subscribed_skus", [sku(e3, "E3", more)]],
];

test.each<[string, string, string, GivenFile[], string]>([
  [
    "assignedLicenses",
    "disabledPlans",
    "license_assignments",
    withList("assignedLicenses", [{ skuId: e3 }]),
    "users",
  ],
  ...["service", "capabilityStatus", "assignedDateTime", "servicePlanId"].map(
    (name): [string, string, string, GivenFile[], string] => [
      "assignedPlans",
      name,
      "license_assignments",
      withList("assignedPlans", [without(assignedPlan, name)]),
      "users",
    ],
  ),
  [
    "licenseAssignmentStates",
    "skuId",
    "license_overlaps",
    withList("licenseAssignmentStates", [without(state, "skuId")]),
    "users",
  ],
  [
    "prepaidUnits",
    "warning",
    "license_costs",
    [
      ...withSku({ prepaidUnits: { enabled: 10, suspended: 0 } }),
      ["sku_prices", [{ skuId: e3, unitPrice: 1, currency: "USD" }]],
    ],
    "SKUs",
  ],
  [
    "prepaidUnits",
    "suspended",
    "license_capacity",
    withSku({ prepaidUnits: { enabled: 10, warning: 0 } }),
    "SKUs",
  ],
  [
    "servicePlans",
    "servicePlanName",
    "license_assignments",
    withSku({ servicePlans: [without(plan, "servicePlanName")] }),
    "SKUs",
  ],
  [
    "servicePlans",
    "servicePlanId",
    "license_assignments",
    withSku({ servicePlans: [without(plan, "servicePlanId")] }),
    "SKUs",
  ],
])("entries of %s without %s make %s Partial by that name", async (list, name, output, files, of) => {
  const query = await given(...files);
  const [status] = await query(`select data_status, reasons from output_status where output = '${output}'`);
  expect(status).toEqual({
    data_status: "Partial",
    reasons: expect.stringContaining(`${list} has entries without ${name}; ${of}: 1`) as string,
  });
});

test("a tenant in which groups carry licenses and no path names one is told; one without such groups is not", async () => {
  const ask =
    "select coalesce(reasons, '') like '%names no group in assignedByGroup%' as told from output_status where output = 'license_assignments'";
  const files = withSku({});
  expect(await (await given(...files))(ask)).toEqual([{ told: false }]);
  expect(await (await given(...files, groups))(ask)).toEqual([{ told: true }]);
});

test("a SKU whose plans have no names is not known: no use of it is said to be not monitored", async () => {
  const query = await given(...withSku({ servicePlans: [without(plan, "servicePlanName")] }));
  expect(await query("select sku_activity_status from license_assignments")).toEqual([
    { sku_activity_status: "Not Available" },
  ]);
});

test("what stands beside the users is unknown where an entry does not say its SKU", async () => {
  const prices: GivenFile = [
    "sku_prices",
    [{ skuId: e3, unitPrice: 12, currency: "USD", billingPeriod: "month" }],
  ];
  const query = await given(
    ["users", [holder("ann", e3), holder("bob", null)]],
    ["subscribed_skus", [sku(e3, "E3", { consumedUnits: 4 })]],
    prices,
  );
  const sql = "select units, monthly_cost from license_costs where row_kind = 'Difference to users'";
  expect(await query(sql)).toEqual([{ units: null, monthly_cost: null }]);
});

const subscription = (id: string, skuId: string, more: Row): Row => ({
  id,
  skuId,
  status: "Enabled",
  totalLicenses: 10,
  nextLifecycleDateTime: "2027-05-01T00:00:00Z",
  ...more,
});

test("isTrial that some subscriptions do not say is unknown for their SKUs", async () => {
  const files = (more: Row): GivenFile[] => [
    ["users", [holder("ann", e3)]],
    ["subscribed_skus", [sku(e3, "E3", { consumedUnits: 2 }), sku(e5, "E5")]],
    ["directory_subscriptions", [subscription("one", e3, more), subscription("two", e5, { isTrial: false })]],
  ];
  const available = "select available_units from license_summary where sku_part_number = 'E3'";
  expect(await (await given(...files({ isTrial: false })))(available)).toEqual([{ available_units: 8 }]);
  const query = await given(...files({}));
  const [status] = await query(
    "select data_status, reasons from output_status where output = 'license_summary'",
  );
  expect(status?.["data_status"]).toBe("Partial");
  expect(status?.["reasons"]).toContain("isTrial");
});

test("a subscription that has ended does not give the renewal date beside one in force", async () => {
  const query = await given(
    ["subscribed_skus", [sku(e3, "E3", { consumedUnits: 10 })]],
    [
      "directory_subscriptions",
      [
        subscription("old", e3, {
          status: "Suspended",
          nextLifecycleDateTime: "2026-11-15T00:00:00Z",
          isTrial: false,
        }),
        subscription("new", e3, { isTrial: false }),
      ],
    ],
  );
  expect(await query("select next_lifecycle_date from license_capacity")).toEqual([
    { next_lifecycle_date: "2027-05-01" },
  ]);
});
