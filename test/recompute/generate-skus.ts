import type { Row } from "../../src/database/open.ts";
import { e3, e5, odd, type GivenFile } from "../models/given.ts";
import type { Dice } from "./dice.ts";
import type { Day } from "./generate.ts";

/** A service plan, and the workloads that it is for. */
interface Plan {
  readonly id: string;
  readonly name: string;
  readonly appliesTo: string;
}

export interface Sku {
  readonly id: string;
  readonly partNumber: string;
  readonly plans: readonly Plan[];
  readonly isCompany: boolean;
  readonly status: string;
  readonly isSubscribed: boolean;
}

const plan = (digit: string, name: string): Plan => ({
  id: `00000000-0000-4000-8000-0000000000a${digit}`,
  name,
  appliesTo: "User",
});

const plans = [
  plan("1", "EXCHANGE_S_ENTERPRISE"),
  plan("2", "TEAMS1"),
  plan("3", "SHAREPOINTENTERPRISE"),
  plan("4", "YAMMER_ENTERPRISE"),
  plan("5", "MCOSTANDARD"),
  plan("6", "INTUNE_A"),
  plan("8", "OFFICESUBSCRIPTION"),
  { ...plan("0", "EXCHANGE_S_FOUNDATION"), id: "113feb6c-3fe4-4440-bddc-54d774bf0318" },
  { ...plan("7", "COMPANY_WIDE"), appliesTo: "Company" },
] as const;

/** SKUs of accounts of no person. */
const others = [
  ["440eaaa8-b3e0-484b-a8be-62870b9ba70a", "PHONESYSTEM_VIRTUALUSER"],
  ["6070a4c8-34c6-4937-8dfb-39bbc6397a60", "MEETING_ROOM"],
] as const;

const unnamed = "00000000-0000-4000-8000-0000000000de";
const free = "f30db892-07e9-47e9-837c-80727f46fd3d";

/** SKUs of four families, as Microsoft's list names them. */
const tiers = [
  ["06ebc4ee-1bb5-47dd-8120-11324bc54e06", "SPE_E5"],
  ["05e9a617-0261-4cee-bb44-138d3ef5d965", "SPE_E3"],
  ["66b55226-6b4f-492c-910c-a3b7a3c9d993", "SPE_F1"],
  ["44575883-256e-4a79-9da4-ebe9acabe2b2", "M365_F1"],
  ["2a914830-d700-444a-b73c-e3f31980d833", "M365_F1_GOV"],
  ["18a4bd3f-0b5b-4887-b04f-61dd0ee15f5e", "Microsoft_365_E5_(no_Teams)"],
  ["dcf0408c-aaec-446c-afd4-43e3683943ea", "Microsoft_365_E3_(no_Teams)"],
  ["6fd2c87f-b296-42f0-b197-1e91e994b900", "ENTERPRISEPACK"],
  ["18181a46-0d4e-45cd-891e-60aabd171b4e", "STANDARDPACK"],
  ["cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46", "SPB"],
  ["3b555118-da6a-4418-894f-7df1e2096870", "O365_BUSINESS_ESSENTIALS"],
] as const;

export function makeSkus(dice: Dice): Sku[] {
  const candidates = [
    [e3, "E3"],
    [e5, "E5"],
    [odd, "ODD"],
    [unnamed, "UNNAMED"],
    [free, "FLOW_FREE"],
  ] as const;
  const chosen = [
    ...candidates.slice(0, dice.number(1, candidates.length)),
    ...(dice.chance(0.4) ? dice.some(tiers, 0.4) : []),
    ...(dice.chance(0.15) ? [dice.pick(others)] : []),
  ];
  return chosen.map(([id, partNumber]) => ({
    id,
    partNumber,
    plans: dice.chance(0.1) ? [] : dice.some(plans, 0.4),
    isCompany: dice.chance(0.08),
    status: dice.chance(0.8) ? "Enabled" : dice.pick(["Warning", "Suspended", "LockedOut", "Deleted"]),
    isSubscribed: dice.chance(0.92),
  }));
}

export function makeSubscriptions({ dice, date, skus }: Day): GivenFile[] {
  const subscribed = skus.filter(({ isSubscribed }) => isSubscribed);
  const records = subscribed.flatMap((sku) =>
    ["contoso", "fabrikam"]
      .slice(0, dice.chance(0.2) ? 2 : 1)
      .map((account) => subscribedSku(sku, account, dice)),
  );
  const bought = subscribed.flatMap((sku) => (dice.chance(0.3) ? [sku, sku] : [sku]));
  const subscriptions = bought.map((sku, index) => ({
    id: `subscription-${index}`,
    skuId: sku.id,
    skuPartNumber: sku.partNumber,
    status: dice.pick([sku.status, sku.status, "Enabled", "Deleted", null]),
    isTrial: dice.pick([false, false, true, null]),
    totalLicenses: dice.pick([0, 5, 25, 10_000]),
  }));
  return [
    ...(dice.chance(0.92) ? [["subscribed_skus", records, { date }] as const] : []),
    ...(dice.chance(0.4) ? [["directory_subscriptions", subscriptions, { date }] as const] : []),
  ];
}

function subscribedSku(sku: Sku, account: string, dice: Dice): Row {
  const isLive = sku.status === "Enabled";
  const units = {
    enabled: isLive ? dice.number(0, 12) : 0,
    warning: sku.status === "Warning" ? dice.number(1, 5) : 0,
    suspended: sku.status === "Suspended" ? dice.number(1, 5) : 0,
    lockedOut: sku.status === "LockedOut" ? dice.number(1, 5) : 0,
  };
  if (dice.chance(0.05)) Object.assign(units, { [dice.pick(Object.keys(units))]: null });
  return {
    id: `${account}_${sku.id}`,
    skuId: dice.chance(0.2) ? sku.id.toUpperCase() : sku.id,
    skuPartNumber: sku.partNumber,
    appliesTo: sku.isCompany ? "Company" : "User",
    capabilityStatus: dice.chance(0.95) ? sku.status : "Suspended",
    consumedUnits: dice.chance(0.95) ? dice.number(0, 12) : null,
    prepaidUnits: dice.chance(0.97) ? units : null,
    servicePlans: sku.plans.map(({ id, name, appliesTo }) => ({
      servicePlanId: id,
      servicePlanName: name,
      provisioningStatus: "Success",
      appliesTo,
    })),
  };
}
