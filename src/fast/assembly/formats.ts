// Texts with a format, checked over bytes; 0 is doubt.

const dash: u8 = 0x2d;
const colon: u8 = 0x3a;
export const uuidBytes: usize = 36;
/** The most digits of a fraction of a second: Graph writes seven. */
const fractionDigits: usize = 7;

function isDash(place: usize): bool {
  return place == 8 || place == 13 || place == 18 || place == 23;
}

/** Whether a UUID stands here, in whatever case. */
export function isUuid(from: usize): bool {
  for (let place: usize = 0; place < uuidBytes; place += 1) {
    const byte = load<u8>(from + place);
    if (isDash(place)) {
      if (byte != dash) return false;
    } else if (<u8>(byte - 0x30) > 9 && <u8>((byte | 0x20) - 0x61) > 5) return false;
  }
  return true;
}

/** Writes the UUID that stands here as DuckDB has it: a number of 128 bits, its lower half first, of which the highest bit is turned. */
export function writeUuid(to: usize, from: usize): void {
  let high: u64 = 0;
  let low: u64 = 0;
  for (let place: usize = 0; place < uuidBytes; place += 1) {
    if (isDash(place)) continue;
    const byte = load<u8>(from + place);
    const digit = <u64>(byte & 0x0f) + (byte > 0x39 ? 9 : 0);
    if (place < 18) high = (high << 4) | digit;
    else low = (low << 4) | digit;
  }
  store<u64>(to, low);
  store<u64>(to + 8, high ^ ((<u64>1) << 63));
}

/** The number that two digits write; −1 where they are none. */
function two(at: usize): i32 {
  const tens: i32 = <i32>load<u8>(at) - 0x30;
  const ones: i32 = <i32>load<u8>(at + 1) - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

function daysOf(month: i32, isLeap: bool): i32 {
  if (month == 2) return isLeap ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/** Behind the day `YYYY-MM-DD`, of the years 1 to 9999. */
export function skipDay(from: usize): usize {
  const century = two(from);
  const year = two(from + 2);
  const month = two(from + 5);
  const day = two(from + 8);
  if (century < 0 || year < 0 || (century == 0 && year == 0)) return 0;
  if (load<u8>(from + 4) != dash || load<u8>(from + 7) != dash) return 0;
  if (month < 1 || month > 12 || day < 1) return 0;
  const isLeap = year % 4 == 0 && (year != 0 || century % 4 == 0);
  return day <= daysOf(month, isLeap) ? from + 10 : 0;
}

/** The days from 1970 to the day that stands here. */
export function dayAt(from: usize): i32 {
  const month = two(from + 5);
  // Years that begin in March have their leap day at the end (Gregorian calendar, also before it was made).
  const year = two(from) * 100 + two(from + 2) - (month > 2 ? 0 : 1);
  const dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + two(from + 8) - 1;
  return year * 365 + year / 4 - year / 100 + year / 400 + dayOfYear - 719468;
}

/** Behind the time in UTC, `YYYY-MM-DDTHH:MM:SS[.fffffff]Z`. */
export function skipTime(from: usize): usize {
  const at = skipDay(from);
  if (at == 0 || load<u8>(at) != 0x54) return 0;
  const hour = two(at + 1);
  const minute = two(at + 4);
  const second = two(at + 7);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return 0;
  if (load<u8>(at + 3) != colon || load<u8>(at + 6) != colon) return 0;
  let end = at + 9;
  if (load<u8>(end) == 0x2e) {
    end += 1;
    while (<u8>(load<u8>(end) - 0x30) < 10) end += 1;
    if (end == at + 10 || end - at - 10 > fractionDigits) return 0;
  }
  return load<u8>(end) == 0x5a ? end + 1 : 0;
}

/** The microseconds from 1970 to the time that stands here; what is finer is cut off, as DuckDB does. */
export function timeAt(from: usize): i64 {
  const seconds = two(from + 11) * 3600 + two(from + 14) * 60 + two(from + 17);
  let micros: i64 = 0;
  let unit: i64 = 100000;
  if (load<u8>(from + 19) == 0x2e)
    for (let at = from + 20; unit > 0 && load<u8>(at) != 0x5a; at += 1) {
      micros += unit * (<i64>load<u8>(at) - 0x30);
      unit /= 10;
    }
  return (<i64>dayAt(from) * 86400 + seconds) * 1000000 + micros;
}

/** Whether the text between is a name that the tenant concealed: 32 capital hexadecimal digits, or the UUID of zeros. */
export function isConcealed(from: usize, end: usize): bool {
  const length = end - from;
  if (length == uuidBytes) {
    for (let place: usize = 0; place < length; place += 1)
      if (load<u8>(from + place) != (isDash(place) ? dash : 0x30)) return false;
    return true;
  }
  if (length != 32) return false;
  for (let at = from; at < end; at += 1) {
    const byte = load<u8>(at);
    if (<u8>(byte - 0x30) > 9 && <u8>(byte - 0x41) > 5) return false;
  }
  return true;
}
