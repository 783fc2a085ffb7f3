import type { Row } from "../../src/database/open.ts";
import { daysBetween, latest } from "./days.ts";
import {
  dateProperties,
  otherUses,
  workloads,
  type Evidence,
  type EvidenceOf,
  type ReportName,
  type Use,
  type Workload,
} from "./evidence.ts";
import type { Person } from "./people.ts";
import type { Needs } from "./plans.ts";
import type { SignInActivity, SignInActivityOf } from "./sign-in-activity.ts";
import { flag, rows, sumOfKnown, time } from "./values.ts";

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
  /** Whether a report on the Office applications or Copilot names the person and cannot say when these were used. */
  readonly hasBlindReport: boolean;
  /** Null: unknown. */
  readonly neverSignedIn: boolean | null;
  /** Whether the verdict stands without anything that tells of an enabled Office plan. */
  readonly lacksOffice: boolean;
  /** Of an account from before sign-ins were recorded: whether there has been none since. */
  readonly isUnseen: boolean;
  /** The newest report that tells of the person, and the newest on a workload. */
  readonly reportDate: string | null;
  readonly workloadDate: string | null;
  /** For how many days it is known whether these workloads were used. */
  readonly knownOf: (needed: readonly Workload[]) => number;
  readonly evidence: Evidence;
  readonly signIns: SignInActivity;
}

export interface ActivityRules {
  readonly asOf: string;
  readonly usersDate: string | null;
  readonly inactiveAfterDays: number;
  readonly reclaimAfterDays: number;
  /** Whether the export knows successful sign-ins of anybody: then a sign-in that is not among them failed. */
  readonly knowsSuccess: boolean;
  readonly evidenceOf: EvidenceOf;
  readonly signInActivityOf: SignInActivityOf;
  readonly kindOf: (person: Person) => string;
  readonly needsOf: (person: Person) => Needs;
  /** Workloads that no verdict needs. */
  readonly omitted: ReadonlySet<Workload>;
  readonly isOnPremises: (person: Person) => boolean;
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
  ...otherUses,
  "Background sign-in",
  "Exchange (account)",
  "OneDrive (account)",
] as const;

/** Sign-ins are recorded since then: who has none and is younger never signed in. */
const recordedSince = "2020-05-01";

export function judgeActivity(person: Person, rules: ActivityRules): Activity {
  const evidence = rules.evidenceOf(person);
  const signIns = rules.signInActivityOf(person);
  const last = findLastUse(evidence, signIns);
  const facts = gatherFacts(person, rules, {
    evidence,
    signIns,
    lastDate: last.lastDate,
    source: last.source,
  });
  const asOf = reach(facts, rules);
  const status = judge(facts, asOf, rules);
  // Non-interactive sign-ins alone: where the person's own use is recent it is told.
  const isOwn =
    last.source === "Background sign-in" && isWithin(since(last.own.lastDate, asOf), rules.inactiveAfterDays);
  const told = isOwn ? last.own : { lastDate: last.lastDate, source: last.source };
  const isFresh =
    since(facts.workloadDate, rules.usersDate) === null ||
    (since(facts.workloadDate, rules.usersDate) ?? 0) <= staleAfterDays;
  const reportedDays =
    facts.isCovered && facts.knownDays >= rules.reclaimAfterDays && isFresh
      ? since(latest([last.lastDate, facts.maybeUsed]), asOf)
      : null;
  const isSilent = status === "Inactive" || status === "No activity";
  return {
    status,
    asOf,
    ...told,
    days: since(told.lastDate, asOf),
    unusedDays: largest(facts.idleDays, reportedDays),
    idleDays: facts.idleDays,
    knownDays: facts.knownDays,
    hasBlindReport: isBlind(evidence, "Microsoft 365 apps") || isBlind(evidence, "Copilot"),
    neverSignedIn: facts.neverSignedIn,
    lacksOffice:
      isSilent &&
      rules.needsOf(person).isOffice &&
      !signIns.speaks &&
      !isOfficeReported(facts, evidence, rules),
    isUnseen: facts.isUnseen,
    reportDate: facts.reportDate,
    workloadDate: facts.workloadDate,
    knownOf: (needed) => knownDaysOf(evidence, needed, facts.reportDate, rules.isOnPremises(person)),
    evidence,
    signIns,
  };
}

interface Facts {
  readonly lastDate: string | null;
  readonly source: string | null;
  /** The newest report that tells of the person, and the newest on a workload. */
  readonly reportDate: string | null;
  readonly workloadDate: string | null;
  /** The day up to which signInActivity tells. */
  readonly signInDate: string | null;
  readonly logDate: string | null;
  /** Up to signInDate, the days since anything at all happened. */
  readonly idleDays: number | null;
  readonly isCovered: boolean;
  readonly knownDays: number;
  /** A sign-in that nothing calls successful or failed. */
  readonly maybeUsed: string | null;
  readonly hasEarlierUse: boolean;
  readonly neverSignedIn: boolean | null;
  readonly isUnseen: boolean;
}

