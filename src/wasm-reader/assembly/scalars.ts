// Texts with a format, checked over bytes; 0 is doubt.

const dash: u8 = 0x2d;
const colon: u8 = 0x3a;
export const uuidBytes: usize = 36;
/** The most digits of a fraction of a second: Graph writes seven. */
const fractionDigits: usize = 7;

/** The halves of the UUID that was read last. */
let uuidHigh: u64 = 0;
let uuidLow: u64 = 0;

/** Whether a UUID stands here, in whatever case; it is what `writeUuid` writes then. */
export function readUuid(from: usize): bool {
  if (load<u8>(from + 8) != dash || load<u8>(from + 13) != dash) return false;
  if (load<u8>(from + 18) != dash || load<u8>(from + 23) != dash) return false;
  const first = firstDigits(v128.load(from), v128.load(from + 16));
  const second = lastDigits(v128.load(from + 19), v128.load(from + 20));
  if (!areHex(first) || !areHex(second)) return false;
  uuidHigh = hexOf(first);
  uuidLow = hexOf(second);
  return true;
}

/** Those at 0 to 7, 9 to 12 and 14 to 17, of bytes 0 to 15 and 16 to 31. */
function firstDigits(one: v128, other: v128): v128 {
  return i8x16.shuffle(one, other, 0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 14, 15, 16, 17);
}

/** Those at 19 to 22 and 24 to 35, of bytes 19 to 34 and 20 to 35. */
function lastDigits(one: v128, other: v128): v128 {
  return i8x16.shuffle(one, other, 0, 1, 2, 3, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31);
}

/** Writes the UUID as DuckDB has it: a number of 128 bits, its lower half first, of which the highest bit is turned. */
export function writeUuid(to: usize): void {
  store<u64>(to, uuidLow);
  store<u64>(to + 8, uuidHigh ^ ((<u64>1) << 63));
}

function areLetters(digits: v128): v128 {
  const letters = i8x16.sub(v128.or(digits, i8x16.splat(0x20)), i8x16.splat(0x61));
  return i8x16.lt_u(letters, i8x16.splat(6));
}

function areHex(digits: v128): bool {
  const numbers = i8x16.lt_u(i8x16.sub(digits, i8x16.splat(0x30)), i8x16.splat(10));
  return i8x16.all_true(v128.or(numbers, areLetters(digits)));
}

