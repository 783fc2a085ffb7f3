// The JSON files as Microsoft Graph would return them.
import { guid, integer, pick, timeOn, withFraction } from "./deterministic.js";
import { assignedLicenses, assignedPlans, held, licenseAssignmentStates } from "./licenses.js";
import { people } from "./people.js";
import { signInActivity, signIns } from "./sign-ins.js";
import { exportDate, findPlan, graphRoot, secondAccount, skus, tenant } from "./tenant.js";

/** @typedef {import("./people.js").Person} Person */
/** @typedef {import("./tenant.js").Sku} Sku */

/** A page as Graph Explorer saves it. @param {string} context @param {readonly object[]} value @param {string} [nextLink] */
export function page(context, value, nextLink) {
  const links = nextLink === undefined ? {} : { "@odata.nextLink": nextLink };
  return `${JSON.stringify({ "@odata.context": `${graphRoot}/$metadata#${context}`, ...links, value }, null, 2)}\n`;
}

const userProperties =
  "id,userPrincipalName,displayName,givenName,surname,mail,accountEnabled,userType,createdDateTime,country,department,usageLocation,assignedLicenses,assignedPlans,licenseAssignmentStates,signInActivity";

const usageLocations = new Map(
  Object.entries({
    Czechia: "CZ",
    Finland: "FI",
    France: "FR",
    Germany: "DE",
    Italy: "IT",
    Japan: "JP",
    Netherlands: "NL",
    Norway: "NO",
    Poland: "PL",
    Portugal: "PT",
    Spain: "ES",
    Türkiye: "TR",
  }),
);

/** @param {Person} person */
export const user = (person) => ({
  id: person.id,
  userPrincipalName: person.upn,
  displayName: person.displayName,
  givenName: person.givenName,
  surname: person.surname,
  mail: person.mail,
  accountEnabled: person.enabled,
  userType: person.userType,
  createdDateTime: timeOn(`created ${person.upn}`, person.created),
  country: person.country,
  department: person.department,
  usageLocation: person.licenses.length === 0 ? null : (usageLocations.get(person.country ?? "") ?? "US"),
  assignedLicenses: assignedLicenses(person),
  assignedPlans: assignedPlans(person),
  licenseAssignmentStates: licenseAssignmentStates(person),
  signInActivity: signInActivity(person),
});

/** A page of users; with `nextPage` it points at the next one. @param {readonly Person[]} persons @param {number} [nextPage] */
export function usersPage(persons, nextPage) {
  const token = nextPage === undefined ? "" : guid(`skip token ${nextPage}`).replaceAll("-", "");
  const nextLink = `${graphRoot}/users?$select=${userProperties}&$top=25&$skiptoken=RFNwdAIAAQAAAC${token}`;
  return page(`users(${userProperties})`, persons.map(user), nextPage === undefined ? undefined : nextLink);
}

const pageSize = 25;

/** All users in pages of 25. */
export function usersPages() {
  const count = Math.ceil(people.length / pageSize);
  return Array.from({ length: count }, (_, index) =>
    usersPage(
      people.slice(index * pageSize, (index + 1) * pageSize),
      index + 1 < count ? index + 2 : undefined,
    ),
  );
}

/** @param {Sku} sku @param {{ id: string, name: string }} account @param {{ enabled: number, consumed: number }} units */
function subscribedSku(sku, account, { enabled, consumed }) {
  const { skuId, partNumber, appliesTo = "User", status = "Enabled", warning = 0, suspended = 0 } = sku;
  return {
    accountName: account.name,
    accountId: account.id,
    appliesTo,
    capabilityStatus: status,
    consumedUnits: consumed,
    id: `${account.id}_${skuId}`,
    skuId,
    skuPartNumber: partNumber,
    subscriptionIds: [guid(`subscription ${account.id} ${skuId}`)],
    prepaidUnits: { enabled, suspended, warning, lockedOut: 0 },
    servicePlans: sku.plans.split(" ").map((name) => ({
      servicePlanId: findPlan(name).id,
      servicePlanName: name,
      provisioningStatus: status === "Suspended" ? "Disabled" : "Success",
      appliesTo: appliesTo === "Company" || name === "EXCHANGE_S_FOUNDATION" ? "Company" : "User",
    })),
  };
}

/** @param {string} name @param {Person} person */
const isHeld = (name, person) => held(person).some(({ skuName }) => skuName === name);

