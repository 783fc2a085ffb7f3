import { staleAfterDays, type Activity } from "./activity.ts";
import type { AssignedAt } from "./assigned.ts";
import { daysBetween } from "./days.ts";
import { isDuplicate, type License } from "./duplicates.ts";
import type { Person } from "./people.ts";
import { day, flag } from "./values.ts";

export interface ReclaimRules {
  readonly reclaimAfterDays: number;
  readonly usersDate: string | null;
  readonly activityOf: (person: Person) => Activity;
  readonly assignedAt: AssignedAt;
}

/** Who has a license, and what else they have. */
export interface Holder {
  readonly person: Person;
  readonly own: License;
  readonly all: readonly License[];
}

/** Whether a license is to be taken back, for whatever reason; null where nobody can tell. */
export function isReclaimable({ person, own, all }: Holder, rules: ReclaimRules): boolean | null {
  const answers = [
    isDisabled(person),
    isUnused(person, rules.assignedAt(person, own, all), rules),
    isDuplicate(own, all),
  ];
  if (answers.includes(true)) return true;
  return answers.includes(null) ? null : false;
}

export function isDisabled({ user }: Person): boolean | null {
  const isAccountEnabled = flag(user, "accountEnabled");
  return isAccountEnabled === null ? null : !isAccountEnabled;
}

function isUnused(person: Person, assignedAt: string | null, rules: ReclaimRules): boolean | null {
  const { status, asOf, unusedDays } = rules.activityOf(person);
  const limit = rules.reclaimAfterDays;
  if (asOf === null || isTooOld(asOf, rules.usersDate)) return null;
  if (status === "Active") return false;
  if (status === "Not Available") return null;
  const born = day(person.user, "createdDateTime");
  const isYoung = [born, assignedAt].some((date) => date !== null && daysBetween(date, asOf) <= limit);
  if (isYoung) return false;
  if (status === "Inactive") return (unusedDays ?? 0) > limit;
  return born === null ? null : true;
}

/** Whether the evidence is too old beside the users export to call a license reclaimable. */
function isTooOld(asOf: string, usersDate: string | null): boolean {
  return usersDate !== null && daysBetween(asOf, usersDate) > staleAfterDays;
}
