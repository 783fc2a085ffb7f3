import type { Row } from "../../src/database.ts";
import { rules } from "./rules.ts";
import type { Exports } from "./exports.ts";
import { text, time } from "./values.ts";

/** A user of the tenant, or someone whom a record names where no users were exported. */
export interface Person {
  readonly id: string | null;
  readonly upn: string | null;
  /** The record of the users export. */
  readonly user?: Row;
}

export interface People {
  readonly all: readonly Person[];
  /** Whom a record with this id and UPN is about: by id where it has one, else by UPN, else by mail; nobody where two could be meant. */
  readonly find: (id: string | null, upn: string | null) => Person | undefined;
  readonly byIdOrUpn: (id: string | null, upn: string | null) => Person | undefined;
}

export const reportNames = [
  "office365_active_user_detail",
  "mailbox_usage_detail",
  "onedrive_usage_account_detail",
  "email_activity_user_detail",
  "onedrive_activity_user_detail",
  "sharepoint_activity_user_detail",
  "teams_user_activity_user_detail",
  "yammer_activity_user_detail",
  "skype_for_business_activity_user_detail",
] as const;

export function findPeople(exports: Exports): People {
  const users = exports.of("users");
  const all = users.date === null ? mentioned(exports) : users.records.filter(isUser).map(toPerson);
  const byId = index(all, ({ id }) => id);
  const byUpn = index(all, ({ upn }) => upn);
  const byMail = index(all, ({ user }) => text(user, "mail"));
  const byIdOrUpn = (id: string | null, upn: string | null): Person | undefined =>
    hasId(id) ? only(byId, id) : only(byUpn, upn);
  return {
    all,
    byIdOrUpn,
    find: (id, upn) => {
      if (hasId(id)) return only(byId, id);
      const namesakes = byUpn.get(upn?.toLowerCase() ?? "") ?? [];
      return namesakes.length > 0 ? only(byUpn, upn) : only(byMail, upn);
    },
  };
}

function isUser(record: Row): boolean {
  return time(record, "deletedDateTime") === null;
}

function toPerson(record: Row): Person {
  return { id: text(record, "id"), upn: text(record, "userPrincipalName"), user: record };
}

/** An id of zeros is none. */
function hasId(id: string | null): boolean {
  return id !== null && id !== "" && !/^[0-]+$/.test(id);
}

function index(all: readonly Person[], keyOf: (person: Person) => string | null): Map<string, Person[]> {
  const people = new Map<string, Person[]>();
  for (const person of all) {
    const key = keyOf(person)?.toLowerCase();
    if (key) people.set(key, [...(people.get(key) ?? []), person]);
  }
  return people;
}

function only(people: ReadonlyMap<string, readonly Person[]>, key: string | null): Person | undefined {
  const found = people.get(key?.toLowerCase() ?? "") ?? [];
  return found.length === 1 ? found[0] : undefined;
}

export function isConcealed(upn: string | null): boolean {
  return upn !== null && /^[0-9A-F]{32}$/.test(upn);
}

export function reportUpn(row: Row): string | null {
  return text(row, "userPrincipalName") ?? text(row, "ownerPrincipalName");
}

export function isDeletedRow(row: Row): boolean {
  return row["isDeleted"] === true || String(row["userState"]).toLowerCase() === "deleted";
}

/** Without users: one for each id, and one for each open UPN that none of those bears. */
function mentioned(exports: Exports): Person[] {
  const byId = new Map<string, Person>();
  const byUpn = new Map<string, Person>();
  for (const { id, upn } of mentions(exports)) {
    const key = upn?.toLowerCase() ?? "";
    if (hasId(id)) byId.set(id?.toLowerCase() ?? "", byId.get(id?.toLowerCase() ?? "") ?? { id, upn });
    else if (key !== "" && !byUpn.has(key)) byUpn.set(key, { id: null, upn });
  }
  for (const { upn } of byId.values()) byUpn.delete(upn?.toLowerCase() ?? "");
  return [...byId.values(), ...byUpn.values()];
}

function mentions(exports: Exports): { id: string | null; upn: string | null }[] {
  const registrations = ["user_registration_details", "credential_user_registration_details"];
  return [
    ...registrations.flatMap((name) => [...exports.of(name).records]),
    ...reportNames.flatMap((name) => exports.of(name).records.filter((row) => !isDeletedRow(row))),
    ...(rules.signInsMakePeople ? exports.of("sign_ins").records : []),
  ]
    .map((row) => ({ id: text(row, "id") ?? text(row, "userId"), upn: reportUpn(row) }))
    .filter(({ upn }) => !isConcealed(upn));
}
