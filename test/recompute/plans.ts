import type { Row } from "../../src/database.ts";
import { workloads, type Workload } from "./evidence.ts";
import type { Exports } from "./exports.ts";
import type { Person } from "./people.ts";
import { rows, text } from "./values.ts";

const workloadsOfPlan: Readonly<Record<string, readonly Workload[]>> = {
  EXCHANGE_S_ENTERPRISE: ["Exchange"],
  TEAMS1: ["Teams"],
  SHAREPOINTENTERPRISE: ["SharePoint", "OneDrive"],
  YAMMER_ENTERPRISE: ["Yammer"],
  MCOSTANDARD: ["Skype"],
  INTUNE_A: [],
};

const workloadsOfService: Readonly<Record<string, readonly Workload[]>> = {
  exchange: ["Exchange"],
  TeamspaceAPI: ["Teams"],
  SharePoint: ["SharePoint", "OneDrive"],
  YammerEnterprise: ["Yammer"],
  MicrosoftCommunicationsOnline: ["Skype"],
  SCO: [],
};

/** The workloads that the enabled plans of a person are, or may be, for. */
export function findWorkloads(exports: Exports): (person: Person) => readonly Workload[] {
  const plansOf = new Map<string, readonly Row[] | null>();
  for (const sku of exports.of("subscribed_skus").records) {
    const id = String(sku["skuId"]).toLowerCase();
    plansOf.set(id, rows(sku, "servicePlans") ?? plansOf.get(id) ?? null);
  }
  return ({ user }) => {
    const licenses = rows(user, "assignedLicenses");
    if (licenses?.length === 0) return [];
    const assigned = rows(user, "assignedPlans");
    if (assigned !== null) return assigned.filter(isEnabled).flatMap(workloadsOfAssigned);
    if (licenses === null) return workloads;
    return licenses.flatMap((license) => {
      const plans = plansOf.get(String(license["skuId"]).toLowerCase());
      if (!plans) return workloads;
      const disabled = (license["disabledPlans"] ?? []) as readonly string[];
      return plans
        .filter((plan) => !disabled.includes(String(plan["servicePlanId"])))
        .flatMap((plan) => workloadsOfPlan[String(plan["servicePlanName"])] ?? []);
    });
  };
}

function isEnabled(plan: Row): boolean {
  return ["Enabled", "Warning"].includes(text(plan, "capabilityStatus") ?? "");
}

function workloadsOfAssigned(plan: Row): readonly Workload[] {
  return workloadsOfService[text(plan, "service") ?? ""] ?? [];
}
