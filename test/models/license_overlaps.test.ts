import { describe, expect, test } from "vitest";
import type { Row } from "../../src/database/open.ts";
import { e3, e5, given, odd, type GivenFile } from "./given.ts";
import { user } from "./people.ts";

const foundation = "113feb6c-3fe4-4440-bddc-54d774bf0318";
const numbers = new Map<string, number>();
/** The same name has the same id. */
function planId(name: string): string {
  if (name === "EXCHANGE_S_FOUNDATION") return foundation;
  if (!numbers.has(name)) numbers.set(name, numbers.size);
  return `00000000-0000-4000-8000-${String(numbers.get(name)).padStart(12, "0")}`;
}
const plan = (servicePlanName: string): Row => ({
  servicePlanName,
  servicePlanId: planId(servicePlanName),
  appliesTo: servicePlanName === "EXCHANGE_S_FOUNDATION" ? "Company" : "User",
});
const sku = (skuId: string, skuPartNumber: string, plans: string | null): Row => ({
  id: skuId,
  skuId,
  skuPartNumber,
  ...(plans === null ? {} : { servicePlans: plans.split(" ").map(plan) }),
});
const license = (skuId: string, disabled = ""): Row => ({
  skuId,
  disabledPlans: disabled.split(" ").filter(Boolean).map(planId),
});
const flowFree = "f30db892-07e9-47e9-837c-80727f46fd3d";

const sql = "select sku_part_number, containing_part_number, overlap_by from license_overlaps order by all";

describe("a product is a duplicate", () => {
  const cases: (readonly [
    name: string,
    skus: readonly Row[],
    licenses: readonly Row[],
    expected: readonly unknown[] | null,
  ])[] = [
    [
      "when another SKU has all of its plans: an add-on within a suite",
      [
        sku(e3, "AAD_PREMIUM", "AAD_PREMIUM MFA_PREMIUM"),
        sku(e5, "SPE_E3", "EXCHANGE_S_ENTERPRISE AAD_PREMIUM MFA_PREMIUM"),
      ],
      [license(e3), license(e5)],
      ["AAD_PREMIUM", "SPE_E3", "Service plans"],
    ],
    [
      "not an add-on whose plans the suite lacks in part: F3 with F5 Security",
      [
        sku(e3, "SPE_F5_SEC", "AAD_PREMIUM AAD_PREMIUM_P2 ATP_ENTERPRISE MFA_PREMIUM"),
        sku(e5, "SPE_F1", "EXCHANGE_S_DESKLESS AAD_PREMIUM MFA_PREMIUM"),
      ],
      [license(e3), license(e5)],
      null,
    ],
    [
      "not when one plan is missing",
      [sku(e3, "A", "ONE TWO"), sku(e5, "B", "ONE THREE FOUR")],
      [license(e3), license(e5)],
      null,
    ],
    [
      "not when the plan is switched off in the other",
      [sku(e3, "A", "ONE"), sku(e5, "B", "ONE TWO")],
      [license(e3), license(e5, "ONE")],
      null,
    ],
    [
      "when what the other lacks is switched off",
      [sku(e3, "A", "ONE TWO"), sku(e5, "B", "ONE THREE FOUR")],
      [license(e3, "TWO"), license(e5)],
      ["A", "B", "Service plans"],
    ],
    [
      "once, where both have the same plans: the first by name stays",
      [sku(e3, "B", "ONE"), sku(e5, "A", "ONE")],
      [license(e3), license(e5)],
      ["B", "A", "Service plans"],
    ],
    [
      "once, where both have the same plans: the higher tier stays",
      [sku(e3, "EMS", "ONE"), sku(e5, "EMSPREMIUM", "ONE")],
      [license(e3), license(e5)],
      ["EMS", "EMSPREMIUM", "Service plans"],
    ],
    [
      "not because of the foundation plan",
      [sku(e3, "A", "EXCHANGE_S_FOUNDATION"), sku(e5, "B", "EXCHANGE_S_FOUNDATION ONE")],
      [license(e3), license(e5)],
      null,
    ],
    [
      "not of a free SKU, and no free SKU is one",
      [sku(e3, "A", "ONE"), sku(flowFree, "FLOW_FREE", "ONE TWO")],
      [license(e3), license(flowFree)],
      null,
    ],
    [
      "not because of what Visio or Project bring as a prerequisite",
      [
        sku(e3, "SHAREPOINTENTERPRISE", "SHAREPOINTENTERPRISE"),
        sku(e5, "PROJECT", "PROJECT_CLIENT_SUBSCRIPTION SHAREPOINTENTERPRISE"),
      ],
      [license(e3), license(e5)],
      null,
    ],
    [
      "by tier, where the suites' plans differ",
      [
        sku(e3, "STANDARDPACK_USGOV_GCCHIGH", "ONE EXCHANGE_S_STANDARD"),
        sku(e5, "ENTERPRISEPACK_USGOV_GCCHIGH", "TWO EXCHANGE_S_ENTERPRISE"),
      ],
      [license(e3), license(e5)],
      ["STANDARDPACK_USGOV_GCCHIGH", "ENTERPRISEPACK_USGOV_GCCHIGH", "Tier"],
    ],
    [
      "not by tier, where the higher one has the mailbox switched off",
      [sku(e3, "SPE_E3", "ONE EXCHANGE_S_STANDARD"), sku(e5, "SPE_E5", "TWO EXCHANGE_S_ENTERPRISE")],
      [license(e3), license(e5, "EXCHANGE_S_ENTERPRISE")],
      null,
    ],
    [
      "not by tier across families",
      [sku(e3, "EMS", "ONE"), sku(e5, "SPE_E5", "TWO")],
      [license(e3), license(e5)],
      null,
    ],
    [
      "not where plans are not known",
      [sku(e3, "SPE_E3", null), sku(e5, "SPE_E5", null)],
      [license(e3), license(e5)],
      null,
    ],
  ];
  test.each(cases)("%s", async (_name, skus, assignedLicenses, expected) => {
    const query = await given(["subscribed_skus", skus], ["users", [user("ann", { assignedLicenses })]]);
    expect((await query(sql)).map((row) => Object.values(row))).toEqual(expected === null ? [] : [expected]);
  });
});

