import { staleAfterDays, useDate, type Activity } from "./activity.ts";
import { daysBetween, latest } from "./days.ts";
import type { License } from "./duplicates.ts";
import type { Evidence, Use, Workload } from "./evidence.ts";
import { isOfficeIn, planIds, workloadsOf, workloadsOfPlans } from "./plans.ts";
import type { Holder, ReclaimFacts } from "./reclaim.ts";

export const uses = ["Active", "Inactive", "No activity", "Not monitored", "Not Available"] as const;
export type SkuUse = (typeof uses)[number];

const office = "Microsoft 365 apps";

/** How a person uses one license: only what this SKU alone brings the person tells. */
export function judgeUse({ person, own, all }: Holder, facts: ReclaimFacts): SkuUse {
  if (!isMonitored(own)) return "Not monitored";
  if (all.some(({ sku }) => sku.plans === null)) return "Not Available";
  const activity = facts.activityOf(person);
  const alone = ownPlans(own, all);
  const workloads = workloadsOfPlans(own, alone).filter(
    (workload) => facts.isCovering(workload) || isReported(workload, activity),
  );
  const told: Use[] = [...workloads, ...(isOfficeIn(own, alone) ? ([office] as const) : [])];
  return told.length === 0 ? "Not monitored" : judge(told, workloads, { activity, facts });
}

/** Of a workload that is left out: whether a report tells of the person all the same; of Skype only a date does. */
function isReported(workload: Workload, { evidence, knownOf }: Activity): boolean {
  if (workload === "Skype") return useDate(evidence, workload) !== null;
  return knownOf([workload]) > Number.NEGATIVE_INFINITY;
}

/** Whether any report could tell of a license; where its plans are not known nobody can say. */
export function isMonitored(own: License): boolean {
  const workloads = workloadsOf(own);
  return workloads === null || workloads.length > 0 || isOfficeIn(own, planIds(own) ?? []);
}

/** The plans that are on in a license and in no other that is in force. */
function ownPlans(own: License, all: readonly License[]): readonly string[] {
  const inForce = all.filter(({ sku }) => sku.id !== own.sku.id && !sku.hasExpired);
  const others = new Set(inForce.flatMap((license) => planIds(license) ?? []));
  return (planIds(own) ?? []).filter((id) => !others.has(id));
}

interface Seen {
  readonly activity: Activity;
  readonly facts: ReclaimFacts;
}

function judge(told: readonly Use[], workloads: readonly Workload[], { activity, facts }: Seen): SkuUse {
  const { evidence, idleDays, neverSignedIn, workloadDate, reportDate } = activity;
  const { inactiveAfterDays, reclaimAfterDays } = facts;
  const last = latest(told.map((use) => useDate(evidence, use)));
  const reached = latest([
    workloads.length > 0 ? workloadDate : null,
    told.includes(office) ? officeReport(evidence).date : null,
  ]);
  if (last !== null && reached !== null && daysBetween(last, reached) <= inactiveAfterDays) return "Active";
  if (neverSignedIn === true) return "No activity";
  if (idleDays !== null && idleDays > inactiveAfterDays) return "Inactive";
  const needed = workloads.filter((workload) => workload !== "Skype");
  const isFresh =
    workloadDate !== null && reportDate !== null && daysBetween(workloadDate, reportDate) <= staleAfterDays;
  const ofWorkloads = needed.length === 0 ? Number.POSITIVE_INFINITY : activity.knownOf(needed);
  const ofAll = isFresh ? ofWorkloads : Number.NEGATIVE_INFINITY;
  const known = workloads.length > 0 ? ofAll : officeReport(evidence).knownDays;
  if (known < inactiveAfterDays) return "Not Available";
  if (last !== null) return "Inactive";
  if (evidence.reports.some(({ hasEarlierUse }) => hasEarlierUse)) return "Not Available";
  return known < reclaimAfterDays ? "Inactive" : "No activity";
}

/** Up to which day the reports on the Office applications tell of the person, and for how many days. */
export function officeReport({ reports }: Evidence): { date: string | null; knownDays: number } {
  const naming = reports.filter(({ isNamed, name }) => isNamed && name === "m365_app_user_detail");
  return {
    date: latest(naming.map(({ date }) => date)),
    knownDays: Math.max(...naming.map(({ knownDays }) => knownDays.get(office) ?? Number.NEGATIVE_INFINITY)),
  };
}
