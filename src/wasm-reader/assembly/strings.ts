// Strings over bytes. Whatever looks for an end returns the address behind it, or 0 on any doubt: what is not plainly
// right is for JSON.parse and ajv to judge.

export const quote: u8 = 0x22;
const backslash: u8 = 0x5c;
const maxKeyBytes: usize = 200;

/** How many escapes were met in strings. */
export let escapes: u32 = 0;

/** Behind JSON white space. */
export function skipSpace(from: usize): usize {
  let at = from;
  let byte = load<u8>(at);
  while (byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09) {
    at += 1;
    byte = load<u8>(at);
  }
  return at;
}

/** The first quote, backslash or control from here on: sixteen bytes are looked at at once. */
function findMark(from: usize): usize {
  let at = from;
  while (true) {
    const bytes = v128.load(at);
    const marks = i8x16.bitmask(
      v128.or(
        v128.or(i8x16.eq(bytes, i8x16.splat(0x22)), i8x16.eq(bytes, i8x16.splat(0x5c))),
        i8x16.lt_u(bytes, i8x16.splat(0x20)),
      ),
    );
    if (marks != 0) return at + <usize>ctz(marks);
    at += 16;
  }
}

/** Behind the string that opens here. Escapes of half characters and of NUL are doubtful. */
export function skipString(from: usize): usize {
  let at = from + 1;
  while (true) {
    at = findMark(at);
    const byte = load<u8>(at);
    if (byte == quote) return at + 1;
    if (byte != backslash) return 0;
    escapes += 1;
    at = skipEscape(at);
    if (at == 0) return 0;
  }
}

/** Behind the colon of the key that opens here: a key without escapes, which its colon follows at once. */
export function skipKey(from: usize): usize {
  const at = findMark(from + 1);
  const isKey = load<u8>(at) == quote && load<u8>(at + 1) == 0x3a && at - from < maxKeyBytes;
  return isKey ? at + 2 : 0;
}

function skipEscape(from: usize): usize {
  const byte = load<u8>(from + 1);
  if (byte == 0x75) return isPlainUnit(unitOf(from + 2)) ? from + 6 : 0;
  return characterOf(byte) == 0 ? 0 : from + 2;
}

/** What a letter behind a backslash writes; 0 for none. */
function characterOf(letter: u8): u8 {
  switch (letter) {
    case 0x22:
    case 0x5c:
    case 0x2f:
      return letter;
    case 0x62:
      return 0x08;
    case 0x66:
      return 0x0c;
    case 0x6e:
      return 0x0a;
    case 0x72:
      return 0x0d;
    case 0x74:
      return 0x09;
    default:
      return 0;
  }
}

/** What four hexadecimal digits write; −1 where they are none. */
function unitOf(from: usize): i32 {
  let unit: i32 = 0;
  for (let at = from; at < from + 4; at += 1) {
    const byte: i32 = load<u8>(at);
    const letter = byte | 0x20;
    if (byte >= 0x30 && byte <= 0x39) unit = unit * 16 + byte - 0x30;
    else if (letter >= 0x61 && letter <= 0x66) unit = unit * 16 + letter - 0x57;
    else return -1;
  }
  return unit;
}

/** A character by itself: no surrogate, no NUL. */
function isPlainUnit(unit: i32): bool {
  return unit > 0 && (unit < 0xd800 || unit > 0xdfff);
}

/** Writes what stands between as UTF-8 without its escapes, which were checked; returns the address behind it. */
export function unescape(to: usize, from: usize, end: usize): usize {
  let out = to;
  for (let at = from; at < end;) {
    const byte = load<u8>(at);
    if (byte != backslash) {
      store<u8>(out, byte);
      out += 1;
      at += 1;
      continue;
    }
    const letter = load<u8>(at + 1);
    if (letter == 0x75) {
      out = writeUnit(out, unitOf(at + 2));
      at += 6;
    } else {
      store<u8>(out, characterOf(letter));
      out += 1;
      at += 2;
    }
  }
  return out;
}

function writeUnit(to: usize, unit: i32): usize {
  if (unit < 0x80) {
    store<u8>(to, unit);
    return to + 1;
  }
  if (unit < 0x800) {
    store<u8>(to, 0xc0 | (unit >> 6));
    store<u8>(to + 1, 0x80 | (unit & 0x3f));
    return to + 2;
  }
  store<u8>(to, 0xe0 | (unit >> 12));
  store<u8>(to + 1, 0x80 | ((unit >> 6) & 0x3f));
  store<u8>(to + 2, 0x80 | (unit & 0x3f));
  return to + 3;
}
