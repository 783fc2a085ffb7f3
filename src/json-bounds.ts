/** Where JSON values end, found over bytes without parsing them; −1 when the bytes break off first. */

const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const colon = 0x3a;
const comma = 0x2c;

/** The index behind a record, how deep it nests, how many keys its objects have, and how many commas stand between values. */
export interface Extent {
  end: number;
  depth: number;
  keys: number;
  commas: number;
}

/**
 * Finds the end of the object that starts at `from`. Only braces close it, so that an unclosed bracket spoils this
 * record and not the ones behind it.
 */
export function findRecordEnd(bytes: Uint8Array, from: number, end: number): Extent {
  let braces = 0;
  let brackets = 0;
  let depth = 0;
  let keys = 0;
  let commas = 0;
  let index = from;
  while (index < end) {
    const byte = bytes[index];
    if (byte === quote) {
      index = findStringEnd(bytes, index, end);
      if (index < 0) break;
      continue;
    }
    if (byte === colon) keys += 1;
    else if (byte === comma) commas += 1;
    else if (byte === openBrace) braces += 1;
    else if (byte === openBracket) brackets += 1;
    else if (byte === closeBracket) brackets -= 1;
    else if (byte === closeBrace) {
      braces -= 1;
      if (braces === 0) return { end: index + 1, depth, keys, commas };
    }
    if (braces + brackets > depth) depth = braces + brackets;
    index += 1;
  }
  return { end: -1, depth, keys, commas };
}

/** Finds the end of the string whose opening quote is at `from`. */
export function findStringEnd(bytes: Uint8Array, from: number, end: number): number {
  let index = from + 1;
  while (index < end) {
    const byte = bytes[index];
    if (byte === quote) return index + 1;
    index += byte === backslash ? 2 : 1;
  }
  return -1;
}

/** Finds the end of any value that starts at `from`; a bare word ends before the next comma, bracket, brace or space. */
export function findValueEnd(bytes: Uint8Array, from: number, end: number): number {
  const first = bytes[from];
  if (first === quote) return findStringEnd(bytes, from, end);
  const isNested = first === openBrace || first === openBracket;
  return isNested ? findNestedEnd(bytes, from, end) : findWordEnd(bytes, from, end);
}

function findNestedEnd(bytes: Uint8Array, from: number, end: number): number {
  let depth = 0;
  let index = from;
  while (index < end) {
    const byte = bytes[index];
    if (byte === quote) {
      index = findStringEnd(bytes, index, end);
      if (index < 0) return -1;
      continue;
    }
    if (byte === openBrace || byte === openBracket) depth += 1;
    else if (byte === closeBrace || byte === closeBracket) depth -= 1;
    index += 1;
    if (depth === 0) return index;
  }
  return -1;
}

function findWordEnd(bytes: Uint8Array, from: number, end: number): number {
  for (let index = from + 1; index < end; index += 1) {
    const byte = bytes[index];
    const isEnd = byte === 0x2c || byte === closeBracket || byte === closeBrace || (byte ?? 0) <= 0x20;
    if (isEnd) return index;
  }
  return -1;
}
