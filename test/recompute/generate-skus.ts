import type { Row } from "../../src/database.ts";
import { e3, e5, odd, type GivenFile } from "../views/given.ts";
import type { Dice } from "./dice.ts";
import type { Day } from "./generate.ts";

/** A service plan, and the workloads that it is for. */
interface Plan {
  readonly id: string;
  readonly name: string;
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
});

const plans = [
  plan("1", "EXCHANGE_S_ENTERPRISE"),
  plan("2", "TEAMS1"),
  plan("3", "SHAREPOINTENTERPRISE"),
  plan("4", "YAMMER_ENTERPRISE"),
  plan("5", "MCOSTANDARD"),
  plan("6", "INTUNE_A"),
] as const;

const unnamed = "00000000-0000-4000-8000-0000000000de";
const free = "f30db892-07e9-47e9-837c-80727f46fd3d";

export function makeSkus(dice: Dice): Sku[] {
  const candidates = [
    [e3, "E3"],
    [e5, "E5"],
    [odd, "ODD"],
    [unnamed, "UNNAMED"],
    [free, "FLOW_FREE"],
  ] as const;
  return candidates.slice(0, dice.number(1, candidates.length)).map(([id, partNumber]) => ({
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
  const subscriptions = subscribed.map((sku) => ({
    id: `subscription-${sku.id}`,
    skuId: sku.id,
    skuPartNumber: sku.partNumber,
    status: sku.status,
    isTrial: dice.chance(0.15),
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
    capabilityStatus: sku.status,
    consumedUnits: dice.chance(0.95) ? dice.number(0, 12) : null,
    prepaidUnits: dice.chance(0.97) ? units : null,
    servicePlans: sku.plans.map(({ id, name }) => ({
      servicePlanId: id,
      servicePlanName: name,
      provisioningStatus: "Success",
      appliesTo: "User",
    })),
  };
}
