import type { Hash } from "node:crypto";
import { Worker } from "node:worker_threads";
import {
  createRing,
  orders,
  places,
  roomOf,
  serveSlot,
  slotBytes,
  slotCount,
  slotFields,
  states,
  type Ring,
} from "./hash-ring.ts";

/** A thread that makes any number of hashes at a time, told apart by their numbers. */
export interface HashThread {
  readonly isReady: () => boolean;
  /** It never came up, or it came down. */
  readonly hasEnded: () => boolean;
  /** The bytes may be changed as soon as this has returned. */
  readonly update: (id: number, bytes: Uint8Array) => void;
  /** SHA-256 of what has come until now; throws when the thread has come down. */
  readonly digest: (id: number) => string;
  readonly close: (id: number) => void;
}

const digestBytes = 32;

// In pieces: however long the whole process is stopped, that counts as one of them.
const pieceMs = 1000;
const startPieces = 2;
const workPieces = 60;

// The compiled one also for the tests, which run the sources.
const ours = new URL("../bundle/hash-worker.js", import.meta.url);

/** Starts a thread that hashes and keeps no process alive; where it does not come up, this one hashes what it was given. */
export function startHashThread(program: URL = ours): HashThread {
  const ring = createRing();
  const { control, slots } = ring;
  run(program, ring);
  let written = 0;
  let here: Map<number, Hash> | undefined;
  /** Waits until so many slots are done, whoever does them. */
  const waitFor = (count: number): void => {
    if (here || isDone(control, count)) return;
    // What lies in the ring is all that there was.
    here = new Map<number, Hash>();
    for (let slot = 0; slot < written; slot += 1) serveSlot(here, ring, slot);
  };
  /** Fills the next slot and returns its number. */
  const put = (id: number, order: number, bytes?: Uint8Array): number => {
    const count = written;
    waitFor(count - slotCount + 1);
    slots.set([id, order], (count % slotCount) * slotFields);
    if (bytes) copyShared(bytes, roomOf(ring, count));
    written += 1;
    if (here) serveSlot(here, ring, count);
    else {
      Atomics.store(control, places.written, written);
      Atomics.notify(control, places.written);
    }
    return count;
  };
  return {
    isReady: () => Atomics.load(control, places.state) === states.ready,
    hasEnded: () => Atomics.load(control, places.state) >= states.absent,
    update(id, bytes) {
      for (let at = 0; at < bytes.length; at += slotBytes) {
        const piece = bytes.subarray(at, at + slotBytes);
        put(id, piece.length, piece);
      }
    },
    digest(id) {
      const count = put(id, orders.digest);
      waitFor(written);
      return Buffer.from(roomOf(ring, count).slice(0, digestBytes)).toString("hex");
    },
    close: (id) => void put(id, orders.close),
  };
}

/** Copies bytes, at least one, into shared memory: V8 itself does that by words at best, where `fill` takes half the time. */
function copyShared(bytes: Uint8Array, { buffer, byteOffset }: Uint8Array): void {
  Buffer.from(buffer, byteOffset, bytes.length).fill(bytes);
}

function run(program: URL, ring: Ring): void {
  try {
    // It needs nothing of what this process was started with.
    const worker = new Worker(program, { workerData: ring, execArgv: [], env: {} });
    worker.unref();
    worker.on("error", () => {}).on("exit", () => end(ring.control));
  } catch {
    end(ring.control);
  }
}

function end(control: Int32Array): void {
  const { starting, ready, absent, broken } = states;
  if (Atomics.compareExchange(control, places.state, starting, absent) === ready)
    Atomics.store(control, places.state, broken);
  Atomics.notify(control, places.done);
}

/** Waits until the thread has done so many slots; false where it never came up. Throws when it has come down. */
function isDone(control: Int32Array, count: number): boolean {
  let pieces = 0;
  for (;;) {
    const done = Atomics.load(control, places.done);
    if (done >= count) return true;
    const state = Atomics.load(control, places.state);
    if (state === states.absent) return false;
    if (state === states.broken)
      throw new Error("the thread that makes SHA-256 of files has ended; try again");
    if (Atomics.wait(control, places.done, done, pieceMs) === "timed-out") pieces += 1;
    else pieces = 0;
    if (pieces >= (state === states.ready ? workPieces : startPieces)) end(control);
  }
}
