import { hashOf, isProto } from "./keys";
import { skipNumber } from "./numbers";
import { quote, skipKey, skipSpace, skipString } from "./strings";

/** Objects and lists in each other: what is deeper is for the slow path. */
export const maxDepth: u32 = 32;
/** Objects that are passed over and have more keys are for the slow path, which compares them faster. */
const maxKeys: usize = 256;

/** The hashes of the keys of all objects that are open. */
const hashes: usize = memory.data(32 * 256 * 4);

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
  return skipValue(from, depth, hashes);
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
    const hash = hashOf(at, end - at);
    for (let other = own; other < free; other += 4) if (load<u32>(other) == hash) return 0;
    if (free - own >= maxKeys * 4) return 0;
    store<u32>(free, hash);
    free += 4;
    at = skipValue(skipSpace(end), depth, free);
    if (at == 0) return 0;
    at = skipSpace(at);
    const byte = load<u8>(at);
    if (byte == 0x7d) return at + 1;
    if (byte != 0x2c) return 0;
    at = skipSpace(at + 1);
  }
}