const state = (skuId: string, assignedByGroup: string | null): Row => ({
  skuId,
  assignedByGroup,
  state: "Active",
});

test("the same SKU directly and by a group is an overlap that takes no second unit", async () => {
  const people: GivenFile = [
    "users",
    [
      user("both", { licenseAssignmentStates: [state(e3, null), state(e3, "g1")] }),
      user("direct", { licenseAssignmentStates: [state(e3, null)] }),
      user("failed", {
        assignedLicenses: [],
        licenseAssignmentStates: [
          { ...state(e3, null), state: "Error" },
          { ...state(e3, "g1"), state: "Error" },
        ],
      }),
    ],
  ];
  const query = await given(people, ["groups", [{ id: "G1", displayName: "Staff" }]]);
  expect(
    await query(
      "select user_id, overlap_kind, containing_sku_id, overlap_by, assigned_by_groups, takes_unit from license_overlaps",
    ),
  ).toEqual([
    {
      user_id: "both",
      overlap_kind: "Direct and group",
      containing_sku_id: e3,
      overlap_by: "Assignment path",
      assigned_by_groups: "Staff",
      takes_unit: false,
    },
  ]);
});

test("users with the same licenses but other plans switched off are judged apart", async () => {
  const query = await given(
    ["subscribed_skus", [sku(e3, "A", "ONE TWO"), sku(e5, "B", "ONE TWO THREE"), sku(odd, "C", "FOUR")]],
    [
      "users",
      [
        user("ann", { assignedLicenses: [license(e3), license(e5)] }),
        user("bob", { assignedLicenses: [license(e5), license(e3)] }),
        user("cem", { assignedLicenses: [license(e3), license(e5, "TWO")] }),
        user("dee", { assignedLicenses: [license(e3), license(odd)] }),
      ],
    ],
  );
  const rows = await query("select user_id, takes_unit from license_overlaps order by 1");
  expect(rows.map((row) => Object.values(row))).toEqual([
    ["ann", true],
    ["bob", true],
  ]);
});
