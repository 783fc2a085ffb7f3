// What is exported beside users and reports: subscriptions, groups, domains, mailboxes, and lists of the tenant's own.
import { guid, integer, timeOn } from "./deterministic.js";
import { page } from "./graph.js";
import { licensedWorkloads, mailboxQuotaGb } from "./licenses.js";
import { people } from "./people.js";
import { secondAccount, skus, tenant } from "./tenant.js";

/** @typedef {import("./people.js").Person} Person */
/** @typedef {import("./tenant.js").Sku} Sku */
/** @typedef {import("./reports.js").Report} Report */

/** When subscriptions renew or end; those not named renew on the first day of July. */
const lifecycle = new Map([
  ["EMS", "2026-11-20T00:00:00Z"],
  ["O3", "2026-12-31T00:00:00Z"],
  ["Project", "2026-12-15T00:00:00Z"],
  ["Vault", "2026-11-30T00:00:00Z"],
]);
const isFree = (/** @type {string} */ name) => name === "Fabric" || name === "Flow";

/** @param {string} name @param {Sku} sku @param {{ id: string }} account @param {number} totalLicenses */
const subscription = (name, { skuId, partNumber, status = "Enabled" }, account, totalLicenses) => ({
  id: guid(`subscription ${account.id} ${skuId}`),
  commerceSubscriptionId: guid(`commerce ${account.id} ${skuId}`),
  createdDateTime: timeOn(`subscription ${account.id} ${skuId}`, "2023-05-02"),
  isTrial: name === "Vault",
  nextLifecycleDateTime: isFree(name) ? null : (lifecycle.get(name) ?? "2027-07-01T00:00:00Z"),
  ownerId: null,
  ownerTenantId: null,
  ownerType: "User",
  serviceStatus: [],
  skuId,
  skuPartNumber: partNumber,
  status,
  totalLicenses,
});

export function subscriptionsPage() {
  const value = Object.entries(skus).flatMap(([name, sku]) => [
    subscription(name, sku, tenant, sku.enabled + (sku.warning ?? 0) + (sku.suspended ?? 0)),
    ...(sku.second ? [subscription(name, sku, secondAccount, sku.second.enabled)] : []),
  ]);
  return page("directory/subscriptions", value);
}

/** The SKUs that somebody holds through a group, in the order of people. */
const groupSkus = [
  ...new Set(
    people.flatMap(({ licenses }) =>
      licenses.filter((words) => /group|Violation/.test(words)).map((words) => words.split(" ")[0] ?? ""),
    ),
  ),
];

export function groupsPage() {
  const licensing = groupSkus.map((name) => ({
    id: guid(`group LIC-${name}`),
    displayName: `LIC-${name}`,
    mail: null,
    groupTypes: name === "F3" ? ["DynamicMembership"] : [],
    securityEnabled: true,
    mailEnabled: false,
    visibility: null,
    createdDateTime: timeOn(`group LIC-${name}`, "2023-05-02"),
    membershipRule: name === "F3" ? '(user.department -in ["Fire Brigade", "Public Works"])' : null,
    assignedLicenses: [{ skuId: skus[name]?.skuId, disabledPlans: [] }],
  }));
  const teams = ["Fire Brigade", "Field Offices"].map((displayName) => ({
    id: guid(`group ${displayName}`),
    displayName,
    mail: `${displayName.replace(" ", "")}@${tenant.domain}`,
    groupTypes: ["Unified"],
    securityEnabled: false,
    mailEnabled: true,
    visibility: "Private",
    createdDateTime: timeOn(`group ${displayName}`, "2021-03-15"),
    membershipRule: null,
    assignedLicenses: [],
  }));
  return page("groups", [...licensing, ...teams]);
}

