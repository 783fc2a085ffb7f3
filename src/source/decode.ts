import { type Encoding, marksBytes, sniffEncoding } from "../files.ts";
import { type Read, blockBytes } from "./bytes.ts";
import { DamagedBytes } from "./damage.ts";
import type { FilePart, InputFile } from "./discover.ts";
import { openRaw, readFully, withHead } from "./unpack.ts";

/** A file as UTF-8 bytes without byte order mark, read front to back in blocks. */
export interface ByteSource {
  readonly encoding: Encoding;
  /** Fills `target` from `from` on; returns how many bytes came, 0 at the end. Throws DamagedBytes. */
  readonly read: Read;
  readonly close: () => void;
  /** Where its first byte lies in the file: behind the mark, or where the part begins. */
  readonly firstOffset?: number;
  /** How many bytes come, where that is known before. */
  readonly bytes?: number;
}

const headBytes = 64;

/** Opens a file for reading as UTF-8, whatever it is written in. Throws CliError when it cannot be opened. */
export function openBytes(file: InputFile): ByteSource {
  const raw = openRaw(file);
  try {
    const head = readFully(raw.read, Buffer.alloc(headBytes));
    const { encoding, markBytes } = chooseEncoding(file, head);
    const rest = withHead(head.subarray(markBytes), raw.read);
    const isUtf8 = encoding === "utf-8";
    const text = isUtf8 ? rest : stripMarks(transcode(encoding, rest));
    const firstOffset = isUtf8 ? markBytes : 0;
    const { part } = file;
    const known = isUtf8 && raw.seek ? { bytes: file.bytes } : {};
    if (part === undefined) return { ...raw, encoding, read: text, firstOffset, ...known };
    if (isUtf8) raw.seek?.(part.start);
    const ahead = isUtf8 && raw.seek ? raw.read : behind(text, part.start - firstOffset);
    return { ...raw, encoding, read: cut(ahead, part), firstOffset: part.start };
  } catch (error) {
    raw.close();
    throw error;
  }
}

/** What the file's mark or its NULs say; else UTF-8, and the encoding that was asked for only where it is none. */
function chooseEncoding(file: InputFile, head: Buffer): { encoding: Encoding; markBytes: number } {
  const sniffed = sniffEncoding(head);
  const { encoding: asked } = file;
  if (sniffed.encoding !== "utf-8" || asked === undefined || asked === "utf-8") return sniffed;
  const isMeant = (asked.startsWith("utf-16") && head.includes(0)) || !isAllUtf8(file);
  return isMeant ? { encoding: asked, markBytes: sniffed.markBytes } : sniffed;
}

function isAllUtf8(file: InputFile): boolean {
  const { read, close } = openRaw(file);
  const block = Buffer.allocUnsafe(blockBytes);
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    for (let count = read(block, 0); count > 0; count = read(block, 0)) {
      decoder.decode(block.subarray(0, count), { stream: true });
    }
    decoder.decode();
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  } finally {
    close();
  }
}

function transcode(encoding: Encoding, read: Read): Read {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  const block = Buffer.allocUnsafe(blockBytes);
  let ready = Buffer.alloc(0);
  const state = { isDone: false };
  const decode = (): Buffer => {
    const count = read(block, 0);
    state.isDone = count === 0;
    try {
      return Buffer.from(decoder.decode(block.subarray(0, count), { stream: count > 0 }), "utf8");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      throw new DamagedBytes({ code: "invalid_text", encoding });
    }
  };
  return (target, from) => {
    while (ready.length === 0 && !state.isDone) ready = decode() as Buffer<ArrayBuffer>;
    const count = ready.copy(target, from);
    ready = ready.subarray(count);
    return count;
  };
}

/** What lies behind the first bytes, which are read and dropped when the first of the others is asked for. */
function behind(read: Read, bytes: number): Read {
  let isThere = false;
  return (target, from) => {
    if (!isThere) skip(read, bytes);
    isThere = true;
    return read(target, from);
  };
}

function skip(read: Read, bytes: number): void {
  const block = Buffer.allocUnsafe(blockBytes);
  for (let at = 0, count = 1; at < bytes && count > 0; at += count)
    count = read(block.subarray(0, Math.min(block.length, bytes - at)), 0);
}

/** As many bytes as a part has. */
function cut(read: Read, { start, end }: FilePart): Read {
  let left = end - start;
  return (target, from) => {
    const room = target.subarray(from, from + left);
    const count = room.length > 0 ? read(room, 0) : 0;
    left -= count;
    return count;
  };
}

/** The same bytes without the byte order marks at their beginning, however often tools have put one there. */
export function stripMarks(read: Read): Read {
  let start: Read | undefined;
  return (target, from) => {
    start ??= strippedStart(read);
    return start(target, from);
  };
}

function strippedStart(read: Read): Read {
  const head = readFully(read, Buffer.alloc(64));
  return withHead(head.subarray(marksBytes(head)), read);
}
