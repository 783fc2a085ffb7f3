import { staleAfterDays, useDate, type Activity } from "./activity.ts";
import { findAssignments, type AssignedAt } from "./assigned.ts";
import {
  findMailboxes,
  isMailboxInTheWay,
  isMailboxUnknown,
  isMailboxUnsure,
  mayHaveExchange,
  reasonOfMailbox,
  type MailboxOf,
} from "./blockers.ts";
import { daysBetween, latest } from "./days.ts";
import { findLongDisabled } from "./disabled.ts";
import { isDuplicate, type License } from "./duplicates.ts";
import type { Workload } from "./evidence.ts";
import type { Exports } from "./exports.ts";
import { findMailboxTypes, kindOf } from "./kinds.ts";
import type { People, Person } from "./people.ts";
import { isOfficeIn, planIds, workloadsOf } from "./plans.ts";
import { readPolicy, type PolicyOf } from "./policy.ts";
import { isMonitored, officeReport } from "./use.ts";
import { day, flag } from "./values.ts";

export interface ReclaimRules {
  readonly inactiveAfterDays: number;
  readonly reclaimAfterDays: number;
  readonly usersDate: string | null;
  /** Whether a report is needed on the workload: it is not left out. */
  readonly isCovering: (workload: Workload) => boolean;
  readonly activityOf: (person: Person) => Activity;
}

/** The rules, and what the exports say that they need. */
export interface ReclaimFacts extends ReclaimRules {
  readonly assignedAt: AssignedAt;
  readonly mailboxOf: MailboxOf;
  readonly kindOf: (person: Person) => string;
  readonly isLongDisabled: (person: Person) => boolean;
  readonly policyOf: PolicyOf;
}

export function gatherFacts(exports: Exports, people: People, given: ReclaimRules): ReclaimFacts {
  const typeOf = findMailboxTypes(exports, people);
  return {
    ...given,
    assignedAt: findAssignments(exports, people),
    mailboxOf: findMailboxes(exports, people),
    kindOf: (person) => kindOf(person, typeOf(person)),
    isLongDisabled: findLongDisabled(exports),
    policyOf: readPolicy(exports),
  };
}

/** Who has a license, and what else they have. */
export interface Holder {
  readonly person: Person;
  readonly own: License;
  readonly all: readonly License[];
}

type Reason = "mailbox" | "disabled" | "never" | "unused" | "duplicate";

/** Whether there is a reason to take a license back, and nothing that forbids it; null where nobody can tell. */
export function isReclaimable(holder: Holder, facts: ReclaimFacts): boolean | null {
  if (facts.policyOf(holder.person, holder.own.sku).isExcluded) return false;
  const reason = findReason(holder, facts);
  if (reason === null || reason === "none") return reason === null ? null : false;
  const { evidence } = facts.activityOf(holder.person);
  // As a duplicate goes, the other SKU keeps the mailbox.
  const isAtRisk = reason !== "duplicate" && mayHaveExchange(holder.own);
  return !(isAtRisk && isMailboxInTheWay(facts.mailboxOf(holder.person), evidence.mailboxBytes));
}

/** Of what is reclaimable, whether a person has to look at it first. */
export function needsReview(holder: Holder, facts: ReclaimFacts): boolean {
  if (isReclaimable(holder, facts) !== true) return false;
  const { person, own } = holder;
  const mailbox = facts.mailboxOf(person);
  const isUnknown = mayHaveExchange(own) && isMailboxUnknown(mailbox);
  switch (findReason(holder, facts)) {
    case "mailbox":
      return (
        isMailboxUnsure(mailbox, facts.activityOf(person).evidence.mailboxBytes) ||
        isUsedBySomebody(holder, facts)
      );
    case "disabled":
      return isUnknown || !facts.isLongDisabled(person);
    case "never":
      return true;
    case "unused":
      return isUnknown || isSilenceUnsure(holder, facts);
    default:
      return false;
  }
}

/** Whether the person's silence says less than it seems to. */
function isSilenceUnsure({ person, own, all }: Holder, facts: ReclaimFacts): boolean {
  const { isUnseen, lacksOffice } = facts.activityOf(person);
  return isUnseen || lacksOffice || !isMonitored(own) || facts.assignedAt(person, own, all) === null;
}

