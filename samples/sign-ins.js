// The sign-in log of the last 30 days, and what each user's signInActivity makes of it.
import { daysBefore, guid, integer, pick, timeOn, withFraction } from "./deterministic.js";
import { people } from "./people.js";
import { exportDate, firstLogDate, refreshDate, tenant } from "./tenant.js";

/** @typedef {import("./people.js").Person} Person */
/** @typedef {Pick<Person, "id" | "upn" | "displayName" | "country">} Actor */
/** @typedef {{ id: string, name: string | null, resource: string, resourceId: string }} App */

const graph = { resource: "Microsoft Graph", resourceId: "00000003-0000-0000-c000-000000000000" };
const exchange = {
  resource: "Office 365 Exchange Online",
  resourceId: "00000002-0000-0ff1-ce00-000000000000",
};
const sharePoint = {
  resource: "Office 365 SharePoint Online",
  resourceId: "00000003-0000-0ff1-ce00-000000000000",
};

/** @type {readonly App[]} */
const apps = [
  { id: "1fec8e78-bce4-4aaf-ab1b-5451cc387264", name: "Microsoft Teams", ...graph },
  { id: "1fec8e78-bce4-4aaf-ab1b-5451cc387264", name: "Microsoft Teams", ...graph },
  { id: "9199bf20-a13f-4107-85dc-02114787ef48", name: "One Outlook Web", ...exchange },
  { id: "d3590ed6-52b3-4102-aeff-aad2292ab01c", name: "Microsoft Office", ...exchange },
  { id: "4765445b-32c6-49b0-83e6-1d93765276ca", name: "OfficeHome", ...graph },
  { id: "00000003-0000-0ff1-ce00-000000000000", name: "Office 365 SharePoint Online", ...sharePoint },
  { id: "ab9b8c07-8f02-4f72-87fa-80105867a763", name: "OneDrive SyncEngine", ...sharePoint },
  { id: guid("app permits"), name: "Contoso Permits, Plans & Licences", ...graph },
];
/** A business application that was renamed in the middle of the log. @param {string} date @returns {App} */
const timesheet = (date) => ({
  id: guid("app timesheet"),
  name: date < "2026-10-16" ? "Contoso Timesheet" : "Contoso Timesheets (new)",
  ...graph,
});
/** An application without a name, as deleted ones are. @type {App} */
const unnamed = { id: guid("app unnamed"), name: null, ...graph };
const azurePortal = {
  id: "c44b4083-3bb0-49c1-b47d-974e53cbdf3c",
  name: "Azure Portal",
  resource: "Azure Resource Manager",
  resourceId: "797f4846-ba00-4fd7-ba43-dac1f8f63013",
};

/** @type {Readonly<Record<number, string>>} */
const reasons = {
  0: "Other.",
  50034: "The user account does not exist in the directory.",
  50074: "Strong Authentication is required.",
  50126: "Error validating credentials due to invalid username or password.",
  50140: "This occurred due to 'Keep me signed in' interrupt when the user was signing-in.",
};

const clients = /** @type {const} */ ([
  ["Browser", "Windows 10", "Edge 141.0.0"],
  ["Mobile Apps and Desktop clients", "Windows 10", ""],
  ["Browser", "MacOs", "Safari 26.0"],
  ["Mobile Apps and Desktop clients", "Ios 26.0", "Mobile Safari"],
]);

/**
 * One event as Graph returns it, with properties that the tool does not store.
 * @param {Actor} actor
 * @param {App} app
 * @param {string} time to the second
 * @param {{ errorCode?: number, isInteractive?: boolean }} [outcome]
 */
