import { lstatSync, readdirSync, realpathSync, statSync, type Stats } from "node:fs";
import { basename, extname, join } from "node:path";
import { CliError, exitCodes, maybeErrorCode, messageOf } from "./errors.ts";

/** A file to read: `path` opens it, `name` is what people see and the ledger keeps (base name only), times in ms. */
export interface InputFile {
  readonly path: string;
  readonly name: string;
  readonly folder: string;
  readonly bytes: number;
  readonly modifiedAt: number;
}

export interface Discovery {
  readonly files: readonly InputFile[];
  /** Files of scanned folders that are no data files. */
  readonly passedOver: readonly string[];
}

const dataExtensions = new Set([".json", ".ndjson", ".jsonl", ".csv"]);
const naturally = new Intl.Collator("en", { numeric: true });

/** Lists the files behind paths: a named file always, of a folder (at any depth) the data files, in natural order of names. */
export function discoverFiles(paths: readonly string[]): Discovery {
  const files = new Map<string, InputFile>();
  const passedOver: string[] = [];
  for (const path of paths) {
    const stats = statOf(path);
    if (stats.isDirectory()) visitFolder(path, files, passedOver);
    else if (stats.isFile()) files.set(realpathSync(path), toInputFile(path, stats));
    else throw new CliError(`${path} is neither a file nor a folder`, { exitCode: exitCodes.noInput });
  }
  return { files: [...files.values()], passedOver };
}

function statOf(path: string): Stats {
  try {
    return statSync(path);
  } catch (error) {
    const what = maybeErrorCode(error) === "ENOENT" ? "there is no such file or folder" : messageOf(error);
    throw new CliError(`${path}: ${what}. Nothing was imported.`, { exitCode: exitCodes.noInput });
  }
}

function visitFolder(folder: string, files: Map<string, InputFile>, passedOver: string[]): void {
  for (const name of readdirSync(folder).toSorted(naturally.compare)) {
    const path = join(folder, name);
    const stats = lstatSync(path);
    if (stats.isDirectory()) visitFolder(path, files, passedOver);
    else if (stats.isFile() && dataExtensions.has(extname(name).toLowerCase()) && !name.startsWith("."))
      files.set(realpathSync(path), toInputFile(path, stats));
    else passedOver.push(path);
  }
}

function toInputFile(path: string, stats: Stats): InputFile {
  return {
    path,
    name: basename(path),
    folder: join(path, ".."),
    bytes: stats.size,
    modifiedAt: stats.mtimeMs,
  };
}
