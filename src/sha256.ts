import type { InputFile } from "./discover.ts";
import { startHashThread, type HashThread } from "./hash-thread.ts";

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
