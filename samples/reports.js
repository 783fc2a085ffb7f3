// The usage reports as the admin center downloads them.
import { conceal, daysBefore, integer } from "./deterministic.js";
import { held, licensedWorkloads, mailboxQuotaGb, workloads } from "./licenses.js";
import { people } from "./people.js";
import { deletedUser } from "./sign-ins.js";
import { refreshDate, tenant } from "./tenant.js";

/** @typedef {import("./people.js").Person} Person */
/** @typedef {import("./licenses.js").Workload} Workload */
/** @typedef {readonly (string | number | boolean)[]} Row */
/** @typedef {{ header: string, rows: readonly Row[] }} Report */

const gb = 2 ** 30;
export const period = 180;

/** The text of a report. @param {Report} report @param {{ lineEnd: string }} form */
export function toCsv({ header, rows }, { lineEnd }) {
  const lines = rows.map((row) => row.map(toField).join(","));
  return `\uFEFF${[header, ...lines].join(lineEnd)}${lineEnd}`;
}

/** @param {string | number | boolean} value */
function toField(value) {
  if (typeof value === "boolean") return value ? "True" : "False";
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The report as a tenant shows it that conceals names. @param {Report} report @returns {Report} */
export function concealed({ header, rows }) {
  const isNamed = header
    .split(",")
    .map((name) => /^(User Principal Name|Display Name|Site URL|Owner )/.test(name));
  return {
    header,
    rows: rows.map((row) => row.map((value, index) => (isNamed[index] ? conceal(String(value)) : value))),
  };
}

/** Last activity per workload, "" where there is none: the newest is of the day that the person was last active. @param {Person} person @returns {Record<Workload, string>} */
export function usage(person) {
  const { lastUsed, upn } = person;
  const licensed = licensedWorkloads(person);
  const main = /** @type {const} */ (["Exchange", "Teams", "SharePoint", "OneDrive"]).find((workload) =>
    licensed.has(workload),
  );
  const after = (/** @type {Workload} */ workload) => {
    if (workload === main) return 0;
    if (person.isMailOnly) return undefined;
    if (workload === "Yammer")
      return integer(`yammer ${upn}`, 0, 3) === 0 ? integer(`days yammer ${upn}`, 20, 60) : undefined;
    if (workload === "Skype For Business")
      return integer(`skype ${upn}`, 0, 7) === 0 ? integer(`days skype ${upn}`, 200, 400) : undefined;
    return integer(`days ${workload} ${upn}`, 0, 12);
  };
  const dateOf = (/** @type {Workload} */ workload) => {
    const days = after(workload);
    return lastUsed === null || days === undefined || !licensed.has(workload)
      ? ""
      : daysBefore(refreshDate, lastUsed + days);
  };
  return /** @type {Record<Workload, string>} */ (
    Object.fromEntries(workloads.map((workload) => [workload, dateOf(workload)]))
  );
}

/** Those whom the reports of that day can know. @param {readonly Person[]} persons */
export const reported = (persons) => persons.filter(({ created }) => created <= refreshDate);

/** @param {Person} person */
export const reportUpn = (person) => person.reportUpn ?? person.upn;

const isWhole = (/** @type {readonly Person[]} */ persons) => persons === people;

/** One row per user with a license for a workload. @param {readonly Person[]} persons @returns {Report} */
export function activeUserDetail(persons) {
  const header =
    "Report Refresh Date,User Principal Name,Display Name,Is Deleted,Deleted Date,Has Exchange License,Has OneDrive License,Has SharePoint License,Has Skype For Business License,Has Yammer License,Has Teams License,Exchange Last Activity Date,OneDrive Last Activity Date,SharePoint Last Activity Date,Skype For Business Last Activity Date,Yammer Last Activity Date,Teams Last Activity Date,Exchange License Assign Date,OneDrive License Assign Date,SharePoint License Assign Date,Skype For Business License Assign Date,Yammer License Assign Date,Teams License Assign Date,Assigned Products";
  const rows = reported(persons).flatMap((person) => {
    const licensed = licensedWorkloads(person);
    if (licensed.size === 0) return [];
    const used = usage(person);
    return [
      [
        refreshDate,
        reportUpn(person),
        person.displayName,
        false,
        "",
        ...workloads.map((workload) => licensed.has(workload)),
        ...workloads.map((workload) => used[workload]),
        ...workloads.map((workload) => (licensed.has(workload) ? person.licensed : "")),
        held(person)
          .map(({ sku }) => sku.product)
          .join("+"),
      ],
    ];
  });
  const { upn, displayName, deletedDate, lastActivityDate } = deletedUser;
  const gone = [
    refreshDate,
    upn,
    displayName,
    true,
    deletedDate,
    ...workloads.map(() => false),
    lastActivityDate,
    ...Array.from({ length: 12 }, () => ""),
  ];
  return { header, rows: isWhole(persons) ? [...rows, gone] : rows };
}

/** Issue Warning, Prohibit Send and Prohibit Send/Receive for a mailbox of that size. @param {number} size GB */
function quotas(size) {
  return [Math.floor(size * 0.98 * gb), Math.floor(size * 0.99 * gb), size * gb];
}

/** One row per mailbox. @param {readonly Person[]} persons @returns {Report} */
export function mailboxUsageDetail(persons) {
  const header =
    "Report Refresh Date,User Principal Name,Display Name,Is Deleted,Deleted Date,Created Date,Last Activity Date,Item Count,Storage Used (Byte),Issue Warning Quota (Byte),Prohibit Send Quota (Byte),Prohibit Send/Receive Quota (Byte),Deleted Item Count,Deleted Item Size (Byte),Deleted Item Quota (Byte),Has Archive,Report Period";
  const withMailbox = reported(persons).filter(
    (person) => licensedWorkloads(person).has("Exchange") || person.mailboxBytes !== undefined,
  );
  const rows = withMailbox.map((person) => {
    const { upn, mailboxBytes } = person;
    const size = mailboxQuotaGb(person);
    const used = mailboxBytes ?? integer(`mailbox ${upn}`, 12_000_000, Math.floor(size * 0.2 * gb));
    const items = used === 0 ? 0 : Math.ceil(used / integer(`item size ${upn}`, 60_000, 140_000));
    const deleted = Math.floor(items / integer(`deleted ${upn}`, 8, 30));
    const hasArchive = size === 100 && integer(`archive ${upn}`, 0, 5) === 0;
    return [
      refreshDate,
      reportUpn(person),
      person.displayName,
      false,
      "",
      person.created,
      usage(person).Exchange,
      items,
      used,
      ...quotas(size),
      deleted,
      deleted * 41_337,
      30 * gb,
      hasArchive,
      period,
    ];
  });
  const { upn, displayName, deletedDate, lastActivityDate } = deletedUser;
  const others = [
    [
      refreshDate,
      upn,
      displayName,
      true,
      deletedDate,
      "2019-02-11",
      lastActivityDate,
      18_204,
      3_758_096_384,
      ...quotas(100),
      912,
      37_699_344,
      30 * gb,
      false,
      period,
    ],
    [
      refreshDate,
      `fleet.requests@${tenant.domain}`,
      "Fleet requests",
      false,
      "",
      "2020-09-01",
      "2026-10-28",
      5_120,
      402_653_184,
      ...quotas(50),
      77,
      3_182_949,
      30 * gb,
      false,
      period,
    ],
  ];
  return { header, rows: isWhole(persons) ? [...rows, ...others] : rows };
}

/** @param {string} upn */
const siteOf = (upn) =>
  `https://contoso-my.sharepoint.example/personal/${upn.toLowerCase().replaceAll(/[^a-z0-9]/g, "_")}`;

/** One row per OneDrive account. @param {readonly Person[]} persons @returns {Report} */
export function oneDriveUsageAccountDetail(persons) {
  const header =
    "Report Refresh Date,Site URL,Owner Display Name,Is Deleted,Last Activity Date,File Count,Active File Count,Storage Used (Byte),Storage Allocated (Byte),Owner Principal Name,Report Period";
  const withDrive = reported(persons).filter(
    (person) => usage(person).OneDrive !== "" || person.driveBytes !== undefined,
  );
  const rows = withDrive.flatMap((person) => {
    const { upn, displayName, driveBytes } = person;
    const used = driveBytes ?? integer(`drive ${upn}`, 1_500_000, 40 * gb);
    const files = used === 0 ? 0 : Math.ceil(used / integer(`file size ${upn}`, 900_000, 4_000_000));
    const allocated = used > 1024 * gb ? 5120 * gb : 1024 * gb;
    const row = [
      refreshDate,
      siteOf(upn),
      displayName,
      false,
      usage(person).OneDrive,
      files,
      Math.floor(files / 7),
      used,
      allocated,
      reportUpn(person),
      period,
    ];
    const old = [
      refreshDate,
      `${siteOf(upn)}1`,
      displayName,
      true,
      "2026-06-02",
      240,
      0,
      812_646_400,
      1024 * gb,
      reportUpn(person),
      period,
    ];
    return person.hasOldDrive ? [old, row] : [row];
  });
  const { upn, displayName, lastActivityDate } = deletedUser;
  const gone = [
    refreshDate,
    siteOf(upn),
    displayName,
    true,
    lastActivityDate,
    1_902,
    12,
    6_442_450_944,
    1024 * gb,
    upn,
    period,
  ];
  return { header, rows: isWhole(persons) ? [...rows, gone] : rows };
}
