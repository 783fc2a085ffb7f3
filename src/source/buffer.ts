import type { ByteSource } from "./decode.ts";

/**
 * The part of a file that is in memory: unread bytes are `bytes[start]` to `bytes[end - 1]`, zeros behind them;
 * `offset` is the place of `bytes[0]` in the file.
 */
export interface ByteWindow {
  bytes: Buffer;
  start: number;
  end: number;
  offset: number;
  readonly source: ByteSource;
  /** Why nothing can be read behind what is there. */
  failure?: unknown;
}

/** The most bytes that one record may take, in memory and in the file. */
export const maxRecordBytes = 16 << 20;

const firstBytes = 1 << 20;
/** Small files get a small window, as there may be thousands of them; with room to see that they end. */
const leastBytes = 1 << 12;

/** Zeros behind the bytes that were read, at which everything stops that looks at several bytes at once. */
const slackBytes = 16;

/** The memory of a window that was given back: to touch new memory for each of many pages takes longer than to read them. */
let spare: Buffer | undefined;

export function createWindow(source: ByteSource): ByteWindow {
  const offset = source.firstOffset ?? 0;
  const expected = Math.max((source.bytes ?? firstBytes) + 1, leastBytes);
  const bytes = takeBytes(Math.min(expected, firstBytes) + slackBytes).fill(0, 0, slackBytes);
  return { bytes, start: 0, end: 0, offset, source };
}

function takeBytes(count: number): Buffer {
  if (spare?.length !== count) return Buffer.allocUnsafe(count);
  const bytes = spare;
  spare = undefined;
  return bytes;
}

/** Gives the memory of a window back; nobody may read what it had any more. */
export function releaseWindow({ bytes }: ByteWindow): void {
  if (bytes.length === firstBytes + slackBytes) spare = bytes;
}

/**
 * Reads on, keeping the unread bytes (which may move to the front); false at the end of the file. There are twice as
 * many of them then, however small the pieces that come: what scans them anew each time does not take forever.
 */
export function extend(window: ByteWindow): boolean {
  if (window.failure !== undefined) throw window.failure;
  const kept = window.end - window.start;
  const size = window.bytes.length - slackBytes;
  const isFull = kept > size / 2;
  const target = isFull ? Buffer.allocUnsafe(size * 2 + slackBytes) : window.bytes;
  window.bytes.copy(target, 0, window.start, window.end);
  window.offset += window.start;
  window.bytes = target;
  window.start = 0;
  window.end = kept;
  const room = target.length - slackBytes;
  try {
    let count = 1;
    while (count > 0 && window.end < Math.max(kept * 2, kept + 1) && window.end < room) {
      count = window.source.read(target.subarray(0, room), window.end);
      window.end += count;
    }
  } catch (error) {
    // What came before it is read first.
    if (window.end === kept) throw error;
    window.failure = error;
  } finally {
    target.fill(0, window.end, window.end + slackBytes);
  }
  return window.end > kept;
}

/** Moves `start` past JSON white space, and past marks of files that were joined; false at the end of the file. */
export function skipSpace(window: ByteWindow): boolean {
  for (;;) {
    while (window.start < window.end && isSpace(window.bytes[window.start])) window.start += 1;
    const isMore = window.start < window.end || extend(window);
    if (!isMore) return false;
    if (window.bytes[window.start] === mark[0] && isMark(window)) window.start += mark.length;
    else if (window.start < window.end && !isSpace(window.bytes[window.start])) return true;
  }
}

const mark = Buffer.from("\uFEFF");

function isMark(window: ByteWindow): boolean {
  while (window.end - window.start < mark.length) if (!extend(window)) return false;
  return mark.equals(window.bytes.subarray(window.start, window.start + mark.length));
}

export function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

export function isTooLarge(window: ByteWindow): boolean {
  return window.end - window.start > maxRecordBytes;
}
