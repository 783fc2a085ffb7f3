import { statSync, statfsSync } from "node:fs";
import { dirname } from "node:path";

/** What the process ends with; the meaning of each is part of the contract with scripts. */
export const exitCodes = {
  ok: 0,
  incomplete: 1,
  usage: 2,
  noInput: 3,
  database: 4,
  output: 5,
  bug: 70,
  interrupted: 130,
  terminated: 143,
} as const;

/** An error that the person at the prompt can put right: printed without a stack, ends with `exitCode`. */
export class CliError extends Error {
  readonly exitCode: number;
  /** Further lines; the message itself is one line. */
  readonly lines: readonly string[];

  constructor(
    message: string,
    options: { readonly exitCode: number; readonly lines?: readonly string[]; readonly cause?: unknown },
  ) {
    super(message, { cause: options.cause });
    this.name = "CliError";
    this.exitCode = options.exitCode;
    this.lines = options.lines ?? [];
  }
}

/** The text of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The system's code of an error (`ENOENT`, `ENOSPC`, …), where it has one. */
export function maybeErrorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** What the system says where there is no more room; all else in `reasons` is a refusal. */
const roomReasons: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "your share of the disk is used up",
  EFBIG: "the limit on the size of files is reached (ulimit -f)",
};

const reasons: Readonly<Record<string, string>> = {
  EACCES: "you may not write there; choose another place",
  EPERM: "you may not write there, or another program holds it; close that or choose another place",
  EROFS: "the disk is read-only; choose another place",
  ENOENT: "its folder does not exist; make it or choose another place",
  ENOTDIR: "a file stands where a folder should; choose another place",
  EEXIST: "a file stands where a folder should; choose another place",
  EISDIR: "a folder stands there; choose another place",
  ENAMETOOLONG: "its name is too long; choose another",
  ELOOP: "its links lead to each other; choose another place",
  EBADF: "it is not open for writing; choose another place",
  EIO: "the disk does not answer; look after it or choose another place",
  EBUSY: "another program holds it; close that or choose another place",
  EMFILE: "too many open files; let a process have more of them (ulimit -n)",
  ENFILE: "too many open files on this machine; close other programs",
};

/** Windows says that a file which another program has open may not be written. */
function findReason(code: string): string | undefined {
  return reasons[code === "EACCES" && process.platform === "win32" ? "EPERM" : code];
}

const tooManyCodes = new Set(["EMFILE", "ENFILE"]);

/** What a write that failed would have taken: bytes in all, and those of them that are given back. */
export interface Room {
  readonly needed: number;
  readonly held: number;
}

/** The error for something that cannot be written: exit 5, with the place, the system's reason and, on a full disk, the bytes. */
export function outputError(path: string, error: unknown, room: Room = { needed: 1, held: 0 }): CliError {
  const code = maybeErrorCode(error) ?? "";
  // A reader that has gone has all that it wanted.
  if (code === "EPIPE") return new CliError("", { exitCode: exitCodes.ok, cause: error });
  const why = roomReasons[code];
  const reason =
    why === undefined
      ? (findReason(code) ?? messageOf(error))
      : `${why}: ${describeRoom(path, code, room)}; make room or choose another place`;
  const act = tooManyCodes.has(code) ? "open" : "write";
  return new CliError(`cannot ${act} ${path}: ${reason}`, { exitCode: exitCodes.output, cause: error });
}

/** The error where the system lets this process, or all of them, open no more files, whoever met that; undefined for any other. */
export function maybeTooManyFiles(error: unknown): CliError | undefined {
  const code = maybeErrorCode(error) ?? "";
  if (error instanceof CliError || !(tooManyCodes.has(code) || /too many open files/i.test(messageOf(error))))
    return undefined;
  const path = error instanceof Error && "path" in error ? String(error.path) : "a file";
  return outputError(path, tooManyCodes.has(code) ? error : Object.assign(new Error(), { code: "EMFILE" }));
}

function describeRoom(path: string, code: string, { needed, held }: Room): string {
  const { free, hasNames } = findRoom(path);
  if (!hasNames) return "no more files can be made there";
  if (free === undefined) return `at least ${needed} bytes are needed`;
  // What was refused on a full disk was more than is free, whatever part of it is known.
  const least = code === "ENOSPC" ? Math.max(needed, free + held + 1) : needed;
  return `at least ${least} bytes are needed and ${free + held} are free`;
}

/** The bytes that are free where a path is, or would be, none in a device; and whether a file more can be made. */
function findRoom(path: string): { readonly free: number | undefined; readonly hasNames: boolean } {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined && dirname(path) !== path) return findRoom(dirname(path));
    if (stats?.isCharacterDevice()) return { free: 0, hasNames: true };
    const { bavail, bsize, files, ffree } = statfsSync(path);
    return { free: bavail * bsize, hasNames: files === 0 || ffree > 0 };
  } catch {
    return { free: undefined, hasNames: true };
  }
}
