// The invented tenant: who it is, when it was exported, and the SKUs it has bought.
import { guid } from "./deterministic.js";

export const tenant = {
  id: guid("tenant Contoso Government"),
  name: "Contoso Government",
  domain: "contoso.example",
  initialDomain: "contoso.onmicrosoft.example",
  createdDateTime: "2016-04-11T09:12:47Z",
};

/** The second account that one SKU is also bought through. */
export const secondAccount = {
  id: guid("account Contoso Field Offices"),
  name: "Contoso Government Field Offices",
};

export const graphRoot = "https://graph.microsoft.us/v1.0";
export const betaRoot = "https://graph.microsoft.us/beta";

/** The day of the users export, and the day up to which the usage reports reach. */
export const exportDate = "2026-11-01";
export const refreshDate = "2026-10-30";
/** The sign-in log reaches from this day to the export: Microsoft Entra keeps 30 days. */
export const firstLogDate = "2026-10-03";

/**
 * Service plans as Microsoft Learn lists them ("Product names and service plan identifiers for licensing"):
 * identifier, and the service that a user's assignedPlans name. RECORDS_VAULT is invented.
 * @type {Readonly<Record<string, readonly [id: string, service: string]>>}
 */
const plans = {
  AAD_PREMIUM: ["41781fb2-bc02-4b7c-bd55-b576c07bb09d", "AADPremiumService"],
  AAD_PREMIUM_P2: ["eec0eb4f-6444-4f95-aba0-50c24d67f998", "AADPremiumService"],
  BI_AZURE_P0: ["2049e525-b859-401b-b2a0-e0a31c4b1fe4", "PowerBI"],
  BI_AZURE_P2: ["70d33638-9c74-4d01-bfd3-562de28bd4ba", "PowerBI"],
  DYN365_CDS_VIRAL: ["17ab22cd-a0b3-4536-910a-cb6eb12696c0", "CRM"],
  EXCHANGE_S_DESKLESS: ["4a82b400-a79f-41a4-b4e2-e94f5787b113", "exchange"],
  EXCHANGE_S_ENTERPRISE: ["efb87545-963c-4e0d-99df-69c6916d9eb0", "exchange"],
  EXCHANGE_S_FOUNDATION: ["113feb6c-3fe4-4440-bddc-54d774bf0318", "exchange"],
  EXCHANGE_S_STANDARD: ["9aaf7827-d63c-4b61-89c3-182f06f82e5c", "exchange"],
  FLOW_P2_VIRAL: ["50e68c76-46c6-4674-81f9-75456511b170", "ProcessSimple"],
  FORMS_PLAN_E3: ["2789c901-c14e-48ab-a76a-be334d9d793a", "OfficeForms"],
  INTUNE_A: ["c1ec4a95-1f05-45b3-a911-aa3fa01094f5", "SCO"],
  MCOIMP: ["afc06cb0-b4f4-4473-8286-d644f70d8faf", "MicrosoftCommunicationsOnline"],
  MCOSTANDARD: ["0feaeb32-d00e-4d66-bd5a-43b5b83db82c", "MicrosoftCommunicationsOnline"],
  MFA_PREMIUM: ["8a256a2b-b617-496d-b51b-e76466e88db0", "MultiFactorService"],
  OFFICESUBSCRIPTION: ["43de0ff5-c92c-492b-9116-175376d08c38", "MicrosoftOffice"],
  ONEDRIVE_BASIC: ["da792a53-cbc0-4184-a10d-e544dd34b3c1", "SharePoint"],
  PROJECTWORKMANAGEMENT: ["b737dad2-2f6c-4c65-90e3-ca563267e8b9", "ProjectWorkManagement"],
  PROJECT_CLIENT_SUBSCRIPTION: ["fafd7243-e5c1-4a3a-9e40-495efcb1d3c3", "MicrosoftOffice"],
  RECORDS_VAULT: [guid("plan RECORDS_VAULT"), "RecordsVault"],
  RMS_S_ENTERPRISE: ["bea4c11e-220a-4e6d-8eb8-8ea15d019f90", "RMSOnline"],
  RMS_S_PREMIUM: ["6c57d4b6-3b23-47a5-9bc9-69f17b4947b3", "RMSOnline"],
  SHAREPOINTDESKLESS: ["902b47e5-dcb2-4fdc-858b-c63a90a2bdb9", "SharePoint"],
  SHAREPOINTENTERPRISE: ["5dbe027f-2339-4123-9542-606e4d348a72", "SharePoint"],
  SHAREPOINTSTANDARD: ["c7699d2e-19aa-44de-8edf-1736da088ca1", "SharePoint"],
  SHAREPOINTSTORAGE: ["be5a7ed5-c598-4fcd-a061-5e6724c68a58", "SharePoint"],
  SHAREPOINTWAC: ["e95bec33-7c88-4a70-8e19-b10bd9d0c014", "SharePoint"],
  SHAREPOINT_PROJECT: ["fe71d6c3-a2ea-4499-9778-da042bf08063", "SharePoint"],
  TEAMS1: ["57ff2da0-773e-42df-b2af-ffb7a2317929", "TeamspaceAPI"],
  VISIOONLINE: ["2bdbaf8f-738f-4ac7-9234-3c3ee2ce7d0f", "SharePoint"],
  VISIO_CLIENT_SUBSCRIPTION: ["663a804f-1c30-4ff0-9915-9db84f0d1cea", "MicrosoftOffice"],
  YAMMER_ENTERPRISE: ["7547a3fe-08ee-4ccb-b430-5077c5041653", "YammerEnterprise"],
};

