import { isProto } from "./keys";
import { skipNumber } from "./scalars";
import { quote, skipKey, skipSpace, skipString } from "./strings";

/** Objects and lists in each other: what is deeper is for the slow path. */
export const maxDepth: u32 = 32;
/** Objects that are passed over and have more keys are for the slow path, which compares them faster. */
const maxKeys: usize = 256;

/** The keys of all objects that are open: a mark of each, which the same ones have too, and where it stands. */
const openKeys: usize = memory.data(32 * 256 * 8);

export function isNull(from: usize): bool {
  return load<u32>(from) == 0x6c6c756e;
}

/** Behind `true` or `false`. */
export function skipBoolean(from: usize): usize {
  if (load<u32>(from) == 0x65757274) return from + 4;
  return load<u8>(from) == 0x66 && load<u32>(from + 1) == 0x65736c61 ? from + 5 : 0;
}

/** Behind a value that is not stored; it must be JSON all the same, and no object in it may have a key twice. */
export function skipAny(from: usize, depth: u32): usize {
  return skipValue(from, depth, openKeys);
}

function skipValue(from: usize, depth: u32, free: usize): usize {
  switch (load<u8>(from)) {
    case 0x22:
      return skipString(from);
    case 0x7b:
      return depth < maxDepth ? skipObject(from, depth + 1, free) : 0;
    case 0x5b:
      return depth < maxDepth ? skipList(from, depth + 1, free) : 0;
    case 0x74:
    case 0x66:
      return skipBoolean(from);
    case 0x6e:
      return isNull(from) ? from + 4 : 0;
    default:
      return skipNumber(from);
  }
}

function skipList(from: usize, depth: u32, free: usize): usize {
  let at = skipSpace(from + 1);
  if (load<u8>(at) == 0x5d) return at + 1;
  while (true) {
    at = skipValue(at, depth, free);
    if (at == 0) return 0;
    at = skipSpace(at);
    const byte = load<u8>(at);
    if (byte == 0x5d) return at + 1;
    if (byte != 0x2c) return 0;
    at = skipSpace(at + 1);
  }
}

function skipObject(from: usize, depth: u32, own: usize): usize {
  let at = skipSpace(from + 1);
  if (load<u8>(at) == 0x7d) return at + 1;
  let free = own;
  while (true) {
    const end = load<u8>(at) == quote ? skipKey(at) : 0;
    if (end == 0 || isProto(at, end - at)) return 0;
    const mark = markOf(at, end - at);
    for (let other = own; other < free; other += 8)
      if (load<u32>(other) == mark && isSame(load<u32>(other + 4), at, end - at)) return 0;
    if (free - own >= maxKeys * 8) return 0;
    store<u32>(free, mark);
    store<u32>(free + 4, <u32>at);
    free += 8;
    at = skipValue(skipSpace(end), depth, free);
    if (at == 0) return 0;
    at = skipSpace(at);
    const byte = load<u8>(at);
    if (byte == 0x7d) return at + 1;
    if (byte != 0x2c) return 0;
    at = skipSpace(at + 1);
  }
}

/** Out of the first and the last four bytes between a key's quotes and its length. */
function markOf(from: usize, length: usize): u32 {
  const inside = length - 3;
  const first = load<u32>(from + 1);
  if (inside < 4) return (first & ((1 << (<u32>(inside * 8))) - 1)) ^ <u32>(inside << 28);
  return first ^ rotl(load<u32>(from + length - 6), 13) ^ <u32>(inside << 24);
}

function isSame(one: usize, other: usize, length: usize): bool {
  return memory.compare(one, other, length) == 0;
}
