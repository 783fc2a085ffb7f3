import type { Row } from "../../src/database/open.ts";
import type { Exports } from "./exports.ts";
import { rules } from "./rules.ts";
import { namesNobody } from "./repeats.ts";
import { text, time } from "./values.ts";

/** A user of the tenant, or someone whom a record names where no users were exported. */
export interface Person {
  readonly id: string | null;
  readonly upn: string | null;
  /** The record of the users export. */
  readonly user?: Row;
  /** Without users: of the registration records that name them the one whose display name comes first. */
  readonly mention?: Row;
}

export interface People {
  readonly all: readonly Person[];
  /** By id where the record has one, else by UPN; nobody where two could be meant. */
  readonly ofRegistration: (id: string | null, upn: string | null) => Person | undefined;
  /** By id, else by UPN, else by an earlier UPN, else by mail. */
  readonly ofReportRow: (record: Row) => readonly Person[];
  readonly ofSignIn: (record: Row) => readonly Person[];
  readonly ofMailbox: (record: Row) => Person | undefined;
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

/** Reports on devices and applications: a date in them shows use, an empty one nothing. */
export const otherReportNames = [
  "m365_app_user_detail",
  "copilot_usage_user_detail",
  "teams_device_usage_user_detail",
  "email_app_usage_user_detail",
  "yammer_device_usage_user_detail",
] as const;

export function findPeople(exports: Exports): People {
  const users = exports.of("users");
  const all = users.date === null ? mentioned(exports) : users.records.filter(isUser).map(toPerson);
  const byId = index(all, ({ id }) => id);
  const byUpn = index(all, ({ upn }) => upn);
  const byMail = index(all, ({ user }) => text(user, "mail"));
  const byEarlierUpn = indexEarlier(exports, byId);
  /** By UPN, else by a UPN of earlier days, else by mail; a name that two have is neither's. */
  const byName = (upn: string | null): Person | undefined => {
    const name = upn?.toLowerCase() ?? "";
    const names = [byUpn, byEarlierUpn, byMail].find((people) => people.has(name));
    return names && only(names, upn);
  };
  /** Who is named by a record that an id does not settle: an id that is another's, or nobody's, settles it unless the named person's id is not known. */
  const find = (id: string | null, named: Person | undefined): readonly Person[] => {
    if (!hasId(id)) return [named ?? []].flat();
    const own = only(byId, id);
    const isNamed = named !== undefined && named !== own && named.id === null;
    const isOther = isNamed && own === undefined;
    return [own ?? [], isOther ? named : []].flat();
  };
  return {
    all,
    ofRegistration: (id, upn) => {
      if (hasId(id)) return only(byId, id);
      return rules.registrationsAreNamedAsReports ? byName(upn) : only(byUpn, upn);
    },
    ofMailbox: (record) => {
      const id = text(record, "externalDirectoryObjectId");
      return hasId(id) ? only(byId, id) : only(byUpn, reportUpn(record));
    },
    ofReportRow: (record) => find(text(record, "userId"), byName(reportUpn(record))),
    ofSignIn: (record) => find(text(record, "userId"), byName(reportUpn(record))),
  };
}

/** The people by the names that their ids had in earlier exports of users. */
function indexEarlier(exports: Exports, byId: ReadonlyMap<string, Person[]>): Map<string, Person[]> {
  const { date } = exports.of("users");
  const earlier = exports
    .history("users")
    .filter((snapshot) => date !== null && (snapshot.date ?? "") < date);
  const names = new Map<string, Person[]>();
  const ids = new Map<string, Set<string>>();
  for (const record of earlier.flatMap(({ records }) => records)) {
    const [name, person] = [text(record, "userPrincipalName")?.toLowerCase(), only(byId, text(record, "id"))];
    const known = names.get(name ?? "") ?? [];
    if (name) ids.set(name, (ids.get(name) ?? new Set()).add(String(text(record, "id")).toLowerCase()));
    if (name && person && !known.includes(person)) names.set(name, [...known, person]);
  }
  // A name that somebody had too who is gone is nobody's.
  for (const [name, [person]] of names)
    if (person && (ids.get(name)?.size ?? 0) > 1) names.set(name, [person, person]);
  return names;
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
  return namesNobody(upn);
}

export function reportUpn(row: Row): string | null {
  return text(row, "userPrincipalName") ?? text(row, "ownerPrincipalName");
}

export function isDeletedRow(row: Row): boolean {
  return row["isDeleted"] === true || String(row["userState"]).toLowerCase() === "deleted";
}

/** Without users: one for each registration, and one for each open UPN of a report that none of those bears. */
function mentioned(exports: Exports): Person[] {
  const registrations = exports.of("user_registration_details").records.map((registration): Person => ({
    id: text(registration, "id"),
    upn: text(registration, "userPrincipalName"),
    mention: registration,
  }));
  const named = [
    ...exports.of("credential_user_registration_details").records,
    ...[...reportNames, ...otherReportNames].flatMap((name) =>
      exports.of(name).records.filter((row) => !isDeletedRow(row)),
    ),
  ].map(reportUpn);
  const byDisplayName = registrations.toSorted((a, b) =>
    String(text(a.mention, "userDisplayName")) < String(text(b.mention, "userDisplayName")) ? 1 : -1,
  );
  const people = new Map(byDisplayName.map((person) => [keyOfMention(person), person]));
  const bornNames = new Set(registrations.map(({ upn }) => upn?.toLowerCase()));
  for (const upn of named)
    if (upn !== null && !isConcealed(upn) && !bornNames.has(upn.toLowerCase()))
      people.set(upn.toLowerCase(), people.get(upn.toLowerCase()) ?? { id: null, upn });
  return [...people.values()];
}

function keyOfMention({ id, upn }: Person): string {
  return id === null ? (upn?.toLowerCase() ?? "") : `id ${id}`;
}
