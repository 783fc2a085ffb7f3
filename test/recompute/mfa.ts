import type { Row } from "../../src/database/open.ts";
import type { Exports } from "./exports.ts";
import { kindOf, type MailboxTypeOf } from "./kinds.ts";
import type { People, Person } from "./people.ts";
import { flag, groupBy, text } from "./values.ts";

export type RegistrationOf = (person: Person) => Row | undefined;

/** What is registered of each person; the older report tells who is registered where the newer leaves it out. */
export function findRegistrations(exports: Exports, people: People): RegistrationOf {
  const newer = assign(exports.of("user_registration_details").records, people);
  const older = assign(exports.of("credential_user_registration_details").records, people);
  return (person) => {
    const [one, other] = [newer(person), older(person)];
    if (other === undefined) return one;
    if (one === undefined) return { ...other, isSsprRegistered: other["isRegistered"] };
    return {
      ...one,
      isMfaRegistered: one["isMfaRegistered"] ?? other["isMfaRegistered"],
      isSsprRegistered: one["isSsprRegistered"] ?? (one["isSsprCapable"] === true || other["isRegistered"]),
    };
  };
}

/** The name of a person: the users export's; without one what the registrations say. */
export function nameOf({ user, mention }: Person): string | null {
  return text(user, "displayName") ?? text(mention, "userDisplayName");
}

/** The rows of mfa_status. */
export function computeMfa(
  people: People,
  registrationOf: RegistrationOf,
  typeOfMailbox: MailboxTypeOf,
): Row[] {
  return people.all.map((person) => {
    const record = registrationOf(person);
    const isRegistered = flag(record, "isMfaRegistered");
    const isCapable = flag(record, "isMfaCapable");
    const methods = record?.["methodsRegistered"] ?? record?.["authMethods"];
    return {
      user_id: person.id,
      user_principal_name: person.upn,
      display_name: nameOf(person),
      account_enabled: flag(person.user, "accountEnabled"),
      user_type: text(person.user, "userType") ?? typeOf(record ?? person.mention),
      department: text(person.user, "department"),
      country: text(person.user, "country"),
      mfa_status: statusOf(isCapable, isRegistered ?? isDerived(isCapable, methods)),
      is_mfa_registered: isRegistered,
      is_mfa_capable: isCapable,
      is_admin: flag(record, "isAdmin"),
      methods_registered: Array.isArray(methods) ? methods.map(String).toSorted().join("; ") : null,
      is_passwordless_capable: flag(record, "isPasswordlessCapable"),
      is_sspr_registered: flag(record, "isSsprRegistered") ?? (flag(record, "isSsprCapable") || null),
      account_kind: kindOf(person, typeOfMailbox(person)),
    };
  });
}

function typeOf(registration: Row | undefined): string | null {
  const type = text(registration, "userType");
  return type === null ? null : `${type.charAt(0).toUpperCase()}${type.slice(1)}`;
}

/** The rows of mfa_summary, from those of mfa_status. Where something is unknown of some, a count above zero is the least, and zero says nothing. */
export function summarizeMfa(exports: Exports, statuses: readonly Row[]): Row[] {
  const isCut = ["users", "user_registration_details"].some((name) => exports.of(name).isIncomplete);
  return [...groupBy(statuses, (status) => status["mfa_status"])].map(([mfaStatus, all]) => {
    const least = (has: (row: Row) => boolean, isKnown: (row: Row) => boolean): number | null => {
      const many = all.filter(has).length;
      return many === 0 && (isCut || !all.every(isKnown)) ? null : many;
    };
    const typeIn = (row: Row): string => String(row["user_type"]).toLowerCase();
    const isSorted = (row: Row): boolean =>
      row["account_enabled"] !== null && ["member", "guest"].includes(typeIn(row));
    const isMember = (row: Row): boolean => row["account_enabled"] === true && typeIn(row) === "member";
    const isPerson = (row: Row): boolean => ["Person", "Unknown"].includes(String(row["account_kind"]));
    return {
      mfa_status: mfaStatus,
      users: all.length,
      account_enabled_users: least(
        (row) => row["account_enabled"] === true,
        (row) => row["account_enabled"] !== null,
      ),
      admins: least(
        (row) => row["is_admin"] === true,
        (row) => row["is_admin"] !== null,
      ),
      enabled_members: least(isMember, isSorted),
      enabled_guests: least((row) => row["account_enabled"] === true && typeIn(row) === "guest", isSorted),
      account_disabled_users: least(
        (row) => row["account_enabled"] === false,
        (row) => row["account_enabled"] !== null,
      ),
      members_of_kind_person: least((row) => isMember(row) && isPerson(row), isSorted),
    };
  });
}

/** Capable first; who is not capable is Disabled only when nothing is registered either. */
function statusOf(isCapable: boolean | null, isRegistered: boolean | null): string {
  if (isCapable === true) return "Enabled";
  if (isRegistered === false) return "Disabled";
  return isCapable === false && isRegistered === true ? "Non-compliant" : "Not Available";
}

const weak = new Set(["email", "securityQuestion", "appPassword", "temporaryAccessPass"]);

/** Of who is not capable, where isMfaRegistered was not exported: whether a method is registered beside those that are none of MFA. */
function isDerived(isCapable: boolean | null, methods: unknown): boolean | null {
  if (isCapable !== false || !Array.isArray(methods)) return null;
  return methods.some((method) => !weak.has(String(method)));
}

/** A list (CSV) in which an empty cell of methods is none: it never writes `[]`, and no capable user's cell is empty. */
export function readEmptyCells(records: readonly Row[]): readonly Row[] {
  const isEmpty = (record: Row): boolean => (record["methodsRegistered"] ?? null) === null;
  const hasColumn = records.some((record) => "methodsRegistered" in record);
  const writesNone = records.some(({ methodsRegistered: list }) => Array.isArray(list) && list.length === 0);
  const isUnsaid = records.some((record) => isEmpty(record) && flag(record, "isMfaCapable") !== false);
  if (!hasColumn || writesNone || isUnsaid) return records;
  return records.map((record) => (isEmpty(record) ? { ...record, methodsRegistered: [] } : record));
}

/** The one record of each person; two that bear the same name are nobody's. */
function assign(records: readonly Row[], people: People): (person: Person) => Row | undefined {
  const byPerson = new Map<Person, Row[]>();
  for (const record of records) {
    const id = "authMethods" in record ? null : text(record, "id");
    const person = people.ofRegistration(id, text(record, "userPrincipalName"));
    if (person) byPerson.set(person, [...(byPerson.get(person) ?? []), record]);
  }
  return (person) => {
    const found = byPerson.get(person) ?? [];
    return found.length === 1 ? found[0] : undefined;
  };
}