function findReason(holder: Holder, facts: ReclaimFacts): Reason | "none" | null {
  const { person, own, all } = holder;
  const [reason, isUnsure] = findOwnReason(holder, facts);
  if (reason !== null) return reason;
  const asDuplicate = isDuplicate(own, all, (other) => {
    const [otherReason] = findOwnReason({ person, own: other, all }, facts);
    return otherReason !== null;
  });
  if (asDuplicate) return "duplicate";
  return isUnsure || asDuplicate === null ? null : "none";
}

/** The reason that the license has without the others of the person, and where there is none whether that is not sure. */
function findOwnReason(holder: Holder, facts: ReclaimFacts): [reason: Reason | null, isUnsure: boolean] {
  if (facts.kindOf(holder.person) === "Resource account") return [null, false];
  const limit = facts.policyOf(holder.person, holder.own.sku).afterDays ?? facts.reclaimAfterDays;
  const isSpare = needsNoLicense(holder, limit, facts);
  const [isGone, isIdle] = [isDisabled(holder.person), isUnused(holder, limit, facts)];
  if (isSpare) return ["mailbox", false];
  if (isGone) return ["disabled", false];
  if (isIdle && facts.activityOf(holder.person).neverSignedIn === true) return ["never", false];
  return isIdle ? ["unused", false] : [null, [isSpare, isGone, isIdle].includes(null)];
}

/** Of a shared mailbox, a room or equipment: a SKU with Exchange of which nothing else is used. */
function needsNoLicense({ person, own }: Holder, limit: number, facts: ReclaimFacts): boolean | null {
  if (reasonOfMailbox(facts.mailboxOf(person)) === null) return false;
  const given = workloadsOf(own);
  if (given === null) return null;
  const { evidence, asOf } = facts.activityOf(person);
  const others = given.filter((name) => name !== "Exchange").map((name) => useDate(evidence, name));
  const isOffice = isOfficeIn(own, planIds(own) ?? []);
  const used = latest([...others, isOffice ? useDate(evidence, "Microsoft 365 apps") : null]);
  const isUsed = used !== null && asOf !== null && daysBetween(used, asOf) <= limit;
  return given.includes("Exchange") && !isUsed;
}

/** Of such a mailbox: somebody signs in with it, or uses something else, or nobody can tell. */
function isUsedBySomebody({ person, own }: Holder, facts: ReclaimFacts): boolean {
  const { evidence, signIns, idleDays, knownOf } = facts.activityOf(person);
  if (signIns.triedAt !== null || evidence.signedInAt !== null) return true;
  if (isDisabled(person) === true) return false;
  const limit = facts.policyOf(person, own.sku).afterDays ?? facts.reclaimAfterDays;
  const others = (workloadsOf(own) ?? []).filter((name) => !["Exchange", "Skype"].includes(name));
  const isOffice = isOfficeIn(own, planIds(own) ?? []);
  const known = [
    ...others.map((workload) => knownOf([workload])),
    ...(isOffice ? [officeReport(evidence).knownDays] : []),
  ];
  const isKnown = known.every((days) => days >= limit) || (idleDays ?? 0) > limit;
  return !signIns.speaks || !isKnown;
}

export function isDisabled({ user }: Person): boolean | null {
  const isAccountEnabled = flag(user, "accountEnabled");
  return isAccountEnabled === null ? null : !isAccountEnabled;
}

function isUnused({ person, own, all }: Holder, limit: number, facts: ReclaimFacts): boolean | null {
  const { status, asOf, unusedDays, idleDays, knownDays, hasBlindReport, neverSignedIn } =
    facts.activityOf(person);
  if (asOf === null || isTooOld(asOf, facts.usersDate)) return null;
  if (status === "Active") return false;
  if (status === "Not Available") return null;
  const born = day(person.user, "createdDateTime");
  const assigned = facts.assignedAt(person, own, all);
  const { lastDate } = facts.activityOf(person);
  const isYoung = [born, assigned, lastDate].some(
    (date) => date !== null && daysBetween(date, asOf) <= limit,
  );
  if (isYoung) return false;
  if (neverSignedIn === true) return true;
  // Reports that do not reach back so far say nothing of it.
  if ((knownDays < limit || hasBlindReport) && (idleDays ?? 0) <= limit) return null;
  if (status === "Inactive") return (unusedDays ?? 0) > limit;
  return born === null ? null : true;
}

/** Whether the evidence is too old beside the users export to call a license reclaimable. */
function isTooOld(asOf: string, usersDate: string | null): boolean {
  return usersDate !== null && daysBetween(asOf, usersDate) > staleAfterDays;
}
