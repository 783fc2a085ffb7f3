import { tzOffset } from "@date-fns/tz";
import { canonicalDateTime, isDate } from "../schema/formats.ts";

export type DateOrder = "day-first" | "month-first";

/** How the texts of a file are to be read. */
export interface TextReading {
  /** Which of the two numbers of a date like this one is the day; undefined where nothing shows it. */
  readonly dateOrder: (text: string) => DateOrder | undefined;
  /** The zone of times that have none: an IANA name, or `UTC`. */
  readonly timeZone: string;
  /** Told of every time that has no zone. */
  readonly onZoneless: () => void;
}

/** What a date becomes whose day and month nothing tells apart. */
export const unordered = Symbol("unordered");

/** No form of a date is longer; the patterns below are slow on long texts. */
const longest = 64;
const clockForm = String.raw`(?:(?:[T,]\s*|\s+)(\d{1,2}):(\d\d)(?::(\d\d)(\.\d+)?)?\s*([AaPp]\.?[Mm]\.?)?)?`;
const zoneForm = String.raw`\s*(Z|z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?`;
const yearFirst = new RegExp(String.raw`^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})${clockForm}${zoneForm}$`);
const yearLast = new RegExp(String.raw`^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})${clockForm}${zoneForm}$`);
const ticks = /^\/Date\((-?\d{1,17})(?:[+-]\d{4})?\)\/$/;

interface Parts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly clock: readonly (string | undefined)[];
}

/**
 * A date or a time in any of the forms that exporters write, as `YYYY-MM-DD` or as a time in UTC; undefined for a
 * text that is none. ISO forms, `/Date(ms)/` of Windows PowerShell, and the forms of locales: with dots the day is
 * first, with slashes the file's order says it.
 */
export function readDateText(
  text: string,
  format: "date" | "date-time",
  reading: TextReading,
): string | typeof unordered | undefined {
  if (format === "date" && isDate(text)) return text;
  const iso = format === "date-time" ? canonicalDateTime(text) : undefined;
  if (iso !== undefined) return iso;
  if (text.length > longest) return undefined;
  const moment = ticks.exec(text)?.[1];
  if (moment !== undefined) return ofTicks(Number(moment), format, reading);
  const trimmed = text.trim();
  const parts = splitYearFirst(trimmed) ?? splitYearLast(trimmed, reading);
  if (parts === undefined || parts === unordered) return parts;
  // A day is the day that was written, whatever the zone of the clock time behind it.
  return format === "date" ? toDay(parts) : toTime(parts, reading);
}

/** Which order a date shows: a number over 12 is no month. */
export function dateEvidence(text: string): DateOrder | undefined {
  const [, first, separator, second] = yearLast.exec(text.trim()) ?? [];
  if (separator === undefined || separator === ".") return undefined;
  const [isDayFirst, isMonthFirst] = [Number(first) > 12, Number(second) > 12];
  if (isDayFirst === isMonthFirst) return undefined;
  return isDayFirst ? "day-first" : "month-first";
}

function splitYearFirst(text: string): Parts | undefined {
  const [, year, , month, day, ...clock] = yearFirst.exec(text) ?? [];
  return year === undefined
    ? undefined
    : { year: Number(year), month: Number(month), day: Number(day), clock };
}

function splitYearLast(text: string, { dateOrder }: TextReading): Parts | typeof unordered | undefined {
  const [, first, separator, second, year, ...clock] = yearLast.exec(text) ?? [];
  if (year === undefined) return undefined;
  const order = separator === "." || first === second ? "day-first" : dateOrder(text);
  if (order === undefined) return unordered;
  const [day, month] = order === "day-first" ? [first, second] : [second, first];
  return { year: Number(year), month: Number(month), day: Number(day), clock };
}

function toTime({ year, month, day, clock }: Parts, reading: TextReading): string | undefined {
  const [hourText, minute = "00", second = "00", fraction = "", half, offset] = clock;
  const hour = hourOf(hourText, half);
  if (hour === undefined) return undefined;
  const local = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}T${pad(hour, 2)}:${minute}:${second}${fraction}`;
  if (offset !== undefined) return canonicalDateTime(local + withColon(offset));
  const asUtc = canonicalDateTime(`${local}Z`);
  if (hourText === undefined || asUtc === undefined) return asUtc;
  reading.onZoneless();
  return reading.timeZone === "UTC" ? asUtc : inZone(local, asUtc, reading.timeZone);
}

function pad(number: number, length: number): string {
  return String(number).padStart(length, "0");
}

function hourOf(text: string | undefined, half: string | undefined): number | undefined {
  const hour = Number(text ?? 0);
  if (half === undefined) return hour;
  if (hour < 1 || hour > 12) return undefined;
  return (hour % 12) + (/^p/i.test(half) ? 12 : 0);
}

function withColon(offset: string): string {
  if (/^[A-Z]/i.test(offset)) return "Z";
  return offset.length === 6 ? offset : `${offset.slice(0, 3)}:${offset.slice(3) || "00"}`;
}

/** Of a time that the clock shows twice the first is taken; one that it skips is read with the offset before. */
function inZone(local: string, asUtc: string, timeZone: string): string | undefined {
  const moment = Date.parse(asUtc);
  const before = tzOffset(timeZone, new Date(moment - 86_400_000));
  const guess = moment - before * 60_000;
  const there = tzOffset(timeZone, new Date(guess));
  const after = moment - there * 60_000;
  const offset = there === before || tzOffset(timeZone, new Date(after)) !== there ? before : there;
  const sign = offset < 0 ? "-" : "+";
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
  // The first and the last moment that can be written stand for "never" and have no zone.
  return canonicalDateTime(`${local}${sign}${pad(hours, 2)}:${pad(minutes, 2)}`) ?? asUtc;
}

function toDay({ year, month, day, clock }: Parts): string | undefined {
  const time = toTime(
    { year, month, day, clock: [...clock.slice(0, -1), undefined] },
    { timeZone: "UTC", dateOrder: () => undefined, onZoneless: () => {} },
  );
  return time?.slice(0, 10);
}

/** PowerShell writes a day as its midnight in the zone of the machine: in a known zone, or else the nearest midnight, it is that day. */
function ofTicks(
  milliseconds: number,
  format: "date" | "date-time",
  { timeZone }: TextReading,
): string | undefined {
  const moment = new Date(milliseconds);
  if (Number.isNaN(moment.getTime())) return undefined;
  if (format === "date-time") return canonicalDateTime(moment.toISOString());
  const half = timeZone === "UTC" ? 12 * 60 : tzOffset(timeZone, moment);
  const day = new Date(milliseconds + half * 60_000);
  return Number.isNaN(day.getTime()) ? undefined : canonicalDateTime(day.toISOString())?.slice(0, 10);
}
