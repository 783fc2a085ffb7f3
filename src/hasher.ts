import { createHash } from "node:crypto";
import { startHashThread, type HashThread } from "./hash-thread.ts";

/** Makes SHA-256 of bytes, which may be changed as soon as `update` has returned. */
export interface Hasher {
  readonly update: (bytes: Uint8Array) => void;
  /** Of what has come until now. */
  readonly digest: () => string;
  /** Nothing is asked of it behind this. */
  readonly close: () => void;
}

/** Where less than this is read altogether, a thread takes longer to start than the hashing. */
const startBytes = 16 << 20;

/** A file that is smaller is hashed as soon as it is handed over and the end waited for. */
const handedBytes = 4 << 20;

/** The one thread of this process that hashes, once there was enough to do. */
let thread: HashThread | undefined;
let expectedBytes = 0;
let lastId = 0;

/** Says that a file of so many bytes is going to be hashed, so that a thread that is worth it is there by then. */
export function expectHashing(bytes: number): void {
  if (bytes >= handedBytes) expectedBytes += bytes;
  if (expectedBytes >= startBytes) thread ??= startHashThread();
}

/** Hashes a file of so many bytes: beside this thread where that is faster. */
export function createHasher(bytes: number): Hasher {
  const isLarge = bytes >= startBytes;
  if (isLarge) thread ??= startHashThread();
  const isWorthIt = isLarge || (bytes >= handedBytes && thread?.isReady());
  return thread && isWorthIt && !thread.hasEnded() ? handOver(thread) : hashHere();
}

/** Hashes nothing: for who only looks at a file. */
export const noHasher: Hasher = { update: () => {}, digest: () => "", close: () => {} };

function hashHere(): Hasher {
  const hash = createHash("sha256");
  return {
    update: (bytes) => void hash.update(bytes),
    digest: () => hash.copy().digest("hex"),
    close: () => {},
  };
}

/** Hashes by a thread, which keeps what it has until this is closed. */
export function handOver(to: HashThread): Hasher {
  const id = (lastId += 1);
  let isBegun = false;
  let known: string | undefined;
  return {
    update(bytes) {
      isBegun = true;
      known = undefined;
      to.update(id, bytes);
    },
    digest() {
      isBegun = true;
      return (known ??= to.digest(id));
    },
    close() {
      if (isBegun) to.close(id);
      isBegun = false;
    },
  };
}
