import type { Row } from "../../src/database/open.ts";

/** The identifier of a service plan, by two of its digits. */
export const planId = (digits: string): string => `00000000-0000-4000-8000-0000000000${digits}`;

export const exchange = { servicePlanId: planId("a1"), servicePlanName: "EXCHANGE_S_ENTERPRISE" };
export const teams = { servicePlanId: planId("a2"), servicePlanName: "TEAMS1" };

/** A subscribed SKU in force of which one of ten units is assigned, with service plans of its own. */
export const skuOf = (
  skuId: string,
  skuPartNumber: string,
  servicePlans: readonly Row[],
  more: Row = {},
): Row => ({
  id: `contoso_${skuPartNumber}`,
  skuId,
  skuPartNumber,
  appliesTo: "User",
  capabilityStatus: "Enabled",
  consumedUnits: 1,
  prepaidUnits: { enabled: 10, warning: 0, suspended: 0, lockedOut: 0 },
  servicePlans,
  ...more,
});

/** Licenses with all of their plans on. */
export const held = (...skuIds: string[]): Row => ({
  assignedLicenses: skuIds.map((skuId) => ({ skuId, disabledPlans: [] })),
});
