import { createHash, randomBytes } from "node:crypto";
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, realpathSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { CliError, exitCodes, maybeErrorCode, outputError } from "../errors.ts";
import { isHeld, removeData, removeEmptyFolder, replaceFile, syncFolder } from "../files.ts";
import { removeOnSignal } from "../signals.ts";
import { lookAt, type Found } from "./look.ts";

/** Where a bundle is to stand. */
export interface Place {
  readonly folder: string;
  /** It may take the place of an earlier bundle. */
  readonly replaces: boolean;
}

/**
 * Makes a folder beside its place, with what `work` writes into it, and renames it when all is down: whoever looks sees
 * no bundle, the earlier one or the new one. Throws exit 5 where the place is not free or another export was faster;
 * what stands there is then as it was.
 */
export async function writeFolder<Result>(
  place: Place,
  work: (aside: string) => Promise<Result>,
): Promise<Result> {
  const made: string[] = [];
  let aside: string | undefined;
  const remove = (): void => {
    if (aside !== undefined) removeData(aside);
    removeEmpty(made);
  };
  const release = removeOnSignal(remove);
  try {
    const target = findTarget(place.folder);
    clearLeftovers(target);
    const before = lookAt(target);
    refuse(place, target, before);
    makeParents(dirname(target), made);
    aside = nameBeside(target, "partial");
    mkdirSync(aside, { mode: 0o700 });
    const result = await work(aside);
    syncFolder(aside);
    moveIntoPlace({ place, target, before, aside });
    return result;
  } catch (error) {
    throw error instanceof CliError || maybeErrorCode(error) === undefined
      ? error
      : toWriteError(place, error);
  } finally {
    remove();
    release();
  }
}

/** The folder that a link leads to keeps its place. */
function findTarget(folder: string): string {
  return existsSync(folder) ? realpathSync(folder) : resolve(folder);
}

const namedStrangers = 3;

function refuse({ folder, replaces }: Place, target: string, found: Found): void {
  if (found.kind === "file")
    throw refusal(`cannot write ${folder}: a file stands where a folder should; choose another place`);
  if (found.kind === "other") {
    const more = found.strangers.length - namedStrangers;
    const named = found.strangers.slice(0, namedStrangers).join(", ");
    throw refusal(
      `${folder} is no bundle of ours, or has something beside it or too little in it: ${named}${more > 0 ? ` and ${more} more` : ""}. Nothing was touched: give a folder that is not there yet`,
    );
  }
  if (found.kind === "bundle" && !replaces)
    throw refusal(
      `${folder} holds a bundle already, ${found.id}. Give another folder, or --replace to put this one in its place`,
    );
  if (found.kind !== "absent" && isTop(target))
    throw refusal(
      `${folder} is the top of a disk and cannot be put in place as a whole. Give a folder in it, such as ${join(folder, "handoff")}`,
    );
}

function isTop(target: string): boolean {
  return dirname(target) === target || statSync(target).dev !== statSync(dirname(target)).dev;
}

/** Like `mkdir -p`; Node's own `recursive` never returns where a parent refuses with ENOENT, as in /proc. */
function makeParents(folder: string, made: string[]): void {
  if (existsSync(folder)) return;
  if (dirname(folder) !== folder) makeParents(dirname(folder), made);
  try {
    mkdirSync(folder, { mode: 0o700 });
    made.push(folder);
  } catch (error) {
    // Another export has made it meanwhile.
    if (maybeErrorCode(error) !== "EEXIST") throw error;
  }
}

function removeEmpty(folders: readonly string[]): void {
  try {
    for (const folder of folders.toReversed()) removeEmptyFolder(folder);
  } catch {
    // A folder that holds something stays.
  }
}

interface Move {
  readonly place: Place;
  readonly target: string;
  readonly before: Found;
  readonly aside: string;
}

