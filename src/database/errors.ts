import { closeSync, openSync, readSync, readdirSync, statSync, statfsSync } from "node:fs";
import { dirname, join, win32 } from "node:path";
import { CliError, exitCodes, maybeErrorCode, messageOf, outputError } from "../errors.ts";
import { isHeld } from "../files.ts";

/** The system's reasons as they stand in the engine's words where these are English, in this order. */
const systemReasons: readonly (readonly [RegExp, string])[] = [
  [/no space left on device|not enough space on the disk|max_temp_directory_size/i, "ENOSPC"],
  [/file too large/i, "EFBIG"],
  [/disk quota exceeded/i, "EDQUOT"],
  [/read-only file system/i, "EROFS"],
  [/permission denied|access is denied/i, "EACCES"],
  [/operation not permitted/i, "EPERM"],
  [/no such file or directory|cannot find the (?:path|file)/i, "ENOENT"],
  [/input\/output error/i, "EIO"],
  [/too many open files/i, "EMFILE"],
];

/** Errors of these kinds are of the file or the disk; those of other kinds may repeat what the user's SQL says. */
const kinds = /^(?:IO|FATAL|Fatal|Serialization|INTERNAL|TransactionContext|Out of Memory) Error: /;

const damage =
  /corrupt|could not read enough bytes|not a valid duckdb database|failed to deserialize|expected end of object/i;

/** The least that the engine writes at once. */
const blockBytes = 262_144;

/** Whether the engine met bytes that are not those that it once wrote. */
function isDamage(error: unknown): boolean {
  const message = messageOf(error);
  return kinds.test(message) && damage.test(message);
}

function damageError(path: string, cause?: unknown): CliError {
  return new CliError(
    `${path} is not a usable database: it is damaged or not a DuckDB file. Restore it from a copy, or import anew.`,
    { exitCode: exitCodes.database, cause },
  );
}

/** The system's code behind what the engine says of a file or the disk, undefined where there is none. */
function maybeSystemCode(error: unknown, path: string): string | undefined {
  const message = messageOf(error);
  if (!kinds.test(message)) return undefined;
  const said = systemReasons.find(([words]) => words.test(message))?.[1];
  return process.platform === "win32" ? (askSystem(path) ?? said) : said;
}

/**
 * What the system says of a file. Only for Windows, where the engine repeats words of the system in the language of its
 * user; elsewhere opening and closing a file would drop the engine's lock on it.
 */
function askSystem(path: string): string | undefined {
  try {
    const { bavail, bsize } = statfsSync(dirname(path));
    if (bavail * bsize < blockBytes) return "ENOSPC";
    closeSync(openSync(path, "r+"));
    return undefined;
  } catch (error) {
    return maybeErrorCode(error);
  }
}

/**
 * What the engine or the system says of a database as an error that the user can put right: exit 5 where it cannot
 * be written, exit 4 where it is damaged; anything else as it is. `made` are files that go when the work has failed.
 */
export function toEngineError(error: unknown, path: string, made: readonly string[] = []): unknown {
  if (error instanceof CliError) return error;
  const code = maybeSystemCode(error, path) ?? maybeFileCode(error, path);
  // Of a file that is held the engine has another error, or it is ourselves who hold it.
  if (code !== undefined && code !== "EBUSY") {
    const held = made.reduce((sum, file) => sum + bytesOf(file), 0);
    const cause = Object.assign(new Error(messageOf(error), { cause: error }), { code });
    return outputError(path, cause, { needed: held + blockBytes, held });
  }
  return isDamage(error) ? damageError(path, error) : error;
}

/** The system's code of an error that this process met itself at a database or a file beside it. */
function maybeFileCode(error: unknown, path: string): string | undefined {
  const isThere =
    error instanceof Error &&
    "path" in error &&
    typeof error.path === "string" &&
    error.path.startsWith(path);
  return isThere ? maybeErrorCode(error) : undefined;
}

/** The bytes of a file, or of all files in a folder. */
function bytesOf(path: string): number {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory())
    return readdirSync(path).reduce((sum, name) => sum + bytesOf(join(path, name)), 0);
  return stats === undefined ? 0 : stats.blocks * 512;
}

/** Another process has the file open; the number of that process, where the system tells it. */
export class HeldError extends CliError {
  readonly pid: string | undefined;
  readonly program: string | undefined;

