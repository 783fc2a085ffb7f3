import type { Row } from "../../src/database/open.ts";
import { e3, type GivenFile } from "./given.ts";

export const exchangePlan = "00000000-0000-4000-8000-0000000000a1";
export const teamsPlan = "00000000-0000-4000-8000-0000000000a2";

/** E3 with Exchange and Teams. */
export const skus: GivenFile = [
  "subscribed_skus",
  [
    {
      id: "contoso_e3",
      skuId: e3,
      skuPartNumber: "E3",
      appliesTo: "User",
      capabilityStatus: "Enabled",
      consumedUnits: 1,
      prepaidUnits: { enabled: 10, warning: 0, suspended: 0, lockedOut: 0 },
      servicePlans: [
        { servicePlanId: exchangePlan, servicePlanName: "EXCHANGE_S_ENTERPRISE" },
        { servicePlanId: teamsPlan, servicePlanName: "TEAMS1" },
      ],
    },
  ],
];

/** A long-standing, enabled user with E3. */
export function user(id: string, more: Row = {}): Row {
  return {
    id,
    userPrincipalName: upn(id),
    accountEnabled: true,
    createdDateTime: "2020-01-01T00:00:00Z",
    assignedLicenses: [{ skuId: e3, disabledPlans: [] }],
    ...more,
  };
}

/** A row of the active users report with all its columns; the dates not given are empty. */
export function activeRow(id: string, dates: Row = {}): Row {
  return {
    userPrincipalName: upn(id),
    isDeleted: false,
    exchangeLastActivityDate: null,
    oneDriveLastActivityDate: null,
    sharePointLastActivityDate: null,
    teamsLastActivityDate: null,
    yammerLastActivityDate: null,
    skypeForBusinessLastActivityDate: null,
    ...dates,
  };
}

/** A row of the Microsoft 365 apps report with the flags that `device_usage` reads; those not given are false. */
export function appRow(id: string, flags: Row = {}): Row {
  return {
    userPrincipalName: upn(id),
    lastActivationDate: "2026-01-01",
    lastActivityDate: "2026-10-29",
    reportPeriod: 90,
    windows: false,
    mac: false,
    mobile: false,
    web: false,
    outlook: false,
    word: false,
    excel: false,
    powerPoint: false,
    oneNote: false,
    teams: false,
    ...flags,
  };
}

/** A sign-in with success, unless `more` says otherwise. */
export function signIn(id: string, createdDateTime: string, more: Row = {}): Row {
  return {
    id: `${id} ${createdDateTime}`,
    createdDateTime,
    userId: id,
    userPrincipalName: upn(id),
    appId: "app",
    appDisplayName: "App",
    status: { errorCode: 0 },
    ...more,
  };
}

export function upn(id: string): string {
  return `${id}@contoso.example`;
}

/** A user as the admin center's list has them: licenses by name alone. */
export function listedUser(id: string, licenseNames: readonly string[] | null): Row {
  return {
    id,
    userPrincipalName: upn(id),
    accountEnabled: true,
    createdDateTime: "2020-01-01T00:00:00Z",
    licenseNames,
  };
}
