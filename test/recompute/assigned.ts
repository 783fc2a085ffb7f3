import type { Row } from "../../src/database/open.ts";
import { latest } from "./days.ts";
import type { License } from "./duplicates.ts";
import type { Workload } from "./evidence.ts";
import type { Exports } from "./exports.ts";
import { isDeletedRow, type People, type Person } from "./people.ts";
import { planIds, workloadsOf } from "./plans.ts";
import { skuIdOf } from "./skus.ts";
import { day, groupBy, rows, text } from "./values.ts";

const assignProperties: Readonly<Record<Workload, string>> = {
  Exchange: "exchangeLicenseAssignDate",
  OneDrive: "oneDriveLicenseAssignDate",
  SharePoint: "sharePointLicenseAssignDate",
  Teams: "teamsLicenseAssignDate",
  Yammer: "yammerLicenseAssignDate",
  Skype: "skypeForBusinessLicenseAssignDate",
};

/** It is in most SKUs, and gives nothing of its own. */
const foundationPlan = "113feb6c-3fe4-4440-bddc-54d774bf0318";

export type AssignedAt = (person: Person, own: License, all: readonly License[]) => string | null;

/** Since when a person has a license: by its service plans, else by the Active users report, else by the snapshots. */
export function findAssignments(exports: Exports, people: People): AssignedAt {
  const report = exports.of("office365_active_user_detail");
  const rowsBy = groupBy(
    report.records.filter((record) => !isDeletedRow(record)),
    (record) => people.ofReportRow(record)[0],
  );
  const snapshots = readSnapshots(exports);
  return (person, own, all) => {
    const born = day(person.user, "createdDateTime") ?? "";
    const reported = born > (report.date ?? "") ? [] : (rowsBy.get(person) ?? []);
    const others = all.filter(({ sku }) => sku.id !== own.sku.id);
    const planned = byPlans(person, own, others);
    const stated = byReport(reported, leftAlone(workloadsOf(own), others.map(workloadsOf)), born);
    const seen = bySnapshots(person, own.sku.id, snapshots);
    const newest = latest([planned, stated]);
    // What an earlier export shows the person without came after it.
    if (seen !== null && newest !== null && newest <= seen.without) return seen.since;
    return planned ?? stated ?? seen?.since ?? null;
  };
}

/** The newest day of the service plans that only this SKU of the person brings. */
function byPlans({ user }: Person, own: License, others: readonly License[]): string | null {
  const assigned = rows(user, "assignedPlans") ?? [];
  const alone = new Set(leftAlone(planIds(own), others.map(planIds)));
  alone.delete(foundationPlan);
  return latest(
    assigned
      .filter((plan) => text(plan, "capabilityStatus") !== "Deleted")
      .filter((plan) => alone.has(String(text(plan, "servicePlanId")).toLowerCase()))
      .map((plan) => day(plan, "assignedDateTime")),
  );
}

/** The newest day of the workloads that only this SKU brings; days from before the account are another's. */
function byReport(records: readonly Row[], workloadsAlone: readonly Workload[], born: string): string | null {
  const properties = workloadsAlone.map((name) => assignProperties[name]);
  const days = records.flatMap((record) => properties.map((property) => day(record, property)));
  return latest(days.filter((date) => date !== null && date >= born));
}

/** What is in none of the others; nothing where one of the others, or the own, is not known. */
function leftAlone<Item>(own: readonly Item[] | null, others: readonly (readonly Item[] | null)[]): Item[] {
  if (own === null || others.includes(null)) return [];
  return own.filter((item) => !others.some((other) => other?.includes(item)));
}

interface Snapshot {
  readonly date: string;
  readonly isComplete: boolean;
  /** The SKUs of each user by id; null where the licenses were not exported. */
  readonly skusOf: ReadonlyMap<string, readonly string[] | null>;
}

function readSnapshots(exports: Exports): Snapshot[] {
  return exports.history("users").flatMap(({ date, isIncomplete, records }) => {
    if (date === null) return [];
    const entries = records.map(
      (record) =>
        [String(text(record, "id")), rows(record, "assignedLicenses")?.map(skuIdOf) ?? null] as const,
    );
    return [{ date, isComplete: !isIncomplete, skusOf: new Map(entries) }];
  });
}

interface Seen {
  readonly without: string;
  readonly since: string;
}

/** The first snapshot since which the person has it, where an earlier, complete one shows the person without it. */
function bySnapshots({ id }: Person, skuId: string, snapshots: readonly Snapshot[]): Seen | null {
  const showing = snapshots.map((snapshot) => ({ ...snapshot, held: snapshot.skusOf.get(id ?? "") ?? null }));
  const lastWithout = showing.findLastIndex(
    ({ held, isComplete }) => isComplete && held !== null && !held.includes(skuId),
  );
  if (lastWithout === -1) return null;
  const without = showing[lastWithout]?.date;
  const since = showing.slice(lastWithout + 1).find(({ held }) => held?.includes(skuId))?.date;
  return without === undefined || since === undefined ? null : { without, since };
}
