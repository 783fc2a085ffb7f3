import { expect, test } from "vitest";
import type { Row } from "../../src/database/open.ts";
import { e3, e5, given, odd, type GivenFile } from "./given.ts";
import { skuOf } from "./skus.ts";

const subscription = (
  id: string,
  skuId: string,
  units: number | null,
  day: string | null,
  more: Row = {},
): Row => ({
  id,
  commerceSubscriptionId: `commerce ${id}`,
  skuId,
  status: "Enabled",
  isTrial: false,
  totalLicenses: units,
  createdDateTime: "2024-07-01T00:00:00Z",
  nextLifecycleDateTime: day === null ? null : `${day}T00:00:00Z`,
  ...more,
});

/** Of twenty units of E3 thirteen are left over, of ten of E5 nine. */
const units: readonly GivenFile[] = [
  [
    "subscribed_skus",
    [
      skuOf(e3, "SPE_E3", [], {
        consumedUnits: 7,
        prepaidUnits: { enabled: 20, warning: 0, suspended: 0, lockedOut: 0 },
      }),
      skuOf(e5, "SPE_E5", []),
    ],
  ],
  ["users", [{ id: "ann", userPrincipalName: "ann@contoso.example", assignedLicenses: [] }]],
];

test("each subscription has its term, its price and the surplus of its SKU", async () => {
  const query = await given(
    ...units,
    ["directory_subscriptions", [subscription("1", e3, 20, "2026-12-01")]],
    [
      "sku_prices",
      [
        { skuId: e3, unitPrice: 30, currency: "USD", billingPeriod: "month", validFrom: "2025-01-01" },
        { skuId: e3, unitPrice: 36, currency: "USD", billingPeriod: "month", validFrom: "2026-01-01" },
        { skuId: e3, unitPrice: 99, currency: "USD", billingPeriod: "month", validFrom: "2027-01-01" },
      ],
    ],
  );
  expect(await query("from subscriptions")).toEqual([
    {
      subscription_id: "1",
      commerce_subscription_id: "commerce 1",
      sku_id: e3,
      sku_part_number: "SPE_E3",
      product_name: "Office E3",
      sku_class: "Paid",
      status: "Enabled",
      is_trial: false,
      units: 20,
      created_at: "2024-07-01 00:00:00",
      next_lifecycle_date: "2026-12-01",
      unit_price: 36,
      billing_period: "month",
      currency: "USD",
      price_valid_from: "2026-01-01",
      days_to_next_lifecycle: 31,
      surplus_units: 13,
      potential_reduction_units: 13,
      earliest_reduction_date: "2026-12-01",
    },
  ]);
});

test.each<[string, readonly Row[], readonly (readonly unknown[])[]]>([
  [
    "a unit that is left over stands once, with what is renewed first",
    [
      subscription("late", e3, 8, "2027-07-01"),
      subscription("soon", e3, 10, "2026-11-20"),
      subscription("last", e3, 2, "2028-07-01"),
      subscription("other", e5, 10, "2027-01-01"),
    ],
    [
      ["last", 0, null],
      ["late", 3, "2027-07-01"],
      ["other", 9, "2027-01-01"],
      ["soon", 10, "2026-11-20"],
    ],
  ],
  [
    "what is a trial, has ended, or whose end is not known or has passed is renewed for no less",
    [
      subscription("deleted", e3, 5, "2026-12-01", { status: "Deleted" }),
      subscription("grace", e3, 5, "2026-12-24", { status: "Warning" }),
      subscription("passed", e3, 5, "2026-10-30"),
      subscription("suspended", e3, 5, "2026-12-01", { status: "Suspended" }),
      subscription("today", e3, 5, "2026-10-31"),
      subscription("trial", e3, 5, "2026-12-01", { isTrial: true }),
    ],
    [
      ["deleted", 0, null],
      ["grace", 5, "2026-12-24"],
      ["passed", 0, null],
      ["suspended", 0, null],
      ["today", 5, "2026-10-31"],
      ["trial", 0, null],
    ],
  ],
  [
    "an unknown end, state or number of units makes what could go unknown",
    [
      subscription("1", e3, null, "2026-12-01"),
      subscription("2", e3, 5, "2026-12-02"),
      subscription("3", e3, 5, null),
      subscription("4", e3, 5, "2026-12-01", { status: null }),
      subscription("5", odd, 5, "2026-12-01"),
    ],
    [
      ["1", null, null],
      ["2", null, null],
      ["3", null, null],
      ["4", null, null],
      ["5", null, null],
    ],
  ],
])("%s", async (_, subscriptions, expected) => {
  const query = await given(...units, ["directory_subscriptions", subscriptions]);
  const rows = await query(
    "select subscription_id, potential_reduction_units, earliest_reduction_date from subscriptions order by all",
  );
  expect(rows.map((row) => Object.values(row))).toEqual(expected);
});

test("without subscribed SKUs nobody knows what is left over, and the output is Partial", async () => {
  const query = await given(["directory_subscriptions", [subscription("1", e3, 20, "2026-12-01")]]);
  expect(await query("select units, surplus_units, potential_reduction_units from subscriptions")).toEqual([
    { units: 20, surplus_units: null, potential_reduction_units: null },
  ]);
  expect(await query("select data_status from output_status where output = 'subscriptions'")).toEqual([
    { data_status: "Partial" },
  ]);
});
