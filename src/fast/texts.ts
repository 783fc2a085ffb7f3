/** Texts with a format, checked over bytes; as in values.ts −1 is doubt. */

const dash = 0x2d;
const colon = 0x3a;

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export const uuidBytes = 36;

/** What a UUID is: none, or one in lower case, or one with capitals. */
export type UuidCase = -1 | 0 | 1;

/** The UUID whose 36 bytes begin at `from`. */
export function readUuid(bytes: Uint8Array, from: number): UuidCase {
  let isUpper: UuidCase = 0;
  for (let index = 0; index < uuidBytes; index += 1) {
    const byte = bytes[from + index] as number;
    if (index === 8 || index === 13 || index === 18 || index === 23) {
      if (byte !== dash) return -1;
    } else if (byte >= 0x41 && byte <= 0x46) isUpper = 1;
    else if (!((byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x66))) return -1;
  }
  return isUpper;
}

/** The number that two digits write; −1 when they are none. */
function two(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] as number) - 0x30;
  const ones = (bytes[at + 1] as number) - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

/** Behind the day `YYYY-MM-DD` at `from`, of the years 1 to 9999. */
function skipDay(bytes: Uint8Array, from: number): number {
  const century = two(bytes, from);
  const year = two(bytes, from + 2);
  const month = two(bytes, from + 5);
  const day = two(bytes, from + 8);
  if (century < 0 || year < 0 || (century === 0 && year === 0)) return -1;
  if (bytes[from + 4] !== dash || bytes[from + 7] !== dash || month < 1 || month > 12 || day < 1) return -1;
  const isLeap = year % 4 === 0 && (year !== 0 || century % 4 === 0);
  const last = month === 2 && isLeap ? 29 : (monthDays[month - 1] as number);
  return day <= last ? from + 10 : -1;
}

/** The days from 1970 to the day `YYYY-MM-DD` at `from`; undefined where there is none. */
export function readDay(bytes: Uint8Array, from: number): number | undefined {
  if (skipDay(bytes, from) < 0) return undefined;
  const month = two(bytes, from + 5);
  // Years that begin in March have their leap day at the end (Gregorian calendar, also before it was made).
  const year = two(bytes, from) * 100 + two(bytes, from + 2) - (month > 2 ? 0 : 1);
  const dayOfYear =
    Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + two(bytes, from + 8) - 1;
  const leapDays = Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400);
  return year * 365 + leapDays + dayOfYear - 719_468;
}

/** The most digits of a fraction of a second: Graph writes seven. */
const fractionDigits = 7;

/** Behind the time in UTC, `YYYY-MM-DDTHH:MM:SS[.fffffff]Z`, at `from`. */
export function skipTime(bytes: Uint8Array, from: number): number {
  const at = skipDay(bytes, from);
  if (at < 0 || bytes[at] !== 0x54) return -1;
  const hour = two(bytes, at + 1);
  const minute = two(bytes, at + 4);
  const second = two(bytes, at + 7);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return -1;
  if (bytes[at + 3] !== colon || bytes[at + 6] !== colon) return -1;
  let index = at + 9;
  if (bytes[index] === 0x2e) {
    index += 1;
    while ((bytes[index] as number) >= 0x30 && (bytes[index] as number) <= 0x39) index += 1;
    if (index === at + 10 || index - at - 10 > fractionDigits) return -1;
  }
  return bytes[index] === 0x5a ? index + 1 : -1;
}

/** Whether the text between is a name that the tenant concealed: 32 capital hexadecimal digits, or the UUID of zeros. */
export function isConcealed(bytes: Uint8Array, from: number, end: number): boolean {
  if (end - from === uuidBytes) return isAll(bytes, from, end, isZeroOfUuid);
  return end - from === 32 && isAll(bytes, from, end, isCapitalHex);
}

function isAll(
  bytes: Uint8Array,
  from: number,
  end: number,
  is: (byte: number, place: number) => boolean,
): boolean {
  for (let index = from; index < end; index += 1) if (!is(bytes[index] as number, index - from)) return false;
  return true;
}

function isCapitalHex(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46);
}

function isZeroOfUuid(byte: number, place: number): boolean {
  return byte === (place === 8 || place === 13 || place === 18 || place === 23 ? dash : 0x30);
}
