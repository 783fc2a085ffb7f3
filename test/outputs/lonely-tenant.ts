import type { Row } from "../../src/database/open.ts";
import { loadDatasets, type Property } from "../../src/schema/dataset.ts";

const datasets = loadDatasets();
const refreshed = "2026-10-30";
/** Within 30 days, beyond 90, never. */
const uses = { recent: "2026-10-25", old: "2026-06-01", never: null } as const;

/** A report, the workload that it alone tells of, and the plan that it is for. */
const reports: Readonly<Record<string, readonly [plan: string, date: string]>> = {
  office365_active_user_detail: ["EXCHANGE_S_ENTERPRISE", "exchangeLastActivityDate"],
  mailbox_usage_detail: ["EXCHANGE_S_STANDARD", "lastActivityDate"],
  onedrive_usage_account_detail: ["ONEDRIVE_BASIC", "lastActivityDate"],
  email_activity_user_detail: ["EXCHANGE_S_DESKLESS", "lastActivityDate"],
  onedrive_activity_user_detail: ["ONEDRIVEENTERPRISE", "lastActivityDate"],
  sharepoint_activity_user_detail: ["SHAREPOINT_S_DEVELOPER", "lastActivityDate"],
  teams_user_activity_user_detail: ["TEAMS1", "lastActivityDate"],
  yammer_activity_user_detail: ["YAMMER_ENTERPRISE", "lastActivityDate"],
  skype_for_business_activity_user_detail: ["MCOSTANDARD", "lastActivityDate"],
  m365_app_user_detail: ["OFFICESUBSCRIPTION", "lastActivityDate"],
  copilot_usage_user_detail: ["M365_COPILOT_APPS", "lastActivityDate"],
  email_app_usage_user_detail: ["EXCHANGE_S_GOV", "lastActivityDate"],
  teams_device_usage_user_detail: ["TEAMS_GOV", "lastActivityDate"],
  yammer_device_usage_user_detail: ["YAMMER_EDU", "lastActivityDate"],
  office365_activations_user_detail: ["OFFICE_BUSINESS", "lastActivatedDate"],
};