function event(actor, app, time, { errorCode = 0, isInteractive = true } = {}) {
  const key = `sign-in ${actor.upn} ${time} ${errorCode}`;
  const [clientAppUsed, operatingSystem, browser] = pick(`client ${actor.upn}`, clients);
  const place =
    actor.country === "Germany" ? ["Bonn", "Nordrhein-Westfalen", "DE"] : ["Arlington", "Virginia", "US"];
  return {
    id: guid(key),
    createdDateTime: withFraction(key, time),
    userDisplayName: actor.displayName,
    userPrincipalName: actor.upn.toLowerCase(),
    userId: actor.id,
    appId: app.id,
    appDisplayName: app.name,
    ipAddress: `203.0.113.${integer(`address ${actor.upn}`, 1, 254)}`,
    clientAppUsed,
    correlationId: guid(`correlation ${key}`),
    conditionalAccessStatus: errorCode === 0 ? "success" : errorCode === 50074 ? "failure" : "notApplied",
    isInteractive,
    riskDetail: "none",
    riskLevelAggregated: "none",
    riskLevelDuringSignIn: "none",
    riskState: "none",
    riskEventTypes: [],
    resourceDisplayName: app.resource,
    resourceId: app.resourceId,
    status: { errorCode, failureReason: reasons[errorCode] ?? null, additionalDetails: null },
    deviceDetail: {
      deviceId: "",
      displayName: null,
      operatingSystem,
      browser,
      isCompliant: null,
      isManaged: null,
      trustType: null,
    },
    location: {
      city: place[0],
      state: place[1],
      countryOrRegion: place[2],
      geoCoordinates: { altitude: null, latitude: null, longitude: null },
    },
    appliedConditionalAccessPolicies: [],
  };
}

/** @typedef {ReturnType<typeof event>} SignIn */

/** A working day of the log on or beside that day. @param {string} date */
function workingDay(date) {
  const weekday = new Date(date).getUTCDay();
  if (weekday !== 0 && weekday !== 6) return date;
  const friday = daysBefore(date, weekday === 6 ? 1 : 2);
  return friday < firstLogDate ? daysBefore(date, weekday === 6 ? -2 : -1) : friday;
}

/** What that person opens on that day. @param {Person} person @param {number} index @param {string} date @returns {App} */
function appOf(person, index, date) {
  if (person.isAdmin && index % 3 === 0) return azurePortal;
  const chance = integer(`business ${person.upn} ${index}`, 0, 24);
  if (chance < 3) return timesheet(date);
  return chance === 3 ? unnamed : pick(`app ${person.upn} ${index}`, apps);
}

/** The interruption or mistyped password that comes before some sign-ins; 0 for none. @param {string} key */
function errorBefore(key) {
  const chance = integer(`error ${key}`, 0, 29);
  if (chance < 2) return 50074;
  if (chance === 2) return 50140;
  return chance === 3 ? 50126 : 0;
}

/** The log of somebody at work; some have stayed signed in since. @param {Person} person */
function regularSignIns(person) {
  const isOnShift = person.licenses.some((words) => words.startsWith("F3"));
  const count = integer(`count ${person.upn}`, 6, 10);
  const newest = isOnShift ? 0 : pick(`newest ${person.upn}`, [0, 0, 7, 12]);
  const step = (30 - newest) / count;
  return Array.from({ length: count }, (_, index) => {
    const key = `${person.upn} ${index}`;
    const age = newest + Math.floor(index * step) + integer(`day ${key}`, 0, Math.floor(step) - 1);
    const date = isOnShift ? daysBefore(exportDate, age) : workingDay(daysBefore(exportDate, age));
    const time = timeOn(key, date, isOnShift ? [1, date === exportDate ? 9 : 23] : [6, 17]);
    const app = appOf(person, index, date);
    const errorCode = errorBefore(key);
    const before = errorCode === 0 ? [] : [event(person, app, secondsLater(time, -21), { errorCode })];
    return [...before, event(person, app, time)];
  }).flat();
}

/** @param {string} time @param {number} seconds */
const secondsLater = (time, seconds) =>
  new Date(Date.parse(time) + seconds * 1000).toISOString().replace(".000Z", "Z");

