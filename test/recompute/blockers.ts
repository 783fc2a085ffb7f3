import type { Row } from "../../src/database/open.ts";
import type { License } from "./duplicates.ts";
import type { Exports } from "./exports.ts";
import { findMailboxTypes } from "./kinds.ts";
import { isDeletedRow, type People, type Person } from "./people.ts";
import { workloadsOf } from "./plans.ts";
import { day, flag, groupBy, rows, text } from "./values.ts";

const gigabyte = 1024 ** 3;

/** What the exports tell of a person's mailbox; null is unknown. */
export interface Mailbox {
  readonly type: string | null;
  readonly isExportedType: boolean;
  readonly litigation: boolean | null;
  readonly inPlace: boolean | null;
  readonly delay: boolean | null;
  readonly label: boolean | null;
  readonly archive: boolean | null;
}

export type MailboxOf = (person: Person) => Mailbox;

/** What is known of each person's mailbox, over all of its records. */
export function findMailboxes(exports: Exports, people: People): MailboxOf {
  const boxes = groupBy(exports.of("mailboxes").records, people.ofMailbox);
  const typeOf = findMailboxTypes(exports, people);
  const archivedBy = findReportedArchives(exports, people);
  return (person) => {
    const own = boxes.get(person) ?? [];
    const type = typeOf(person);
    return {
      type: type?.type ?? null,
      isExportedType: type?.isExported ?? false,
      litigation: any(own.map((box) => flag(box, "litigationHoldEnabled"))),
      inPlace: any(own.map((box) => rows(box, "inPlaceHolds")).map((holds) => holds && holds.length > 0)),
      delay: any(own.map(hasDelay)),
      label: any(own.map((box) => flag(box, "complianceTagHoldApplied"))),
      archive: any([...own.map(hasArchive), ...archivedBy(person)]),
    };
  };
}

/** True where one is, false where some are known and none is true. */
function any(answers: readonly (boolean | null)[]): boolean | null {
  if (answers.includes(true)) return true;
  return answers.includes(false) ? false : null;
}

function findReportedArchives(exports: Exports, people: People): (person: Person) => (boolean | null)[] {
  const report = exports.of("mailbox_usage_detail");
  const byPerson = groupBy(
    report.records.filter((record) => !isDeletedRow(record)),
    (record) => people.ofReportRow(record)[0],
  );
  return (person) => {
    const isLater = (day(person.user, "createdDateTime") ?? "") > (report.date ?? "");
    return isLater ? [] : (byPerson.get(person) ?? []).map((record) => flag(record, "hasArchive"));
  };
}

function hasDelay(mailbox: Row): boolean | null {
  const [one, other] = [flag(mailbox, "delayHoldApplied"), flag(mailbox, "delayReleaseHoldApplied")];
  if (one === true || other === true) return true;
  return one === null || other === null ? null : false;
}

/** The identifier tells, and without one the status. */
function hasArchive(mailbox: Row): boolean | null {
  const [id, status] = [text(mailbox, "archiveGuid"), text(mailbox, "archiveStatus")];
  if (id !== null) return /[1-9a-f]/i.test(id);
  return status === null ? null : status === "Active";
}

/** A SKU of which the plans are not known may have Exchange. */
export function mayHaveExchange(own: License): boolean {
  return workloadsOf(own)?.includes("Exchange") ?? true;
}

/** Holds, an archive, or more than 50 GB. */
export function isMailboxInTheWay(mailbox: Mailbox, bytes: number | null): boolean {
  const { litigation, inPlace, delay, label, archive } = mailbox;
  return [litigation, inPlace, delay, label, archive].includes(true) || (bytes ?? 0) > 50 * gigabyte;
}

/** Whether the type is not known, or one of the holds: nobody can tell then what is lost with the license. */
export function isMailboxUnknown({ type, litigation, inPlace, delay, label }: Mailbox): boolean {
  return type === null || [litigation, inPlace, delay, label].includes(null);
}

/** Of a mailbox that needs no license: whether one of its conditions is not shown. */
export function isMailboxUnsure(mailbox: Mailbox, bytes: number | null): boolean {
  const { isExportedType, archive } = mailbox;
  const isSmall = bytes !== null && bytes < 45 * gigabyte;
  return !isExportedType || !isSmall || archive === null || isMailboxUnknown(mailbox);
}

/** Why such a mailbox needs none. */
export function reasonOfMailbox({ type }: Mailbox): "Shared mailbox" | "Room or equipment" | null {
  if (type === "SharedMailbox") return "Shared mailbox";
  return type === "RoomMailbox" || type === "EquipmentMailbox" ? "Room or equipment" : null;
}
