// Writes samples/contoso, contoso-portal, contoso-concealed and damaged anew: always the same bytes, on every machine.
import { mkdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  emailActivityUserDetail,
  oneDriveActivityUserDetail,
  sharePointActivityUserDetail,
  skypeForBusinessActivityUserDetail,
  teamsUserActivityUserDetail,
  yammerActivityUserDetail,
  yammerDeviceUsageUserDetail,
} from "./activity-reports.js";
import { damagedFiles } from "./damaged.js";
import {
  organizationPage,
  registrationPage,
  signInsPage,
  subscribedSkusPage,
  usersPage,
  usersPages,
} from "./graph.js";
import { domainsPage, groupsPage, mailboxes, reclaimPolicy, skuPrices, subscriptionsPage } from "./lists.js";
import { people } from "./people.js";
import {
  adminUsers,
  credentialRegistrationPage,
  entraUsers,
  firstDay,
  interactiveSignIns,
  licenseProducts,
  registrationList,
} from "./portal.js";
import {
  activeUserDetail,
  concealed,
  mailboxUsageDetail,
  oneDriveUsageAccountDetail,
  toCsv,
} from "./reports.js";
import { exportDate } from "./tenant.js";
import {
  activationsPage,
  copilotPage,
  emailAppUsageUserDetail,
  m365AppUserDetail,
  sharePointSiteUsageDetail,
  teamsDeviceUsageUserDetail,
} from "./usage-reports.js";

const samples = dirname(fileURLToPath(import.meta.url));
/** When the files were carried over: a day after the export. */
const modified = new Date("2026-11-02T08:00:00Z");

/** @param {string} folder @param {Record<string, string>} files contents by path in the folder */
function writeFolder(folder, files) {
  rmSync(join(samples, folder), { recursive: true, force: true });
  for (const [name, text] of Object.entries(files)) {
    const path = join(samples, folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    utimesSync(path, modified, modified);
  }
}

const pages = usersPages().map((text, index) => [`users/users-${index + 1}.json`, text]);

/** The reports beside the three that every answer needs. */
const reports = {
  EmailActivityUserDetail: emailActivityUserDetail(),
  EmailAppUsageUserDetail: emailAppUsageUserDetail(),
  M365AppUserDetail: m365AppUserDetail(),
  OneDriveActivityUserDetail: oneDriveActivityUserDetail(),
  SharePointActivityUserDetail: sharePointActivityUserDetail(),
  SharePointSiteUsageDetail: sharePointSiteUsageDetail(),
  SkypeForBusinessActivityUserDetail: skypeForBusinessActivityUserDetail(),
  TeamsDeviceUsageUserDetail: teamsDeviceUsageUserDetail(),
  TeamsUserActivityUserDetail: teamsUserActivityUserDetail(),
  YammerActivityUserDetail: yammerActivityUserDetail(),
  YammerDeviceUsageUserDetail: yammerDeviceUsageUserDetail(),
};

writeFolder("contoso", {
  "organization.json": organizationPage(),
  "subscribedSkus.json": subscribedSkusPage(),
  ...Object.fromEntries(pages),
  "userRegistrationDetails.json": registrationPage(),
  "signIns.json": signInsPage(),
  "Office365ActiveUserDetail.csv": toCsv(activeUserDetail(people), { lineEnd: "\r\n" }),
  "MailboxUsageDetail.csv": toCsv(mailboxUsageDetail(people), { lineEnd: "\n" }),
  "OneDriveUsageAccountDetail.csv": toCsv(oneDriveUsageAccountDetail(people), { lineEnd: "\n" }),
  ...Object.fromEntries(
    Object.entries(reports).map(([name, report]) => [
      `reports/${name}.csv`,
      toCsv(report, { lineEnd: "\n" }),
    ]),
  ),
  "reports/Office365ActivationsUserDetail.json": activationsPage(),
  "reports/Microsoft365CopilotUsageUserDetail.json": copilotPage(),
  "subscriptions.json": subscriptionsPage(),
  "groups.json": groupsPage(),
  "domains.json": domainsPage(),
  "mailboxes.csv": toCsv(mailboxes(), { lineEnd: "\r\n" }),
  "lists/sku-prices.csv": toCsv(skuPrices(), { lineEnd: "\r\n" }),
  "lists/reclaim-policy.csv": toCsv(reclaimPolicy(), { lineEnd: "\r\n" }),
});

const windowsLines = { lineEnd: "\r\n" };

writeFolder("contoso-portal", {
  "lists/users_11_1_2026 8_15_42 AM.csv": toCsv(adminUsers(), windowsLines),
  "lists/Licenses.csv": toCsv(licenseProducts(), windowsLines),
  [`lists/InteractiveSignIns_${firstDay}_${exportDate}.csv`]: toCsv(interactiveSignIns(), windowsLines),
  "lists/UserRegistrationDetails.csv": toCsv(registrationList(), windowsLines),
  "lists/credentialUserRegistrationDetails.json": credentialRegistrationPage(),
  "entra-users/exportUsers_2026-11-1.csv": toCsv(entraUsers(), windowsLines),
});

const excerptNames = new Set([
  "zoe.bruckner",
  "marta.kessler",
  "etienne.delacroix",
  "lukasz.wisniewski",
  "helena.costa",
  "nadia.haddad",
  "robin.falk",
  "mina.park",
]);
const excerpt = people.filter(({ upn }) => excerptNames.has(upn.split("@")[0] ?? ""));

writeFolder("contoso-concealed", {
  "users.json": usersPage(excerpt),
  "subscribedSkus.json": subscribedSkusPage(excerpt),
  "Office365ActiveUserDetail.csv": toCsv(concealed(activeUserDetail(excerpt)), { lineEnd: "\r\n" }),
  "MailboxUsageDetail.csv": toCsv(concealed(mailboxUsageDetail(excerpt)), { lineEnd: "\n" }),
  "OneDriveUsageAccountDetail.csv": toCsv(concealed(oneDriveUsageAccountDetail(excerpt)), { lineEnd: "\n" }),
});

writeFolder("damaged", damagedFiles());