/** @param {Person} person @returns {SignIn[]} */
function signInsOf(person) {
  switch (person.signIns) {
    case "regular":
      return regularSignIns(person);
    case "business app":
      return ["2026-10-06", "2026-10-20", "2026-10-27"].map((date) =>
        event(person, timesheet(date), timeOn(`${person.upn} ${date}`, date)),
      );
    case "failing":
      return ["2026-10-09", "2026-10-16", "2026-10-23", "2026-10-29"].map((date) =>
        event(person, timesheet(date), timeOn(`${person.upn} ${date}`, date), { errorCode: 50126 }),
      );
    case "background":
      return ["2026-10-05", "2026-10-13", "2026-10-22", "2026-10-30"].map((date) =>
        event(
          person,
          { id: guid("app agent"), name: "Contoso Device Agent", ...graph },
          timeOn(`${person.upn} ${date}`, date),
          { isInteractive: false },
        ),
      );
    default:
      return [];
  }
}

/** Somebody whose account is gone: its rows stay in the reports and in the log, its UPN is nobody's. */
export const deletedUser = {
  id: guid("user carl.bergstrom"),
  upn: `carl.bergstrom@${tenant.domain}`,
  displayName: "Carl Bergström",
  country: "Germany",
  deletedDate: "2026-10-14",
  lastActivityDate: "2026-10-13",
};

/** A sign-in name that the directory does not know. */
const nobody = {
  id: "00000000-0000-0000-0000-000000000000",
  upn: `svc-printer@${tenant.domain}`,
  displayName: "",
  country: null,
};

const eventsByUser = new Map(people.map((person) => [person.upn, signInsOf(person)]));

/** All events, newest first. */
export const signIns = [
  ...[...eventsByUser.values()].flat(),
  ...["2026-10-05", "2026-10-08", "2026-10-13"].map((date) =>
    event(deletedUser, azurePortal, timeOn(`deleted ${date}`, date)),
  ),
  ...["2026-10-03", "2026-10-25"].map((date) =>
    event(nobody, azurePortal, timeOn(`nobody ${date}`, date), { errorCode: 50034 }),
  ),
].toSorted((left, right) => (left.createdDateTime < right.createdDateTime ? 1 : -1));

const never = "0001-01-01T00:00:00Z";

/** @param {string} key @param {(string | null)[]} times interactive, non-interactive, successful */
function activity(key, [interactive = null, background = null, successful = null]) {
  const request = (/** @type {string} */ what, /** @type {string | null} */ time) =>
    time === null || time === never ? "" : guid(`${key} ${what} ${time}`);
  return {
    lastSignInDateTime: interactive,
    lastSignInRequestId: request("interactive", interactive),
    lastNonInteractiveSignInDateTime: background,
    lastNonInteractiveSignInRequestId: request("background", background),
    lastSuccessfulSignInDateTime: successful,
    lastSuccessfulSignInRequestId: request("successful", successful),
  };
}

/** The user's signInActivity; undefined where Graph leaves it out. @param {Person} person */
export function signInActivity(person) {
  const { upn } = person;
  const newest = (eventsByUser.get(upn) ?? [])
    .map(({ createdDateTime }) => `${createdDateTime.slice(0, 19)}Z`)
    .toSorted()
    .at(-1);
  switch (person.signIns) {
    case "never":
      return undefined;
    case "zero":
      return activity(upn, [never, never, never]);
    case "background":
      return activity(upn, [null, newest ?? null, newest ?? null]);
    case "failing": {
      const success = timeOn(`${upn} success`, daysBefore(refreshDate, person.lastUsed ?? 0));
      return activity(upn, [newest ?? null, secondsLater(success, 3600), secondsLater(success, 3600)]);
    }
    case "expired device": {
      const success = timeOn(`${upn} success`, daysBefore(refreshDate, person.lastUsed ?? 0));
      return activity(upn, [success, timeOn(`${upn} device`, "2026-10-31"), success]);
    }
    default: {
      const last = newest ?? timeOn(`${upn} last`, person.signIns);
      const background = secondsLater(last, integer(`background ${upn}`, 60, 7200));
      return activity(upn, [last, background, background]);
    }
  }
}
