import { expect, test } from "vitest";
import type { Row } from "../../src/database/open.ts";
import { e3, e5, given, odd, type GivenFile } from "./given.ts";
import { activeRow, user } from "./people.ts";

const values = (rows: readonly Row[]): unknown[][] => rows.map((row) => Object.values(row));
const sku = (skuId: string, enabled: number, consumedUnits: number, more: Row = {}): Row => ({
  id: skuId,
  skuId,
  skuPartNumber: skuId === e3 ? "E3" : "E5",
  appliesTo: "User",
  capabilityStatus: "Enabled",
  consumedUnits,
  prepaidUnits: { enabled, warning: 0, suspended: 0, lockedOut: 0 },
  servicePlans: [],
  ...more,
});
const price = (more: Row): Row => ({
  skuId: e3,
  unitPrice: 12,
  currency: "USD",
  billingPeriod: "month",
  ...more,
});
const person = (id: string, department: string | null, country: string | null, more: Row = {}): Row =>
  user(id, { department, country, ...more });

const people: GivenFile = [
  "users",
  [
    person("ann", "IT", "Spain"),
    person("bob", "IT", "Spain", { accountEnabled: false }),
    person("cem", "IT", "Norway"),
    person("dee", null, null),
  ],
];
const activity: GivenFile = [
  "office365_active_user_detail",
  ["ann", "bob", "cem", "dee"].map((id) => activeRow(id, { exchangeLastActivityDate: "2026-10-30" })),
];
const sql =
  "select row_kind, department, country, units, monthly_cost, reclaimable_units, reclaimable_monthly_cost from license_costs order by row_kind, department nulls last, country";

test("units and costs stand per department and country, and add up to what may be used", async () => {
  const query = await given(["subscribed_skus", [sku(e3, 10, 6)]], people, activity, [
    "sku_prices",
    [price({})],
  ]);
  expect(values(await query(sql))).toEqual([
    ["Assigned", "IT", "Norway", 1, 12, 0, 0],
    ["Assigned", "IT", "Spain", 2, 24, 1, 12],
    ["Assigned", null, null, 1, 12, 0, 0],
    ["Difference to users", null, null, 2, 24, null, null],
    ["Unassigned", null, null, 4, 48, null, null],
  ]);
  expect(
    await query("select sum(units)::bigint as units, sum(monthly_cost)::double as cost from license_costs"),
  ).toEqual([{ units: 10, cost: 120 }]);
});

test("what is over-assigned is taken off again", async () => {
  const query = await given(["subscribed_skus", [sku(e3, 3, 4)]], people, ["sku_prices", [price({})]]);
  expect(
    values(
      await query("select row_kind, units, monthly_cost from license_costs where row_kind <> 'Assigned'"),
    ),
  ).toEqual([["Over-assigned", -1, -12]]);
});

const one: GivenFile = ["users", [person("ann", "IT", "Spain")]];
const priceSql =
  "select unit_price, billing_period, currency, price_valid_from, monthly_cost from license_costs order by currency";

test.each([
  [
    "by the year it is a twelfth",
    [price({ unitPrice: 100, billingPeriod: "year" })],
    [[100, "year", "USD", null, 8.33]],
  ],
  [
    "by part number, in any case",
    [price({ skuId: null, skuPartNumber: "e3" })],
    [[12, "month", "USD", null, 12]],
  ],
  [
    "the price that began last counts",
    [
      price({}),
      price({ unitPrice: 13, validFrom: "2026-07-01" }),
      price({ unitPrice: 14, validFrom: "2026-10-31" }),
    ],
    [[14, "month", "USD", "2026-10-31", 14]],
  ],
  [
    "a price of the future does not count yet",
    [price({ unitPrice: 13, validFrom: "2026-07-01" }), price({ unitPrice: 15, validFrom: "2026-11-01" })],
    [[13, "month", "USD", "2026-07-01", 13]],
  ],
  [
    "only a price of the future: unknown",
    [price({ validFrom: "2026-11-01" })],
    [[null, null, null, null, null]],
  ],
  [
    "two currencies are never summed: a row for each",
    [price({}), price({ unitPrice: 11, currency: "eur" })],
    [
      [11, "month", "EUR", null, 11],
      [12, "month", "USD", null, 12],
    ],
  ],
  ["a price of another SKU: unknown", [price({ skuId: e5 })], [[null, null, null, null, null]]],
  ["no price list: unknown", [], [[null, null, null, null, null]]],
] as (readonly [string, readonly Row[], readonly (readonly unknown[])[]])[])(
  "%s",
  async (_name, prices, expected) => {
    const files: GivenFile[] = [["subscribed_skus", [sku(e3, 1, 1)]], one];
    const query = await given(...files, ...(prices.length > 0 ? [["sku_prices", prices] as const] : []));
    expect(values(await query(priceSql, { as_of: "2026-10-31" }))).toEqual(expected);
  },
);

test("without a price list the output is Not supplied", async () => {
  const status = "select data_status from output_status where output = 'license_costs'";
  const query = await given(["subscribed_skus", [sku(e3, 1, 1)]], one);
  expect(await query(status)).toEqual([{ data_status: "Not supplied" }]);
});

test("the company's SKU has one row, an expired one no cost, and a free one without a price no row", async () => {
  const query = await given(
    [
      "subscribed_skus",
      [
        sku(odd, 500, 0, { appliesTo: "Company" }),
        sku(e3, 0, 1, { capabilityStatus: "Suspended" }),
        sku("f30db892-07e9-47e9-837c-80727f46fd3d", 10_000, 5),
      ],
    ],
    one,
    ["sku_prices", [price({ skuId: odd, unitPrice: 0.2 }), price({})]],
  );
  expect(
    values(
      await query(
        "select sku_id, row_kind, units, monthly_cost from license_costs order by sku_id, row_kind",
      ),
    ),
  ).toEqual([
    [odd, "Company", 500, 100],
    [e3, "Assigned", 1, null],
    [e3, "Expired", -1, null],
  ]);
});

test("where nobody can tell what is reclaimable, zero is unknown", async () => {
  const query = await given(["subscribed_skus", [sku(e3, 1, 1)]], one, ["sku_prices", [price({})]]);
  expect(await query("select reclaimable_units, reclaimable_monthly_cost from license_costs")).toEqual([
    { reclaimable_units: null, reclaimable_monthly_cost: null },
  ]);
});

test("without a users export what is consumed stands in one row", async () => {
  const query = await given(["subscribed_skus", [sku(e3, 10, 6)]], ["sku_prices", [price({})]]);
  expect(values(await query("select row_kind, units, monthly_cost from license_costs order by 1"))).toEqual([
    ["Difference to users", 6, 72],
    ["Unassigned", 4, 48],
  ]);
});
