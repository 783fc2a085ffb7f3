import {
  closeSync,
  createReadStream,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  rmdirSync,
  truncateSync,
  type ReadStream,
} from "node:fs";
import { join } from "node:path";
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

/** Returns what is to be asked after each try that failed: it waits a moment, or says no when five seconds are over. */
function startPatience(): () => boolean {
  const end = performance.now() + patienceMs;
  let tries = 0;
  return () => {
    tries += 1;
    // On a machine that is busy one try may take all the time.
    if (performance.now() >= end && tries >= triesAtLeast) return false;
    Atomics.wait(clock, 0, 0, pauseMs);
    return true;
  };
}

/** Does something with a file; on Windows again, for five seconds, where another program has it open. */
function insist<Result>(act: () => Result): Result {
  const mayGoOn = startPatience();
  for (;;) {
    try {
      return act();
    } catch (error) {
      if (!isHeld(error) || !mayGoOn()) throw error;
    }
  }
}

/** The same for what the engine does with a file of ours, whose errors `isHeldBriefly` knows. */
export async function insistOn<Result>(
  act: () => Promise<Result>,
  isHeldBriefly: (error: unknown) => boolean,
): Promise<Result> {
  const mayGoOn = startPatience();
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (process.platform !== "win32" || !isHeldBriefly(error) || !mayGoOn()) throw error;
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

/**
 * Removes a file or a folder with all that is in it; one that is not there is none to remove. Each file is waited for by
 * itself: a scanner that looks at a new folder has many of them open, one after the other.
 */
export function removeFile(path: string): void {
  const names = insist(() =>
    lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(path) : [],
  );
  for (const name of names) removeFile(join(path, name));
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

/**
 * Removes what holds personal data and was not to be kept. Where another program does not let it go it is emptied at
 * least. Returns whether nothing of the data is left.
 */
export function removeData(path: string): boolean {
  removeQuietly(path);
  try {
    return emptyAll(path);
  } catch {
    return false;
  }
}

function emptyAll(path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory()) return readdirSync(path).every((name) => emptyAll(join(path, name)));
  if (!stats?.isFile() || stats.size === 0) return true;
  // By another name it is somebody's to keep.
  if (stats.nlink > 1) return false;
  insist(() => truncateSync(path));
  return true;
}

/** Opens a file for reading or writing; what is made is nobody else's to read. */
export function openFile(path: string, flags: string): number {
  return insist(() => openSync(path, flags, 0o600));
}

/** The bytes of a file as they come. */
export function streamBytes(path: string): ReadStream {
  return createReadStream(path, { fd: openFile(path, "r") });
}

/** The bytes of a file. */
export function readBytes(path: string): Buffer {
  return insist(() => readFileSync(path));
}

/** Makes the names in a folder last, as fsync does for files. */
export function syncFolder(path: string): void {
  // Windows has no fsync for folders.
  if (process.platform === "win32") return;
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } catch (error) {
    // Neither have some network file systems.
    if (maybeErrorCode(error) !== "EINVAL") throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** A label that TextDecoder knows, in lower case: `utf-8`, `utf-16le`, `windows-1252`, … */
export type Encoding = string;

/** What the first bytes of a file say of its encoding: a byte order mark, or the NULs that UTF-16 puts between letters. */
export function sniffEncoding(head: Buffer): { encoding: Encoding; markBytes: number } {
  const markBytes = marksBytes(head);
  if (markBytes > 0) return { encoding: "utf-8", markBytes };
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: "utf-16le", markBytes: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: "utf-16be", markBytes: 2 };
  const [even, odd] = [countNuls(head, 0), countNuls(head, 1)];
  const half = Math.floor(head.length / 2);
  const isWide = half >= 2 && Math.max(even, odd) * 2 > half && Math.min(even, odd) === 0;
  if (isWide) return { encoding: odd > even ? "utf-16le" : "utf-16be", markBytes: 0 };
  return { encoding: "utf-8", markBytes: 0 };
}

function countNuls(head: Buffer, first: number): number {
  let count = 0;
  for (let index = first; index < head.length; index += 2) if (head[index] === 0) count += 1;
  return count;
}

/** U+FEFF in UTF-8, and what it becomes when its bytes are taken for windows-1252 and saved as UTF-8. */
const marks = [Buffer.from("\uFEFF"), Buffer.from("ï»¿")];

/** How many bytes the marks at a beginning take, however often tools have put one there. */
export function marksBytes(head: Buffer): number {
  let at = 0;
  for (let mark = findMark(head); mark; mark = findMark(head.subarray(at))) at += mark.length;
  return at;
}

function findMark(bytes: Buffer): Buffer | undefined {
  return marks.find((mark) => bytes.subarray(0, mark.length).equals(mark));
}

const headBytes = 64;

/**
 * The text of a small file that a person wrote, for example SQL or a schema: UTF-8 or UTF-16 with or without mark, or
 * `asked` where it is neither. Throws an Error that says what to do where the bytes are no text.
 */
export function readTextFile(path: string | 0, asked?: Encoding): string {
  return decodeText(path === 0 ? readFileSync(0) : readBytes(path), asked);
}

function decodeText(bytes: Buffer, asked: Encoding | undefined): string {
  const { encoding, markBytes } = sniffEncoding(bytes.subarray(0, headBytes));
  const body = bytes.subarray(markBytes);
  const text = tryDecode(body, encoding) ?? (asked === undefined ? undefined : tryDecode(body, asked));
  if (text === undefined) throw new Error(`it is no text in ${asked ?? encoding}. Save it as UTF-8`);
  if (text.includes("\0"))
    throw new Error("it has NUL characters, so it is no text file, or cut. Save it anew as UTF-8");
  return text.replace(/^\uFEFF+/, "");
}

function tryDecode(bytes: Buffer, encoding: Encoding): string | undefined {
  try {
    // In two steps: at once Node takes windows-1252 for ISO 8859-1 (nodejs/node#56542).
    const decoder = new TextDecoder(encoding, { fatal: true });
    return decoder.decode(bytes, { stream: true }) + decoder.decode();
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
