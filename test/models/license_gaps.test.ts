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
