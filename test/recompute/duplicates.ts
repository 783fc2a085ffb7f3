import { workloadsOf } from "./plans.ts";
import { isFree, type Sku } from "./skus.ts";
import { text } from "./values.ts";

/** One license of a person. */
export interface License {
  readonly sku: Sku;
  /** Ids of the plans switched off in it. */
  readonly disabledPlans: readonly string[];
}

/** Part numbers of the same family, tier by tier, the highest first. */
const families: readonly (readonly (readonly string[])[])[] = [
  [
    ["SPE_E5", "Microsoft_365_E5_(no_Teams)"],
    ["SPE_E3", "Microsoft_365_E3_(no_Teams)"],
    ["SPE_F1", "M365_F1_GOV"],
    ["M365_F1"],
  ],
  [["ENTERPRISEPREMIUM"], ["ENTERPRISEPACK"], ["STANDARDPACK"], ["DESKLESSPACK"]],
  [["EMSPREMIUM"], ["EMS"]],
  [["AAD_PREMIUM_P2"], ["AAD_PREMIUM"]],
  [["SPB"], ["O365_BUSINESS_PREMIUM"], ["O365_BUSINESS_ESSENTIALS"]],
];

/**
 * Whether another license of the person, one that is in force and stays, has all that this one gives, or is a higher
 * tier; null where the plans that would tell are not known.
 */
export function isDuplicate(
  own: License,
  all: readonly License[],
  isGoing: (other: License) => boolean,
): boolean | null {
  if (isFree(own.sku)) return false;
  const others = all.filter(({ sku }) => sku.id !== own.sku.id && !isFree(sku));
  const answers = new Set(
    others.map((other) => {
      const answer = isIncludedIn(other, own);
      return answer === true && (other.sku.hasExpired || isGoing(other)) ? false : answer;
    }),
  );
  if (answers.has(true)) return true;
  return answers.has(null) ? null : false;
}

/** Of two that could each be told to include the other, the plans decide. */
function isIncludedIn(other: License, own: License): boolean | null {
  const answer = replaces(other, own);
  return answer === true || (isHigherTier(other, own) && replaces(own, other) !== true) ? true : answer;
}

function replaces(other: License, own: License): boolean | null {
  const [plans, otherPlans] = [comparedPlans(own), comparedPlans(other)];
  if (plans === null || otherPlans === null) return null;
  if (plans.size === 0 || ![...plans].every((plan) => otherPlans.has(plan))) return false;
  return plans.size < otherPlans.size || stays(other.sku, own.sku);
}

/** The plans that are on, without the foundation plan and those of the company. */
function comparedPlans({ sku, disabledPlans }: License): Set<string> | null {
  if (sku.plans === null) return null;
  const compared = sku.plans.filter(
    (plan) =>
      text(plan, "servicePlanName") !== "EXCHANGE_S_FOUNDATION" && text(plan, "appliesTo") !== "Company",
  );
  const ids = compared.map((plan) => String(plan["servicePlanId"]));
  return new Set(ids.filter((id) => !disabledPlans.includes(id)));
}

/** Which of two SKUs with the same plans stays: the higher tier, else the first by part number. */
function stays(one: Sku, other: Sku): boolean {
  const [tier, otherTier] = [tierOf(one), tierOf(other)];
  if (tier !== otherTier) return tier > otherTier;
  return (one.partNumber ?? one.id) < (other.partNumber ?? other.id);
}

/** How high a SKU stands in its family, counted from the lowest; 0 where it is of none. */
function tierOf({ partNumber }: Sku): number {
  const family = familyOf(partNumber);
  return (
    family.length -
    Math.max(
      0,
      family.findIndex((tier) => tier.includes(partNumber ?? "")),
    )
  );
}

function familyOf(partNumber: string | null): readonly (readonly string[])[] {
  return families.find((family) => family.flat().includes(partNumber ?? "")) ?? [];
}

/** A higher tier counts only where all workloads of the lower one are on in it. */
function isHigherTier(other: License, own: License): boolean {
  const family = familyOf(own.sku.partNumber);
  const isHigher = family.flat().includes(other.sku.partNumber ?? "") && tierOf(other.sku) > tierOf(own.sku);
  const [needed, given] = [workloadsOf(own), workloadsOf(other)];
  const isOfficeGiven = !hasOffice(own) || hasOffice(other);
  return (
    isHigher &&
    isOfficeGiven &&
    needed !== null &&
    // Of what is not known nobody can say that it is on.
    given !== null &&
    needed.every((workload) => given.includes(workload))
  );
}

function hasOffice({ sku, disabledPlans }: License): boolean {
  return (sku.plans ?? []).some(
    (plan) =>
      text(plan, "servicePlanName") === "OFFICESUBSCRIPTION" &&
      text(plan, "appliesTo") !== "Company" &&
      !disabledPlans.includes(String(plan["servicePlanId"])),
  );
}