/** The number that sixteen hexadecimal digits write. */
function hexOf(digits: v128): u64 {
  const numbers = v128.and(digits, i8x16.splat(0x0f));
  const halves = i8x16.add(numbers, v128.and(areLetters(digits), i8x16.splat(9)));
  // Two by two: the first of them is the higher one.
  const pairs = v128.or(i16x8.shl(halves, 4), i16x8.shr_u(halves, 8));
  const bytes = v128.and(pairs, i16x8.splat(0xff));
  return bswap<u64>(<u64>i64x2.extract_lane(i8x16.narrow_i16x8_u(bytes, bytes), 0));
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

/** The text of the day that was read last, 0 before there was one, which the next one often is; and its days from 1970. */
let dayText: u64 = 0;
let dayEnd: u16 = 0;
let dayNumber: i32 = 0;

/** Behind the day `YYYY-MM-DD`, of the years 1 to 9999; it is that of `lastDay` then. */
export function skipDay(from: usize): usize {
  if (dayText != 0 && load<u64>(from) == dayText && load<u16>(from + 8) == dayEnd) return from + 10;
  if (!isDay(from)) return 0;
  dayNumber = dayAt(from);
  dayText = load<u64>(from);
  dayEnd = load<u16>(from + 8);
  return from + 10;
}

/** The days from 1970 to the day that was read last. */
export function lastDay(): i32 {
  return dayNumber;
}

function isDay(from: usize): bool {
  const century = two(from);
  const year = two(from + 2);
  const month = two(from + 5);
  const day = two(from + 8);
  if (century < 0 || year < 0 || (century == 0 && year == 0)) return false;
  if (load<u8>(from + 4) != dash || load<u8>(from + 7) != dash) return false;
  if (month < 1 || month > 12 || day < 1) return false;
  const isLeap = year % 4 == 0 && (year != 0 || century % 4 == 0);
  return day <= daysOf(month, isLeap);
}

/** The days from 1970 to the day that stands here. */
function dayAt(from: usize): i32 {
  const month = two(from + 5);
  // Years that begin in March have their leap day at the end (Gregorian calendar, also before it was made).
  const year = two(from) * 100 + two(from + 2) - (month > 2 ? 0 : 1);
  const dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + two(from + 8) - 1;
  return year * 365 + year / 4 - year / 100 + year / 400 + dayOfYear - 719468;
}

/** The microseconds from 1970 to the time that was read last. */
let timeNumber: i64 = 0;

export function lastTime(): i64 {
  return timeNumber;
}

/** Behind the time in UTC, `YYYY-MM-DDTHH:MM:SS[.fffffff]Z`; it is that of `lastTime` then. */
export function skipTime(from: usize): usize {
  const at = skipDay(from);
  if (at == 0 || load<u8>(at) != 0x54) return 0;
  const hour = two(at + 1);
  const minute = two(at + 4);
  const second = two(at + 7);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return 0;
  if (load<u8>(at + 3) != colon || load<u8>(at + 6) != colon) return 0;
  timeNumber = (<i64>dayNumber * 86400 + hour * 3600 + minute * 60 + second) * 1000000;
  let end = at + 9;
  if (load<u8>(end) == 0x2e) {
    end = skipFraction(end + 1);
    if (end == 0) return 0;
  }
  return load<u8>(end) == 0x5a ? end + 1 : 0;
}

/** Adds the fraction of a second to the time; what is finer than a microsecond is cut off, as DuckDB does. */
function skipFraction(from: usize): usize {
  let at = from;
  let unit: i64 = 100000;
  let digit = <u8>(load<u8>(at) - 0x30);
  while (digit < 10) {
    timeNumber += unit * digit;
    unit /= 10;
    at += 1;
    digit = <u8>(load<u8>(at) - 0x30);
  }
  return at == from || at - from > fractionDigits ? 0 : at;
}

/** `(unk`, `nown)` and `<pii:` as numbers of their bytes. */
const unknownHead: u64 = 0x6b6e7528;
const unknownTail: u64 = 0x296e776f6e;
const piiHead: u64 = 0x3a6969703c;

/** Whether the text between is a name that was concealed: 32 hexadecimal digits, the UUID of zeros, `(Unknown)`, or begun by `<PII:`. */
export function isConcealed(from: usize, end: usize): bool {
  const length = end - from;
  const first = length == 0 ? <u8>0 : load<u8>(from);
  if (first == 0x28)
    return length == 9 && foldedAt(from, 4) == unknownHead && foldedAt(from + 4, 5) == unknownTail;
  if (first == 0x3c) return length >= 5 && foldedAt(from, 5) == piiHead;
  if (length == uuidBytes) {
    for (let place: usize = 0; place < length; place += 1)
      if (load<u8>(from + place) != (place == 8 || place == 13 || place == 18 || place == 23 ? dash : 0x30))
        return false;
    return true;
  }
  if (length != 32) return false;
  for (let at = from; at < end; at += 1) {
    const byte = load<u8>(at);
    if (<u8>(byte - 0x30) > 9 && <u8>((byte | 0x20) - 0x61) > 5) return false;
  }
  return true;
}

/** Up to eight bytes as a number, letters small and the first byte lowest. */
function foldedAt(from: usize, count: usize): u64 {
  let number: u64 = 0;
  for (let place: usize = 0; place < count; place += 1) {
    const byte = load<u8>(from + place);
    const isLetter = <u8>((byte | 0x20) - 0x61) < 26;
    number |= (<u64>(isLetter ? byte | 0x20 : byte)) << (<u64>place * 8);
  }
  return number;
}

// Numbers over bytes; 0 is doubt.

/** The most digits of a number that a float of 64 bits holds exactly, whatever they are. */
const exactDigits: usize = 15;

function isDigit(byte: u8): bool {
  return <u8>(byte - 0x30) < 10;
}

/** Behind one digit or more. */
function skipDigits(from: usize): usize {
  let at = from;
  while (isDigit(load<u8>(at))) at += 1;
  return at == from ? 0 : at;
}

/** Behind a number as RFC 8259 writes it. */
export function skipNumber(from: usize): usize {
  let at = load<u8>(from) == 0x2d ? from + 1 : from;
  if (load<u8>(at) == 0x30) at += 1;
  else at = skipDigits(at);
  if (at == 0) return 0;
  if (load<u8>(at) == 0x2e) at = skipDigits(at + 1);
  if (at == 0) return 0;
  if ((load<u8>(at) | 0x20) != 0x65) return at;
  const sign = load<u8>(at + 1);
  return skipDigits(sign == 0x2b || sign == 0x2d ? at + 2 : at + 1);
}

/** Behind an integer of few enough digits, with no fraction, no exponent and no minus zero. */
export function skipInteger(from: usize): usize {
  const first = load<u8>(from) == 0x2d ? from + 1 : from;
  const end = skipNumber(from);
  if (end == 0 || end - first > exactDigits || (first > from && load<u8>(first) == 0x30)) return 0;
  for (let at = first; at < end; at += 1) if (!isDigit(load<u8>(at))) return 0;
  return end;
}

/** Behind a number that has the same value however it is read: few digits, no exponent, no minus zero. */
export function skipPlainNumber(from: usize): usize {
  const end = skipNumber(from);
  if (end == 0 || end - from > exactDigits) return 0;
  if (load<u8>(from) == 0x2d && load<u8>(from + 1) == 0x30) return 0;
  for (let at = from; at < end; at += 1) if ((load<u8>(at) | 0x20) == 0x65) return 0;
  return end;
}

/** The integer that so few digits write that it is exact. */
export function integerAt(from: usize, end: usize): i64 {
  const isNegative = load<u8>(from) == 0x2d;
  let value: i64 = 0;
  for (let at = isNegative ? from + 1 : from; at < end; at += 1) value = value * 10 + load<u8>(at) - 0x30;
  return isNegative ? -value : value;
}

/** The plain number between, as exact as a float of 64 bits can be: one division of two exact numbers. */
export function numberAt(from: usize, end: usize): f64 {
  const isNegative = load<u8>(from) == 0x2d;
  let value: f64 = 0;
  let scale: f64 = 1;
  let isFraction = false;
  for (let at = isNegative ? from + 1 : from; at < end; at += 1) {
    const byte = load<u8>(at);
    if (byte == 0x2e) isFraction = true;
    else {
      value = value * 10 + <f64>(byte - 0x30);
      if (isFraction) scale *= 10;
    }
  }
  return (isNegative ? -value : value) / scale;
}
