import { expect, test } from "vitest";
import type { Row } from "../../src/database/open.ts";
import { e3, e5, given, odd } from "./given.ts";

const units = (enabled: number, more: Row = {}): Row => ({
  enabled,
  warning: 0,
  suspended: 0,
  lockedOut: 0,
  ...more,
});
const sku = (skuId: string, consumedUnits: number | null, prepaidUnits: Row, more: Row = {}): Row => ({
  id: skuId,
  skuId,
  appliesTo: "User",
  capabilityStatus: "Enabled",
  consumedUnits,
  prepaidUnits,
  ...more,
});

test.each([
  ["nothing to say below 90 percent", sku(e3, 8, units(9)), null],
  ["nearly full from 90 percent on", sku(e3, 9, units(10)), ["Nearly full", 1]],
  ["nearly full when all is taken", sku(e3, 4, units(4)), ["Nearly full", 0]],
  ["over-assigned", sku(e3, 6, units(4)), ["Over-assigned", -2]],
  ["over-assigned comes before the warning", sku(e3, 6, units(4, { warning: 1 })), ["Over-assigned", -1]],
  ["units in grace", sku(e3, 1, units(4, { warning: 2 })), ["Warning", 5]],
  ["a state of Warning", sku(e3, 1, units(4), { capabilityStatus: "Warning" }), ["Warning", 3]],
  ["some units suspended", sku(e3, 1, units(4, { suspended: 2 })), ["Suspended", 3]],
  ["some units locked out", sku(e3, 1, units(4, { lockedOut: 2 })), ["Suspended", 3]],
  [
    "expired, not over-assigned",
    sku(e3, 2, units(0, { suspended: 5 }), { capabilityStatus: "Suspended" }),
    ["Expired", null],
  ],
  ["locked out", sku(e3, 2, units(0), { capabilityStatus: "LockedOut" }), ["Expired", null]],
  ["unknown consumption says nothing", sku(e3, null, units(4)), null],
  ["nothing bought and nothing taken", sku(e3, 0, units(0)), null],
  ["the company's units are not taken one by one", sku(e3, 5, units(4), { appliesTo: "Company" }), null],
  ["a free SKU runs not short", sku("f30db892-07e9-47e9-837c-80727f46fd3d", 5, units(4)), null],
] as (readonly [string, Row, readonly unknown[] | null])[])("%s", async (_name, record, expected) => {
  const query = await given(["subscribed_skus", [record]]);
  const rows = await query("select condition, available_units from license_capacity");
  expect(rows.map((row) => Object.values(row))).toEqual(expected === null ? [] : [expected]);
});

test.each<[name: string, consumed: number | null, remedy: string]>([
  ["some", 2, "Renew it, or take it from those who still have it: 2"],
  ["none", 0, "Nothing: no unit of it is assigned"],
  ["an unknown number", null, "Renew it, or take it from those who still have it"],
])(
  "of an expired SKU of which units are assigned (%s) the remedy asks nothing of nobody",
  async (_name, consumed, remedy) => {
    const query = await given([
      "subscribed_skus",
      [sku(e3, consumed, units(0), { capabilityStatus: "Deleted" })],
    ]);
    expect(await query("select condition, remedy from license_capacity")).toEqual([
      { condition: "Expired", remedy },
    ]);
  },
);

test("the next lifecycle date is the soonest of the subscriptions that are not deleted, and what to do is said", async () => {
  const subscription = (id: string, skuId: string, day: string, status = "Enabled"): Row => ({
    id,
    skuId,
    status,
    isTrial: false,
    totalLicenses: 1,
    nextLifecycleDateTime: `${day}T00:00:00Z`,
  });
  const query = await given(
    [
      "subscribed_skus",
      [
        sku(e3, 6, units(4)),
        sku(e5, 6, units(4, { warning: 4 })),
        sku(odd, 2, units(0), { capabilityStatus: "Suspended" }),
      ],
    ],
    [
      "directory_subscriptions",
      [
        subscription("1", e3, "2027-07-01"),
        subscription("2", e3, "2026-12-01"),
        subscription("3", e3, "2026-11-01", "Deleted"),
        subscription("4", e5, "2026-11-20"),
      ],
    ],
  );
  const rows = await query(
    "select next_lifecycle_date, remedy from license_capacity order by condition desc",
  );
  expect(rows.map((row) => Object.values(row))).toEqual([
    ["2026-11-20", "Renew before the grace period ends; 4 units would go, 2 of them assigned"],
    ["2026-12-01", "Buy more, or take it from as many: 2"],
    [null, "Renew it, or take it from those who still have it: 2"],
  ]);
});

test("there are no rows without subscribed SKUs", async () => {
  expect(await (await given())("from license_capacity")).toEqual([]);
});
