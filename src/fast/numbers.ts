/** Numbers over bytes; as in values.ts −1 is doubt. */

/** Behind a number as RFC 8259 writes it. */
function skipNumber(bytes: Uint8Array, from: number): number {
  let index = bytes[from] === 0x2d ? from + 1 : from;
  if (bytes[index] === 0x30) index += 1;
  else index = skipDigits(bytes, index);
  if (index < 0) return -1;
  if (bytes[index] === 0x2e) index = skipDigits(bytes, index + 1);
  if (index < 0) return -1;
  if (((bytes[index] as number) | 0x20) !== 0x65) return index;
  const sign = bytes[index + 1];
  return skipDigits(bytes, sign === 0x2b || sign === 0x2d ? index + 2 : index + 1);
}

/** Behind one digit or more. */
function skipDigits(bytes: Uint8Array, from: number): number {
  let index = from;
  while (isDigit(bytes[index] as number)) index += 1;
  return index === from ? -1 : index;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** The most digits of a number that JavaScript holds exactly, whatever they are. */
const exactDigits = 15;

/** Behind an integer of few enough digits, with no fraction, no exponent and no minus zero. */
export function skipInteger(bytes: Uint8Array, from: number): number {
  const first = bytes[from] === 0x2d ? from + 1 : from;
  const end = skipNumber(bytes, from);
  if (end < 0 || end - first > exactDigits || (first > from && bytes[first] === 0x30)) return -1;
  for (let index = first; index < end; index += 1) if (!isDigit(bytes[index] as number)) return -1;
  return end;
}

/** Behind a number that has the same value however it is read: few digits, no exponent. */
export function skipPlainNumber(bytes: Uint8Array, from: number): number {
  const end = skipNumber(bytes, from);
  if (end < 0 || end - from > exactDigits) return -1;
  const isMinusZero = bytes[from] === 0x2d && bytes[from + 1] === 0x30;
  for (let index = from; index < end; index += 1) if (((bytes[index] as number) | 0x20) === 0x65) return -1;
  return isMinusZero ? -1 : end;
}

/** The number that so few digits write that it is exact. */
export function digitsOf(bytes: Uint8Array, from: number, end: number): number {
  const isNegative = bytes[from] === 0x2d;
  let value = 0;
  for (let index = isNegative ? from + 1 : from; index < end; index += 1)
    value = value * 10 + (bytes[index] as number) - 0x30;
  return isNegative ? -value : value;
}