/** The SKUs of the whole tenant, or of an excerpt that counts only its own people. @param {readonly Person[]} [excerpt] */
export function subscribedSkusPage(excerpt) {
  const objects = Object.entries(skus).flatMap(([name, sku]) => {
    const users = (excerpt ?? people).filter((person) => isHeld(name, person)).length;
    if (excerpt)
      return users === 0 ? [] : [subscribedSku(sku, tenant, { enabled: sku.enabled, consumed: users })];
    const consumed = users + (sku.extraConsumed ?? 0) - (sku.second?.consumed ?? 0);
    return [
      subscribedSku(sku, tenant, { enabled: sku.enabled, consumed }),
      ...(sku.second ? [subscribedSku(sku, secondAccount, sku.second)] : []),
    ];
  });
  return page("subscribedSkus", objects);
}

const strongMethods = [
  ["microsoftAuthenticatorPush", "softwareOneTimePasscode"],
  ["mobilePhone", "microsoftAuthenticatorPush"],
  ["fido2SecurityKey", "microsoftAuthenticatorPush"],
  ["windowsHelloForBusiness", "passKeyDeviceBound"],
];

/** @param {Person} person */
function methodsOf({ upn, mfa }) {
  if (mfa === "enabled") return pick(`methods ${upn}`, strongMethods);
  if (mfa === "nonCompliant") return ["mobilePhone"];
  return mfa === "capableOnly" ? ["temporaryAccessPass"] : pick(`methods ${upn}`, [[], ["email"]]);
}

/** @param {Person} person */
export function registrationDetails(person) {
  const methodsRegistered = methodsOf(person);
  const isPasswordless = methodsRegistered.some((method) => /^(fido2|windowsHello|passKey)/.test(method));
  const isMfaCapable = person.mfa === "enabled" || person.mfa === "capableOnly";
  const preferred = methodsRegistered.includes("microsoftAuthenticatorPush")
    ? "push"
    : methodsRegistered.includes("mobilePhone")
      ? "sms"
      : "";
  const updated = timeOn(
    `registration ${person.upn}`,
    integer(`registration day ${person.upn}`, 0, 4) === 0 ? "2026-10-31" : exportDate,
    [1, 5],
  );
  return {
    id: person.id,
    userPrincipalName: person.upn,
    userDisplayName: person.displayName,
    userType: person.userType === "Guest" ? "guest" : "member",
    isAdmin: person.isAdmin,
    isSsprRegistered: methodsRegistered.length > 0,
    isSsprEnabled: person.userType !== "Guest",
    isSsprCapable: methodsRegistered.length > 0 && person.userType !== "Guest",
    isMfaRegistered: person.mfa === "enabled" || person.mfa === "nonCompliant",
    isMfaCapable,
    isPasswordlessCapable: isMfaCapable && isPasswordless,
    methodsRegistered,
    isSystemPreferredAuthenticationMethodEnabled: true,
    systemPreferredAuthenticationMethods: preferred === "push" ? ["push"] : [],
    userPreferredMethodForSecondaryAuthentication: preferred,
    lastUpdatedDateTime: withFraction(`registration ${person.upn}`, updated),
  };
}

export const registrationPage = () =>
  page(
    "reports/authenticationMethods/userRegistrationDetails",
    people.filter(({ mfa }) => mfa !== "missing").map(registrationDetails),
  );

/** One event a line, as the log is long. */
export function signInsPage() {
  const lines = signIns.map((signIn) => `    ${JSON.stringify(signIn)}`);
  return `{\n  "@odata.context": "${graphRoot}/$metadata#auditLogs/signIns",\n  "value": [\n${lines.join(",\n")}\n  ]\n}\n`;
}

/** @param {string} name */
const tenantPlan = (name) => ({
  assignedDateTime: "2023-05-02T07:41:18Z",
  capabilityStatus: "Enabled",
  service: findPlan(name).service,
  servicePlanId: findPlan(name).id,
});

/** @param {string} name @param {boolean} isInitial */
const verifiedDomain = (name, isInitial) => ({
  capabilities: "Email, OfficeCommunicationsOnline",
  isDefault: !isInitial,
  isInitial,
  name,
  type: "Managed",
});

export function organizationPage() {
  const organization = {
    id: tenant.id,
    deletedDateTime: null,
    displayName: tenant.name,
    countryLetterCode: "US",
    createdDateTime: tenant.createdDateTime,
    tenantType: "AAD",
    preferredLanguage: "en",
    onPremisesSyncEnabled: null,
    verifiedDomains: [verifiedDomain(tenant.domain, false), verifiedDomain(tenant.initialDomain, true)],
    assignedPlans: ["EXCHANGE_S_ENTERPRISE", "SHAREPOINTENTERPRISE", "TEAMS1", "AAD_PREMIUM"].map(tenantPlan),
    provisionedPlans: [{ capabilityStatus: "Enabled", provisioningStatus: "Success", service: "exchange" }],
  };
  return page("organization", [organization]);
}
