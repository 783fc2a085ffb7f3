/**
 * Ends of plain JSON values, found over bytes. Each function takes the index of the first byte of a value and returns
 * the one behind its last, or −1 on any doubt: what is not plainly right is for JSON.parse and ajv to judge. The bytes
 * must be UTF-8 and end with a zero, at which everything stops.
 */

const quote = 0x22;
const backslash = 0x5c;

/** Bytes and a view of the same, by which four of them are looked at at once. */
export interface Bytes {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

/** Behind JSON white space. */
export function skipSpace(bytes: Uint8Array, from: number): number {
  let index = from;
  for (;;) {
    const byte = bytes[index];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return index;
    index += 1;
  }
}

/** Behind the string that opens at `from`. Escapes of half characters and of NUL are doubtful. */
export function skipString({ bytes, view }: Bytes, from: number): number {
  let index = from + 1;
  for (;;) {
    // Four bytes at once while none of them is a control, a quote or a backslash.
    for (;;) {
      const four = view.getInt32(index, true);
      const control = (four - 0x20202020) & ~four;
      const quoted = four ^ 0x22222222;
      const escaped = four ^ 0x5c5c5c5c;
      const ends = ((quoted - 0x01010101) & ~quoted) | ((escaped - 0x01010101) & ~escaped);
      if (((control | ends) & 0x80808080) !== 0) break;
      index += 4;
    }
    let byte = bytes[index] as number;
    while (byte >= 0x20 && byte !== quote && byte !== backslash) byte = bytes[(index += 1)] as number;
    if (byte === quote) return index + 1;
    if (byte !== backslash) return -1;
    index = skipEscape(bytes, index);
    if (index < 0) return -1;
  }
}

/** Behind the escape whose backslash is at `from`. */
function skipEscape(bytes: Uint8Array, from: number): number {
  switch (bytes[from + 1]) {
    case quote:
    case backslash:
    case 0x2f:
    case 0x62:
    case 0x66:
    case 0x6e:
    case 0x72:
    case 0x74:
      return from + 2;
    case 0x75:
      return isPlainUnit(bytes, from + 2) ? from + 6 : -1;
    default:
      return -1;
  }
}

/** Whether the four digits write a character by itself: no surrogate, no NUL. */
function isPlainUnit(bytes: Uint8Array, from: number): boolean {
  let unit = 0;
  for (let index = from; index < from + 4; index += 1) {
    const digit = hexDigit(bytes[index] as number);
    if (digit < 0) return false;
    unit = unit * 16 + digit;
  }
  return unit > 0 && (unit < 0xd800 || unit > 0xdfff);
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

/** Behind a number as RFC 8259 writes it. */
export function skipNumber(bytes: Uint8Array, from: number): number {
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

const literals = { true: 0x65757274, null: 0x6c6c756e, alse: 0x65736c61 } as const;

export function isNull({ view }: Bytes, from: number): boolean {
  return view.getInt32(from, true) === literals.null;
}

/** Behind `true` or `false`. */
export function skipBoolean({ view }: Bytes, from: number): number {
  if (view.getInt32(from, true) === literals.true) return from + 4;
  return view.getUint8(from) === 0x66 && view.getInt32(from + 1, true) === literals.alse ? from + 5 : -1;
}
