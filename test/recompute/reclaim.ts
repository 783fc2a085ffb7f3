import { staleAfterDays, type Activity } from "./activity.ts";
import { findAssignments, type AssignedAt } from "./assigned.ts";
import { findBlockers, type IsMailboxInTheWay } from "./blockers.ts";
import { daysBetween } from "./days.ts";
import { isDuplicate, type License } from "./duplicates.ts";
import type { Exports } from "./exports.ts";
import type { People, Person } from "./people.ts";
import { readPolicy, type PolicyOf } from "./policy.ts";
import { day, flag } from "./values.ts";

export interface ReclaimRules {
  readonly reclaimAfterDays: number;
  readonly usersDate: string | null;
  readonly activityOf: (person: Person) => Activity;
}

/** The rules, and what the exports say that they need. */
export interface ReclaimFacts extends ReclaimRules {
  readonly assignedAt: AssignedAt;
  readonly isMailboxInTheWay: IsMailboxInTheWay;
  readonly policyOf: PolicyOf;
}

export function gatherFacts(exports: Exports, people: People, given: ReclaimRules): ReclaimFacts {
  return {
    ...given,
    assignedAt: findAssignments(exports, people),
    isMailboxInTheWay: findBlockers(exports, people),
    policyOf: readPolicy(exports),
  };
}

/** Who has a license, and what else they have. */
export interface Holder {
  readonly person: Person;
  readonly own: License;
  readonly all: readonly License[];
}

/** Whether there is a reason to take a license back, and nothing that forbids it; null where nobody can tell. */
export function isReclaimable(holder: Holder, facts: ReclaimFacts): boolean | null {
  const { isExcluded, afterDays } = facts.policyOf(holder.person, holder.own.sku);
  return isExcluded ? false : hasReason(holder, afterDays ?? facts.reclaimAfterDays, facts);
}

/** A reason that the mailbox does not speak against: as a duplicate goes, the other SKU keeps it. */
function hasReason(holder: Holder, limit: number, facts: ReclaimFacts): boolean | null {
  const { person, own, all } = holder;
  const byPerson = [isDisabled(person), isUnused(holder, limit, facts)];
  if (byPerson.includes(true)) return !facts.isMailboxInTheWay(person, own, facts.activityOf(person));
  const isGoing = (other: License): boolean => {
    const days = facts.policyOf(person, other.sku).afterDays ?? facts.reclaimAfterDays;
    return isUnused({ person, own: other, all }, days, facts) === true;
  };
  const asDuplicate = isDuplicate(own, all, isGoing);
  return asDuplicate || ([...byPerson, asDuplicate].includes(null) ? null : false);
}

export function isDisabled({ user }: Person): boolean | null {
  const isAccountEnabled = flag(user, "accountEnabled");
  return isAccountEnabled === null ? null : !isAccountEnabled;
}

function isUnused({ person, own, all }: Holder, limit: number, facts: ReclaimFacts): boolean | null {
  const { status, asOf, unusedDays, idleDays, knownDays, hasBlindReport } = facts.activityOf(person);
  if (asOf === null || isTooOld(asOf, facts.usersDate)) return null;
  if (status === "Active") return false;
  if (status === "Not Available") return null;
  const born = day(person.user, "createdDateTime");
  const assigned = facts.assignedAt(person, own, all);
  const isYoung = [born, assigned].some((date) => date !== null && daysBetween(date, asOf) <= limit);
  if (isYoung) return false;
  // Reports that do not reach back so far say nothing of it.
  if ((knownDays < limit || hasBlindReport) && (idleDays ?? 0) <= limit) return null;
  if (status === "Inactive") return (unusedDays ?? 0) > limit;
  return born === null ? null : true;
}

/** Whether the evidence is too old beside the users export to call a license reclaimable. */
function isTooOld(asOf: string, usersDate: string | null): boolean {
  return usersDate !== null && daysBetween(asOf, usersDate) > staleAfterDays;
}