/** Only where the place is as it was when the export began. */
function moveIntoPlace({ place, target, before, aside }: Move): void {
  const check = (): Found => {
    const now = lookAt(target);
    const isAsBefore = now.kind !== "bundle" || (before.kind === "bundle" && before.id === now.id);
    if (!isAsBefore) throw lostTo(place);
    refuse(place, target, now);
    return now;
  };
  const now = check();
  // A folder that was there for others to read stays that.
  if (now.kind === "empty") chmodSync(aside, now.mode);
  if (now.kind === "bundle") swap({ place, target, aside });
  else
    try {
      if (now.kind === "empty" && process.platform === "win32") removeEmptyFolder(target);
      replaceFile(aside, target, check);
    } catch (error) {
      throw toPlaceError(place, error);
    }
  syncFolder(dirname(target));
}

/** The earlier bundle goes away and comes back where this one cannot take its place. */
function swap({ place, target, aside }: Omit<Move, "before">): void {
  const earlier = nameBeside(target, "earlier");
  try {
    replaceFile(target, earlier);
  } catch (error) {
    throw maybeErrorCode(error) === "ENOENT" ? lostTo(place, error) : toPlaceError(place, error);
  }
  try {
    replaceFile(aside, target);
  } catch (error) {
    // Where another export has come in between, its bundle is the one that is there.
    if (!existsSync(target)) replaceFile(earlier, target);
    throw toPlaceError(place, error);
  } finally {
    if (existsSync(target)) removeData(earlier);
  }
}

/** What the system says where a bundle has come, or gone, in between. */
const lostCodes = new Set(["ENOTEMPTY", "EEXIST", "ENOTDIR"]);

function toPlaceError(place: Place, error: unknown): unknown {
  if (error instanceof CliError) return error;
  return lostCodes.has(maybeErrorCode(error) ?? "") ? lostTo(place, error) : toWriteError(place, error);
}

function toWriteError({ folder }: Place, error: unknown): CliError {
  if (!isHeld(error)) return outputError(folder, error);
  return refusal(
    `cannot replace ${folder}: another program has a file in it open, or you may not write there. What stands there is as it was: close that program (Excel, a viewer, a backup) and try again`,
    error,
  );
}

function lostTo({ folder }: Place, cause?: unknown): CliError {
  return refusal(`another export wrote to ${folder} meanwhile; its bundle is the one that is there`, cause);
}

function refusal(message: string, cause?: unknown): CliError {
  return new CliError(message, { exitCode: exitCodes.output, cause });
}

type Ending = "partial" | "earlier";

/** A disk may be shared: the number of a process means something on its own machine alone. */
const machine = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);

/** A name beside a folder that says whose it is. */
function nameBeside(target: string, ending: Ending): string {
  const random = randomBytes(4).toString("hex");
  return join(dirname(target), `.${basename(target)}.${machine}-${process.pid}-${random}.${ending}`);
}

/**
 * Removes what exports that were killed have left beside a place; where one was killed while it put another bundle in
 * place, the earlier one comes back.
 */
function clearLeftovers(target: string): void {
  const start = `.${basename(target)}.${machine}-`;
  for (const name of listNames(dirname(target))) {
    const [, pid, ending] = /^(\d+)-[0-9a-f]{8}\.(partial|earlier)$/.exec(name.slice(start.length)) ?? [];
    if (!name.startsWith(start) || ending === undefined || !hasEnded(Number(pid))) continue;
    const path = join(dirname(target), name);
    if (!isOwnFolder(path)) continue;
    try {
      if (ending === "earlier" && !existsSync(target)) replaceFile(path, target);
      else removeData(path);
    } catch {
      // What cannot be removed keeps nobody from working.
    }
  }
}

function listNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch {
    return [];
  }
}

function hasEnded(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return maybeErrorCode(error) === "ESRCH";
  }
}

/** None of another user's, and no link. */
function isOwnFolder(path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats?.isDirectory() === true && (process.getuid === undefined || stats.uid === process.getuid());
}
