/** The text forms of uuid, date and date-time that records may have, and the one form of each that is stored. */

const monthDays = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether the text is a UUID in any case, as RFC 9562 writes it. */
export function isUuid(text: string): boolean {
  if (text.length !== 36) return false;
  for (let index = 0; index < 36; index += 1) {
    const code = text.charCodeAt(index);
    if (index === 8 || index === 13 || index === 18 || index === 23) {
      if (code !== 0x2d) return false;
    } else if (!isHexDigit(code)) return false;
  }
  return true;
}

function isHexDigit(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x66) || (code >= 0x41 && code <= 0x46);
}

/** Whether the text is a day of the calendar between 0001-01-01 and 9999-12-31, written YYYY-MM-DD. */
export function isDate(text: string): boolean {
  return text.length === 10 && isDateAt(text);
}

function isDateAt(text: string): boolean {
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 2);
  const day = digits(text, 8, 2);
  if (text.charCodeAt(4) !== 0x2d || text.charCodeAt(7) !== 0x2d || year < 1 || month < 1 || month > 12)
    return false;
  const isShortFebruary = month === 2 && !(year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0));
  return day >= 1 && day <= (isShortFebruary ? 28 : (monthDays[month - 1] ?? 0));
}

/** The number that `count` digits at `from` write, −1 when they are not all digits. */
function digits(text: string, from: number, count: number): number {
  let value = 0;
  for (let index = from; index < from + count; index += 1) {
    const digit = text.charCodeAt(index) - 0x30;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

export function isDateTime(text: string): boolean {
  return canonicalDateTime(text) !== undefined;
}

/**
 * The same moment in UTC as `YYYY-MM-DDTHH:MM:SS[.ffffff]Z`, undefined when the text is no RFC 3339 date-time with
 * a zone between the years 1 and 9999. Digits of the fraction behind the sixth are cut off, as DuckDB would.
 */
export function canonicalDateTime(text: string): string | undefined {
  if (text.length < 20 || !isDateAt(text)) return undefined;
  const separator = text.charCodeAt(10);
  if (separator !== 0x54 && separator !== 0x74 && separator !== 0x20) return undefined;
  const [hour, minute, second] = [digits(text, 11, 2), digits(text, 14, 2), digits(text, 17, 2)];
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return undefined;
  if (text.charCodeAt(13) !== 0x3a || text.charCodeAt(16) !== 0x3a) return undefined;
  const zoneAt = fractionEnd(text);
  const offset = zoneAt < 0 ? Number.NaN : zoneMinutes(text, zoneAt);
  if (Number.isNaN(offset)) return undefined;
  const fraction = zoneAt > 19 ? text.slice(19, Math.min(zoneAt, 26)) : "";
  if (offset === 0) return `${text.slice(0, 10)}T${text.slice(11, 19)}${fraction}Z`;
  return shifted(text, offset, fraction);
}

function fractionEnd(text: string): number {
  if (text.charCodeAt(19) !== 0x2e) return 19;
  let index = 20;
  while (digits(text, index, 1) >= 0) index += 1;
  return index > 20 ? index : -1;
}

/** Minutes east of UTC; NaN when the rest of the text is no zone. */
function zoneMinutes(text: string, from: number): number {
  const sign = text[from];
  if (sign === "Z" || sign === "z") return text.length === from + 1 ? 0 : Number.NaN;
  if ((sign !== "+" && sign !== "-") || text.length !== from + 6 || text[from + 3] !== ":") return Number.NaN;
  const [hours, minutes] = [digits(text, from + 1, 2), digits(text, from + 4, 2)];
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return Number.NaN;
  return (sign === "-" ? -1 : 1) * (hours * 60 + minutes);
}

function shifted(text: string, offset: number, fraction: string): string | undefined {
  const moment = new Date(0);
  moment.setUTCFullYear(digits(text, 0, 4), digits(text, 5, 2) - 1, digits(text, 8, 2));
  moment.setUTCHours(digits(text, 11, 2), digits(text, 14, 2) - offset, digits(text, 17, 2));
  const year = moment.getUTCFullYear();
  return year < 1 || year > 9999 ? undefined : `${moment.toISOString().slice(0, 19)}${fraction}Z`;
}
