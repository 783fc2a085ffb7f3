import { statSync } from "node:fs";

/** What tells a file from any other that is there at the same time; undefined where none is. */
export function identityOf(path: string): string | undefined {
  // Numbers of files on NTFS are beyond what a number holds.
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats && `${stats.dev}:${stats.ino}`;
}

/** Where a copy is made that is then renamed to this path: in a folder that nobody else can open. */
export function copyOf(path: string): string {
  return `${path}.copy/file`;
}
