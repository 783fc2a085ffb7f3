import type { Row } from "../../src/database/open.ts";
import { workloads, type Workload } from "./evidence.ts";
import type { Exports } from "./exports.ts";
import type { Person } from "./people.ts";
import type { License } from "./duplicates.ts";
import { rows, text } from "./values.ts";

/** Workloads of a SKU, of which the reports on activity know only some. */
const workloadsOfPlan: Readonly<Record<string, readonly Workload[]>> = {
  EXCHANGE_S_ENTERPRISE: ["Exchange"],
  TEAMS1: ["Teams"],
  SHAREPOINTENTERPRISE: ["SharePoint", "OneDrive"],
  YAMMER_ENTERPRISE: ["Yammer"],
  MCOSTANDARD: ["Skype"],
  INTUNE_A: [],
  OFFICESUBSCRIPTION: [],
};

const workloadsOfService: Readonly<Record<string, readonly Workload[]>> = {
  exchange: ["Exchange"],
  TeamspaceAPI: ["Teams"],
  SharePoint: ["SharePoint", "OneDrive"],
  YammerEnterprise: ["Yammer"],
  MicrosoftCommunicationsOnline: ["Skype"],
  SCO: [],
};

/** The service plans of each subscribed SKU; none where they were not exported. */
export function plansBySku(exports: Exports): ReadonlyMap<string, readonly Row[]> {
  const plansOf = new Map<string, readonly Row[]>();
  for (const sku of exports.of("subscribed_skus").records) {
    const id = String(sku["skuId"]).toLowerCase();
    plansOf.set(id, rows(sku, "servicePlans") ?? plansOf.get(id) ?? []);
  }
  return plansOf;
}

/** What the enabled plans of a person are, or may be, for. */
export interface Needs {
  readonly workloads: readonly Workload[];
  readonly isOffice: boolean;
}

export function findNeeds(exports: Exports): (person: Person) => Needs {
  const plansOf = plansBySku(exports);
  return ({ user }) => {
    // Without a users export nobody knows of a license.
    const anything = { workloads, isOffice: user !== undefined };
    const licenses = rows(user, "assignedLicenses");
    if (licenses === null) return anything;
    const plans = licenses.map((license) => enabledPlans(license, plansOf));
    const names = plans.flatMap((ofLicense) => ofLicense ?? []);
    const known = names.flatMap((plan) => workloadsOfPlan[plan] ?? []);
    const isOffice = names.includes("OFFICESUBSCRIPTION");
    if (!plans.includes(null)) return { workloads: known, isOffice };
    // Where the plans of a SKU are not known, the services assigned to the user stand in for them.
    const assigned = (rows(user, "assignedPlans") ?? []).filter(isEnabled);
    if (assigned.length === 0) return anything;
    return {
      workloads: [...known, ...assigned.flatMap(workloadsOfAssigned)],
      isOffice: isOffice || assigned.some((plan) => text(plan, "service") === "MicrosoftOffice"),
    };
  };
}

/** The names of the plans that the license has not switched off; null where those of the SKU are not known. */
function enabledPlans(license: Row, plansOf: ReadonlyMap<string, readonly Row[]>): string[] | null {
  const plans = plansOf.get(String(license["skuId"]).toLowerCase());
  if (!plans || plans.length === 0) return null;
  const disabled = (license["disabledPlans"] ?? []) as readonly string[];
  return plans
    .filter((plan) => !disabled.includes(String(plan["servicePlanId"])))
    .map((plan) => String(plan["servicePlanName"]));
}

function isEnabled(plan: Row): boolean {
  return ["Enabled", "Warning"].includes(text(plan, "capabilityStatus") ?? "");
}

function workloadsOfAssigned(plan: Row): readonly Workload[] {
  return workloadsOfService[text(plan, "service") ?? ""] ?? [];
}

/** The ids of the plans that are on in a license; null where they are not known. */
export function planIds(license: License): string[] | null {
  return plansOn(license)?.map((plan) => String(plan["servicePlanId"])) ?? null;
}

/** The workloads of the plans that are on in a license; null where they are not known. */
export function workloadsOf(license: License): Workload[] | null {
  const ids = planIds(license);
  return ids && workloadsOfPlans(license, ids);
}

/** Whether one of these plans of a license is for the Office applications. */
export function isOfficeIn(license: License, ids: readonly string[]): boolean {
  const names = (plansOn(license) ?? [])
    .filter((plan) => ids.includes(String(plan["servicePlanId"])))
    .map((plan) => text(plan, "servicePlanName"));
  return names.includes("OFFICESUBSCRIPTION");
}

/** The workloads of these plans of a license. */
export function workloadsOfPlans(license: License, ids: readonly string[]): Workload[] {
  const wanted = new Set(ids);
  return (plansOn(license) ?? [])
    .filter((plan) => wanted.has(String(plan["servicePlanId"])))
    .flatMap((plan) => workloadsOfPlan[text(plan, "servicePlanName") ?? ""] ?? []);
}

function plansOn({ sku, disabledPlans }: License): Row[] | null {
  return (
    sku.plans?.filter(
      (plan) =>
        !disabledPlans.includes(String(plan["servicePlanId"])) &&
        // Plans of the company as a whole are no user's.
        text(plan, "appliesTo") !== "Company",
    ) ?? null
  );
}
