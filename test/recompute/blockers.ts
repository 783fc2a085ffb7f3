import type { Row } from "../../src/database.ts";
import type { Activity } from "./activity.ts";
import type { License } from "./duplicates.ts";
import type { Exports } from "./exports.ts";
import type { People, Person } from "./people.ts";
import { isEnabled, workloadsOf, workloadsOfAssigned } from "./plans.ts";
import { flag, groupBy, rows, text } from "./values.ts";

/** 50 GB, in bytes. */
const largestMailbox = 50 * 1024 ** 3;

export type IsMailboxInTheWay = (person: Person, own: License, activity: Activity) => boolean;

/** Whether taking back a license with Exchange would cost a mailbox that is no person's, is held, has an archive or is large. */
export function findBlockers(exports: Exports, people: People): IsMailboxInTheWay {
  const mailboxes = groupBy(exports.of("mailboxes").records, people.ofMailbox);
  return (person, own, { evidence }) => {
    if (!mayHaveExchange(person, own)) return false;
    const isLarge = evidence.mailboxBytes !== null && evidence.mailboxBytes > largestMailbox;
    return isLarge || (mailboxes.get(person) ?? []).some(isInTheWay);
  };
}

/** A SKU of which the plans are not known may have Exchange, unless the services assigned to the user have none. */
function mayHaveExchange({ user }: Person, own: License): boolean {
  const assigned = (rows(user, "assignedPlans") ?? []).filter(isEnabled);
  const given = workloadsOf(own) ?? assigned.flatMap(workloadsOfAssigned);
  return given.includes("Exchange") || (workloadsOf(own) === null && assigned.length === 0);
}

function isInTheWay(mailbox: Row): boolean {
  return (
    ["SharedMailbox", "RoomMailbox", "EquipmentMailbox"].includes(
      text(mailbox, "recipientTypeDetails") ?? "",
    ) ||
    flag(mailbox, "litigationHoldEnabled") === true ||
    (rows(mailbox, "inPlaceHolds") ?? []).length > 0 ||
    text(mailbox, "archiveStatus") === "Active" ||
    /[1-9a-f]/i.test(text(mailbox, "archiveGuid") ?? "")
  );
}