interface Seen extends Pick<Activity, "lastDate" | "source"> {
  readonly evidence: Evidence;
  readonly signIns: SignInActivity;
}

function gatherFacts(person: Person, rules: ActivityRules, seen: Seen): Facts {
  const { evidence, signIns, lastDate, source } = seen;
  const named = evidence.reports.filter(({ isNamed }) => isNamed);
  const workloadDate = latest(named.filter(({ isOnWorkload }) => isOnWorkload).map(({ date }) => date));
  const showing = named.filter(({ dates }) => dates.some(([, date]) => date !== null));
  const reportDate = latest([workloadDate, ...showing.map(({ date }) => date)]);
  const isFresh = workloadDate !== null && daysBetween(workloadDate, reportDate ?? "") <= staleAfterDays;
  const needed = rules.needsOf(person).workloads.filter((workload) => !rules.omitted.has(workload));
  const knownDays = knownDaysOf(evidence, needed, reportDate, rules.isOnPremises(person));
  const hasEarlierUse = evidence.reports.some((report) => report.hasEarlierUse);
  const unseen = lastDate === null && !hasEarlierUse ? findUnseen(person, signIns, rules) : null;
  const triedDate = signIns.triedAt?.slice(0, 10) ?? null;
  const isEvidence =
    (signIns.speaks && triedDate !== null) || signIns.succeededAt !== null || unseen !== null;
  const signInDate = isEvidence ? earliest(signIns.date, rules.asOf) : null;
  const seenLast = signIns.speaks && triedDate !== null ? latest([triedDate, lastDate]) : null;
  return {
    lastDate,
    source,
    reportDate,
    workloadDate,
    signInDate,
    logDate: evidence.logDate,
    idleDays: since(unseen?.from ?? seenLast, signInDate),
    knownDays,
    isCovered: isFresh && knownDays >= rules.inactiveAfterDays,
    maybeUsed: findMaybeUsed(signIns, rules),
    hasEarlierUse,
    isUnseen: triedDate === null && unseen !== null && !unseen.isNever,
    neverSignedIn: triedDate !== null || lastDate !== null ? false : (unseen?.isNever ?? false) || null,
  };
}

/** Where the export has sign-ins of others and none of this account: since when that is, and whether it is never. */
function findUnseen(
  person: Person,
  { speaks, triedAt, date }: SignInActivity,
  { kindOf, asOf, inactiveAfterDays }: ActivityRules,
): { from: string; isNever: boolean } | null {
  const created = time(person.user, "createdDateTime")?.slice(0, 10) ?? null;
  const age = since(created, earliest(date, asOf));
  const isOfPerson = ["Person", "Guest", "Unknown"].includes(kindOf(person));
  if (!speaks || triedAt !== null || created === null || !isOfPerson) return null;
  if (!isBeyond(age, Math.max(30, inactiveAfterDays))) return null;
  return created >= recordedSince
    ? { from: created, isNever: true }
    : { from: recordedSince, isNever: false };
}

/** Entra notes successes since December 2023: of an older sign-in, or where the export has no success of anybody, nobody knows. */
function findMaybeUsed({ triedAt, succeededAt }: SignInActivity, rules: ActivityRules): string | null {
  const date = triedAt?.slice(0, 10) ?? null;
  if (!rules.knowsSuccess) return date;
  return succeededAt === null && date !== null && date < "2023-12-01" ? date : null;
}

/** A report that names the person and says nothing, neither by a date nor by an empty one. */
function isBlind({ reports }: Evidence, use: Use): boolean {
  // One without the column of its dates is one of them.
  const own = reports.filter(
    ({ isNamed, name }) => isNamed && dateProperties[name as ReportName][use] !== undefined,
  );
  const unknown = Number.NEGATIVE_INFINITY;
  return own.length > 0 && own.every(({ knownDays }) => (knownDays.get(use) ?? unknown) === unknown);
}

function isOfficeReported({ reportDate }: Facts, { reports }: Evidence, rules: ActivityRules): boolean {
  const own = reports.filter(({ name, isNamed }) => name === "m365_app_user_detail" && isNamed);
  const newest = latest(own.map(({ date }) => date));
  const known = Math.max(...own.map(({ knownDays }) => knownDays.get("Microsoft 365 apps") ?? -1));
  const isFresh = isWithin(since(newest, reportDate), staleAfterDays);
  return isFresh && known >= rules.reclaimAfterDays;
}

