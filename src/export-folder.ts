import { existsSync, mkdirSync, renameSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { outputError } from "./errors.ts";
import { removeOnSignal } from "./interrupt.ts";

export const manifestName = "manifest.json";

/** Makes the folder, and an empty one aside in it; returns what removes that again, and what is empty of what it made. */
export function makeFolder(folder: string, aside: string): () => void {
  const made: string[] = [];
  const remove = (): void => {
    rmSync(aside, { recursive: true, force: true });
    removeEmpty(made);
  };
  const release = removeOnSignal(remove);
  const end = (): void => {
    remove();
    release();
  };
  try {
    makeParents(folder, made);
    rmSync(aside, { recursive: true, force: true });
    mkdirSync(aside, { mode: 0o700 });
  } catch (error) {
    removeEmpty(made);
    release();
    throw outputError(folder, error);
  }
  return end;
}

/** Like `mkdir -p`; Node's own `recursive` never returns where a parent refuses with ENOENT, as in /proc. */
function makeParents(folder: string, made: string[]): void {
  if (existsSync(folder)) return;
  if (dirname(folder) !== folder) makeParents(dirname(folder), made);
  mkdirSync(folder, { mode: 0o700 });
  made.push(folder);
}

function removeEmpty(folders: readonly string[]): void {
  try {
    for (const folder of folders.toReversed()) rmdirSync(folder);
  } catch {
    // A folder that holds something stays.
  }
}

/** Puts the files in place, the manifest last: without it what stands there is no export. */
export function moveIntoPlace(aside: string, folder: string, files: readonly string[]): void {
  try {
    rmSync(join(folder, manifestName), { force: true });
    for (const file of files) renameSync(join(aside, file), join(folder, file));
  } catch (error) {
    throw outputError(folder, error);
  }
}
