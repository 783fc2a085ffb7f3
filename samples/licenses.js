// What a person's licenses come to: assignments, service plans and workloads.
import { guid, timeOn } from "./deterministic.js";
import { findPlan, findSku } from "./tenant.js";

/** @typedef {import("./people.js").Person} Person */

/** How one SKU came to a person. Failed assignments give nothing: Graph does not list them in assignedLicenses. @param {Person} person */
function assignments(person) {
  return person.licenses.map((words) => {
    const [skuName = "", ...rest] = words.split(" ");
    const error = rest.find((word) => word.endsWith("Violation"));
    const disabledPlans = rest.filter((word) => word.startsWith("-")).map((word) => word.slice(1));
    const isByGroup = rest.includes("group") || error !== undefined;
    const groups = [
      ...(rest.includes("direct") ? [null] : []),
      ...(isByGroup ? [guid(`group LIC-${skuName}`)] : []),
    ];
    return { skuName, sku: findSku(skuName), error, disabledPlans, groups };
  });
}

/** The assignments that gave the person something. @param {Person} person */
export const held = (person) => assignments(person).filter(({ error }) => error === undefined);

/** @param {Person} person */
export const assignedLicenses = (person) =>
  held(person).map(({ sku, disabledPlans }) => ({
    disabledPlans: disabledPlans.map((name) => findPlan(name).id),
    skuId: sku.skuId,
  }));

/** @param {Person} person */
export const licenseAssignmentStates = (person) =>
  assignments(person).flatMap(({ skuName, sku, error, disabledPlans, groups }) =>
    groups.map((group) => ({
      skuId: sku.skuId,
      disabledPlans: disabledPlans.map((name) => findPlan(name).id),
      assignedByGroup: group,
      state: error === undefined ? "Active" : "Error",
      error: error ?? "None",
      lastUpdatedDateTime: timeOn(`${person.upn} ${skuName} ${group ?? "direct"}`, person.licensed),
    })),
  );

const statuses = /** @type {const} */ (["Enabled", "Warning", "Suspended", "Deleted"]);

/** Name and status of each service plan; of a plan in two SKUs the better status. @param {Person} person */
function planStatuses(person) {
  /** @type {Map<string, typeof statuses[number]>} */
  const found = new Map();
  for (const { sku, disabledPlans } of held(person))
    for (const name of sku.plans.split(" ")) {
      const status = disabledPlans.includes(name) ? "Deleted" : (sku.status ?? "Enabled");
      const other = found.get(name) ?? "Deleted";
      found.set(name, statuses.indexOf(status) < statuses.indexOf(other) ? status : other);
    }
  return found;
}

/** @param {Person} person */
export const assignedPlans = (person) =>
  [...planStatuses(person)].map(([name, capabilityStatus]) => ({
    assignedDateTime: timeOn(`${person.upn} ${name}`, person.licensed),
    capabilityStatus,
    service: findPlan(name).service,
    servicePlanId: findPlan(name).id,
  }));

/**
 * The workloads of the usage reports, and which plans license them.
 * @type {readonly (readonly [workload: Workload, plans: RegExp])[]}
 * @typedef {"Exchange" | "OneDrive" | "SharePoint" | "Skype For Business" | "Yammer" | "Teams"} Workload
 */
const workloadPlans = [
  ["Exchange", /^EXCHANGE_S_(ENTERPRISE|STANDARD|DESKLESS)$/],
  ["OneDrive", /^(SHAREPOINT(ENTERPRISE|STANDARD|DESKLESS)|ONEDRIVE_BASIC)$/],
  ["SharePoint", /^SHAREPOINT(ENTERPRISE|STANDARD|DESKLESS)$/],
  ["Skype For Business", /^MCO(STANDARD|IMP)$/],
  ["Yammer", /^YAMMER_ENTERPRISE$/],
  ["Teams", /^TEAMS1$/],
];

export const workloads = workloadPlans.map(([workload]) => workload);

/** The workloads that the person may use. @param {Person} person @returns {ReadonlySet<Workload>} */
export function licensedWorkloads(person) {
  const usable = [...planStatuses(person)].filter(
    ([, status]) => status === "Enabled" || status === "Warning",
  );
  return new Set(
    workloadPlans
      .filter(([, plans]) => usable.some(([name]) => plans.test(name)))
      .map(([workload]) => workload),
  );
}

/** Size of the mailbox that the Exchange plan gives. @param {Person} person */
export function mailboxQuotaGb(person) {
  const names = new Set(planStatuses(person).keys());
  if (names.has("EXCHANGE_S_ENTERPRISE")) return 100;
  return names.has("EXCHANGE_S_DESKLESS") ? 2 : 50;
}
