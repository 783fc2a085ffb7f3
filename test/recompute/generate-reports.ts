import type { Row } from "../../src/database/open.ts";
import type { GivenFile } from "../models/given.ts";
import { daysBefore } from "./days.ts";
import type { Dice } from "./dice.ts";
import { refusal, type Day } from "./generate.ts";
import { pickName, type Identity } from "./generate-identities.ts";

const never = "0001-01-01";
const ages = [0, 3, 7, 28, 29, 30, 31, 32, 59, 60, 61, 88, 90, 91, 93, 150, 500] as const;

/** 50 GB, in bytes. */
const limit = 50 * 1024 ** 3;

/** The reports, with how likely they are there. */
const reports = [
  ["office365_active_user_detail", 0.9],
  ["mailbox_usage_detail", 0.6],
  ["onedrive_usage_account_detail", 0.6],
  ["email_activity_user_detail", 0.2],
  ["onedrive_activity_user_detail", 0.2],
  ["sharepoint_activity_user_detail", 0.2],
  ["teams_user_activity_user_detail", 0.25],
  ["yammer_activity_user_detail", 0.2],
  ["skype_for_business_activity_user_detail", 0.2],
  ["m365_app_user_detail", 0.3],
  ["copilot_usage_user_detail", 0.15],
  ["teams_device_usage_user_detail", 0.2],
  ["email_app_usage_user_detail", 0.2],
  ["yammer_device_usage_user_detail", 0.2],
] as const;

/** What tells in the Active users report who has a license. */
const licenseFlags = [
  "hasExchangeLicense",
  "hasOneDriveLicense",
  "hasSharePointLicense",
  "hasTeamsLicense",
  "hasYammerLicense",
] as const;

const workloadDates = [
  "exchangeLastActivityDate",
  "oneDriveLastActivityDate",
  "sharePointLastActivityDate",
  "teamsLastActivityDate",
  "yammerLastActivityDate",
  "skypeForBusinessLastActivityDate",
] as const;

const assignDates = workloadDates.map((property) =>
  property.replace("LastActivityDate", "LicenseAssignDate"),
);

export function makeReports(day: Day): GivenFile[] {
  const { dice } = day;
  const refreshed = daysBefore(day.date, dice.pick([0, 2, 2, 2, 3, 7, 8, 12]));
  const conceals = dice.chance(0.08);
  const there = reports.filter(([, likely]) => dice.chance(likely));
  return there.flatMap(([name]) => {
    if (dice.chance(0.03)) return [refusal(name)];
    const date = dice.chance(0.15) ? daysBefore(refreshed, dice.pick([1, 7, 8, 9])) : refreshed;
    const isConcealed = conceals || dice.chance(0.04);
    const periods =
      name === "office365_active_user_detail"
        ? [180]
        : dice.pick([[180], [180], [180], [90], [30], [28], [7], [1], [7, 180], [30, 180]]);
    const [last = 180] = periods;
    const older = daysBefore(date, dice.pick([0, 1, 6, 7, 8]));
    return periods.map((period) =>
      makeReport(name, { ...day, date: period === last ? date : older }, { period, isConcealed }),
    );
  });
}

function makeReport(name: string, day: Day, how: { period: number; isConcealed: boolean }): GivenFile {
  const { dice, date, identities } = day;
  // A workload that nobody uses has no date at all.
  const unused = dice.chance(0.15) ? dice.pick(workloadDates) : undefined;
  const tellsLicenses = dice.chance(0.5);
  const rows = identities
    .filter(() => dice.chance(0.9))
    .flatMap((identity) => [
      makeRow(name, day, identity),
      ...(dice.chance(0.04) ? [{ ...makeRow(name, day, identity), ...deletedRow(name, date) }] : []),
    ]);
  if (dice.chance(0.1)) rows.push(makeRow(name, day, stranger));
  const owner = name === "onedrive_usage_account_detail" ? "ownerPrincipalName" : "userPrincipalName";
  const records = rows.map(({ upn, ...rest }, index) => ({
    [owner]: how.isConcealed ? index.toString(16).toUpperCase().padStart(32, "0A") : upn,
    ...rest,
    ...(name !== "office365_active_user_detail" && { reportPeriod: how.period }),
    ...(unused !== undefined && unused in rest && { [unused]: null }),
    ...(tellsLicenses && makeFlags(name, dice)),
  }));
  return [name, unique(records), { date }];
}

function makeFlags(name: string, dice: Dice): Row {
  const flags =
    name === "office365_active_user_detail"
      ? licenseFlags
      : name === "teams_user_activity_user_detail"
        ? ["isLicensed"]
        : [];
  return Object.fromEntries(flags.map((flag) => [flag, dice.chance(0.9) || dice.pick([false, null])]));
}

const stranger: Identity = {
  id: "gone",
  upn: "gone@contoso.example",
  otherUpn: null,
  mail: null,
  createdDateTime: "",
  habit: "mixed",
};

/** A key that two rows share is a duplicate, which an import leaves out; those of deleted users have keys of their own. */
function unique(records: readonly Row[]): Row[] {
  const byKey = new Map(
    records.map((record) => [
      JSON.stringify([
        record["userPrincipalName"] ?? record["ownerPrincipalName"],
        record["userId"],
        record["siteUrl"],
        record["isDeleted"] ?? record["userState"],
      ]),
      record,
    ]),
  );
  return [...byKey.values()];
}

/** Reports that do not tell of deleted accounts. */
const withoutDeleted = new Set(["m365_app_user_detail", "copilot_usage_user_detail"]);

function deletedRow(name: string, date: string): Row {
  if (name.startsWith("yammer_")) return { userState: "deleted", stateChangeDate: date };
  if (withoutDeleted.has(name)) return {};
  return { isDeleted: true, ...(name !== "onedrive_usage_account_detail" && { deletedDate: date }) };
}

function makeRow(name: string, day: Day, identity: Identity): Row {
  const { dice, date } = day;
  const possible = identity.habit === "idle" ? ages.filter((age) => age > 50) : ages;
  const isSeen = (): boolean => identity.habit !== "quiet" && dice.chance(0.55);
  const activity = (): string | null =>
    isSeen() ? daysBefore(date, dice.pick(possible)) : dice.chance(0.06) ? never : null;
  const row = {
    upn: pickName(dice, identity),
    ...(name.startsWith("yammer_")
      ? { userState: "active" }
      : !withoutDeleted.has(name) && { isDeleted: false }),
  };
  const assigned = Object.fromEntries(
    assignDates.map((property) => [property, dice.pick([null, ...ages.map((age) => daysBefore(date, age))])]),
  );
  if (name === "office365_active_user_detail")
    return {
      ...row,
      ...Object.fromEntries(workloadDates.map((property) => [property, activity()])),
      ...assigned,
    };
  const isQuiet = dice.chance(0.3);
  const lastActivityDate = isQuiet ? null : activity();
  if (name === "teams_user_activity_user_detail") return { ...row, userId: identity.id, lastActivityDate };
  if (name === "onedrive_usage_account_detail")
    return {
      ...row,
      siteUrl: `https://contoso.example/${identity.id}`,
      lastActivityDate,
      storageUsedInBytes: dice.pick([null, 0, 5, 1_000_000]),
    };
  if (name === "mailbox_usage_detail")
    return {
      ...row,
      lastActivityDate,
      storageUsedInBytes: dice.pick([null, 0, 7, 2_000_000, limit, limit + 1]),
      hasArchive: dice.chance(0.05),
      recipientType: dice.pick(["User", "User", "User", "Shared", "Room", null]),
    };
  return { ...row, lastActivityDate };
}
