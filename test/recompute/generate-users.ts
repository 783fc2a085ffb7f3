import type { Row } from "../../src/database/open.ts";
import type { GivenFile } from "../models/given.ts";
import { daysBefore } from "./days.ts";
import type { Dice } from "./dice.ts";
import { refusal, type Day } from "./generate.ts";
import { pickName, type Identity } from "./generate-identities.ts";
import type { Sku } from "./generate-skus.ts";

const never = "0001-01-01T00:00:00Z";
const ages = [0, 1, 6, 7, 8, 14, 29, 30, 31, 59, 60, 61, 89, 90, 91, 120, 200] as const;

export function makeUsers(day: Day): GivenFile[] {
  const { dice, date, identities } = day;
  if (dice.chance(0.07)) return dice.chance(0.3) ? [refusal("users")] : [];
  const there = identities.filter(() => dice.chance(0.93));
  const records = there.map((identity) => makeUser(day, identity));
  const has = {
    signInActivity: dice.chance(0.75),
    assignedPlans: dice.chance(0.3),
    states: dice.chance(0.7),
  };
  const selected = records.map(({ signInActivity, assignedPlans, licenseAssignmentStates, ...rest }) => ({
    ...rest,
    ...(has.signInActivity && { signInActivity }),
    ...(has.assignedPlans && { assignedPlans }),
    ...(has.states && { licenseAssignmentStates }),
  }));
  const cut = dice.chance(0.15) ? Math.floor(selected.length / 2) : selected.length;
  const pages = [selected.slice(0, cut), selected.slice(cut)].filter(
    (page, index) => index === 0 || page.length > 0,
  );
  return pages.map((page): GivenFile => ["users", page, { date }]);
}

function makeUser(day: Day, identity: Identity): Row {
  const { dice, skus } = day;
  const held = dice.some(skus, 0.4);
  return {
    id: identity.id,
    userPrincipalName: identity.upn,
    mail: identity.mail,
    displayName: `User ${identity.id}`,
    accountEnabled: dice.chance(0.97) ? dice.chance(0.8) : null,
    userType: dice.pick(["Member", "Member", "Guest", null]),
    department: dice.pick(["IT", "Finance", "Finance", "Microsoft Communication Application Instance", null]),
    givenName: dice.pick(["Ann", null]),
    surname: dice.pick(["Lee", null]),
    ...(dice.chance(0.1) && { isResourceAccount: dice.pick([true, false, null]) }),
    country: dice.pick(["Spain", null]),
    ...(dice.chance(0.05) && {
      employeeLeaveDateTime: `${daysBefore(day.date, dice.pick([-20, 3]))}T00:00:00Z`,
    }),
    createdDateTime: dice.chance(0.97) ? identity.createdDateTime : dice.pick([null, never]),
    ...(dice.chance(0.06) && { deletedDateTime: dice.pick([`${day.date}T08:00:00Z`, never]) }),
    assignedLicenses: held.map((sku) => ({
      skuId: sku.id,
      disabledPlans: dice.some(sku.plans, 0.2).map(({ id }) => id),
    })),
    licenseAssignmentStates: makeStates(day, held),
    assignedPlans: makeAssignedPlans(day, held),
    signInActivity: makeSignInActivity(day, identity),
  };
}

function makeStates({ dice, skus }: Day, held: readonly Sku[]): Row[] {
  const paths = held.flatMap((sku) =>
    dice.pick([[null], ["group-1"], [null, "group-2"]]).map((group) => ({
      skuId: sku.id,
      assignedByGroup: group,
      state: "Active",
      error: "None",
      disabledPlans: [],
    })),
  );
  const other = dice.pick(skus);
  if (held.includes(other) || !dice.chance(0.12)) return paths;
  return [
    ...paths,
    {
      skuId: other.id,
      assignedByGroup: "group-1",
      state: "Error",
      error: "CountViolation",
      disabledPlans: [],
    },
  ];
}

const services: Readonly<Record<string, string>> = {
  EXCHANGE_S_ENTERPRISE: "exchange",
  TEAMS1: "TeamspaceAPI",
  SHAREPOINTENTERPRISE: "SharePoint",
  YAMMER_ENTERPRISE: "YammerEnterprise",
  MCOSTANDARD: "MicrosoftCommunicationsOnline",
  INTUNE_A: "SCO",
  OFFICESUBSCRIPTION: "MicrosoftOffice",
  EXCHANGE_S_FOUNDATION: "exchange",
  COMPANY_WIDE: "SCO",
};

