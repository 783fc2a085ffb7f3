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
  /** How many escapes were met in strings. */
  escapes: number;
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
export function skipString(cursor: Bytes, from: number): number {
  const { bytes, view } = cursor;
  let index = from + 1;
  for (;;) {
    // Four bytes at once while none of them is a control, a quote or a backslash.
    let marks = 0;
    for (;;) {
      const four = view.getInt32(index, true);
      const control = (four - 0x20202020) & ~four;
      const quoted = four ^ 0x22222222;
      const escaped = four ^ 0x5c5c5c5c;
      const ends = ((quoted - 0x01010101) & ~quoted) | ((escaped - 0x01010101) & ~escaped);
      marks = (control | ends) & 0x80808080;
      if (marks !== 0) break;
      index += 4;
    }
    // The lowest mark is that of the first such byte.
    index += (31 - Math.clz32(marks & -marks)) >> 3;
    const byte = bytes[index] as number;
    if (byte === quote) return index + 1;
    if (byte !== backslash) return -1;
    cursor.escapes += 1;
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

const literals = { true: 0x65757274, null: 0x6c6c756e, alse: 0x65736c61 } as const;

export function isNull({ view }: Bytes, from: number): boolean {
  return view.getInt32(from, true) === literals.null;
}

/** Behind `true` or `false`. */
export function skipBoolean({ view }: Bytes, from: number): number {
  if (view.getInt32(from, true) === literals.true) return from + 4;
  return view.getUint8(from) === 0x66 && view.getInt32(from + 1, true) === literals.alse ? from + 5 : -1;
}
