import { basename, dirname } from "node:path";
import { isDate } from "../schema/formats.ts";

/** What the name of a folder states: a full day (YYYY-MM-DD), or a month alone (YYYY-MM). */
export interface NamedTime {
  readonly day?: string;
  readonly month: string;
}

/** Year, month and day in this order between separators, without any, and with the year last. */
const yearFirst = /(?<![\d.])(20\d\d)([-_. ])(\d\d?)\2(\d\d?)(?!\d)/g;
const compact = /(?<![\d.])(20\d\d)()(\d\d)(\d\d)(?!\d)/g;
const yearLast = /(?<![\d.])(\d\d?)([-_. ])(\d\d?)\2(20\d\d)(?!\d)/g;
const yearAndMonth = /(?<![\d.])(20\d\d)[-_. ](\d\d)(?!\d)|^(20\d\d)(\d\d)$/g;

/** A time of day behind a date (`T093000Z`, ` 09-30-00`), the number of a copy, and the end of an archive's name. */
const ending =
  /^(?:[T_\- ]{1,2}\d\d[-_.:h]?\d\d(?:[-_.:m]?\d\d)?(?:\.\d+)?(?:Z|[+-]\d{4})?)?(?: ?\(\d+\))?$/i;
const ticket =
  /(?:\b|_)(?:inc|chg|req|ritm|sr|task|sctask|ticket|case|prb|cr|cs|rfc|wo|bug|issue|pr|jira|v|ver|version|release|rel)[-_#. ]*$/i;
/** What stands before a number of a ticket system, in capitals: `ABC-20261031`. */
const projectKey = /(?:^|[^A-Za-z])[A-Z][A-Z0-9]+[-_#]?$/;

/** Reads the name of a folder or archive; undefined where it states no time, or more than one. */
export function readFolderName(name: string): NamedTime | undefined {
  const text = name.replace(/\.(?:zip|gz|tar|tgz|7z)$/i, "");
  const forms = [yearFirst, compact, yearLast];
  const [date, ...others] = forms.flatMap((form) => [...text.matchAll(form)]);
  if (others.length > 0) return undefined;
  if (date === undefined) return readMonth(text);
  const [whole, first = "", separator, second = "", third = ""] = date;
  const before = text.slice(0, date.index);
  const behind = text.slice(date.index + whole.length);
  // Only letters, and no further number, may stand behind it: a range, a count or a version has one.
  if (/\d/.test(behind) && !ending.test(behind)) return undefined;
  if (isNumbered(before) || (separator === "" && projectKey.test(before))) return undefined;
  const day = first.length === 4 ? toDay(first, second, third) : toDayOfEither(first, second, third);
  return day === undefined ? undefined : { day, month: day.slice(0, 7) };
}

function readMonth(text: string): NamedTime | undefined {
  const [found, ...others] = [...text.matchAll(yearAndMonth)];
  if (found === undefined || others.length > 0) return undefined;
  const [whole] = found;
  const [year = "", month = ""] = found.slice(1).filter((part) => part !== undefined);
  const rest = text.slice(found.index + whole.length);
  if (/\d/.test(rest) || isNumbered(text.slice(0, found.index))) return undefined;
  return toDay(year, month, "1") === undefined ? undefined : { month: `${year}-${month}` };
}

/** Whether what stands before a date makes it a part of something else: of a word, a number, a ticket or a version. */
function isNumbered(before: string): boolean {
  return /(?<![A-Za-z\d])\d|[A-Za-z]\d{4}|[A-Za-z]$/.test(before) || ticket.test(before);
}

/** A portal writes the date of an export behind the name of the list, and the name of a copy gets a number. */
const copied = String.raw`(?: ?\(\d+\))?(?:\.(?:csv|json))(?:\.gz)?$`;
/** `users_11_27_2026 9_30_00 PM.csv`, `Office365ActiveUserDetail11_27_2026 9_30_00 PM.csv`: months first in English. */
const adminCenter = new RegExp(
  String.raw`^[A-Za-z][A-Za-z0-9 -]*?[_ ]?(?:V\d|(?<!\d))(\d\d?)_(\d\d?)_(20\d\d)[_ ]\d\d?_\d\d_\d\d([_ ][AP]M)?${copied}`,
  "i",
);
/** `exportUsers_2026-11-1.csv`. */
const entra = new RegExp(String.raw`^export[A-Za-z]+_(20\d\d)-(\d\d?)-(\d\d?)${copied}`, "i");

/** The day in the name of a file, where that is one that a portal gives; the user's own names state nothing. */
export function readPortalName(name: string): string | undefined {
  const file = basename(name);
  const [, year = "", month = "", day = ""] = entra.exec(file) ?? [];
  if (year !== "") return toDay(year, month, day);
  const [, first = "", second = "", last = "", noon] = adminCenter.exec(file) ?? [];
  if (last === "") return undefined;
  return noon === undefined ? toDayOfEither(first, second, last) : toDay(last, first, second);
}

/** A date whose order is not said: the day, where only one of its numbers can be the month. */
function toDayOfEither(first: string, second: string, year: string): string | undefined {
  const dayFirst = toDay(year, second, first);
  const monthFirst = toDay(year, first, second);
  return dayFirst === undefined || monthFirst === undefined || dayFirst === monthFirst
    ? (dayFirst ?? monthFirst)
    : undefined;
}

function toDay(year: string, month: string, day: string): string | undefined {
  const text = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  return isDate(text) ? text : undefined;
}

/** The folders from one up to the root, the nearest first. */
export function foldersUpTo(root: string, folder: string): string[] {
  const folders = [folder];
  for (let at = folder; at !== root && dirname(at) !== at;) {
    at = dirname(at);
    folders.push(at);
  }
  return folders;
}

/**
 * What the nearest folder states that states a time. A month above a day, or below it, says no more; one that another
 * month stands above is of that month alone.
 */
export function readFolders(root: string, folder: string): NamedTime | undefined {
  const named = foldersUpTo(root, folder).flatMap((place) => readFolderName(basename(place)) ?? []);
  const [nearest] = named;
  if (nearest === undefined || nearest.day !== undefined) return nearest;
  return named.find(({ day, month }) => day !== undefined && month === nearest.month) ?? nearest;
}

/** Whether two names state times that cannot both be of one export. */
export function contradict(one: NamedTime, other: NamedTime): boolean {
  if (one.day !== undefined && other.day !== undefined) return one.day !== other.day;
  return one.month !== other.month;
}
