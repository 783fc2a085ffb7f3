// Invented records for measurements, the same at every run: as Graph and the admin center write them.

/** @param {number} kind @param {number} number */
const guid = (kind, number) =>
  `${kind.toString(16).padStart(8, "0")}-0000-4000-8000-${number.toString(16).padStart(12, "0")}`;

/** @param {number} day */
const dayOf = (day) => new Date(Date.UTC(2026, 8, 1) + day * 86_400_000).toISOString().slice(0, 10);

/** About 1 KB, two of three with licenses. @param {number} index */
export function user(index) {
  const skus = [guid(10, index % 7), guid(10, 7 + (index % 5))].slice(0, index % 3);
  return {
    id: guid(1, index),
    userPrincipalName: `user${index}@contoso.example`,
    displayName: `User Número ${index}`,
    givenName: "User",
    surname: `Número ${index}`,
    mail: `user${index}@contoso.example`,
    accountEnabled: index % 20 !== 0,
    userType: index % 50 === 0 ? "Guest" : "Member",
    createdDateTime: "2020-03-04T05:06:07Z",
    country: index % 4 ? "Norway" : null,
    department: `Department ${index % 40}`,
    usageLocation: "NO",
    assignedLicenses: skus.map((skuId) => ({ disabledPlans: index % 9 ? [] : [guid(11, 3)], skuId })),
    assignedPlans: skus.flatMap((_, plan) =>
      [1, 2].map((n) => ({
        assignedDateTime: "2021-01-02T03:04:05Z",
        capabilityStatus: "Enabled",
        service: "exchange",
        servicePlanId: guid(11, plan * 2 + n),
      })),
    ),
    licenseAssignmentStates: skus.map((skuId) => ({
      skuId,
      disabledPlans: [],
      assignedByGroup: index % 2 ? null : guid(12, 1),
      state: "Active",
      error: "None",
      lastUpdatedDateTime: "2022-01-02T03:04:05Z",
    })),
    signInActivity: {
      lastSignInDateTime: `${dayOf(index % 60)}T08:00:00Z`,
      lastNonInteractiveSignInDateTime: `${dayOf(index % 61)}T09:00:00Z`,
      lastSuccessfulSignInDateTime: `${dayOf(index % 60)}T08:00:00Z`,
    },
  };
}

const filler =
  "Conditional access policy that was looked at and did not apply to this sign-in because of its conditions. ".repeat(
    3,
  );

/**
 * About 3 KB. With `hasTwice` 5 of 100 repeat the id of an earlier one.
 * @param {number} index @param {{ users: number, signIns: number, hasTwice: boolean }} sizes
 */
export function signIn(index, { users, signIns, hasTwice }) {
  const id = hasTwice && index % 20 === 19 ? index - 19 : index;
  return {
    id: guid(2, id),
    createdDateTime: `${dayOf(60 - Math.floor((index * 60) / signIns))}T${String(index % 24).padStart(2, "0")}:${String(index % 60).padStart(2, "0")}:41.6195833Z`,
    userDisplayName: `User Número ${index % users}`,
    userPrincipalName: `user${index % users}@contoso.example`,
    userId: guid(1, index % users),
    appId: guid(3, index % 30),
    appDisplayName: `Application ${index % 30}`,
    ipAddress: `203.0.113.${index % 250}`,
    clientAppUsed: "Browser",
    correlationId: guid(4, index),
    conditionalAccessStatus: "success",
    isInteractive: index % 3 === 0,
    riskDetail: "none",
    riskEventTypes: [],
    resourceDisplayName: "Microsoft Graph",
    resourceId: guid(5, 1),
    status: { errorCode: index % 10 === 7 ? 50126 : 0, failureReason: "Other.", additionalDetails: null },
    deviceDetail: {
      deviceId: guid(6, index % 999),
      displayName: `PC-${index % 999}`,
      operatingSystem: "Windows 11",
      browser: "Edge 141.0.0",
      isCompliant: true,
      isManaged: true,
      trustType: "Hybrid Azure AD joined",
    },
    location: {
      city: "Oslo",
      state: "Oslo",
      countryOrRegion: "NO",
      geoCoordinates: { altitude: null, latitude: 59.91273, longitude: 10.74609 },
    },
    appliedConditionalAccessPolicies: [1, 2, 3, 4, 5].map((policy) => ({
      id: guid(7, policy + (index % 3)),
      displayName: `CA00${policy} ${filler}`,
      enforcedGrantControls: ["Mfa"],
      enforcedSessionControls: [],
      result: index % 7 === policy ? "success" : "notApplied",
    })),
  };
}

