import type { Row } from "../../src/database/open.ts";
import { e3, e5 } from "../models/given.ts";
import type { Exports } from "./exports.ts";
import { plansBySku } from "./plans.ts";
import { groupBy, text } from "./values.ts";

type SkuClass = "Paid" | "Free" | "Trial" | "Unknown";

/** What the exports say of one SKU. */
export interface Sku {
  readonly id: string;
  readonly partNumber: string | null;
  readonly productName: string | null;
  readonly skuClass: SkuClass;
  /** Its objects in subscribed_skus, one for each account. */
  readonly objects: readonly Row[];
  /** Its service plans; null where they are not known. */
  readonly plans: readonly Row[] | null;
  readonly isCompany: boolean;
  readonly hasExpired: boolean;
}

/** Names of the list that ships with the tool, as given.ts puts them there. */
const names: Readonly<Record<string, readonly [partNumber: string, productName: string]>> = {
  [e3]: ["E3", "Office E3"],
  [e5]: ["E5", "Office E5"],
};

/** Of the well-known SKUs those that the tenants have. */
const wellKnown: Readonly<Record<string, SkuClass>> = {
  "f30db892-07e9-47e9-837c-80727f46fd3d": "Free",
};

const expired: ReadonlySet<string | null> = new Set(["Suspended", "LockedOut", "Deleted"]);

/** How to find a SKU, whether it is subscribed or not. */
export function readSkus(exports: Exports): (id: string) => Sku {
  const subscribed = groupBy(exports.of("subscribed_skus").records, skuIdOf);
  const subscriptions = groupBy(exports.of("directory_subscriptions").records, skuIdOf);
  const plansOf = plansBySku(exports);
  const known = new Map<string, Sku>();
  const read = (id: string): Sku => {
    const objects = subscribed.get(id) ?? [];
    const [partNumber, productName] = names[id] ?? [null, null];
    const part = objects.map((object) => text(object, "skuPartNumber")).find(Boolean) ?? partNumber;
    const plans = plansOf.get(id) ?? [];
    return {
      id,
      partNumber: part,
      productName: productName ?? part,
      skuClass: wellKnown[id] ?? classOf(subscriptions.get(id) ?? []),
      objects,
      plans: plans.length === 0 ? null : plans,
      isCompany: objects.some((object) => text(object, "appliesTo") === "Company"),
      hasExpired:
        objects.length > 0 && objects.every((object) => expired.has(text(object, "capabilityStatus"))),
    };
  };
  return (id) => {
    const sku = known.get(id) ?? read(id);
    known.set(id, sku);
    return sku;
  };
}

export function skuIdOf(record: Row): string {
  return String(record["skuId"]).toLowerCase();
}

/** Paid where one subscription is no trial and in force, Trial where all that are in force are trials; where none is in force, those that have ended tell. */
function classOf(subscriptions: readonly Row[]): SkuClass {
  const inForce = subscriptions.filter((subscription) => !expired.has(text(subscription, "status")));
  const telling = inForce.length > 0 ? inForce : subscriptions;
  const known = telling.map(({ isTrial }) => isTrial);
  if (known.includes(false)) return "Paid";
  // Of a subscription that does not say, nobody knows that it is free of charge.
  return known.length > 0 && known.every((isTrial) => isTrial === true) ? "Trial" : "Unknown";
}

export function isFree({ skuClass }: Sku): boolean {
  return skuClass === "Free" || skuClass === "Trial";
}

/** What is free, a trial or the company's as a whole is not bought by the unit. */
export function isBoughtByUnit(sku: Sku): boolean {
  return !isFree(sku) && !sku.isCompany;
}
