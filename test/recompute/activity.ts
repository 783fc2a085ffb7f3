import type { Row } from "../../src/database.ts";
import { daysBetween, latest } from "./days.ts";
import { workloads, type Evidence, type EvidenceOf, type Workload } from "./evidence.ts";
import type { Person } from "./people.ts";
import { day, flag, rows, sumOfKnown, text } from "./values.ts";

/** How old a report may be, in days, beside newer evidence. */
export const staleAfterDays = 7;

export interface Activity {
  readonly status: "Active" | "Inactive" | "No activity" | "Not Available";
  readonly asOf: string | null;
  readonly lastDate: string | null;
  readonly source: string | null;
  readonly days: number | null;
  /** Days since the newest sign-in of any kind. */
  readonly triedDaysAgo: number | null;
  /** Whether reports show the user and every workload that the licenses are for. */
  readonly isCovered: boolean;
  readonly evidence: Evidence;
}

export interface ActivityRules {
  readonly asOf: string;
  readonly inactiveAfterDays: number;
  readonly evidenceOf: EvidenceOf;
  readonly workloadsOf: (person: Person) => readonly Workload[];
}

/** In this order the sources are named where two show the same day. */
const order = ["Sign-in", "Teams", "Exchange", "SharePoint", "OneDrive", "Yammer", "Skype"] as const;

export function judgeActivity(person: Person, rules: ActivityRules): Activity {
  const evidence = rules.evidenceOf(person);
  const asOf = reach(evidence, rules.asOf);
  const { lastDate, source } = findLastUse(person, evidence);
  const since = (date: string | null): number | null =>
    date === null || asOf === null ? null : daysBetween(date, asOf);
  const days = since(lastDate);
  const triedDaysAgo = since(evidence.activity?.triedAt?.slice(0, 10) ?? null);
  const isCovered = isNamedAndCovered(evidence, rules.workloadsOf(person));
  const facts = { asOf, lastDate, source, days, triedDaysAgo, isCovered, evidence };
  return { status: judge(facts, rules.inactiveAfterDays), ...facts };
}

function judge(
  { days, triedDaysAgo, isCovered }: Pick<Activity, "days" | "triedDaysAgo" | "isCovered">,
  limit: number,
): Activity["status"] {
  if (days !== null && days <= limit) return "Active";
  if (triedDaysAgo !== null && triedDaysAgo > limit) return "Inactive";
  if (!isCovered) return "Not Available";
  return days === null ? "No activity" : "Inactive";
}

/** The newest day among the sources that know the person. */
function reach({ reports, logDate, activity }: Evidence, asOf: string): string | null {
  const named = reports.filter(({ isNamed }) => isNamed).map(({ date }) => date);
  const newest = latest([...named, logDate, activity?.date ?? null]);
  return newest !== null && newest > asOf ? asOf : newest;
}

function findLastUse(person: Person, evidence: Evidence): Pick<Activity, "lastDate" | "source"> {
  const born = day(person.user, "createdDateTime") ?? "";
  const signIns = [evidence.signedInAt, evidence.activity?.succeededAt ?? null].map(
    (time) => time?.slice(0, 10) ?? null,
  );
  const dates = new Map<string, string | null>([["Sign-in", latest(signIns.filter((date) => date === null || date >= born))]]);
  for (const workload of workloads) dates.set(workload, workloadDate(evidence, workload));
  const lastDate = latest([...dates.values()]);
  const source = order.find((name) => lastDate !== null && dates.get(name) === lastDate) ?? null;
  return { lastDate, source };
}

function workloadDate({ reports }: Evidence, workload: Workload): string | null {
  return latest(reports.flatMap(({ dates }) => dates.filter(([name]) => name === workload).map(([, date]) => date)));
}

function isNamedAndCovered({ reports }: Evidence, needed: readonly Workload[]): boolean {
  const newest = latest(reports.filter(({ isNamed }) => isNamed).map(({ date }) => date));
  if (newest === null) return false;
  const fresh = reports.filter(({ date }) => daysBetween(date, newest) <= staleAfterDays);
  return needed.every((workload) => fresh.some(({ covers }) => covers.includes(workload)));
}

/** The row of user_activity. */
export function activityRow(person: Person, activity: Activity): Row {
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
    display_name: text(person.user, "displayName"),
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
