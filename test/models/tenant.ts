import { e3, type GivenFile } from "./given.ts";
import { activeRow, appRow, exchangePlan, signIn, skus, upn, user } from "./people.ts";

/** Every dataset that an output needs, with every property: one user, who has, uses and may do everything. */
export const everything: readonly GivenFile[] = [
  [
    "users",
    [
      user("ann", {
        displayName: "Ann Lee",
        givenName: "Ann",
        surname: "Lee",
        mail: upn("ann"),
        country: "Spain",
        department: "IT",
        userType: "Member",
        licenseAssignmentStates: [{ skuId: e3, assignedByGroup: null, state: "Active", error: "None" }],
        assignedPlans: [
          {
            service: "exchange",
            capabilityStatus: "Enabled",
            servicePlanId: exchangePlan,
            assignedDateTime: "2023-01-02T00:00:00Z",
          },
        ],
        signInActivity: {
          lastSignInDateTime: "2026-10-30T08:00:00Z",
          lastSuccessfulSignInDateTime: "2026-10-30T08:00:00Z",
        },
      }),
    ],
  ],
  skus,
  [
    "user_registration_details",
    [
      {
        id: "ann",
        userPrincipalName: upn("ann"),
        userType: "member",
        isAdmin: false,
        isMfaCapable: true,
        isMfaRegistered: true,
        methodsRegistered: [],
      },
    ],
  ],
  ["office365_active_user_detail", [activeRow("ann", { teamsLastActivityDate: "2026-10-30" })]],
  [
    "mailbox_usage_detail",
    [{ userPrincipalName: upn("ann"), lastActivityDate: "2026-10-29", storageUsedInBytes: 1 }],
  ],
  [
    "onedrive_usage_account_detail",
    [{ ownerPrincipalName: upn("ann"), lastActivityDate: null, storageUsedInBytes: 2 }],
  ],
  ["sign_ins", [signIn("ann", "2026-10-30T08:00:00Z", { isInteractive: true })]],
  ["m365_app_user_detail", [appRow("ann", { mac: true, web: true, word: true })]],
  [
    "office365_activations_user_detail",
    [
      {
        userPrincipalName: upn("ann"),
        productType: "MICROSOFT 365 APPS",
        lastActivatedDate: "2026-01-01",
        windows: 0,
        mac: 1,
        windows10Mobile: 0,
        ios: 0,
        android: 0,
      },
    ],
  ],
  [
    "directory_subscriptions",
    [
      {
        id: "s1",
        commerceSubscriptionId: "c1",
        createdDateTime: "2024-07-01T00:00:00Z",
        skuId: e3,
        skuPartNumber: "E3",
        status: "Enabled",
        isTrial: false,
        totalLicenses: 10,
        nextLifecycleDateTime: "2027-07-01T00:00:00Z",
      },
    ],
  ],
  [
    "mailboxes",
    [
      {
        externalDirectoryObjectId: "ann",
        userPrincipalName: upn("ann"),
        recipientTypeDetails: "UserMailbox",
        litigationHoldEnabled: false,
        inPlaceHolds: [],
        delayHoldApplied: false,
        delayReleaseHoldApplied: false,
        complianceTagHoldApplied: false,
        archiveGuid: "00000000-0000-0000-0000-000000000000",
      },
    ],
  ],
  ["groups", [{ id: "g1", displayName: "Staff" }]],
  ["sku_prices", [{ skuId: e3, unitPrice: 36, currency: "USD", billingPeriod: "month" }]],
];

export function withoutDataset(name: string, files = everything): readonly GivenFile[] {
  return files.filter(([dataset]) => dataset !== name);
}

export function withoutProperty(name: string, property: string, files = everything): readonly GivenFile[] {
  return files.map(([dataset, records, facts]) =>
    dataset === name
      ? [
          dataset,
          records.map(({ [property]: _left, ...record }) => record),
          property === "reportPeriod" ? { ...facts, hasPeriod: false } : facts,
        ]
      : [dataset, records, facts],
  );
}
