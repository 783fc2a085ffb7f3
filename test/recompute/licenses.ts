import type { Row } from "../../src/database/open.ts";
import type { Activity } from "./activity.ts";
import { latest } from "./days.ts";
import type { License } from "./duplicates.ts";
import type { Exports } from "./exports.ts";
import type { People, Person } from "./people.ts";
import {
  gatherFacts,
  isDisabled,
  isReclaimable,
  needsReview,
  type Holder,
  type ReclaimFacts,
  type ReclaimRules,
} from "./reclaim.ts";
import { isBoughtByUnit, readSkus, skuIdOf, type Sku } from "./skus.ts";
import { isAged, judgeStatus } from "./status.ts";
import { judgeUse, uses, type SkuUse } from "./use.ts";
import { count, row, rows, sumOfAll, text } from "./values.ts";

/** The rows of license_summary. */
export function computeLicenses(exports: Exports, people: People, rules: ReclaimRules): Row[] {
  const skuOf = readSkus(exports);
  const held = people.all.map((person) => ({ person, all: licensesOf(person, skuOf) }));
  const ids = new Set([
    ...exports.of("subscribed_skus").records.map(skuIdOf),
    ...held.flatMap(({ person, all }) => [...all.map(({ sku }) => sku.id), ...statedSkus(person)]),
  ]);
  const lacksOffice = people.all.some((person) => rules.activityOf(person).lacksOffice);
  const signInDate = latest(people.all.map((person) => rules.activityOf(person).signIns.date));
  const judged = judgeStatus("license_summary", exports);
  const isUnsure = lacksOffice || isAged(signInDate, exports);
  const status = isUnsure && judged === "Complete" ? "Partial" : judged;
  const isCut = exports.of("subscribed_skus").isIncomplete;
  const doubt = judgeDoubt(exports, people);
  const facts = gatherFacts(exports, people, rules);
  return [...ids].map((id) => {
    const sku = skuOf(id);
    const holders = held.flatMap(({ person, all }): Holder[] => {
      const own = all.find((license) => license.sku === sku);
      return own ? [{ person, own, all }] : [];
    });
    const units = sumUnits(sku);
    const counts = countHolders(holders, doubt, facts);
    const reclaimable = isBoughtByUnit(sku) ? counts.reclaimable_units : null;
    const review =
      reclaimable === null ? null : holders.filter((holder) => needsReview(holder, facts)).length;
    return {
      ...describe(sku),
      ...units,
      ...counts,
      ...countUses(holders, doubt, facts),
      reclaimable_units: reclaimable,
      surplus_units: surplus(units.available_units, reclaimable),
      ...spareUnits(units, counts, { reclaimable, review }),
      units_snapshot_date: sku.objects.length > 0 ? exports.of("subscribed_skus").date : null,
      data_status: status === "Complete" && (sku.objects.length === 0 || isCut) ? "Partial" : status,
    };
  });
}

function licensesOf({ user }: Person, skuOf: (id: string) => Sku): License[] {
  return (rows(user, "assignedLicenses") ?? []).map((license) => ({
    sku: skuOf(skuIdOf(license)),
    disabledPlans: (license["disabledPlans"] ?? []) as readonly string[],
  }));
}

/** Where the licenses of a user were not exported, their paths still name SKUs; how many units these are is unknown. */
function statedSkus({ user }: Person): string[] {
  if (rows(user, "assignedLicenses") !== null) return [];
  const states = rows(user, "licenseAssignmentStates") ?? [];
  return states
    .filter((state) => ["Active", "ActiveWithError"].includes(text(state, "state") ?? ""))
    .map(skuIdOf);
}

function judgeDoubt(exports: Exports, people: People): Doubt {
  const { date, records, isIncomplete, has } = exports.of("users");
  const isUnknown = date === null || (records.length > 0 && !has("assignedLicenses"));
  const isUnsure = isIncomplete || people.all.some(({ user }) => rows(user, "assignedLicenses") === null);
  return { isUnknown, isUnsure };
}

function describe({ id, partNumber, productName, skuClass, objects }: Sku): Row {
  return {
    sku_id: id,
    sku_part_number: partNumber,
    product_name: productName,
    sku_class: skuClass,
    applies_to: listDistinct(objects.map((object) => text(object, "appliesTo"))),
    capability_status: listDistinct(objects.map((object) => text(object, "capabilityStatus"))),
    subscribed_sku_ids: listDistinct(objects.map((object) => text(object, "id"))),
  };
}