const idOf = (kind: string, number: number): string =>
  `${kind}000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
const upnOf = (name: string): string => `${name}@contoso.example`;

interface Holder {
  readonly name: string;
  readonly id: string;
  readonly sku: number;
}

const plans = [...new Set(Object.values(reports).map(([plan]) => plan)), "INTUNE_A"];
const named = Object.entries(reports).flatMap(([dataset, [plan]]) =>
  Object.keys(uses).map((use) => ({ dataset, use, name: `${dataset}-${use}`, sku: plans.indexOf(plan) })),
);
const others = [
  "signed-in",
  "tried-long-ago",
  "in-the-log",
  "box-shared",
  "box-held",
  "box-archive",
  "group-licensed",
  "disabled",
  "guest",
  "mfa-enabled",
  "mfa-registered",
  "mfa-none",
].map((name) => ({ dataset: "", use: "", name, sku: plans.indexOf("EXCHANGE_S_DESKLESS") }));
const people = [...named, ...others].map((person, index) => ({ ...person, id: idOf("aa", index + 1) }));

/** Every dataset, each property with a value; of each report somebody whose use no other evidence shows, somebody whose last use is long ago, and somebody without any. */
export function makeLonelyTenant(): ReadonlyMap<string, readonly Row[]> {
  const files = new Map<string, readonly Row[]>([
    [
      "organization",
      [
        fill("organization", {
          id: idOf("cc", 1),
          verifiedDomains: [
            {
              name: "contoso.example",
              isDefault: true,
              isInitial: true,
              type: "Managed",
              capabilities: "Email",
            },
          ],
        }),
      ],
    ],
    ["users", people.map(makeUser)],
    ["subscribed_skus", plans.map((_plan, index) => makeSku(index))],
    ["user_registration_details", people.map(makeRegistration)],
    ["sign_ins", people.filter(({ name }) => name === "in-the-log").map(makeSignIn)],
    ["directory_subscriptions", plans.map((_plan, index) => makeSubscription(index))],
    [
      "groups",
      [
        fill("groups", {
          id: idOf("dd", 1),
          displayName: "Staff",
          deletedDateTime: null,
          assignedLicenses: [{ skuId: skuIdOf(5), disabledPlans: [] }],
        }),
      ],
    ],
    ["domains", [fill("domains", { id: "contoso.example" })]],
    ["mailboxes", people.filter(({ name }) => name.startsWith("box-")).map(makeMailbox)],
    [
      "sku_prices",
      plans.map((_plan, index) =>
        fill("sku_prices", {
          skuId: skuIdOf(index),
          skuPartNumber: `SKU_${index}`,
          unitPrice: 10,
          currency: "USD",
          billingPeriod: "month",
          validFrom: "2020-01-01",
          validTo: null,
        }),
      ),
    ],
    [
      "sku_names",
      plans.map((_plan, index) =>
        fill("sku_names", {
          skuId: skuIdOf(index),
          skuPartNumber: `SKU_${index}`,
          productName: `Product ${index}`,
          servicePlanId: idOf("ee", index + 1),
        }),
      ),
    ],
    [
      "reclaim_policy",
      [
        fill("reclaim_policy", {
          sku: "SKU_0",
          userPrincipalName: upnOf("box-shared"),
          userPattern: null,
          afterDays: 60,
          isExcluded: true,
        }),
      ],
    ],
    [
      "sharepoint_site_usage_detail",
      [
        fill("sharepoint_site_usage_detail", {
          ownerPrincipalName: upnOf("guest"),
          reportRefreshDate: refreshed,
          reportPeriod: 180,
          isDeleted: false,
          lastActivityDate: refreshed,
        }),
      ],
    ],
  ]);
  for (const dataset of Object.keys(reports))
    files.set(
      dataset,
      people
        .filter((person) => person.dataset === dataset || isForBoxes(dataset, person))
        .map((person) => makeReportRow(dataset, person)),
    );
  return files;
}

/** Those with mailboxes of kinds have one that nobody used. */
function isForBoxes(dataset: string, { name }: Pick<Holder, "name">): boolean {
  // A SharePoint plan brings a OneDrive too.
  if (dataset === "onedrive_activity_user_detail") return name.startsWith("sharepoint_activity");
  return dataset === "email_activity_user_detail" && /^(box|group|disabled|mfa|guest)/.test(name);
}

const skuIdOf = (index: number): string => idOf("bb", index + 1);

function makeUser({ id, name, sku }: Holder): Row {
  const day = "2021-03-04T00:00:00Z";
  return fill("users", {
    id,
    userPrincipalName: upnOf(name),
    mail: upnOf(`mail.${name}`),
    accountEnabled: name !== "disabled",
    createdDateTime: day,
    deletedDateTime: null,
    userType: name === "guest" ? "Guest" : "Member",
    licenseNames: null,
    assignedLicenses: [{ skuId: skuIdOf(sku), disabledPlans: [] }],
    licenseAssignmentStates: [
      fillProperty("users", "licenseAssignmentStates", {
        skuId: skuIdOf(sku),
        assignedByGroup: name === "group-licensed" ? idOf("dd", 1) : null,
        disabledPlans: [],
        state: "Active",
        error: "None",
        lastUpdatedDateTime: day,
      }),
    ],
    assignedPlans: [
      {
        assignedDateTime: day,
        capabilityStatus: "Enabled",
        service: "exchange",
        servicePlanId: idOf("ee", sku + 1),
      },
    ],
    signInActivity:
      name === "signed-in" || name === "tried-long-ago"
        ? fillProperty("users", "signInActivity", {
            lastSignInDateTime: name === "signed-in" ? "2026-10-29T08:00:00Z" : "2026-02-01T08:00:00Z",
            lastNonInteractiveSignInDateTime: "2026-02-01T08:00:00Z",
            lastSuccessfulSignInDateTime: name === "signed-in" ? "2026-10-29T08:00:00Z" : null,
          })
        : null,
  });
}

function makeSku(index: number): Row {
  return fill("subscribed_skus", {
    id: `${idOf("cc", 1)}_${skuIdOf(index)}`,
    accountId: idOf("cc", 1),
    skuId: skuIdOf(index),
    skuPartNumber: `SKU_${index}`,
    appliesTo: "User",
    capabilityStatus: "Enabled",
    consumedUnits: 3,
    prepaidUnits: { enabled: 10, warning: 1, suspended: 2, lockedOut: 1 },
    servicePlans: [
      {
        servicePlanId: idOf("ee", index + 1),
        servicePlanName: plans[index],
        provisioningStatus: "Success",
        appliesTo: "User",
      },
    ],
  });
}

function makeSubscription(index: number): Row {
  return fill("directory_subscriptions", {
    id: idOf("ab", index + 1),
    commerceSubscriptionId: idOf("ac", index + 1),
    skuId: skuIdOf(index),
    skuPartNumber: `SKU_${index}`,
    status: index === 0 ? "Suspended" : "Enabled",
    isTrial: index === 1,
    totalLicenses: 10,
    nextLifecycleDateTime: "2027-07-01T00:00:00Z",
  });
}

function makeRegistration({ id, name }: Holder): Row {
  return fill("user_registration_details", {
    id,
    userPrincipalName: upnOf(name),
    userType: name === "guest" ? "guest" : "member",
    isAdmin: name.startsWith("mfa-"),
    isMfaCapable: name === "mfa-enabled",
    isMfaRegistered: name === "mfa-enabled" || name === "mfa-registered",
    methodsRegistered: name === "mfa-none" ? [] : ["microsoftAuthenticatorPush"],
  });
}

function makeSignIn({ id, name }: Holder): Row {
  return fill("sign_ins", {
    id: idOf("fa", 1),
    createdDateTime: "2026-10-29T08:00:00Z",
    userId: id,
    userPrincipalName: upnOf(name),
    appId: idOf("fb", 1),
    appDisplayName: "App",
    status: fillProperty("sign_ins", "status", { errorCode: 0 }),
    signInStatus: "Success",
    isInteractive: true,
  });
}

function makeMailbox({ id, name }: Holder): Row {
  return fill("mailboxes", {
    externalDirectoryObjectId: id,
    primarySmtpAddress: upnOf(`mail.${name}`),
    userPrincipalName: upnOf(name),
    recipientTypeDetails: name === "box-shared" ? "SharedMailbox" : "UserMailbox",
    litigationHoldEnabled: name === "box-held",
    inPlaceHolds: [],
    archiveStatus: name === "box-archive" ? "Active" : "None",
    archiveGuid: name === "box-archive" ? idOf("fc", 1) : idOf("00", 0),
  });
}

function makeReportRow(
  dataset: string,
  { id, name, use, ...person }: Holder & { use: string; dataset: string },
): Row {
  const property = reports[dataset]?.[1] ?? "";
  const row = fill(dataset, {
    reportRefreshDate: refreshed,
    reportPeriod: 180,
    isDeleted: false,
    deletedDate: null,
    userState: "active",
    userId: id,
    details: [],
    copilotActivityUserDetailsByPeriod: [],
    userActivationCounts: [],
    [dataset === "onedrive_usage_account_detail" ? "ownerPrincipalName" : "userPrincipalName"]: upnOf(name),
    siteUrl: `https://contoso.example/${id}`,
    siteId: id,
    storageUsedInBytes: 1000,
  });
  const own = person.dataset === dataset ? (uses[use as keyof typeof uses] ?? null) : null;
  const dates = Object.entries(row).map(([key, value]) =>
    key.endsWith("LastActivityDate") ? [key, key === property ? own : null] : [key, value],
  );
  return { ...Object.fromEntries(dates), ...(property in row && { [property]: own }) };
}

/** A record with every property of its schema, by type, but for what is told. */
function fill(dataset: string, told: Row): Row {
  const properties = datasets.get(dataset)?.properties ?? [];
  return fillAll(properties, told);
}

function fillProperty(dataset: string, name: string, told: Row): Row {
  const property = datasets.get(dataset)?.properties.find((each) => each.name === name);
  return fillAll(property?.items?.properties ?? property?.properties ?? [], told);
}

function fillAll(properties: readonly Property[], told: Row): Row {
  return Object.fromEntries(
    properties.map((property) => [
      property.name,
      property.name in told ? told[property.name] : valueOf(property),
    ]),
  );
}

function valueOf(property: Property): unknown {
  if (property.type === "object") return fillAll(property.properties, {});
  if (property.type === "array") return property.items ? [valueOf(property.items)] : [];
  // An empty date speaks only where the row says that the license is there.
  if (property.type === "boolean") return /^has\w+License$|^isLicensed$/.test(property.name);
  if (property.type === "integer" || property.type === "number") return 7;
  if (property.format === "uuid") return idOf("99", 9);
  if (property.format === "date") return "2024-05-06";
  if (property.format === "date-time") return "2024-05-06T07:08:09Z";
  return `a ${property.name}`;
}