/** @param {number} index */
export function registration(index) {
  return {
    id: guid(1, index),
    userPrincipalName: `user${index}@contoso.example`,
    userDisplayName: `User Número ${index}`,
    userType: index % 50 === 0 ? "guest" : "member",
    isAdmin: index % 100 === 0,
    isSsprRegistered: index % 2 === 0,
    isSsprEnabled: true,
    isSsprCapable: index % 2 === 0,
    isMfaRegistered: index % 5 !== 0,
    isMfaCapable: index % 5 > 1,
    isPasswordlessCapable: false,
    methodsRegistered: index % 5 ? ["microsoftAuthenticatorPush", "softwareOneTimePasscode"] : [],
    isSystemPreferredAuthenticationMethodEnabled: true,
    systemPreferredAuthenticationMethods: ["PhoneAppNotification"],
    userPreferredMethodForSecondaryAuthentication: "push",
    lastUpdatedDateTime: "2026-10-31T05:06:07.1234567Z",
  };
}

/** One of the 12 SKUs that the users hold, all with plans of one kind. @param {number} index */
export function sku(index) {
  return {
    id: `${guid(13, 0)}_${guid(10, index)}`,
    accountId: guid(13, 0),
    skuId: guid(10, index),
    skuPartNumber: `SKU_${index}`,
    appliesTo: "User",
    capabilityStatus: "Enabled",
    consumedUnits: 20_000,
    prepaidUnits: { enabled: 25_000, suspended: 0, warning: 0, lockedOut: 0 },
    servicePlans: [1, 2, 3, 4].map((plan) => ({
      servicePlanId: guid(11, plan),
      servicePlanName: ["EXCHANGE_S_ENTERPRISE", "SHAREPOINTENTERPRISE", "TEAMS1", "OFFICESUBSCRIPTION"][
        plan - 1
      ],
      provisioningStatus: "Success",
      appliesTo: "User",
    })),
  };
}

const products = ["Exchange", "OneDrive", "SharePoint", "Skype For Business", "Yammer", "Teams"];

export const activeHead = [
  "Report Refresh Date,User Principal Name,Display Name,Is Deleted,Deleted Date",
  ...products.map((product) => `Has ${product} License`),
  ...products.map((product) => `${product} Last Activity Date`),
  ...products.map((product) => `${product} License Assign Date`),
  "Assigned Products",
].join(",");

/** @param {number} index */
export function activeRow(index) {
  const name = index % 5 === 0 ? `"Número ${index}, User"` : `User Número ${index}`;
  const dates = products.map((_, product) => ((index + product) % 3 ? dayOf((index + product) % 60) : ""));
  return [
    `2026-10-30,user${index}@contoso.example,${name},False,`,
    ...products.map((_, product) => (product % 2 ? "False" : "True")),
    ...dates,
    ...products.map(() => "2024-01-02"),
    "MICROSOFT 365 E3+ENTERPRISE MOBILITY + SECURITY E5",
  ].join(",");
}

export const oneDriveHead =
  "Report Refresh Date,Site Id,Site URL,Owner Display Name,Is Deleted,Last Activity Date,File Count,Active File Count,Storage Used (Byte),Storage Allocated (Byte),Owner Principal Name,Report Period";

/** @param {number} index */
export function oneDriveRow(index) {
  const url = `https://contoso-my.example/personal/user${index}_contoso_example`;
  return `2026-10-30,${guid(9, index)},${url},User Número ${index},False,${dayOf(index % 60)},${index % 5000},${index % 90},${index * 12_345},1099511627776,user${index}@contoso.example,180`;
}
