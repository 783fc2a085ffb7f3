import { Worker } from "node:worker_threads";
import type { InputFile } from "./discover.ts";

/** What the thread is asked. */
export interface Hashing {
  readonly id: number;
  readonly file: InputFile;
}

/** A thread that hashes files one after the other and keeps no process alive that does not wait for it. */
export interface HashThread {
  /** SHA-256 as `hashFile` makes it; undefined also when the thread never came up or has come down. */
  readonly hash: (file: InputFile) => Promise<string | undefined>;
  /** Waits for one of these answers. */
  readonly wait: <Answer>(answer: Promise<Answer>) => Promise<Answer>;
}

// The compiled one also for the tests, which run the sources.
const ours = new URL("../bundle/hash-worker.js", import.meta.url);

export function startHashThread(program: URL = ours): HashThread {
  const asked = new Map<number, (sha256: string | undefined) => void>();
  let worker: Worker | undefined;
  const end = (): void => {
    worker = undefined;
    for (const answer of asked.values()) answer(undefined);
    asked.clear();
  };
  try {
    // It needs nothing of what this process was started with.
    worker = new Worker(program, { execArgv: [], env: {} });
    worker.on("error", end).on("exit", end);
    worker.on("message", ({ id, sha256 }: { id: number; sha256: string | undefined }) => {
      asked.get(id)?.(sha256);
      asked.delete(id);
    });
    worker.unref();
  } catch {
    end();
  }
  let lastId = 0;
  return {
    hash: async (file) =>
      await new Promise((answer) => {
        if (worker === undefined) return answer(undefined);
        const id = (lastId += 1);
        asked.set(id, answer);
        worker.postMessage({ id, file } satisfies Hashing);
      }),
    async wait(answer) {
      worker?.ref();
      try {
        return await answer;
      } finally {
        worker?.unref();
      }
    },
  };
}
