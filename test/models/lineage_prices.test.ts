import { describe, expect, test } from "vitest";
import type { Row } from "../../src/database/open.ts";
import { e3, e5, given, type GivenFile } from "./given.ts";
import { user } from "./people.ts";
import { held, skuOf as sku, teams } from "./skus.ts";

const price = (more: Row): Row => ({
  skuId: e3,
  unitPrice: 36,
  currency: "USD",
  billingPeriod: "month",
  ...more,
});
const skus: GivenFile = ["subscribed_skus", [sku(e3, "ONE", [teams]), sku(e5, "TWO", [teams])]];
const people: GivenFile = ["users", [user("ann", held(e3))]];

/** What `explain` says of the figures of money: record, whether it counts, property, what it holds, remark. */
async function sources(figures: readonly string[], ...files: readonly GivenFile[]): Promise<unknown[][]> {
  const query = await given(...files);
  const rows = await query(
    `select record_number, is_chosen, property, evidence, remark from lineage.license_assignments
      where person_key = 'ann' and subject = '${e3}' and figure in (${figures.map((one) => `'${one}'`).join(", ")})
      order by all`,
  );
  return rows.map((row) => Object.values(row));
}

const later = "another price of the SKU counts: the one that began last";

describe("where the price of a license comes from", () => {
  test.each<[name: string, prices: readonly Row[], expected: readonly unknown[][]]>([
    ["the one record of its SKU", [price({}), price({ skuId: e5 })], [[1, true, "unitPrice", "36", null]]],
    [
      "by its part number",
      [price({ skuId: null, skuPartNumber: "one", unitPrice: 12.5 })],
      [[1, true, "unitPrice", "12.5", null]],
    ],
    [
      "of several the one that began last, beside those that do not count",
      [
        price({ validFrom: "2026-01-01" }),
        price({ unitPrice: 40, validFrom: "2026-06-01" }),
        price({ unitPrice: 50, validFrom: "2027-01-01" }),
        price({ unitPrice: 0, currency: "EUR" }),
      ],
      [
        [1, false, "unitPrice", "36", later],
        [2, true, "unitPrice", "40", null],
        [3, false, "unitPrice", "50", "begins only on 2027-01-01"],
        [4, false, "unitPrice", "0", later],
      ],
    ],
    ["none where no price is of its SKU", [price({ skuId: e5 })], []],
  ])("%s", async (_name, prices, expected) => {
    expect(await sources(["unit_price"], skus, people, ["sku_prices", prices])).toEqual(expected);
  });

  test("two lists in one import: the record of the file that holds it", async () => {
    const query = await given(
      skus,
      people,
      ["sku_prices", [price({ skuId: e5 })], { name: "a.csv", import: 1 }],
      ["sku_prices", [price({ unitPrice: 7 })], { name: "b.csv", import: 1 }],
    );
    expect(
      await query(
        `select file_name, record_number, evidence from lineage.license_assignments join meta.source_files using (source_file_id)
          where figure = 'unit_price' and is_chosen`,
      ),
    ).toEqual([{ file_name: "b.csv", record_number: 1, evidence: "7" }]);
  });
});

describe("where the monthly cost of a license comes from", () => {
  const money = ["currency", "monthly_cost"];
  const rows = (period: string, remark: string | null): unknown[][] => [
    [1, true, "billingPeriod", period, remark],
    [1, true, "currency", "USD", null],
    [1, true, "unitPrice", "36", remark],
  ];
  const gone: GivenFile = ["subscribed_skus", [sku(e3, "ONE", [teams], { capabilityStatus: "Deleted" })]];
  const failed: GivenFile = [
    "users",
    [
      user("ann", {
        assignedLicenses: [],
        licenseAssignmentStates: [{ skuId: e3, state: "Error", error: "CountViolation" }],
      }),
    ],
  ];
  test.each<[name: string, files: readonly GivenFile[], period: string, remark: string | null]>([
    ["by the month", [skus, people], "month", null],
    ["by the year", [skus, people], "year", "a twelfth of the price of a year"],
    ["of an expired SKU", [gone, people], "month", "the SKU has expired: no cost"],
    ["of a failed assignment", [skus, failed], "month", "the assignment consumes no unit: no cost"],
  ])("%s", async (_name, files, billingPeriod, remark) => {
    expect(await sources(money, ...files, ["sku_prices", [price({ billingPeriod })]])).toEqual(
      rows(billingPeriod, remark),
    );
  });
});
