import { expect, test } from "vitest";
import type { Row } from "../../src/database/open.ts";
import { readSql } from "../../src/transform/models.ts";
import { e3, e5, given, odd, type GivenFile } from "./given.ts";
import { activeRow, user } from "./people.ts";

const flowFree = "f30db892-07e9-47e9-837c-80727f46fd3d";
const powerAppsTrial = "dcb1a3ae-b33f-4487-846a-a640262fadf4";
const storage = "99049c9c-6011-4908-bf17-15f496e6519d";

const values = (rows: readonly Row[]): unknown[][] => rows.map((row) => Object.values(row));

const sku = (skuId: string, more: Row = {}): Row => ({
  id: `tenant_${skuId}`,
  skuId,
  appliesTo: "User",
  capabilityStatus: "Enabled",
  consumedUnits: 2,
  prepaidUnits: { enabled: 10, warning: 0, suspended: 0, lockedOut: 0 },
  servicePlans: [],
  ...more,
});
const subscription = (skuId: string, isTrial: boolean | null, status = "Enabled"): Row => ({
  id: `${skuId} ${isTrial} ${status}`,
  skuId,
  isTrial,
  status,
  totalLicenses: 5,
});
const skus = (...records: Row[]): GivenFile => ["subscribed_skus", records];
const subscriptions = (...records: Row[]): GivenFile => ["directory_subscriptions", records];

test.each([
  [
    "a paid, enabled subscription beside a trial is Paid",
    [subscription(odd, true), subscription(odd, false)],
    "Paid",
  ],
  ["trials alone are Trial", [subscription(odd, true)], "Trial"],
  [
    "a trial that goes on after a paid subscription has ended is Trial",
    [subscription(odd, true), subscription(odd, false, "Suspended")],
    "Trial",
  ],
  ["a paid subscription in grace is Paid", [subscription(odd, false, "Warning")], "Paid"],
  ["a suspended paid subscription is still Paid", [subscription(odd, false, "Suspended")], "Paid"],
  ["a subscription without isTrial is Unknown", [subscription(odd, null)], "Unknown"],
  ["a SKU that no subscription names is Unknown", [subscription(e5, true)], "Unknown"],
] as (readonly [string, readonly Row[], string])[])("%s", async (_name, records, expected) => {
  const query = await given(skus(sku(odd)), subscriptions(...records));
  expect(await query("select sku_class from license_summary")).toEqual([{ sku_class: expected }]);
});

test("well-known free SKUs and trials are known without subscriptions, and not Paid because of them", async () => {
  const sql = "select sku_class, available_units, surplus_units from license_summary order by sku_class";
  const files = skus(sku(flowFree), sku(powerAppsTrial));
  const expected = [
    ["Free", null, null],
    ["Trial", null, null],
  ];
  expect(values(await (await given(files))(sql))).toEqual(expected);
  const bought = subscriptions(subscription(flowFree, false), subscription(powerAppsTrial, false));
  expect(values(await (await given(files, bought))(sql))).toEqual(expected);
});

test("free SKUs, trials and the company's have no available, surplus or reclaimable units; an Unknown one has", async () => {
  const query = await given(
    skus(sku(flowFree), sku(storage, { appliesTo: "Company" }), sku(odd)),
    [
      "users",
      [
        user("ann", {
          accountEnabled: false,
          assignedLicenses: [{ skuId: flowFree }, { skuId: odd }],
        }),
      ],
    ],
    ["office365_active_user_detail", [activeRow("ann")]],
  );
  const rows = await query(
    `select sku_class, applies_to, usable_units, available_units, reclaimable_units, surplus_units
     from license_summary order by sku_class, applies_to desc`,
  );
  expect(values(rows)).toEqual([
    ["Free", "User", 10, null, null, null],
    ["Unknown", "User", 10, 8, 1, 9],
    ["Unknown", "Company", 10, null, null, null],
  ]);
  expect(
    values(await query("select sku_id, reclaim_reason from license_assignments order by sku_id desc")),
  ).toEqual([
    [flowFree, "Account disabled"],
    [odd, "Account disabled"],
  ]);
});

test.each([
  ["Suspended", null],
  ["LockedOut", null],
  ["Deleted", null],
  ["Enabled", -2],
  ["Warning", -2],
  [null, -2],
])("a SKU in state %s without usable units has %s available", async (capabilityStatus, available) => {
  const prepaidUnits = { enabled: 0, warning: 0, suspended: 5, lockedOut: 0 };
  const query = await given(skus(sku(odd, { capabilityStatus, prepaidUnits })));
  expect(await query("select usable_units, available_units from license_summary")).toEqual([
    { usable_units: 0, available_units: available },
  ]);
});

test("a SKU with one suspended object of two has not run out", async () => {
  const suspended = sku(odd, { id: "b", capabilityStatus: "Suspended" });
  const query = await given(skus(sku(odd), suspended));
  expect(await query("select available_units from license_summary")).toEqual([{ available_units: 16 }]);
});

test("the screen sums what is bought for users, and shows expired, free, trial and company SKUs below the total", async () => {
  const expired = {
    capabilityStatus: "Suspended",
    prepaidUnits: { enabled: 0, warning: 0, suspended: 5, lockedOut: 0 },
    consumedUnits: 1,
  };
  const query = await given(
    skus(
      sku(e3, { consumedUnits: 3 }),
      sku(odd),
      sku(e5, expired),
      sku(flowFree, { consumedUnits: 9 }),
      sku(storage, { appliesTo: "Company", consumedUnits: 0 }),
    ),
    ["users", [user("ann")]],
    ["office365_active_user_detail", [activeRow("ann", { exchangeLastActivityDate: "2026-10-30" })]],
  );
  const rows = await query(readSql("screens/licenses"));
  expect(
    rows.map(({ Licenses, enabled, grace, assigned, left }) => [Licenses, enabled, grace, assigned, left]),
  ).toEqual([
    ["Office E3", 10, 0, 3, 7],
    [odd, 10, 0, 2, 8],
    ["Total of the above", 20, 0, 5, 15],
    [`${flowFree} [free]`, 10, 0, 9, null],
    ["Office E5 [expired]", 0, 0, 1, null],
    [`${storage} [company]`, 10, 0, 0, null],
  ]);
});

test("a total with an unknown part is unknown, and one SKU alone needs none", async () => {
  const query = await given(skus(sku(e3), sku(e5, { consumedUnits: null })));
  const rows = await query(readSql("screens/licenses"));
  expect(rows.at(-1)).toMatchObject({
    Licenses: "Total of the above",
    enabled: 20,
    assigned: null,
    left: null,
  });
  expect(await (await given(skus(sku(e3))))(readSql("screens/licenses"))).toHaveLength(1);
});
