import { closeSync, existsSync, fsyncSync, openSync, renameSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout } from "node:timers/promises";
import { maybeErrorCode } from "./errors.ts";
import { hearSignals } from "./interrupt.ts";

const renameTries = 20;
const pauseMs = 100;

/**
 * Makes the new file durable and renames it over the old one; both must be closed in this process where the system
 * asks for it. A signal that is aborted by then keeps the old one in its place.
 */
export async function swap(aside: string, target: string, signal?: AbortSignal): Promise<void> {
  if (existsSync(`${aside}.wal`)) throw new Error(`${aside}.wal is left; the new file is not whole`);
  syncPath(aside, "r+");
  // What came while the disk was busy is heard in the next turn.
  await hearSignals();
  signal?.throwIfAborted();
  await renameInTime(aside, target);
  try {
    syncPath(dirname(target), "r");
  } catch (error) {
    // Windows has no fsync for folders.
    if (process.platform !== "win32") throw error;
  }
}

/** On Windows a reader, a backup or a virus scanner may hold the old file for a moment. */
async function renameInTime(aside: string, target: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      renameSync(aside, target);
      return;
    } catch (error) {
      const isHeld = ["EPERM", "EBUSY", "EACCES"].includes(maybeErrorCode(error) ?? "");
      if (process.platform !== "win32" || !isHeld || tries === renameTries) throw error;
      await setTimeout(pauseMs);
    }
  }
}

function syncPath(path: string, flags: string): void {
  const descriptor = openSync(path, flags);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