function makeAssignedPlans({ dice, date }: Day, held: readonly Sku[]): Row[] {
  return held
    .flatMap(({ plans }) => plans)
    .filter(() => dice.chance(0.9))
    .map(({ id, name }) => ({
      servicePlanId: id,
      service: services[name],
      capabilityStatus: dice.chance(0.85) ? "Enabled" : dice.pick(["Deleted", "Suspended", "Warning"]),
      assignedDateTime: dice.pick([null, ...ages.map((age) => `${daysBefore(date, age)}T00:00:00Z`)]),
    }));
}

function makeSignInActivity({ dice, date }: Day, { habit }: Identity): Row | null {
  if (dice.chance(habit === "quiet" ? 0.8 : 0.2)) return null;
  const possible = habit === "idle" ? ages.filter((age) => age > 50) : ages;
  const time = (): string | null => {
    if (dice.chance(0.2)) return dice.pick([null, never]);
    return `${daysBefore(date, dice.pick(possible))}T0${dice.number(0, 9)}:30:00Z`;
  };
  return {
    lastSignInDateTime: time(),
    ...(dice.chance(0.6) && { lastNonInteractiveSignInDateTime: time() }),
    ...(dice.chance(0.5) && { lastSuccessfulSignInDateTime: time() }),
  };
}

/** Now and then a tool wrote the name of a type in place of signInActivity, in some records of a file. */
export function loseActivity(file: GivenFile, dice: Dice): GivenFile {
  const [name, records, facts] = file;
  if (name !== "users" || !dice.chance(0.3)) return file;
  const lost = new Set(
    dice.some(
      records.filter(({ signInActivity }) => signInActivity !== undefined),
      dice.pick([0.1, 0.5, 1]),
    ),
  );
  if (lost.size === 0) return file;
  const left = records.map((record) => (lost.has(record) ? { ...record, signInActivity: null } : record));
  return [name, left, { ...facts, lost: { signInActivity: lost.size } }];
}

export function makeRegistrations({ dice, date, identities }: Day): GivenFile[] {
  if (dice.chance(0.1)) return dice.chance(0.5) ? [refusal("user_registration_details")] : [];
  const isOlder = dice.chance(0.08);
  const flag = (likely: number): boolean | null => (dice.chance(0.94) ? dice.chance(likely) : null);
  const registered = identities.filter(() => dice.chance(0.85));
  const hasIds = dice.chance(0.8);
  const isList = !hasIds && dice.chance(0.7);
  // A list writes none as an empty cell, or as [] and leaves a cell empty where it says nothing.
  const none = dice.chance(isList ? 0.2 : 1) ? [[]] : [];
  const methods = [["mobilePhone"], ["email", "fido2SecurityKey"], ["email"], ["securityQuestion", "email"]];
  const isSilent = (isCapable: boolean | null): boolean =>
    dice.chance(isCapable === true && isList ? 0.02 : 0.2);
  const describe = (identity: Identity, isCapable: boolean | null): Row => ({
    ...(hasIds && { id: dice.chance(0.05) ? `gone-${identity.id}` : identity.id }),
    userPrincipalName: pickName(dice, identity),
    userDisplayName: `Registered ${identity.id}`,
    userType: "member",
    isAdmin: flag(0.2),
    isMfaCapable: isCapable,
    ...(!isList && { isMfaRegistered: flag(0.6) }),
    methodsRegistered: isSilent(isCapable) ? null : dice.pick([...none, ...methods]),
    ...(dice.chance(0.6) && { isPasswordlessCapable: flag(0.3) }),
    ...(dice.chance(0.5) && { isSsprRegistered: flag(0.5) }),
    ...(dice.chance(0.5) && { isSsprCapable: flag(0.5) }),
  });
  const records = registered.map((identity) => describe(identity, isList ? dice.chance(0.4) : flag(0.5)));
  const older = registered.map((identity) => ({
    userPrincipalName: pickName(dice, identity),
    isMfaRegistered: flag(0.5),
    isRegistered: flag(0.5),
    authMethods: dice.pick([[], ["mobilePhone"]]),
  }));
  return isOlder
    ? [["credential_user_registration_details", older, { date }]]
    : [["user_registration_details", records, { date, ...(isList && { wrapper: "csv" }) }]];
}
