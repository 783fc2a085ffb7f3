import type { Hash } from "node:crypto";
import { workerData } from "node:worker_threads";
import { places, serveSlot, states, type Ring } from "./hash-ring.ts";

// A program of its own, run by hash-thread.ts as a thread: hashes what is put into the ring until the process ends.

const ring = workerData as Ring;
const { control } = ring;
const hashes = new Map<number, Hash>();

// Who was waited for too long is done without.
Atomics.compareExchange(control, places.state, states.starting, states.ready);
Atomics.notify(control, places.done);
for (let done = 0; Atomics.load(control, places.state) === states.ready;) {
  Atomics.wait(control, places.written, done);
  if (Atomics.load(control, places.written) === done) continue;
  serveSlot(hashes, ring, done);
  done += 1;
  Atomics.store(control, places.done, done);
  Atomics.notify(control, places.done);
}
