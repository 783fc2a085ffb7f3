// The same tenant as the lists that people download from the portals.
import { readFileSync } from "node:fs";
import { guid, pick } from "./deterministic.js";
import { page, registrationDetails, user } from "./graph.js";
import { held } from "./licenses.js";
import { people } from "./people.js";
import { signIns } from "./sign-ins.js";
import { graphRoot, skus, tenant } from "./tenant.js";

/** @typedef {import("./people.js").Person} Person */
/** @typedef {import("./reports.js").Report} Report */
/** @typedef {import("./tenant.js").Sku} Sku */

const reference = readFileSync(new URL("../reference/sku_names.csv", import.meta.url), "utf8");
const names = new Map(
  reference.split(/\r?\n/).map((line) => {
    const [skuId = "", , ...name] = line.split(",");
    return [skuId, name.join(",").replaceAll('"', "")];
  }),
);

/** @param {Sku} sku */
const titleOf = ({ skuId, product }) => names.get(skuId) ?? product;

/** `8/19/2021 1:25:31 PM`, as Download users writes times, in UTC. @param {string} time */
function toUsTime(time) {
  const [, year, month, day, hours, rest] = /^(\d+)-(\d+)-(\d+)T(\d+):(\d+:\d+)/.exec(time) ?? [];
  const hour = Number(hours);
  return `${Number(month)}/${Number(day)}/${year} ${hour % 12 || 12}:${rest} ${hour < 12 ? "AM" : "PM"}`;
}

/** Microsoft Entra admin center > Users > Download users. @returns {Report} */
export function entraUsers() {
  const header =
    "userPrincipalName,displayName,surname,mail,givenName,id,userType,jobTitle,department,accountEnabled,usageLocation,streetAddress,state,country,officeLocation,city,postalCode,telephoneNumber,mobilePhone,alternateEmailAddress,ageGroup,consentProvidedForMinor,legalAgeGroupClassification,companyName,creationType,directorySynced,invitationState,identityIssuer,createdDateTime";
  const rows = people.map(user).map((record) => {
    /** @type {Readonly<Record<string, string | boolean | null>>} */
    const values = {
      ...record,
      assignedLicenses: null,
      assignedPlans: null,
      licenseAssignmentStates: null,
      signInActivity: null,
      createdDateTime: toUsTime(record.createdDateTime),
      creationType: record.userType === "Guest" ? "Invitation" : null,
      invitationState: record.userType === "Guest" ? "Accepted" : null,
      identityIssuer: tenant.initialDomain,
    };
    return header.split(",").map((name) => values[name] ?? "");
  });
  return { header, rows };
}

/** Microsoft 365 admin center > Active users > Export users. @returns {Report} */
export function adminUsers() {
  const header =
    "Display name,DirSyncEnabled,User principal name,Object Id,First name,Last name,When created,Soft deletion time stamp,Title,Department,Preferred data location,City,CountryOrRegion,Office,StateOrProvince,Usage location,Last dirsync time,Block credential,Licenses,Password never expires,Last password change time stamp,Mobile Phone,Phone number,Postal code,Preferred language,Street address,Fax,Proxy addresses";
  const rows = people.map((person) => {
    const record = user(person);
    /** @type {Readonly<Record<string, string | boolean | null>>} */
    const values = {
      "Display name": record.displayName,
      "User principal name": record.userPrincipalName,
      "Object Id": record.id,
      "First name": record.givenName,
      "Last name": record.surname,
      "When created": record.createdDateTime.replace("T", " "),
      Department: record.department,
      CountryOrRegion: record.country,
      "Usage location": record.usageLocation,
      "Block credential": !record.accountEnabled,
      Licenses:
        held(person)
          .map(({ sku }) => titleOf(sku))
          .join("+") || "Unlicensed",
      "Password never expires": false,
      "Proxy addresses": record.mail === null ? null : `SMTP:${record.mail}`,
    };
    return header.split(",").map((name) => values[name] ?? "");
  });
  return { header, rows };
}

/** Microsoft 365 admin center > Billing > Licenses > Export. @returns {Report} */
export function licenseProducts() {
  const rows = Object.entries(skus).map(([name, sku]) => {
    const users = people.filter((person) => held(person).some(({ skuName }) => skuName === name)).length;
    const total = sku.enabled + (sku.warning ?? 0) + (sku.second?.enabled ?? 0);
    return [titleOf(sku), total, sku.suspended ?? 0, users + (sku.extraConsumed ?? 0)];
  });
  return { header: "Product Title,Total Licenses,Expired Licenses,Assigned licenses", rows };
}

/** @type {Readonly<Record<string, string>>} */
const methodNames = {
  microsoftAuthenticatorPush: "Microsoft Authenticator app (push notification)",
  softwareOneTimePasscode: "Software OATH token",
  mobilePhone: "Mobile phone",
  fido2SecurityKey: "FIDO2 security key",
  windowsHelloForBusiness: "Windows Hello for Business",
};

