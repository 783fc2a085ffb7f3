import { parentPort } from "node:worker_threads";
import { hashFile } from "./hash-file.ts";
import type { Hashing } from "./hash.ts";

// A program of its own, run by hash.ts as a thread: answers each file with its SHA-256, in their order.

let last = Promise.resolve();
parentPort?.on("message", ({ id, file }: Hashing) => {
  last = last.then(async () => parentPort?.postMessage({ id, sha256: await hashFile(file) }));
});
