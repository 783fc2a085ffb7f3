// The usage reports on sites, applications, devices and Copilot.
import { daysBefore, guid, integer, pick } from "./deterministic.js";
import { held, licensedWorkloads } from "./licenses.js";
import { people } from "./people.js";
import { period, reported, reportUpn, usage } from "./reports.js";
import { betaRoot, refreshDate, tenant } from "./tenant.js";

/** @typedef {import("./people.js").Person} Person */
/** @typedef {import("./reports.js").Report} Report */

const gb = 2 ** 30;
const yesNo = (/** @type {boolean} */ value) => (value ? "Yes" : "No");

/** @type {readonly (readonly [path: string, owner: string, template: string, daysSinceUse: number | null])[]} */
const sites = [
  ["", "Company Administrator", "Communication Site", 1],
  ["/sites/FireBrigade", "Fire Brigade Owners", "Group", 0],
  ["/sites/FieldOffices", "Field Offices Owners", "Group", 6],
  ["/sites/Permits", "Amara Okafor", "Team Site", 48],
  ["/sites/Archive2019", "Archive 2019 Owners", "Group", null],
];

/** @returns {Report} */
export function sharePointSiteUsageDetail() {
  const header =
    "Report Refresh Date,Site Id,Site URL,Owner Display Name,Is Deleted,Last Activity Date,File Count,Active File Count,Page View Count,Visited Page Count,Storage Used (Byte),Storage Allocated (Byte),Root Web Template,Owner Principal Name,Report Period";
  const rows = sites.map(([path, owner, template, days]) => {
    const used = days === null ? 0 : 1;
    const name = path.split("/").at(-1) ?? "";
    return [
      refreshDate,
      guid(`site ${path}`),
      `https://contoso.sharepoint.example${path}`,
      owner,
      false,
      days === null ? "" : daysBefore(refreshDate, days),
      integer(`site files ${path}`, 40, 9000),
      used * integer(`site active ${path}`, 2, 40),
      used * integer(`site views ${path}`, 20, 4000),
      used * integer(`site pages ${path}`, 5, 90),
      integer(`site bytes ${path}`, gb, 60 * gb),
      25_600 * gb,
      template,
      template === "Group" ? `${name}@${tenant.domain}` : "",
      period,
    ];
  });
  return { header, rows };
}

/** @returns {Report} */
export function emailAppUsageUserDetail() {
  const header =
    "Report Refresh Date,User Principal Name,Display Name,Is Deleted,Deleted Date,Last Activity Date,Mail For Mac,Outlook For Mac,Outlook For Windows,Outlook For Mobile,Other For Mobile,Outlook For Web,POP3 App,IMAP4 App,SMTP App,Report Period";
  const rows = reported(people)
    .filter((person) => usage(person).Exchange !== "")
    .map((person) => {
      const isOnMac = isMac(person);
      const hasApps = hasOffice(person);
      const isMobile = integer(`mobile ${person.upn}`, 0, 1) === 0;
      return [
        refreshDate,
        reportUpn(person),
        person.displayName,
        false,
        "",
        usage(person).Exchange,
        "",
        hasApps && isOnMac ? "ProPlus" : "",
        hasApps && !isOnMac ? "ProPlus" : "",
        isMobile ? "Undetermined" : "",
        "",
        hasApps && isMobile ? "" : "Undetermined",
        "",
        "",
        "",
        period,
      ];
    });
  return { header, rows };
}

/** @param {Person} person */
const isMac = ({ upn }) => integer(`mac ${upn}`, 0, 5) === 0;

/** @param {Person} person */
const hasOffice = (person) => held(person).some(({ sku }) => sku.plans.includes("OFFICESUBSCRIPTION"));

/** @returns {Report} */
export function teamsDeviceUsageUserDetail() {
  const header =
    "Report Refresh Date,User Id,User Principal Name,Last Activity Date,Is Deleted,Deleted Date,Used Web,Used Windows Phone,Used iOS,Used Mac,Used Android Phone,Used Windows,Used  Chrome OS,Used Linux,Is Licensed,Report Period";
  const rows = reported(people)
    .filter((person) => licensedWorkloads(person).has("Teams"))
    .map((person) => {
      const last = usage(person).Teams;
      const isUsed = last !== "";
      const device = pick(`teams device ${person.upn}`, ["iOS", "Android", "none"]);
      const isOnDesk = isUsed && hasOffice(person);
      return [
        refreshDate,
        person.id,
        reportUpn(person),
        last,
        false,
        "",
        yesNo(isUsed && !isOnDesk),
        "No",
        yesNo(isUsed && device === "iOS"),
        yesNo(isOnDesk && isMac(person)),
        yesNo(isUsed && device === "Android"),
        yesNo(isOnDesk && !isMac(person)),
        "No",
        "No",
        "Yes",
        period,
      ];
    });
  return { header, rows };
}