/** Microsoft Entra admin center > Authentication methods > User registration details. @returns {Report} */
export function registrationList() {
  const header =
    "User principal name,Name,MFA Capable,Passwordless Capable,SSPR Registered,SSPR Enabled,SSPR Capable,Methods registered,Last Updated Time,Default MFA method";
  const capable = (/** @type {boolean} */ is) => (is ? "Capable" : "Not Capable");
  const rows = people
    .filter(({ mfa }) => mfa !== "missing")
    .map(registrationDetails)
    .map((record) => [
      record.userPrincipalName,
      record.userDisplayName,
      capable(record.isMfaCapable),
      capable(record.isPasswordlessCapable),
      record.isSsprRegistered ? "Registered" : "Not Registered",
      record.isSsprEnabled ? "Enabled" : "Not Enabled",
      capable(record.isSsprCapable),
      record.methodsRegistered.map((method) => methodNames[method] ?? method).join(", "),
      record.lastUpdatedDateTime,
      methodNames[record.methodsRegistered[0] ?? ""] ?? "",
    ]);
  return { header, rows };
}

/** The first day of the sign-in download. */
export const firstDay = "2026-10-29";

/** Microsoft Entra admin center > Sign-in logs > Download CSV, of interactive sign-ins. @returns {Report} */
export function interactiveSignIns() {
  const header =
    "Date (UTC),Request ID,User agent,Correlation ID,User ID,User,Username,User type,Cross tenant access type,Incoming token type,Authentication Protocol,Unique token identifier,Original transfer method,Client credential type,Token Protection - Sign In Session,Token Protection - Sign In Session StatusCode,Application,Application ID ,App owner tenant ID,Resource,Resource ID ,Resource tenant ID,Resource owner tenant ID,Home tenant ID,Home tenant name,IP address,Location,Status,Sign-in error code,Failure reason,Client app,Device ID,Browser,Operating System,Compliant,Managed,Join Type,Multifactor authentication result,Multifactor authentication auth method,Multifactor authentication auth detail,Authentication requirement,Sign-in identifier,Session ID,IP address (seen by resource),Through Global Secure Access,Global Secure Access IP address,Autonomous system  number,Flagged for review,Token issuer type,Incoming token type,Token issuer name,Latency,Conditional Access,Managed Identity type,Associated Resource Id,Federated Token Id,Federated Token Issuer";
  const rows = signIns
    .filter(({ isInteractive, createdDateTime }) => isInteractive && createdDateTime >= firstDay)
    .map((record) => {
      const { errorCode, failureReason } = record.status;
      /** @type {Readonly<Record<string, string | boolean | null>>} */
      const values = {
        "Date (UTC)": `${record.createdDateTime.slice(0, 19)}Z`,
        "Request ID": record.id,
        "Correlation ID": record.correlationId,
        "User ID": record.userId,
        User: record.userDisplayName,
        Username: record.userPrincipalName,
        "User type": "Member",
        "Cross tenant access type": "none",
        Application: record.appDisplayName,
        "Application ID ": record.appId,
        Resource: record.resourceDisplayName,
        "Resource ID ": record.resourceId,
        "Home tenant ID": tenant.id,
        "IP address": record.ipAddress,
        Location: Object.values(record.location).slice(0, 3).join(", "),
        Status:
          errorCode === 0
            ? "Success"
            : errorCode === 50126 || errorCode === 50034
              ? "Failure"
              : "Interrupted",
        "Sign-in error code": errorCode === 0 ? "None" : String(errorCode),
        "Failure reason": failureReason,
        "Client app": record.clientAppUsed,
        Browser: record.deviceDetail.browser,
        "Operating System": record.deviceDetail.operatingSystem,
        Compliant: false,
        Managed: false,
        "Flagged for review": false,
        "Conditional Access": "Not Applied",
      };
      return header.split(",").map((name) => values[name] ?? "");
    });
  return { header, rows };
}

const olderMethods = ["mobilePhone", "appNotification", "appCode", "email"];

/** The older report, which some air-gapped clouds still have in place of userRegistrationDetails. */
export function credentialRegistrationPage() {
  const records = people
    .filter(({ mfa }) => mfa !== "missing")
    .map(registrationDetails)
    .map((record) => ({
      id: guid(`credential registration ${record.userPrincipalName}`),
      userPrincipalName: record.userPrincipalName,
      userDisplayName: record.userDisplayName,
      isRegistered: record.isSsprRegistered,
      isEnabled: record.isSsprEnabled,
      isCapable: record.isSsprCapable,
      isMfaRegistered: record.isMfaRegistered,
      authMethods: record.isMfaRegistered ? [pick(`older ${record.userPrincipalName}`, olderMethods)] : [],
    }));
  return page("reports/credentialUserRegistrationDetails", records).replace(
    `${graphRoot}/`,
    `${graphRoot.replace("v1.0", "beta")}/`,
  );
}
