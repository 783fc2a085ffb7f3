import { lstatSync, readdirSync, realpathSync, statSync, type Stats } from "node:fs";
import { basename, dirname, extname, join, resolve } from "node:path";
import { toUnreadable } from "./damage.ts";
import { CliError, exitCodes, maybeErrorCode, messageOf } from "../errors.ts";
import type { Issue } from "../issues.ts";

/** A file to read, or what an archive or a batch holds of it. */
export interface InputFile {
  /** Opens it. */
  readonly path: string;
  /** What people are shown: the path as they gave it, and the place inside of it. */
  readonly label: string;
  /** What the ledger keeps: base names only. */
  readonly name: string;
  /** Where it lies, as an absolute path: files of one folder may be pages of one export. */
  readonly folder: string;
  /** The folder that was given, or that of a file that was given: nothing above it says anything of the file. */
  readonly root: string;
  readonly bytes: number;
  /** In ms. */
  readonly modifiedAt: number;
  /** Another one when what lies at the path was changed. */
  readonly stamp: string;
  /** The encoding of files that are not UTF-8 and do not say what they are. */
  readonly encoding?: string | undefined;
  readonly zip?: ZipEntry;
  readonly part?: FilePart;
  /** Why it cannot be read at all. */
  readonly problem?: Issue;
}

/** Where the bytes of a zip entry lie in its archive, and what they must be when they are unpacked. */
export interface ZipEntry {
  readonly start: number;
  readonly packedBytes: number;
  readonly isDeflated: boolean;
  readonly bytes: number;
  readonly checksum: number;
}

/** One answer in a `$batch`: its number from 1, its HTTP status, and its bytes in the decoded file. */
export interface FilePart {
  readonly number: number;
  readonly status: number | undefined;
  readonly start: number;
  readonly end: number;
}

export interface Discovery {
  readonly files: readonly InputFile[];
  /** Files of scanned folders that are no data files. */
  readonly passedOver: readonly string[];
}

const dataNames = /\.(json|ndjson|jsonl|csv)(\.gz)?$/i;
const naturally = new Intl.Collator("en", { numeric: true });

/** Whether a name says that it is an export, packed or not. */
export function isDataName(name: string): boolean {
  return dataNames.test(name) && !name.startsWith(".");
}

/** Lists the files behind paths: a named file always, of a folder (at any depth) the data files, in natural order of names. */
export function discoverFiles(paths: readonly string[], encoding?: string): Discovery {
  const files = new Map<string, InputFile>();
  const passedOver: string[] = [];
  for (const path of paths) {
    const stats = statOf(path);
    if (stats.isDirectory()) visitFolder({ folder: path, root: resolve(path) }, files, passedOver);
    else if (stats.isFile()) files.set(realpathSync(path), toInputFile(path, stats));
    else throw new CliError(`${path} is neither a file nor a folder`, { exitCode: exitCodes.noInput });
  }
  return { files: [...files.values()].map((file) => ({ ...file, encoding })), passedOver };
}

function statOf(path: string): Stats {
  try {
    return statSync(path);
  } catch (error) {
    const isMissing = ["ENOENT", "EINVAL"].includes(maybeErrorCode(error) ?? "");
    const what = isMissing ? "there is no such file or folder" : messageOf(error);
    const cause = isMissing ? whyMissing(path) : "";
    throw new CliError(`${path}: ${what}.${cause} Nothing was imported.`, { exitCode: exitCodes.noInput });
  }
}

/** What shells make of a command line: cmd and PowerShell leave `*` alone, and a backslash before a quote takes it along. */
function whyMissing(path: string): string {
  if (path.includes('"'))
    return ' A " at the end of a path comes from a backslash before it: write "C:\\My Exports", not "C:\\My Exports\\".';
  return /[*?]/.test(path) ? " The shell has not put names in place of * or ?: name the folder." : "";
}

interface Place {
  readonly folder: string;
  readonly root: string;
}

function visitFolder({ folder, root }: Place, files: Map<string, InputFile>, passedOver: string[]): void {
  const names = lookAt(folder, files, () => readdirSync(folder)) ?? [];
  for (const name of names.toSorted(naturally.compare)) {
    const path = join(folder, name);
    const isWanted = isDataName(name) || extname(name).toLowerCase() === ".zip";
    const found = lookAt(path, files, () => ({ stats: lstatSync(path), place: realpathOf(path) }));
    if (found?.stats.isDirectory()) visitFolder({ folder: path, root }, files, passedOver);
    else if (found?.stats.isFile() && isWanted) files.set(found.place, toInputFile(path, found.stats, root));
    else if (found) passedOver.push(path);
  }
}

/** Symbolic links in folders are passed over, wherever they lead. */
function realpathOf(path: string): string {
  return lstatSync(path).isSymbolicLink() ? path : realpathSync(path);
}

/** What the system refuses to show is a file that cannot be read: nobody knows what is missing with it. */
function lookAt<Found>(path: string, files: Map<string, InputFile>, look: () => Found): Found | undefined {
  try {
    return look();
  } catch (error) {
    const problem = toUnreadable(error);
    files.set(path, { ...toInputFile(path, { size: 0, mtimeMs: 0 }), problem });
    return undefined;
  }
}

/** A file on the disk; `root` is the folder that was given. */
export function toInputFile(
  path: string,
  stats: Pick<Stats, "size" | "mtimeMs">,
  root = dirname(resolve(path)),
): InputFile {
  return {
    path,
    label: path,
    name: basename(path),
    folder: dirname(resolve(path)),
    root,
    bytes: stats.size,
    modifiedAt: stats.mtimeMs,
    stamp: stampOf(stats),
  };
}

function stampOf({ size, mtimeMs }: Pick<Stats, "size" | "mtimeMs">): string {
  return `${size} ${mtimeMs}`;
}

/** Whether something else lies at the path now than when the file was found, or nobody can tell. */
export function isChanged({ path, stamp }: InputFile): boolean {
  try {
    return stampOf(statSync(path)) !== stamp;
  } catch {
    return true;
  }
}

/** The error, exit 3, for a file that was taken in and is now another, or gone. */
export function changeError({ label }: InputFile): CliError {
  return new CliError(
    `${label} was changed, removed or locked while it was imported. Nothing was imported; do it again when no program touches that file.`,
    { exitCode: exitCodes.noInput },
  );
}
