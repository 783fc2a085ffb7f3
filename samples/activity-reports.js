// The usage reports on single workloads: their dates are those of the active users report.
import { integer } from "./deterministic.js";
import { held, licensedWorkloads } from "./licenses.js";
import { people } from "./people.js";
import { period, reported, reportUpn, usage } from "./reports.js";
import { deletedUser } from "./sign-ins.js";
import { refreshDate, tenant } from "./tenant.js";

/** @typedef {import("./people.js").Person} Person */
/** @typedef {import("./licenses.js").Workload} Workload */
/** @typedef {import("./reports.js").Report} Report */
/** @typedef {import("./reports.js").Row} Row */

/** @param {Workload} workload */
const usersOf = (workload) => reported(people).filter((person) => licensedWorkloads(person).has(workload));

/** @param {Person} person */
const products = (person) =>
  held(person)
    .map(({ sku }) => sku.product)
    .join("+");

/** Counts of what somebody did in the period; 0 without any use. @param {string} key @param {string} lastUsed @param {readonly number[]} most */
const counts = (key, lastUsed, most) =>
  most.map((high, index) => (lastUsed === "" ? 0 : integer(`count ${key} ${index}`, 0, high)));

const fileColumns =
  "Viewed Or Edited File Count,Synced File Count,Shared Internally File Count,Shared Externally File Count";

/** @returns {Report} */
export function oneDriveActivityUserDetail() {
  const header = `Report Refresh Date,User Principal Name,Is Deleted,Deleted Date,Last Activity Date,${fileColumns},Assigned Products,Report Period`;
  const rows = usersOf("OneDrive").map((person) => {
    const last = usage(person).OneDrive;
    const files = counts(`drive ${person.upn}`, last, [420, 900, 30, 4]);
    return [refreshDate, reportUpn(person), false, "", last, ...files, products(person), period];
  });
  return { header, rows };
}

/** @returns {Report} */
export function sharePointActivityUserDetail() {
  const header = `Report Refresh Date,User Principal Name,Is Deleted,Deleted Date,Last Activity Date,${fileColumns},Visited Page Count,Assigned Products,Report Period`;
  const rows = usersOf("SharePoint").map((person) => {
    const last = usage(person).SharePoint;
    const files = counts(`sites ${person.upn}`, last, [260, 120, 20, 2, 600]);
    return [refreshDate, reportUpn(person), false, "", last, ...files, products(person), period];
  });
  return { header, rows };
}

/** @returns {Report} */
export function emailActivityUserDetail() {
  const header =
    "Report Refresh Date,User Principal Name,Display Name,Is Deleted,Deleted Date,Last Activity Date,Send Count,Receive Count,Read Count,Meeting Created Count,Meeting Interacted Count,Assigned Products,Report Period";
  const rows = usersOf("Exchange").map((person) => {
    const last = usage(person).Exchange;
    const messages = counts(`mail ${person.upn}`, last, [1800, 9000, 7000, 60, 240]);
    return [
      refreshDate,
      reportUpn(person),
      person.displayName,
      false,
      "",
      last,
      ...messages,
      products(person),
      period,
    ];
  });
  const { upn, displayName, deletedDate, lastActivityDate } = deletedUser;
  const gone = [
    refreshDate,
    upn,
    displayName,
    true,
    deletedDate,
    lastActivityDate,
    211,
    4120,
    3007,
    4,
    31,
    "",
    period,
  ];
  return { header, rows: [...rows, gone] };
}

/** Minutes and seconds as the report writes them, and in seconds. @param {readonly number[]} minutes */
const durations = (minutes) => [
  ...minutes.map((count) => (count === 0 ? "PT0S" : `PT${count}M`)),
  ...minutes.map((count) => count * 60),
];

