import type { Row } from "../../src/database/open.ts";
import type { Outputs } from "./columns.ts";

/**
 * What rule 2 of activity concludes where signInActivity is not in some records: an account that a file does not mention
 * beside others never signed in. So what is not in part of the records is no gap there, and the figures that change are
 * those of these accounts: this says of a changed value whether it is one of them.
 */
export function followsRule2(outputs: Outputs): (output: string, name: string, row: Row) => boolean {
  const created = new Map(rowsOf(outputs, "users").map((row) => [row["user_id"], day(row["created_at"])]));
  const people = new Set(
    rowsOf(outputs, "user_activity")
      .filter((row) => isNeverSignedIn(row, created.get(row["user_id"])))
      .map((row) => row["user_id"]),
  );
  // By rule 5 the day of the newest sign-in of anybody in that export is that of the verdict, where it can speak.
  const days = new Set(
    rowsOf(outputs, "user_activity").map((row) => day(row["last_interactive_sign_in_at"])),
  );
  const licenses = rowsOf(outputs, "license_assignments").filter((row) => row["consumes_unit"] === true);
  return (output, name, row) => {
    if (output === "user_activity" && name === "activity_as_of") return days.has(day(row[name]));
    if (people.has(row["user_id"])) return told[name]?.includes(row[name]) ?? false;
    const count = counts[name];
    if (output !== "license_summary" || count === undefined) return false;
    const own = licenses.filter((license) => license["sku_id"] === row["sku_id"]);
    const isTouched = own.some((license) => people.has(license["user_id"]));
    return isTouched && Number(row[name]) === own.filter(count).length;
  };
}

/** What rows of such an account, and of its licenses, say. */
const told: Readonly<Record<string, readonly unknown[]>> = {
  never_signed_in: [true],
  activity_status: ["No activity"],
  sku_activity_status: ["No activity"],
  reclaim_reason: ["Never signed in"],
  needs_review: [true],
};

const unused = new Set<unknown>(["Inactive", "No activity"]);

/** What the figures of a SKU count of its licenses. */
const counts: Readonly<Record<string, (license: Row) => boolean>> = {
  inactive_users: (license) => license["activity_status"] === "Inactive",
  no_activity_users: (license) => license["activity_status"] === "No activity",
  sku_inactive_users: (license) => license["sku_activity_status"] === "Inactive",
  sku_no_activity_users: (license) => license["sku_activity_status"] === "No activity",
  sku_not_available_users: (license) => license["sku_activity_status"] === "Not Available",
  inactive_assigned_units: (license) => unused.has(license["sku_activity_status"]),
  reclaimable_units: (license) =>
    license["reclaim_reason"] !== null && license["needs_review"] !== null && isFree(license),
  reclaimable_review_units: (license) => license["needs_review"] === true,
};

function isFree(license: Row): boolean {
  return String(license["reclaim_blocker"] ?? "")
    .split("; ")
    .every((text) => text === "" || text.startsWith("Review:"));
}

/** No time of any kind, no use, a person's or guest's account, made since signInActivity is kept and more than 30 days ago. */
function isNeverSignedIn(row: Row, created: string | undefined): boolean {
  return (
    row["never_signed_in"] === true &&
    row["activity_status"] === "No activity" &&
    ["last_activity_date", "last_sign_in_at", "last_interactive_sign_in_at"].every(
      (name) => row[name] === null,
    ) &&
    ["Person", "Guest", "Unknown"].includes(String(row["account_kind"])) &&
    created !== undefined &&
    created >= "2020-05-01" &&
    Date.parse(day(row["activity_as_of"])) - Date.parse(created) > 30 * 86_400_000
  );
}

function day(value: unknown): string {
  return String(value).slice(0, 10);
}

function rowsOf(outputs: Outputs, name: string): readonly Row[] {
  return outputs.get(name) ?? [];
}