export function domainsPage() {
  const value = [tenant.domain, tenant.initialDomain].map((id) => ({
    authenticationType: "Managed",
    availabilityStatus: null,
    id,
    isAdminManaged: true,
    isDefault: id === tenant.domain,
    isInitial: id === tenant.initialDomain,
    isRoot: true,
    isVerified: true,
    supportedServices: id === tenant.domain ? ["Email", "OfficeCommunicationsOnline"] : ["Email"],
    passwordValidityPeriodInDays: null,
    passwordNotificationWindowInDays: null,
    state: null,
  }));
  return page("domains", value);
}

const gb = 2 ** 30;

/** A quota as Exchange writes it. @param {number} bytes */
const quota = (bytes) => `${Number((bytes / gb).toFixed(2))} GB (${bytes.toLocaleString("en-US")} bytes)`;

/** @type {Readonly<Record<string, string>>} */
const mailboxKinds = { "info.desk": "SharedMailbox", "room.atrium": "RoomMailbox" };
const onHold = new Set(["farid.nazari", "helena.costa", "marta.kessler"]);
const noArchive = "00000000-0000-0000-0000-000000000000";

/** The properties that an administrator would select, as Export-Csv writes them. @returns {Report} */
export function mailboxes() {
  const header =
    "ExternalDirectoryObjectId,UserPrincipalName,PrimarySmtpAddress,DisplayName,RecipientTypeDetails,LitigationHoldEnabled,InPlaceHolds,ArchiveStatus,ArchiveGuid,ProhibitSendQuota,ProhibitSendReceiveQuota,IssueWarningQuota,WhenCreatedUTC";
  const withMailbox = people.filter(
    (person) => licensedWorkloads(person).has("Exchange") || person.mailboxBytes !== undefined,
  );
  const rows = withMailbox.map((person) => {
    const name = person.upn.split("@")[0] ?? "";
    const size = mailboxQuotaGb(person);
    const hasArchive = size === 100 && integer(`archive ${person.upn}`, 0, 5) === 0;
    return [
      person.id,
      person.upn,
      person.mail ?? person.upn,
      person.displayName,
      mailboxKinds[name] ?? "UserMailbox",
      onHold.has(name),
      name === "helena.costa" ? "UniH7d895d48-7e23-4a8d-8346-533c3beac15d" : "",
      hasArchive ? "Active" : "None",
      hasArchive ? guid(`archive ${person.upn}`) : noArchive,
      quota(Math.floor(size * 0.99 * gb)),
      quota(size * gb),
      quota(Math.floor(size * 0.98 * gb)),
      timeOn(`mailbox ${person.upn}`, person.created),
    ];
  });
  return { header, rows };
}

/** @returns {Report} */
export function skuPrices() {
  return {
    header: "SKU part number,Unit price,Currency,Billing period,Valid from",
    rows: [
      ["SPE_E3", "34.20", "USD", "month", ""],
      ["SPE_E3", "36.00", "USD", "month", "2026-07-01"],
      ["SPE_F1", "8.00", "USD", "month", ""],
      ["ENTERPRISEPACK", "23.00", "USD", "month", ""],
      ["STANDARDPACK", "10.00", "USD", "month", ""],
      ["EMS", "10.60", "USD", "month", ""],
      ["AAD_PREMIUM_P2", "108.00", "USD", "year", ""],
      ["VISIOCLIENT_USGOV_GCCHIGH", "180.00", "USD", "year", ""],
      ["POWER_BI_PRO", "14.00", "USD", "month", ""],
    ],
  };
}

/** @returns {Report} */
export function reclaimPolicy() {
  return {
    header: "SKU,User,User pattern,After days,Exclude,Reason",
    rows: [
      ["VISIOCLIENT_USGOV_GCCHIGH", "", "", 45, "", "Few licenses, long waiting list"],
      ["", "", "breakglass.*", "", "Yes", "Emergency accounts are never used"],
      ["SPE_E3", `helena.costa@${tenant.domain}`, "", "", "Yes", "On leave until January, on legal hold"],
    ],
  };
}