/** The accounts of a SKU may differ in something. */
function listDistinct(values: readonly (string | null)[]): string | null {
  const known = new Set(values.filter((value) => value !== null));
  return known.size === 0 ? null : [...known].toSorted().join("; ");
}

interface Units {
  readonly enabled_units: number | null;
  readonly consumed_units: number | null;
  readonly available_units: number | null;
}

function sumUnits(sku: Sku): Row & Units {
  const { objects: own, hasExpired } = sku;
  const sum = (unit: string): number | null =>
    own.length === 0 ? null : sumOfAll(own.map((object) => count(row(object, "prepaidUnits"), unit)));
  const [enabled, warning] = [sum("enabled"), sum("warning")];
  const usable = sumOfAll([enabled, warning]);
  const consumed = own.length === 0 ? null : sumOfAll(own.map((object) => count(object, "consumedUnits")));
  const isAvailable = isBoughtByUnit(sku) && !hasExpired;
  return {
    enabled_units: enabled,
    warning_units: warning,
    suspended_units: sum("suspended"),
    locked_out_units: sum("lockedOut"),
    usable_units: usable,
    consumed_units: consumed,
    available_units: usable === null || consumed === null || !isAvailable ? null : usable - consumed,
  };
}

interface Counts {
  readonly inactive_assigned_units: number | null;
  readonly reclaimable_units: number | null;
}

interface Doubt {
  readonly isUnsure: boolean;
  readonly isUnknown: boolean;
}

/** What is true of some holders, false of others, and unknown of others. */
function countHolders(holders: readonly Holder[], doubt: Doubt, how: ReclaimFacts): Row & Counts {
  const countWhere = (test: (holder: Holder) => boolean | null): number | null => {
    if (doubt.isUnknown) return null;
    const answers = holders.map(test);
    const found = answers.filter((answer) => answer === true).length;
    return found === 0 && (doubt.isUnsure || answers.includes(null)) ? null : found;
  };
  const hasStatus =
    (status: Activity["status"]) =>
    ({ person }: Holder) => {
      const found = how.activityOf(person).status;
      return found === "Not Available" ? null : found === status;
    };
  return {
    assigned_users: countWhere(() => true),
    account_disabled_users: countWhere(({ person }) => isDisabled(person)),
    inactive_users: countWhere(hasStatus("Inactive")),
    no_activity_users: countWhere(hasStatus("No activity")),
    reclaimable_units: countWhere((holder) => isReclaimable(holder, how)),
    inactive_assigned_units: countWhere((holder) => {
      const use = judgeUse(holder, how);
      return use === "Not Available" ? null : use === "Inactive" || use === "No activity";
    }),
  };
}

/** The users by the use of that SKU: together all that have it. */
function countUses(holders: readonly Holder[], { isUnknown, isUnsure }: Doubt, how: ReclaimFacts): Row {
  const found = holders.map((holder) => judgeUse(holder, how));
  const countOf = (use: SkuUse): number | null => {
    const users = found.filter((one) => one === use).length;
    return isUnknown || (isUnsure && users === 0) ? null : users;
  };
  return Object.fromEntries(
    uses.map((use) => [`sku_${use.toLowerCase().replace(" ", "_")}_users`, countOf(use)]),
  );
}

interface Spare {
  readonly reclaimable: number | null;
  readonly review: number | null;
}

/** What has no available units has none of these. */
function spareUnits(units: Units, counts: Counts, { reclaimable, review }: Spare): Row {
  const { enabled_units: enabled, consumed_units: consumed, available_units: available } = units;
  const isCounted = available !== null;
  const inForce = isCounted ? (enabled ?? 0) - (consumed ?? 0) : null;
  const sure = reclaimable === null || review === null ? null : reclaimable - review;
  return {
    inactive_assigned_units: isCounted ? counts.inactive_assigned_units : null,
    reclaimable_review_units: isCounted ? review : null,
    surplus_units_sure: surplus(available, sure),
    available_enabled_units: inForce,
    at_risk_units: inForce === null ? null : Math.max(0, -inForce),
  };
}

function surplus(available: number | null, reclaimable: number | null): number | null {
  return available === null || reclaimable === null ? null : Math.max(0, available + reclaimable);
}
