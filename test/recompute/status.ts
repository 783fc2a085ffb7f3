import { readFileSync } from "node:fs";
import type { Row } from "../../src/database/open.ts";
import { daysBetween } from "./days.ts";
import { staleAfterDays } from "./activity.ts";
import type { Exports } from "./exports.ts";
import { isConcealed, reportNames, reportUpn } from "./people.ts";

interface Need {
  readonly dataset: string;
  readonly property?: string;
}

interface Needs {
  readonly columns?: Readonly<Record<string, readonly (string | readonly string[])[]>>;
  readonly essential: readonly (readonly Need[])[];
  readonly helpful: readonly (readonly Need[])[];
}

type Supply = "none" | "some" | "all";

/** How far an output can be trusted: Not supplied without one of each essential group, Complete with one of each helpful group unharmed. */
export function judgeStatus(output: string, exports: Exports): "Complete" | "Partial" | "Not supplied" {
  const file = new URL(`../../src/models/outputs/${output}.needs.json`, import.meta.url);
  const { essential, helpful, columns = {} } = JSON.parse(readFileSync(file, "utf8")) as Needs;
  const supplies = (group: readonly Need[]): Supply[] => group.map((need) => supplyOf(need, exports));
  if (!essential.every((group) => supplies(group).some((supply) => supply !== "none"))) return "Not supplied";
  const isWhole = helpful.every((group) => supplies(group).includes("all"));
  const hasColumns = Object.entries(columns).every(([dataset, names]) =>
    names.every((name) => hasColumn(dataset, [name].flat(), exports)),
  );
  const isOfOneTime = !asked.some((name) => isOld(name, exports)) && !isApart(output, exports);
  return isWhole && hasColumns && isOfOneTime ? "Complete" : "Partial";
}

/** The list that an output holds beside the users, of which the day matters. */
const beside: Readonly<Record<string, string>> = {
  license_summary: "subscribed_skus",
  license_capacity: "subscribed_skus",
  license_costs: "subscribed_skus",
  mfa_status: "user_registration_details",
  mfa_summary: "user_registration_details",
  mfa_breakdown: "user_registration_details",
  admins_without_mfa: "user_registration_details",
  users: "user_registration_details",
};

/** Lists of more than 7 days apart are of other people. */
function isApart(output: string, exports: Exports): boolean {
  const [{ date }, users] = [exports.of(beside[output] ?? "users"), exports.of("users")];
  return date !== null && users.date !== null && Math.abs(daysBetween(date, users.date)) > staleAfterDays;
}

/** Of what was not supplied no column is missed. */
function hasColumn(dataset: string, names: readonly string[], exports: Exports): boolean {
  const { date, records, isInEveryRecord } = exports.of(dataset);
  return date === null || records.length === 0 || names.some(isInEveryRecord);
}

/** The reports that are asked for; the others only stand in for one of them. */
const asked = ["office365_active_user_detail", "mailbox_usage_detail", "onedrive_usage_account_detail"];

/** A report more than 7 days older than the users export makes activity Partial. */
function isOld(report: string, exports: Exports): boolean {
  const [{ date }, users] = [exports.of(report), exports.of("users")];
  return date !== null && users.date !== null && daysBetween(date, users.date) > staleAfterDays;
}

/** Whether the sign-ins of the users export are of more than 7 days before it, and no report on a workload is newer. */
export function isAged(signInDate: string | null, exports: Exports): boolean {
  const { date } = exports.of("users");
  const isOlder = (other: string | null): boolean =>
    other === null || date === null || daysBetween(other, date) > staleAfterDays;
  const reports = reportNames.map((name) => exports.of(name).date);
  return signInDate !== null && date !== null && isOlder(signInDate) && reports.every(isOlder);
}

function supplyOf({ dataset, property }: Need, exports: Exports): Supply {
  const { records, date, isIncomplete, isPassedOver, has, isInEveryFile } = exports.of(dataset);
  if (date === null) return "none";
  if (property !== undefined && !has(property) && records.length > 0) return "none";
  const concealed = countConcealed(dataset, records);
  if (property !== undefined && concealed > 0 && concealed === records.length) return "none";
  const isTooOld = isActivityReport(dataset) && isOld(dataset, exports);
  const isEmpty =
    records.length === 0 && (isActivityReport(dataset) || dataset.endsWith("registration_details"));
  const isWhole = !isEmpty && !isIncomplete && !isPassedOver && concealed === 0 && !isTooOld;
  return isWhole && (property === undefined || isInEveryFile(property)) ? "all" : "some";
}

function countConcealed(dataset: string, records: readonly Row[]): number {
  return isActivityReport(dataset) ? records.filter((record) => isConcealed(reportUpn(record))).length : 0;
}

function isActivityReport(dataset: string): boolean {
  return (reportNames as readonly string[]).includes(dataset);
}
