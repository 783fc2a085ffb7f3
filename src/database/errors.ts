import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { CliError, exitCodes, maybeErrorCode, messageOf, outputError } from "../errors.ts";

/** The system's reasons as they stand in the engine's words, in this order. */
const systemReasons: readonly (readonly [RegExp, string])[] = [
  [/no space left on device|not enough space on the disk|max_temp_directory_size/i, "ENOSPC"],
  [/file too large/i, "EFBIG"],
  [/disk quota exceeded/i, "EDQUOT"],
  [/read-only file system/i, "EROFS"],
  [/permission denied|access is denied/i, "EACCES"],
  [/operation not permitted/i, "EPERM"],
  [/no such file or directory|cannot find the (?:path|file)/i, "ENOENT"],
  [/input\/output error/i, "EIO"],
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

export function damageError(path: string, cause?: unknown): CliError {
  return new CliError(
    `${path} is not a usable database: it is damaged or not a DuckDB file. Restore it from a copy, or import anew.`,
    { exitCode: exitCodes.database, cause },
  );
}

/** The system's code in what the engine says of a file or the disk, undefined where there is none. */
function maybeSystemCode(error: unknown): string | undefined {
  const message = messageOf(error);
  if (!kinds.test(message)) return undefined;
  return systemReasons.find(([words]) => words.test(message))?.[1];
}

/**
 * What the engine or the system says of a database as an error that the user can put right: exit 5 where it cannot
 * be written, exit 4 where it is damaged; anything else as it is. `made` are files that go when the work has failed.
 */
export function toEngineError(error: unknown, path: string, made: readonly string[] = []): unknown {
  if (error instanceof CliError) return error;
  const code = maybeSystemCode(error) ?? maybeFileCode(error, path);
  if (code !== undefined) {
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

/** The process that holds the lock, as DuckDB names it. */
const lockHolder = /held in (.*?)\(PID (\d+)\)/s;

/** Why a database cannot be opened: who holds it, who wrote it, or what is wrong with it. */
export function toOpenError(path: string, error: unknown): CliError {
  const message = messageOf(error);
  const fail = (text: string): CliError => new CliError(text, { exitCode: exitCodes.database, cause: error });
  if (/lock on file|being used by another process/i.test(message)) {
    const [, program = "", pid] = lockHolder.exec(message) ?? [];
    const holder = pid ? ` by process ${pid} (${program.trim()})` : "";
    return fail(`${path} is open elsewhere${holder}. Close it there and try again.`);
  }
  if (/version number|newer version/i.test(message))
    return fail(`${path} was written by another version of DuckDB; open it with the newer m365-offline.`);
  if (/permission denied/i.test(message)) return fail(`${path} may not be opened: permission denied.`);
  const known = toEngineError(error, path, [path]);
  return known instanceof CliError ? known : damageError(path, error);
}
