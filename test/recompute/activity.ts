import type { Row } from "../../src/database/open.ts";
import { daysBetween, latest } from "./days.ts";
import { workloads, type Evidence, type EvidenceOf, type Workload } from "./evidence.ts";
import type { Person } from "./people.ts";
import { flag, rows, sumOfKnown } from "./values.ts";

/** How old a report may be, in days, beside newer evidence. */
export const staleAfterDays = 7;

export interface Activity {
  readonly status: "Active" | "Inactive" | "No activity" | "Not Available";
  readonly asOf: string | null;
  readonly lastDate: string | null;
  readonly source: string | null;
  readonly days: number | null;
  /** The days for which it is sure that nothing was used. */
  readonly unusedDays: number | null;
  /** The same by signInActivity alone, and how far back the reports are known to tell of everything that was not used. */
  readonly idleDays: number | null;
  readonly knownDays: number;
  readonly evidence: Evidence;
}

export interface ActivityRules {
  readonly asOf: string;
  readonly usersDate: string | null;
  readonly inactiveAfterDays: number;
  readonly reclaimAfterDays: number;
  /** Whether the export knows successful sign-ins of anybody: then a sign-in that is not among them failed. */
  readonly knowsSuccess: boolean;
  readonly evidenceOf: EvidenceOf;
  readonly workloadsOf: (person: Person) => readonly Workload[];
}

/** In this order the sources are named where two show the same day: first what the person did, then what others can move too. */
const order = [
  "Sign-in",
  "Teams",
  "Exchange",
  "SharePoint",
  "OneDrive",
  "Yammer",
  "Skype",
  "Exchange (account)",
  "OneDrive (account)",
] as const;

export function judgeActivity(person: Person, rules: ActivityRules): Activity {
  const evidence = rules.evidenceOf(person);
  const last = findLastUse(evidence);
  const reportDate = latest(evidence.reports.filter(({ isNamed }) => isNamed).map(({ date }) => date));
  const triedDate = evidence.activity?.triedAt.slice(0, 10) ?? null;
  const facts: Facts = {
    ...last,
    reportDate,
    triedDate,
    signInDate: evidence.activity?.date ?? null,
    idleDays: since(latest([triedDate, last.lastDate]), evidence.activity?.date ?? null),
    knownDays: knownDaysOf(evidence, rules.workloadsOf(person)),
    isCovered: knownDaysOf(evidence, rules.workloadsOf(person)) >= rules.inactiveAfterDays,
    maybeUsed: rules.knowsSuccess ? null : triedDate,
    logDate: evidence.logDate,
    hasEarlierUse: evidence.reports.some(({ hasEarlierUse }) => hasEarlierUse),
  };
  const asOf = reach(facts, rules);
  const isFresh =
    since(reportDate, rules.usersDate) === null ||
    (since(reportDate, rules.usersDate) ?? 0) <= staleAfterDays;
  const reportedDays =
    facts.isCovered && facts.knownDays >= rules.reclaimAfterDays && isFresh
      ? since(latest([last.lastDate, facts.maybeUsed]), asOf)
      : null;
  return {
    status: judge(facts, asOf, rules),
    asOf,
    ...last,
    days: since(last.lastDate, asOf),
    unusedDays: largest(facts.idleDays, reportedDays),
    idleDays: facts.idleDays,
    knownDays: facts.knownDays,
    evidence,
  };
}

interface Facts {
  readonly lastDate: string | null;
  readonly source: string | null;
  /** The newest report that names the person. */
  readonly reportDate: string | null;
  /** The day up to which signInActivity tells. */
  readonly signInDate: string | null;
  readonly logDate: string | null;
  readonly triedDate: string | null;
  /** Up to signInDate, the days since anything at all happened. */
  readonly idleDays: number | null;
  readonly isCovered: boolean;
  readonly knownDays: number;
  /** A sign-in that nothing calls successful or failed. */
  readonly maybeUsed: string | null;
  readonly hasEarlierUse: boolean;
}

function since(date: string | null, until: string | null): number | null {
  return date === null || until === null ? null : daysBetween(date, until);
}

function largest(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.max(one, other);
}

function isWithin(days: number | null, limit: number): boolean {
  return days !== null && days <= limit;
}

function isBeyond(days: number | null, limit: number): boolean {
  return days !== null && days > limit;
}