function earliest(one: string | null, other: string): string | null {
  return one === null || one < other ? one : other;
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
  if (facts.neverSignedIn === true) return "No activity";
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

type LastUse = Pick<Activity, "lastDate" | "source">;

/** The newest use of all, and the newest of the person's own: by no application, and by no date that others can move. */
function findLastUse(evidence: Evidence, signIns: SignInActivity): LastUse & { readonly own: LastUse } {
  const { succeededAt, interactiveAt, backgroundAt } = signIns;
  const [succeeded, interactive, background] = [succeededAt, interactiveAt, backgroundAt].map(
    (at) => at?.slice(0, 10) ?? "",
  );
  // A success on a later day than all interactive sign-ins was an application's.
  const isBackground = (succeeded ?? "") > (interactive ?? "") && (succeeded ?? "") <= (background ?? "");
  const own = latest([evidence.personSignedInAt, isBackground ? null : succeededAt]);
  const any = latest([evidence.signedInAt, succeededAt]);
  const dates = new Map<string, string | null>([
    ["Sign-in", own?.slice(0, 10) ?? null],
    ["Background sign-in", any?.slice(0, 10) ?? null],
  ]);
  for (const use of otherUses) dates.set(use, useDate(evidence, use));
  for (const workload of workloads) {
    dates.set(workload, useDate(evidence, workload, false));
    dates.set(`${workload} (account)`, useDate(evidence, workload, true));
  }
  const newestOf = (names: readonly (typeof order)[number][]): LastUse => {
    const lastDate = latest(names.map((name) => dates.get(name) ?? null));
    return {
      lastDate,
      source: names.find((name) => lastDate !== null && dates.get(name) === lastDate) ?? null,
    };
  };
  const ofPerson = order.filter((name) => name !== "Background sign-in" && !name.endsWith("(account)"));
  return { ...newestOf(order), own: newestOf(ofPerson) };
}

/** The newest day in the reports; of those on accounts, or on people, alone where wanted. */
export function useDate({ reports }: Evidence, use: Use, isOfAccount?: boolean): string | null {
  const asked = reports.filter((report) => isOfAccount === undefined || report.isOfAccount === isOfAccount);
  return latest(asked.flatMap(({ dates }) => dates.filter(([name]) => name === use).map(([, date]) => date)));
}

/** How far back the reports that name the person tell of each of these workloads; a report more than 7 days older than the newest tells of none. */
function knownDaysOf(
  evidence: Evidence,
  needed: readonly Workload[],
  newest: string | null,
  isOnPremises: boolean,
): number {
  if (newest === null) return Number.NEGATIVE_INFINITY;
  const fresh = evidence.reports.filter(
    ({ date, isOnWorkload }) => isOnWorkload && daysBetween(date, newest) <= staleAfterDays,
  );
  const knownOf = (workload: Workload): number => {
    const isElsewhere = workload === "Exchange" && isOnPremises && useDate(evidence, workload) === null;
    if (isElsewhere) return Number.NEGATIVE_INFINITY;
    return Math.max(...fresh.map(({ knownDays }) => knownDays.get(workload) ?? Number.NEGATIVE_INFINITY));
  };
  // Of somebody who needs no workload the report that tells most.
  if (needed.length === 0) return Math.max(...workloads.map(knownOf));
  return Math.min(...needed.map(knownOf));
}

/** The row of user_activity. */
export function activityRow(
  person: Person,
  activity: Activity,
  displayName: string | null,
  kind: string,
): Row {
  const { evidence, signIns } = activity;
  const { mailboxBytes, oneDriveBytes } = evidence;
  const covers = [mailboxBytes === null ? [] : "Mailbox", oneDriveBytes === null ? [] : "OneDrive"].flat();
  const licenses = rows(person.user, "assignedLicenses");
  const dates = workloads.map((workload) => [
    `${workload.toLowerCase()}_last_activity_date`,
    useDate(evidence, workload),
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
    last_sign_in_at: latest([evidence.signedInAt, signIns.triedAt]),
    mailbox_storage_bytes: mailboxBytes,
    onedrive_storage_bytes: oneDriveBytes,
    storage_used_bytes: sumOfKnown([mailboxBytes, oneDriveBytes]),
    storage_covers: covers.length === 0 ? null : covers.join(" and "),
    m365_apps_last_activity_date: useDate(evidence, "Microsoft 365 apps"),
    copilot_last_activity_date: useDate(evidence, "Copilot"),
    last_interactive_sign_in_at: latest([evidence.interactiveAt, signIns.interactiveAt]),
    never_signed_in: activity.neverSignedIn,
    account_kind: kind,
  };
}
