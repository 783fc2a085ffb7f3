import type { Row } from "../../src/database/open.ts";
import type { Activity } from "./activity.ts";
import type { License } from "./duplicates.ts";
import type { Exports } from "./exports.ts";
import { reportUpn, type People, type Person } from "./people.ts";
import { workloadsOf } from "./plans.ts";
import { rules } from "./rules.ts";
import { flag, groupBy, rows, text } from "./values.ts";

/** 50 GB, in bytes. */
const largestMailbox = 50 * 1024 ** 3;

export type IsMailboxInTheWay = (person: Person, own: License, activity: Activity) => boolean;

/** Whether taking back a license with Exchange would cost a mailbox that is no person's, is held, has an archive or is large. */
export function findBlockers(exports: Exports, people: People): IsMailboxInTheWay {
  const mailboxesOf = findMailboxes(exports, people);
  return (person, own, { evidence }) => {
    // A SKU of which the plans are not known may have Exchange.
    if (workloadsOf(own)?.includes("Exchange") === false) return false;
    const isLarge = evidence.mailboxBytes !== null && evidence.mailboxBytes > largestMailbox;
    return isLarge || mailboxesOf(person).some(isInTheWay);
  };
}

/** By object id, else by UPN; a name that two have is neither's. */
export function findMailboxes(exports: Exports, people: People): (person: Person) => Row[] {
  const { records } = exports.of("mailboxes");
  const byPerson = groupBy(records, people.ofMailbox);
  if (rules.mailboxesHaveOnePerson) return (person) => byPerson.get(person) ?? [];
  const bearsName = (record: Row, { upn }: Person): boolean =>
    text(record, "externalDirectoryObjectId") === null &&
    reportUpn(record)?.toLowerCase() === upn?.toLowerCase();
  return (person) => [
    ...(byPerson.get(person) ?? []),
    ...records.filter((record) => bearsName(record, person)),
  ];
}

function isInTheWay(mailbox: Row): boolean {
  return (
    ["SharedMailbox", "RoomMailbox", "EquipmentMailbox"].includes(
      text(mailbox, "recipientTypeDetails") ?? "",
    ) ||
    flag(mailbox, "litigationHoldEnabled") === true ||
    (rows(mailbox, "inPlaceHolds") ?? []).length > 0 ||
    hasArchive(mailbox)
  );
}

/** The identifier tells, and without one the status. */
function hasArchive(mailbox: Row): boolean {
  const id = text(mailbox, "archiveGuid");
  return id === null ? text(mailbox, "archiveStatus") === "Active" : /[1-9a-f]/i.test(id);
}
