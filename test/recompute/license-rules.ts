import type { Row } from "../../src/database.ts";
import type { Exports } from "./exports.ts";
import { enabledPlans, plansBySku } from "./plans.ts";
import type { Person } from "./people.ts";
import { rows, text } from "./values.ts";

/** Points 2 and 3 of the issue, which `rules.licensesByClass` and `rules.duplicatesAreReclaimable` switch on. */

/** Part numbers of SKUs that cost nothing. */
const freeParts = new Set(["FLOW_FREE", "POWER_BI_STANDARD"]);

/** What the directory's subscriptions say of a SKU, else the list of free ones, else Unknown. */
export function classOf(skuId: string, partNumber: string | null, exports: Exports): string {
  const subscriptions = exports
    .of("directory_subscriptions")
    .records.filter((subscription) => String(subscription["skuId"]).toLowerCase() === skuId);
  if (subscriptions.length > 0 && subscriptions.every(({ isTrial }) => isTrial === true)) return "Trial";
  if (partNumber !== null && freeParts.has(partNumber)) return "Free";
  return subscriptions.some(({ isTrial }) => isTrial === false) ? "Paid" : "Unknown";
}

/** Units that nobody pays for, that are no person's, or that have expired are not available in any useful sense. */
export function hasAvailability(skuClass: string, own: readonly Row[]): boolean {
  const isOfUsers = own.every((object) => text(object, "appliesTo") !== "Company");
  const isInForce = own.some(
    (object) => !["Suspended", "LockedOut"].includes(text(object, "capabilityStatus") ?? ""),
  );
  return !["Free", "Trial"].includes(skuClass) && isOfUsers && isInForce;
}

/** Whether another SKU of the person has all that this one gives them; of two that are alike the one with the later id. */
export function findDuplicates(exports: Exports): (person: Person, skuId: string) => boolean {
  const plansOf = plansBySku(exports);
  const parts = new Map(
    exports
      .of("subscribed_skus")
      .records.map((sku) => [String(sku["skuId"]).toLowerCase(), text(sku, "skuPartNumber")]),
  );
  const isFree = (id: string): boolean =>
    ["Free", "Trial"].includes(classOf(id, parts.get(id) ?? null, exports));
  return ({ user }, skuId) => {
    const licenses = (rows(user, "assignedLicenses") ?? []).map((license) => ({
      id: String(license["skuId"]).toLowerCase(),
      plans: new Set(enabledPlans(license, plansOf)),
    }));
    const own = licenses.find(({ id }) => id === skuId);
    if (own === undefined || own.plans.size === 0 || isFree(skuId)) return false;
    return licenses.some(({ id, plans }) => {
      const contains = [...own.plans].every((plan) => plans.has(plan));
      const isAlike = plans.size === own.plans.size;
      return id !== skuId && !isFree(id) && contains && (!isAlike || id < skuId);
    });
  };
}
