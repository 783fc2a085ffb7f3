import { expect, test } from "vitest";
import { testTenants } from "./recompute/agree.ts";
import { recompute } from "./recompute/compute.ts";
import { generateTenant } from "./recompute/generate.ts";

testTenants(1, 100);

test("the tenants have every state that the outputs distinguish", () => {
  const all = Array.from({ length: 200 }, (_, index) => recompute(generateTenant(index + 1)));
  const values = (output: keyof (typeof all)[number], column: string): unknown[] =>
    [...new Set(all.flatMap((outputs) => outputs[output].map((row) => row[column] ?? null)))].toSorted();
  expect(values("mfa_status", "mfa_status")).toEqual([
    "Disabled",
    "Enabled",
    "Non-compliant",
    "Not Available",
  ]);
  expect(values("user_activity", "activity_status")).toEqual([
    "Active",
    "Inactive",
    "No activity",
    "Not Available",
  ]);
  expect(values("user_activity", "last_activity_source")).toEqual(
    ["Exchange", "OneDrive", "SharePoint", "Sign-in", "Skype", "Teams", "Yammer", null].toSorted(),
  );
  for (const column of ["inactive_users", "no_activity_users", "reclaimable_units", "account_disabled_users"])
    expect([column, values("license_summary", column)]).toEqual([
      column,
      expect.arrayContaining([null, 0, 1, 2]),
    ]);
});
