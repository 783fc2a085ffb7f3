import type { Dataset } from "../schema/dataset.ts";
import type { Issue, Place } from "../issues.ts";
import { createIssueLog, pointerOf, type IssueLog } from "./issue-log.ts";
import { describeIssue } from "../issue-messages.ts";

/** How many records of a file had a property, had it null, lost it at export, or had it concealed by the tenant. */
export interface PropertyCount {
  readonly property: string;
  present: number;
  nulls: number;
  lost: number;
  concealed: number;
}

/** A record that was not loaded: where it is and why, without its values. */
interface Rejection extends Place {
  readonly code: string;
  readonly pointer: string | null;
  readonly message: string;
  readonly cure: string;
}

/** What was met while one file was read; all counts are exact, rejections are kept up to a cap. */
export interface Tally {
  read: number;
  rejected: number;
  readonly issues: IssueLog;
  readonly rejections: Rejection[];
  readonly properties: readonly PropertyCount[];
  readonly unusedProperties: Set<string>;
  /** Pages that closed with a next link, and pages that closed without one. */
  openPages: number;
  lastPages: number;
  /** The last page closed with a next link. */
  endsOpen: boolean;
  /** Pages that closed with a delta link: they may hold changes only. */
  deltaPages: number;
  /** Envelopes of Event Hub, which show no end, and those that PowerShell writes around a list. */
  hubPages: number;
  listPages: number;
  /** How many records all pages together have, as the first of them that says it. */
  stated: number | undefined;
  /** What a page says behind its records that they are, where that is not this dataset. */
  isOther: boolean;
  /** The properties that the context of a page says were selected, in lower case as they stand there. */
  selected: readonly string[] | undefined;
  /** Why the files of this dataset together are no list of it. */
  listFault: string | undefined;
  /** Error answers among the records. */
  answers: number;
  /** Rows that only show columns; they are no records and not counted as read. */
  modelRows: number;
  /** Records whose keys are in PascalCase, and times that had no zone. */
  pascalRecords: number;
  /** Records that were read straight from their bytes. */
  fast: number;
  zonelessTimes: number;
  /** The newest day that rejected records state of the snapshot: of a file without good ones nothing else says it. */
  statedDay: string | undefined;
  /** How the file's dates were read, where slashes made that a question. */
  dateOrder: string | null;
  timeZone: string | null;
  isDamaged: boolean;
  /** The last record ends where the file does, without a line end. */
  isUnended: boolean;
}

/** The rejected records of a file that are kept one by one; the rest are only counted. */
const rejectionsKept = 1000;

export function createTally(dataset?: Dataset): Tally {
  const properties = dataset?.properties ?? [];
  return {
    read: 0,
    rejected: 0,
    issues: createIssueLog(),
    rejections: [],
    properties: properties.map(({ name }) => ({
      property: name,
      present: 0,
      nulls: 0,
      lost: 0,
      concealed: 0,
    })),
    unusedProperties: new Set(),
    openPages: 0,
    lastPages: 0,
    endsOpen: false,
    deltaPages: 0,
    hubPages: 0,
    listPages: 0,
    stated: undefined,
    isOther: false,
    selected: undefined,
    listFault: undefined,
    answers: 0,
    modelRows: 0,
    pascalRecords: 0,
    fast: 0,
    zonelessTimes: 0,
    statedDay: undefined,
    dateOrder: null,
    timeZone: null,
    isDamaged: false,
    isUnended: false,
  };
}

/** Counts a record that cannot be loaded. */
export function reject(tally: Tally, issue: Issue, place: Place): void {
  tally.rejected += 1;
  tally.issues.add(issue, place);
  if (tally.rejections.length >= rejectionsKept) return;
  const { message, cure } = describeIssue(issue);
  const { record, offset, length } = place;
  tally.rejections.push({
    record,
    offset,
    length,
    code: issue.code,
    pointer: pointerOf(issue),
    message,
    cure,
  });
}
