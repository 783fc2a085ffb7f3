import { createHash, type Hash } from "node:crypto";

/** The memory that the main thread and the one that hashes have in common. */
export interface Ring {
  /** How many slots were filled and how many of them are done, which only grow, and a state: each at its place. */
  readonly control: Int32Array;
  /** Of each slot whose hash is meant, and how many bytes lie in it or else which order is given. */
  readonly slots: Int32Array;
  readonly bytes: Uint8Array;
}

export const places = { written: 0, done: 1, state: 2 } as const;
export const orders = { digest: -1, close: -2 } as const;
/** Of the thread: `absent` never came up and has done nothing, `broken` ended with work undone. */
export const states = { starting: 0, ready: 1, absent: 2, broken: 3 } as const;

export const slotCount = 8;
export const slotBytes = 1 << 20;
export const slotFields = 2;

export function createRing(): Ring {
  return {
    control: new Int32Array(new SharedArrayBuffer(4 * 3)),
    slots: new Int32Array(new SharedArrayBuffer(4 * slotFields * slotCount)),
    bytes: new Uint8Array(new SharedArrayBuffer(slotCount * slotBytes)),
  };
}

/** The bytes of a slot; also of the one that is filled as number `count`, however often the ring has gone round. */
export function roomOf({ bytes }: Ring, count: number): Uint8Array {
  const start = (count % slotCount) * slotBytes;
  return bytes.subarray(start, start + slotBytes);
}

/** Does what a slot asks for: bytes are hashed, a digest is put in their place, or a hash is given up. */
export function serveSlot(hashes: Map<number, Hash>, ring: Ring, count: number): void {
  const at = (count % slotCount) * slotFields;
  const [id = 0, order = 0] = ring.slots.subarray(at, at + slotFields);
  if (order === orders.close) {
    hashes.delete(id);
    return;
  }
  const hash = hashes.get(id) ?? createHash("sha256");
  hashes.set(id, hash);
  const room = roomOf(ring, count);
  if (order === orders.digest) room.set(hash.copy().digest());
  else hash.update(room.subarray(0, order));
}
