import type { Row } from "../../src/database.ts";
import { e3, e5 } from "../views/given.ts";
import { daysBetween } from "./days.ts";
import { staleAfterDays, type Activity } from "./activity.ts";
import type { Export, Exports } from "./exports.ts";
import { classOf, findDuplicates, hasAvailability } from "./license-rules.ts";
import type { People, Person } from "./people.ts";
import { judgeStatus } from "./status.ts";
import { rules } from "./rules.ts";
import { count, day, flag, row, rows, sumOfAll, text } from "./values.ts";

export interface LicenseRules {
  readonly reclaimAfterDays: number;
  readonly activityOf: (person: Person) => Activity;
  readonly usersDate: string | null;
}

interface Holding extends LicenseRules {
  readonly isDuplicate: (person: Person) => boolean;
}

const names: Readonly<Record<string, readonly [string, string]>> = {
  [e3]: ["E3", "Office E3"],
  [e5]: ["E5", "Office E5"],
};

/** The rows of license_summary. */
export function computeLicenses(exports: Exports, people: People, how: LicenseRules): Row[] {
  const users = exports.of("users");
  const objects = exports.of("subscribed_skus").records;
  const held = people.all.flatMap(({ user }) => rows(user, "assignedLicenses") ?? []);
  const ids = new Set([...objects, ...held].map(skuOf));
  const isDuplicate = findDuplicates(exports);
  const status = judgeStatus("license_summary", exports);
  const isCut = exports.of("subscribed_skus").isIncomplete;
  return [...ids].map((id) => {
    const own = objects.filter((object) => skuOf(object) === id);
    const holders = people.all.filter(({ user }) =>
      (rows(user, "assignedLicenses") ?? []).some((license) => skuOf(license) === id),
    );
    const isUnsure =
      users.isIncomplete || people.all.some(({ user }) => rows(user, "assignedLicenses") === null);
    const name = nameSku(id, own);
    const skuClass = classOf(id, name.sku_part_number, exports);
    const units = withoutAvailability(
      sumUnits(own),
      !rules.licensesByClass || hasAvailability(skuClass, own),
    );
    const counts = countHolders(
      holders,
      {
        isUnsure,
        isUnknown: !isKnown(users),
      },
      { ...how, isDuplicate: (person) => rules.duplicatesAreReclaimable && isDuplicate(person, id) },
    );
    return {
      sku_id: id,
      ...name,
      ...(rules.licensesByClass && { sku_class: skuClass }),
      ...units,
      ...counts,
      ...surplus(units, counts),
      data_status: status === "Complete" && (own.length === 0 || isCut) ? "Partial" : status,
    };
  });
}

function isKnown({ records, date, has, isInEveryFile }: Export): boolean {
  const isThere = rules.holdersAreCountedAcrossFiles ? has : isInEveryFile;
  return date !== null && (records.length === 0 || isThere("assignedLicenses"));
}

function skuOf(record: Row): string {
  return String(record["skuId"]).toLowerCase();
}

function nameSku(id: string, own: readonly Row[]): Row & { readonly sku_part_number: string | null } {
  const [partNumber, name] = names[id] ?? [null, null];
  const exported = own.map((object) => text(object, "skuPartNumber")).find((value) => value !== null) ?? null;
  const ids = own.map((object) => String(object["id"])).toSorted();
  const part = exported ?? partNumber;
  return {
    sku_part_number: part,
    product_name: name ?? part,
    applies_to: text(own[0], "appliesTo"),
    capability_status: text(own[0], "capabilityStatus"),
    subscribed_sku_ids: ids.length === 0 ? null : ids.join("; "),
  };
}

interface Units {
  readonly available_units: number | null;
}

function sumUnits(own: readonly Row[]): Row & Units {
  const sum = (unit: string): number | null =>
    own.length === 0 ? null : sumOfAll(own.map((object) => count(row(object, "prepaidUnits"), unit)));
  const [enabled, warning] = [sum("enabled"), sum("warning")];
  const usable = sumOfAll([enabled, warning]);
  const consumed = own.length === 0 ? null : sumOfAll(own.map((object) => count(object, "consumedUnits")));
  return {
    enabled_units: enabled,
    warning_units: warning,
    suspended_units: sum("suspended"),
    locked_out_units: sum("lockedOut"),
    usable_units: usable,
    consumed_units: consumed,
    available_units: usable === null || consumed === null ? null : usable - consumed,
  };
}

interface Counts {
  readonly reclaimable_units: number | null;
}

interface Doubt {
  readonly isUnsure: boolean;
  readonly isUnknown: boolean;
}

function withoutAvailability<Sums extends Units>(units: Sums, isAvailable: boolean): Sums {
  return isAvailable ? units : { ...units, available_units: null };
}

/** What is true of some holders, false of others, and unknown of others. */
function countHolders(holders: readonly Person[], doubt: Doubt, how: Holding): Row & Counts {
  const countWhere = (test: (person: Person) => boolean | null): number | null => {
    if (doubt.isUnknown) return null;
    const answers = holders.map(test);
    const found = answers.filter((answer) => answer === true).length;
    return found === 0 && (doubt.isUnsure || answers.includes(null)) ? null : found;
  };
  const hasStatus = (status: Activity["status"]) => (person: Person) => {
    const found = how.activityOf(person).status;
    return found === "Not Available" ? null : found === status;
  };
  return {
    assigned_users: countWhere(() => true),
    account_disabled_users: countWhere(isDisabled),
    inactive_users: countWhere(hasStatus("Inactive")),
    no_activity_users: countWhere(hasStatus("No activity")),
    reclaimable_units: countWhere((person) => isReclaimable(person, how)),
  };
}

function isDisabled({ user }: Person): boolean | null {
  const isAccountEnabled = flag(user, "accountEnabled");
  return isAccountEnabled === null ? null : !isAccountEnabled;
}

/** Null where nobody can tell. */
function isReclaimable(person: Person, how: Holding): boolean | null {
  if (isDisabled(person) === true || how.isDuplicate(person)) return true;
  const activity = how.activityOf(person);
  const isUnused = isTooOld(activity, how.usersDate)
    ? null
    : hasLongBeenUnused(person, activity, how.reclaimAfterDays);
  if (isUnused === false) return isDisabled(person) === null ? null : false;
  return isUnused;
}

function hasLongBeenUnused(person: Person, activity: Activity, limit: number): boolean | null {
  const { status, asOf, unusedDays } = activity;
  if (status === "Active") return false;
  if (status === "Not Available" || asOf === null) return null;
  if (status === "Inactive") return (unusedDays ?? 0) > limit;
  const born = day(person.user, "createdDateTime");
  return born === null ? null : daysBetween(born, asOf) > limit;
}

function surplus({ available_units }: Units, { reclaimable_units }: Counts): Row {
  const isKnown = available_units !== null && reclaimable_units !== null;
  return { surplus_units: isKnown ? Math.max(0, available_units + reclaimable_units) : null };
}

/** Whether the evidence is too old beside the users export to call a license reclaimable. */
function isTooOld(activity: Activity, usersDate: string | null): boolean {
  return (
    activity.asOf !== null && usersDate !== null && daysBetween(activity.asOf, usersDate) > staleAfterDays
  );
}