function judge(facts: Facts, asOf: string | null, rules: ActivityRules): Activity["status"] {
  const limit = rules.inactiveAfterDays;
  const { lastDate, idleDays, isCovered, maybeUsed } = facts;
  if (isWithin(since(lastDate, asOf), limit)) return "Active";
  if (isBeyond(idleDays, limit)) return "Inactive";
  if (!isCovered || isWithin(since(maybeUsed, asOf), limit)) return "Not Available";
  if (lastDate !== null || maybeUsed !== null) return "Inactive";
  if (facts.hasEarlierUse) return "Not Available";
  // What was earlier is not known.
  return facts.knownDays < rules.reclaimAfterDays ? "Inactive" : "No activity";
}

/** How far the evidence reaches: of reports and sign-ins more than 7 days apart only as far as those do that settle the matter. */
function reach(facts: Facts, { asOf, inactiveAfterDays }: ActivityRules): string | null {
  const settled = settle(facts, inactiveAfterDays) ?? facts.logDate;
  const reached = latest([settled, facts.lastDate]);
  return reached !== null && reached > asOf ? asOf : reached;
}

function settle(
  { reportDate, signInDate, lastDate, idleDays, isCovered }: Facts,
  limit: number,
): string | null {
  const newest = latest([reportDate, signInDate]);
  if (isWithin(since(lastDate, newest), limit)) return newest;
  const apart = since(reportDate, signInDate);
  if (apart !== null && Math.abs(apart) <= staleAfterDays) return newest;
  const isIdle = isBeyond(idleDays, limit);
  if (isIdle) return isCovered ? newest : signInDate;
  return reportDate ?? signInDate;
}

function findLastUse(evidence: Evidence): Pick<Activity, "lastDate" | "source"> {
  const signIns = [evidence.signedInAt, evidence.activity?.succeededAt ?? null];
  const dates = new Map<string, string | null>([["Sign-in", latest(signIns)?.slice(0, 10) ?? null]]);
  for (const workload of workloads) {
    dates.set(workload, workloadDate(evidence, workload, false));
    dates.set(`${workload} (account)`, workloadDate(evidence, workload, true));
  }
  const lastDate = latest([...dates.values()]);
  const source = order.find((name) => lastDate !== null && dates.get(name) === lastDate) ?? null;
  return { lastDate, source };
}

/** The newest day in the reports; of those on accounts, or on people, alone where wanted. */
function workloadDate({ reports }: Evidence, workload: Workload, isOfAccount?: boolean): string | null {
  const asked = reports.filter((report) => isOfAccount === undefined || report.isOfAccount === isOfAccount);
  return latest(
    asked.flatMap(({ dates }) => dates.filter(([name]) => name === workload).map(([, date]) => date)),
  );
}

/** How far back the reports that name the person tell of each of these workloads; a report more than 7 days older than the newest tells of none. */
function knownDaysOf({ reports }: Evidence, needed: readonly Workload[]): number {
  const newest = latest(reports.filter(({ isNamed }) => isNamed).map(({ date }) => date));
  if (newest === null) return Number.NEGATIVE_INFINITY;
  const fresh = reports.filter(({ date }) => daysBetween(date, newest) <= staleAfterDays);
  return Math.min(
    ...needed.map((workload) =>
      Math.max(...fresh.map(({ knownDays }) => knownDays.get(workload) ?? Number.NEGATIVE_INFINITY)),
    ),
  );
}

/** The row of user_activity. */
export function activityRow(person: Person, activity: Activity, displayName: string | null): Row {
  const { evidence } = activity;
  const { mailboxBytes, oneDriveBytes } = evidence;
  const covers = [mailboxBytes === null ? [] : "Mailbox", oneDriveBytes === null ? [] : "OneDrive"].flat();
  const licenses = rows(person.user, "assignedLicenses");
  const dates = workloads.map((workload) => [
    `${workload.toLowerCase()}_last_activity_date`,
    workloadDate(evidence, workload),
  ]);
  return {
    user_id: person.id,
    user_principal_name: person.upn,
    display_name: displayName,
    account_enabled: flag(person.user, "accountEnabled"),
    is_licensed: licenses === null ? null : licenses.length > 0,
    activity_status: activity.status,
    activity_as_of: activity.asOf,
    last_activity_date: activity.lastDate,
    last_activity_source: activity.source,
    days_since_last_activity: activity.days,
    ...Object.fromEntries(dates),
    last_sign_in_at: latest([evidence.signedInAt, evidence.activity?.triedAt ?? null]),
    mailbox_storage_bytes: mailboxBytes,
    onedrive_storage_bytes: oneDriveBytes,
    storage_used_bytes: sumOfKnown([mailboxBytes, oneDriveBytes]),
    storage_covers: covers.length === 0 ? null : covers.join(" and "),
  };
}