  constructor(path: string, { pid, program }: Holder, cause: unknown) {
    const who = pid === undefined ? "" : ` by process ${pid}${program ? ` (${program})` : ""}`;
    super(`${path} is open elsewhere${who}. Close it there and try again.`, {
      exitCode: exitCodes.database,
      cause,
    });
    this.pid = pid;
    this.program = program;
  }
}

/** The file system cannot lock files. */
export class UnlockableError extends CliError {
  constructor(path: string, cause: unknown) {
    super(
      `${path} lies where files cannot be locked (a network share, as a rule), so nothing would keep two programs from writing to it at once. Put it on a local disk: choose another place with --db FILE.`,
      { exitCode: exitCodes.database, cause },
    );
  }
}

interface Holder {
  readonly pid?: string | undefined;
  readonly program?: string | undefined;
}

/** What the engine itself says of a holder: the parts of its messages that are in no language but its own. */
const holders = [
  /Conflicting lock is held in (?:(?<program>[^]*?) \()?PID (?<pid>\d+)/,
  /File is already open in\s+(?<program>[^]*?) \(PID (?<pid>\d+)\)/,
];
const noLock = /^IO Error: Could not set lock on file /;

/** The error for a file that the engine could not open because another process holds it, or because none can. */
export function maybeLockError(path: string, error: unknown): CliError | undefined {
  const message = messageOf(error);
  const holder = holders.map((pattern) => pattern.exec(message)?.groups).find(Boolean);
  if (holder !== undefined) {
    // Of a process on another machine the number is 0.
    const { pid, program } = holder;
    return new HeldError(path, pid === "0" ? {} : { pid, program: program?.trim() }, error);
  }
  if (noLock.test(message)) return new UnlockableError(path, error);
  const isIo = process.platform === "win32" && kinds.test(message);
  return isIo && askSystem(path) === "EBUSY" ? new HeldError(path, {}, error) : undefined;
}

/**
 * Whether the engine was refused a file on Windows that may be free in a moment: a scanner, an indexer or a backup looks
 * at it. What another run of this program holds is held for longer.
 */
export function isHeldBriefly(path: string, error: unknown): boolean {
  const held = maybeLockError(path, error);
  if (held instanceof HeldError) return nameOf(held.program) !== nameOf(process.execPath);
  if (held !== undefined || !kinds.test(messageOf(error))) return false;
  const code = askSystem(path);
  // What the engine could not open and the system opens now is free already.
  if (code === undefined) return messageOf(error).startsWith("IO Error: Cannot open file");
  return isHeld(Object.assign(new Error(), { code }));
}

/** The name of a program without its folder and ending. */
function nameOf(program = ""): string {
  return win32
    .basename(program)
    .toLowerCase()
    .replace(/\.exe$/, "");
}

/** The version of DuckDB that stands in the head of a file, which nobody here has open. */
function readWriter(path: string): string | undefined {
  const file = openSync(path, "r");
  try {
    const head = Buffer.alloc(84);
    readSync(file, head, 0, head.length, 0);
    const [version] = /^v\d[\w.-]*/.exec(head.toString("latin1", 52)) ?? [];
    return version && `DuckDB ${version}`;
  } finally {
    closeSync(file);
  }
}

/** Why a database cannot be opened: who holds it, who wrote it, or what is wrong with it. */
export function toOpenError(path: string, error: unknown): CliError {
  const locked = maybeLockError(path, error);
  if (locked !== undefined) return locked;
  const message = messageOf(error);
  const fail = (text: string): CliError => new CliError(text, { exitCode: exitCodes.database, cause: error });
  const [, storage] = /file with version number (\d+)/.exec(message) ?? [];
  if (storage !== undefined)
    return fail(
      `${path} was written by ${readWriter(path) ?? "another DuckDB"} (storage version ${storage}), which is newer than the DuckDB in this m365-offline, or far older. Use a newer m365-offline, or have that DuckDB write it anew for this one (attach … (storage_version 'v1.5.0'); copy from database …).`,
    );
  const code = maybeSystemCode(error, path);
  if (code === "EACCES" || code === "EPERM")
    return fail(
      `${path} may not be opened: permission denied. Use the account that it belongs to, or ask for the right to read it.`,
    );
  const known = toEngineError(error, path, [path]);
  return known instanceof CliError ? known : damageError(path, error);
}
