import { openSync, renameSync, rmSync, rmdirSync } from "node:fs";
import { maybeErrorCode } from "./errors.ts";

/** What Windows says of a file that another program has open: a scanner, an indexer, a backup, Excel. */
const heldCodes = new Set(["EBUSY", "EPERM", "EACCES"]);
const patienceMs = 5000;
const triesAtLeast = 20;
const pauseMs = 50;
const clock = new Int32Array(new SharedArrayBuffer(4));

/** Whether the system refused a file because another program may have it open; POSIX systems refuse none for that. */
export function isHeld(error: unknown): boolean {
  return process.platform === "win32" && heldCodes.has(maybeErrorCode(error) ?? "");
}

/** Does something with a file; on Windows again, for five seconds, where another program has it open. */
function insist<Result>(act: () => Result): Result {
  const end = performance.now() + patienceMs;
  for (let tries = 1; ; tries += 1) {
    try {
      return act();
    } catch (error) {
      // On a machine that is busy one try may take all the time.
      if (!isHeld(error) || (performance.now() >= end && tries >= triesAtLeast)) throw error;
      Atomics.wait(clock, 0, 0, pauseMs);
    }
  }
}

/** Renames a file over what stands there; `check` runs right before each try, and throws where that may not be. */
export function replaceFile(from: string, to: string, check = (): void => {}): void {
  insist(() => {
    check();
    renameSync(from, to);
  });
}

/** Removes a file or a folder with all that is in it; one that is not there is none to remove. */
export function removeFile(path: string): void {
  insist(() => rmSync(path, { recursive: true, force: true }));
}

/** Removes a folder that is empty. */
export function removeEmptyFolder(path: string): void {
  insist(() => rmdirSync(path));
}

/**
 * Removes what need not be there any more, for the end of work: what cannot be removed now is left for the next start,
 * and changes nothing of how the work has ended.
 */
export function removeQuietly(path: string): void {
  try {
    removeFile(path);
  } catch {
    // Left for the next start.
  }
}

/** Opens a file for reading or writing; what is made is nobody else's to read. */
export function openFile(path: string, flags: string): number {
  return insist(() => openSync(path, flags, 0o600));
}