/** @param {string} name */
export function findPlan(name) {
  const plan = plans[name];
  if (plan === undefined) throw new Error(`no service plan ${name}`);
  return { id: plan[0], service: plan[1] };
}

/**
 * @typedef {object} Sku
 * @property {string} skuId
 * @property {string} partNumber
 * @property {string} product the name that the usage reports write
 * @property {string} plans names of its service plans (an excerpt of the real list), a space between
 * @property {number} enabled units, by state
 * @property {number} [warning]
 * @property {number} [suspended]
 * @property {"Enabled" | "Warning" | "Suspended"} [status]
 * @property {"User" | "Company"} [appliesTo]
 * @property {number} [extraConsumed] units that consumedUnits counts beyond the users of the export
 * @property {{ enabled: number, consumed: number }} [second] units bought through the second account
 */

const office =
  "SHAREPOINTENTERPRISE SHAREPOINTWAC TEAMS1 MCOSTANDARD YAMMER_ENTERPRISE OFFICESUBSCRIPTION FORMS_PLAN_E3 PROJECTWORKMANAGEMENT RMS_S_ENTERPRISE";

/** The SKUs by the short names that `people.js` uses. @type {Readonly<Record<string, Sku>>} */
export const skus = {
  E3: {
    skuId: "05e9a617-0261-4cee-bb44-138d3ef5d965",
    partNumber: "SPE_E3",
    product: "MICROSOFT 365 E3",
    plans: `EXCHANGE_S_ENTERPRISE ${office} AAD_PREMIUM MFA_PREMIUM INTUNE_A RMS_S_PREMIUM`,
    enabled: 40,
  },
  O3: {
    skuId: "6fd2c87f-b296-42f0-b197-1e91e994b900",
    partNumber: "ENTERPRISEPACK",
    product: "OFFICE 365 E3",
    plans: `EXCHANGE_S_ENTERPRISE ${office}`,
    enabled: 6,
    warning: 4,
  },
  E1: {
    skuId: "18181a46-0d4e-45cd-891e-60aabd171b4e",
    partNumber: "STANDARDPACK",
    product: "OFFICE 365 E1",
    plans: "EXCHANGE_S_STANDARD SHAREPOINTSTANDARD SHAREPOINTWAC TEAMS1 MCOSTANDARD YAMMER_ENTERPRISE",
    enabled: 5,
    second: { enabled: 3, consumed: 2 },
  },
  F3: {
    skuId: "66b55226-6b4f-492c-910c-a3b7a3c9d993",
    partNumber: "SPE_F1",
    product: "MICROSOFT 365 F3",
    plans:
      "EXCHANGE_S_DESKLESS SHAREPOINTDESKLESS SHAREPOINTWAC TEAMS1 MCOIMP YAMMER_ENTERPRISE AAD_PREMIUM MFA_PREMIUM INTUNE_A",
    enabled: 15,
  },
  EMS: {
    skuId: "efccb6f7-5641-4e0e-bd10-b4976e1bf68e",
    partNumber: "EMS",
    product: "ENTERPRISE MOBILITY + SECURITY E3",
    plans: "AAD_PREMIUM MFA_PREMIUM INTUNE_A RMS_S_ENTERPRISE RMS_S_PREMIUM",
    enabled: 0,
    warning: 10,
    status: "Warning",
  },
  P2: {
    skuId: "84a661c4-e949-4bd2-a560-ed7766fcaf2b",
    partNumber: "AAD_PREMIUM_P2",
    product: "MICROSOFT ENTRA ID P2",
    plans: "AAD_PREMIUM AAD_PREMIUM_P2 MFA_PREMIUM EXCHANGE_S_FOUNDATION",
    enabled: 10,
    extraConsumed: 2,
  },
  Visio: {
    skuId: "80e52531-ad7f-44ea-abc3-28e389462f1b",
    partNumber: "VISIOCLIENT_USGOV_GCCHIGH",
    product: "VISIO PLAN 2_USGOV_GCCHIGH",
    plans: "VISIO_CLIENT_SUBSCRIPTION VISIOONLINE ONEDRIVE_BASIC EXCHANGE_S_FOUNDATION",
    enabled: 4,
  },
  Project: {
    skuId: "64758d81-92b7-4855-bcac-06617becb3e8",
    partNumber: "PROJECTPROFESSIONAL_USGOV_GCCHIGH",
    product: "PROJECT PLAN 3_USGOV_GCCHIGH",
    plans:
      "PROJECT_CLIENT_SUBSCRIPTION SHAREPOINT_PROJECT SHAREPOINTENTERPRISE SHAREPOINTWAC EXCHANGE_S_FOUNDATION",
    enabled: 0,
    suspended: 5,
    status: "Suspended",
  },
  PowerBI: {
    skuId: "f8a1db68-be16-40ed-86d5-cb42ce701560",
    partNumber: "POWER_BI_PRO",
    product: "POWER BI PRO",
    plans: "BI_AZURE_P2 EXCHANGE_S_FOUNDATION",
    enabled: 6,
  },
  Fabric: {
    skuId: "a403ebcc-fae0-4ca2-8c8c-7a907fd6c235",
    partNumber: "POWER_BI_STANDARD",
    product: "MICROSOFT FABRIC (FREE)",
    plans: "BI_AZURE_P0 EXCHANGE_S_FOUNDATION",
    enabled: 1_000_000,
  },
  Flow: {
    skuId: "f30db892-07e9-47e9-837c-80727f46fd3d",
    partNumber: "FLOW_FREE",
    product: "MICROSOFT POWER AUTOMATE FREE",
    plans: "FLOW_P2_VIRAL DYN365_CDS_VIRAL EXCHANGE_S_FOUNDATION",
    enabled: 10_000,
  },
  Storage: {
    skuId: "99049c9c-6011-4908-bf17-15f496e6519d",
    partNumber: "SHAREPOINTSTORAGE",
    product: "OFFICE 365 EXTRA FILE STORAGE",
    plans: "SHAREPOINTSTORAGE",
    enabled: 500,
    appliesTo: "Company",
  },
  Vault: {
    skuId: guid("SKU RECORDS_VAULT"),
    partNumber: "RECORDS_VAULT_USGOV_L6",
    product: "RECORDS_VAULT_USGOV_L6",
    plans: "RECORDS_VAULT EXCHANGE_S_FOUNDATION",
    enabled: 3,
  },
};

/** @param {string} name */
export function findSku(name) {
  const sku = skus[name];
  if (sku === undefined) throw new Error(`no SKU ${name}`);
  return sku;
}