/** @returns {Report} */
export function teamsUserActivityUserDetail() {
  const header =
    "Report Refresh Date,User Id,User Principal Name,Last Activity Date,Is Deleted,Deleted Date,Assigned Products,Team Chat Message Count,Private Chat Message Count,Call Count,Meeting Count,Meetings Organized Count,Meetings Attended Count,Ad Hoc Meetings Organized Count,Ad Hoc Meetings Attended Count,Scheduled One-time Meetings Organized Count,Scheduled One-time Meetings Attended Count,Scheduled Recurring Meetings Organized Count,Scheduled Recurring Meetings Attended Count,Audio Duration,Video Duration,Screen Share Duration,Audio Duration In Seconds,Video Duration In Seconds,Screen Share Duration In Seconds,Has Other Action,Urgent Messages,Post Messages,Tenant Display Name,Shared Channel Tenant Display Names,Reply Messages,Is Licensed,Report Period";
  /** @param {{ id: string, upn: string }} user @param {string} last @param {readonly (string | boolean)[]} about */
  const row = ({ id, upn }, last, [isDeleted = false, deletedDate = "", assigned = ""]) => [
    refreshDate,
    id,
    upn,
    last,
    isDeleted,
    deletedDate,
    assigned,
    ...counts(`teams ${id}`, last, [300, 2400, 90, 160, 20, 140, 5, 20, 8, 60, 7, 60]),
    ...durations(counts(`minutes ${id}`, last, [2400, 700, 300])),
    "No",
    ...counts(`urgent ${id}`, last, [3, 70]),
    tenant.name.toUpperCase(),
    "",
    ...counts(`replies ${id}`, last, [110]),
    isDeleted === true ? "No" : "Yes",
    period,
  ];
  const rows = usersOf("Teams").map((person) =>
    row({ id: person.id, upn: reportUpn(person) }, usage(person).Teams, [false, "", products(person)]),
  );
  return { header, rows: [...rows, row(deletedUser, "2026-10-12", [true, deletedUser.deletedDate])] };
}

/** @returns {Report} */
export function yammerActivityUserDetail() {
  const header =
    "Report Refresh Date,User Principal Name,Display Name,User State,State Change Date,Last Activity Date,Posted Count,Read Count,Liked Count,Assigned Products,Report Period";
  const rows = usersOf("Yammer").map((person) => {
    const last = usage(person).Yammer;
    const state = last === "" ? ["", ""] : ["active", person.licensed];
    const messages = counts(`yammer ${person.upn}`, last, [12, 300, 40]);
    return [
      refreshDate,
      reportUpn(person),
      person.displayName,
      ...state,
      last,
      ...messages,
      products(person),
      period,
    ];
  });
  const { upn, displayName, deletedDate } = deletedUser;
  const gone = [refreshDate, upn, displayName, "deleted", deletedDate, "2026-09-30", 1, 12, 0, "", period];
  return { header, rows: [...rows, gone] };
}

/** @returns {Report} */
export function yammerDeviceUsageUserDetail() {
  const header =
    "Report Refresh Date,User Principal Name,Display Name,User State,State Change Date,Last Activity Date,Used Web,Used Windows Phone,Used Android Phone,Used iPhone,Used iPad,Used Others,Report Period";
  const rows = usersOf("Yammer")
    .filter((person) => usage(person).Yammer !== "")
    .map((person) => {
      const isOnPhone = integer(`yammer phone ${person.upn}`, 0, 2) === 0;
      return [
        refreshDate,
        reportUpn(person),
        person.displayName,
        "active",
        person.licensed,
        usage(person).Yammer,
        isOnPhone ? "No" : "Yes",
        "No",
        "No",
        isOnPhone ? "Yes" : "No",
        "No",
        "No",
        period,
      ];
    });
  return { header, rows };
}

/** Skype for Business ended: its last uses lie before the period, so every count is 0. @returns {Report} */
export function skypeForBusinessActivityUserDetail() {
  const header =
    "Report Refresh Date,User Principal Name,Is Deleted,Deleted Date,Last Activity Date,Total Peer-to-peer Session Count,Total Organized Conference Count,Total Participated Conference Count,Peer-to-peer Last Activity Date,Organized Conference Last Activity Date,Participated Conference Last Activity Date,Peer-to-peer IM Count,Peer-to-peer Audio Count,Peer-to-peer Audio Minutes,Peer-to-peer Video Count,Peer-to-peer Video Minutes,Peer-to-peer App Sharing Count,Peer-to-peer File Transfer Count,Organized Conference IM Count,Organized Conference Audio/Video Count,Organized Conference Audio/Video Minutes,Organized Conference App Sharing Count,Organized Conference Web Count,Organized Conference Dial-in/out 3rd Party Count,Organized Conference Dial-in/out Microsoft Count,Organized Conference Dial-in Microsoft Minutes,Organized Conference Dial-out Microsoft Minutes,Participated Conference IM Count,Participated Conference Audio/Video Count,Participated Conference Audio/Video Minutes,Participated Conference App Sharing Count,Participated Conference Web Count,Participated Conference Dial-in/out 3rd Party Count,Assigned Products,Report Period";
  const zeros = (/** @type {number} */ count) => Array.from({ length: count }, () => 0);
  const rows = usersOf("Skype For Business").map((person) => {
    const last = usage(person)["Skype For Business"];
    return [
      refreshDate,
      reportUpn(person),
      false,
      "",
      last,
      ...zeros(3),
      last,
      "",
      "",
      ...zeros(22),
      products(person),
      period,
    ];
  });
  return { header, rows };
}
