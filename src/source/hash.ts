import { Worker } from "node:worker_threads";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import type { InputFile } from "./discover.ts";
import { bundleFolder } from "../paths.ts";

/** Where less than this is read altogether, a thread takes longer to start than the hashing. */
const startBytes = 16 << 20;

/** The one thread of this process that hashes, once there is enough to do, and what it was asked. */
let thread: HashThread | undefined;
const answers = new WeakMap<InputFile, Promise<string | undefined>>();
const unanswered = new Set<InputFile>();
const expected = new Set<InputFile>();
let expectedBytes = 0;

/** Says that the SHA-256 of a file is going to be asked for, so that it is made meanwhile where that is faster. */
export function expectSha256(file: InputFile): void {
  if (expected.has(file) || answers.has(file)) return;
  expected.add(file);
  expectedBytes += file.bytes;
  if (expectedBytes < startBytes) return;
  thread ??= startHashThread();
  for (const each of expected) {
    unanswered.add(each);
    answers.set(
      each,
      thread.hash(each).finally(() => unanswered.delete(each)),
    );
  }
  expected.clear();
}

/** Whether who asks for the SHA-256 of a file now has to wait for the thread. */
export function isHashing(file: InputFile): boolean {
  return unanswered.has(file);
}

/** Whether the thread is at work now. */
export function isAnyHashing(): boolean {
  return unanswered.size > 0;
}

/** SHA-256 of a file as `hashFile` makes it. Throws the reason of the signal when that is aborted first. */
export async function sha256Of(file: InputFile, signal?: AbortSignal): Promise<string | undefined> {
  const answer = answers.get(file);
  const sha256 = answer && (await thread?.wait(orAbort(answer, signal)));
  if (sha256 !== undefined) return sha256;
  // Not loaded where the thread does it all.
  const { hashFile } = await import("./hash-file.ts");
  return await hashFile(file);
}

async function orAbort<Answer>(answer: Promise<Answer>, signal: AbortSignal | undefined): Promise<Answer> {
  if (signal === undefined) return await answer;
  signal.throwIfAborted();
  return await new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    signal.addEventListener("abort", abort, { once: true });
    void answer.then(resolve).finally(() => signal.removeEventListener("abort", abort));
  });
}

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
const ours = pathToFileURL(join(bundleFolder, "hash-worker.js"));

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
