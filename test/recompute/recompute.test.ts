import { expect } from "vitest";
import { isThorough, thoroughTest } from "../extent.ts";
import { testTenants } from "./agree.ts";
import { recompute } from "./compute.ts";
import { generateTenant } from "./generate.ts";

testTenants(1, 100);

const statuses = ["Active", "Inactive", "No activity", "Not Available"];
const sources = [
  "Sign-in",
  "Teams",
  "Exchange",
  "SharePoint",
  "OneDrive",
  "Yammer",
  "Skype",
  "Exchange (account)",
  "OneDrive (account)",
];
const storage = ["Mailbox", "OneDrive", "Mailbox and OneDrive"];
const counts = [null, 0, 1, 2];
const kinds = [
  ["mfa_status", "mfa_status", ["Enabled", "Disabled", "Non-compliant", "Not Available"]],
  ["user_activity", "activity_status", statuses],
  ["user_activity", "last_activity_source", [...sources, null]],
  ["user_activity", "storage_covers", [...storage, null]],
  ["user_activity", "is_licensed", [true, false, null]],
  ["license_summary", "sku_class", ["Paid", "Free", "Trial", "Unknown"]],
  ["license_summary", "capability_status", ["Enabled", "Suspended", "LockedOut", "Warning", null]],
  ["license_summary", "applies_to", ["User", "Company", null]],
  ["license_summary", "account_disabled_users", counts],
  ["license_summary", "inactive_users", counts],
  ["license_summary", "no_activity_users", counts],
  ["license_summary", "reclaimable_units", counts],
] as const;
const all = isThorough ? Array.from({ length: 200 }, (_, index) => recompute(generateTenant(index + 1))) : [];

thoroughTest.each(kinds)("the 200 tenants have in %s all kinds of %s", (output, column, wanted) => {
  const found = new Set(all.flatMap((computed) => computed[output].map((row) => row[column])));
  expect(wanted.filter((value) => !found.has(value))).toEqual([]);
});