const apps = ["Outlook", "Word", "Excel", "PowerPoint", "OneNote", "Teams"];
const platforms = ["Windows", "Mac", "Mobile", "Web"];

/** @returns {Report} */
export function m365AppUserDetail() {
  const pairs = platforms.flatMap((platform) => apps.map((app) => ({ app, platform })));
  const header = [
    "Report Refresh Date,User Principal Name,Last Activation Date,Last Activity Date,Report Period",
    ...platforms,
    ...apps,
    ...pairs.map(({ app, platform }) => `${app} (${platform})`),
  ].join(",");
  const rows = reported(people)
    .filter(hasOffice)
    .map((person) => {
      const last = usage(person).Exchange;
      const isUsed = (/** @type {string} */ app, /** @type {string} */ platform) =>
        last !== "" &&
        platform !== (isMac(person) ? "Windows" : "Mac") &&
        integer(`${app} ${platform} ${person.upn}`, 0, 2) === 0;
      return [
        refreshDate,
        reportUpn(person),
        activated(person),
        last,
        period,
        ...platforms.map((platform) => apps.some((app) => isUsed(app, platform))),
        ...apps.map((app) => platforms.some((platform) => isUsed(app, platform))),
        ...pairs.map(({ app, platform }) => isUsed(app, platform)),
      ];
    });
  return { header, rows };
}

/** The day on which somebody activated the applications; "" for those who never used anything. @param {Person} person */
const activated = (person) => (person.lastUsed === null ? "" : daysBefore(person.licensed, -2));

/** A page of the beta report, which nests the products. */
export function activationsPage() {
  const value = reported(people)
    .filter(hasOffice)
    .map((person) => {
      const count = {
        productType: "MICROSOFT 365 APPS FOR ENTERPRISE",
        lastActivatedDate: activated(person) || null,
        windows: activated(person) !== "" && !isMac(person) ? 1 : 0,
        mac: activated(person) !== "" && isMac(person) ? 1 : 0,
        windows10Mobile: 0,
        ios: 0,
        android: 0,
        activatedOnSharedComputer: false,
      };
      const hasProject = held(person).some(({ skuName }) => skuName === "Project");
      const project = { ...count, productType: "Project Client" };
      return {
        reportRefreshDate: refreshDate,
        userPrincipalName: reportUpn(person),
        displayName: person.displayName,
        userActivationCounts: hasProject ? [count, project] : [count],
      };
    });
  const context = `${betaRoot}/$metadata#Collection(microsoft.graph.office365ActivationsUserDetail)`;
  return `${JSON.stringify({ "@odata.context": context, value }, null, 2)}\n`;
}

const copilotApps = ["microsoftTeams", "word", "excel", "powerPoint", "outlook", "oneNote", "loop"];

/** A page of the beta report: a few people try Copilot Chat, which needs no license. */
export function copilotPage() {
  const names = new Set(["amara.okafor", "zoe.bruckner", "ingrid.solheim", "nadia.haddad"]);
  const value = people
    .filter(({ upn }) => names.has(upn.split("@")[0] ?? ""))
    .map((person) => {
      const last = usage(person).Exchange || null;
      return {
        reportRefreshDate: refreshDate,
        userPrincipalName: person.upn,
        displayName: person.displayName,
        lastActivityDate: last,
        copilotChatLastActivityDate: last,
        ...Object.fromEntries(copilotApps.map((app) => [`${app}CopilotLastActivityDate`, null])),
        copilotActivityUserDetailsByPeriod: [{ reportPeriod: period }],
      };
    });
  const context = `${betaRoot}/reports/getMicrosoft365CopilotUsageUserDetail(period='D${period}')?$format=application/json`;
  return `${JSON.stringify({ "@odata.context": context, value }, null, 2)}\n`;
}
