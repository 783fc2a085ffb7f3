import type { Row } from "../../src/database/open.ts";
import type { Exports } from "./exports.ts";
import { isDeletedRow, type People, type Person } from "./people.ts";
import { skuIdOf } from "./skus.ts";
import { day, flag, groupBy, rows, text } from "./values.ts";

/** SKUs of accounts of no person, by GUID: of those that Microsoft lists the ones that the tenants have. */
const skuMarks: Readonly<Record<string, string>> = {
  "440eaaa8-b3e0-484b-a8be-62870b9ba70a": "Resource account",
  "6070a4c8-34c6-4937-8dfb-39bbc6397a60": "Room or equipment",
};

export interface MailboxType {
  readonly type: string;
  /** Whether the mailboxes themselves were exported with it; else the usage report has it. */
  readonly isExported: boolean;
}

export type MailboxTypeOf = (person: Person) => MailboxType | null;

/** The type of the mailbox of a person: as the mailboxes have it, else as the usage report does. */
export function findMailboxTypes(exports: Exports, people: People): MailboxTypeOf {
  const boxes = groupBy(exports.of("mailboxes").records, people.ofMailbox);
  const report = exports.of("mailbox_usage_detail");
  const reported = groupBy(
    report.records.filter((record) => !isDeletedRow(record)),
    (record) => people.ofReportRow(record)[0],
  );
  return (person) => {
    const exported = typesOf(boxes.get(person) ?? [], "recipientTypeDetails").at(-1);
    if (exported !== undefined) return { type: exported, isExported: true };
    const born = day(person.user, "createdDateTime") ?? "";
    const own = born > (report.date ?? "") ? [] : (reported.get(person) ?? []);
    const type = typesOf(own, "recipientType").at(-1);
    return type === undefined ? null : { type: `${type}Mailbox`, isExported: false };
  };
}

function typesOf(records: readonly Row[], property: string): string[] {
  return records
    .map((record) => text(record, property))
    .filter((type) => type !== null)
    .toSorted();
}

/** What kind of account a person has, by the first mark that holds. */
export function kindOf({ user, mention }: Person, mailbox: MailboxType | null): string {
  const record = user ?? mention;
  const held = (rows(user, "assignedLicenses") ?? []).map((license) => skuMarks[skuIdOf(license)]);
  const type = text(record, "userType")?.toLowerCase();
  if (type === "guest") return "Guest";
  if (held.includes("Resource account") || isMarkedResource(user)) return "Resource account";
  if (isOf(mailbox, "Room", "Equipment") || held.includes("Room or equipment")) return "Room or equipment";
  if (isOf(mailbox, "Shared")) return "Shared mailbox";
  const isNamed = Boolean(text(user, "givenName")) && Boolean(text(user, "surname"));
  const isPerson = held.length > 0 || isNamed || isOf(mailbox, "User");
  return type === "member" && isPerson ? "Person" : "Unknown";
}

function isOf(mailbox: MailboxType | null, ...kinds: readonly string[]): boolean {
  return kinds.some((kind) => mailbox?.type === `${kind}Mailbox`);
}

function isMarkedResource(user: Row | undefined): boolean {
  return (
    text(user, "department") === "Microsoft Communication Application Instance" ||
    flag(user, "isResourceAccount") === true
  );
}
