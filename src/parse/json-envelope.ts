import { type ByteWindow, extend, isSpace, isTooLarge } from "../source/buffer.ts";

/**
 * The next key of the object that begins at the window's start. `from` and `at` count from there: where the value
 * begins and where it has ended; of records (`opens` says whether a list or a single one) both are where they open.
 * `text` is the value where it is small.
 */
export type Entry =
  | {
      readonly kind: "entry";
      readonly key: string;
      readonly text: string;
      readonly from: number;
      readonly at: number;
      readonly opens: "list" | "record" | undefined;
    }
  | { readonly kind: "end" | "cut" | "damage"; readonly at: number };

/** The first keys of pages (also of those that PowerShell and Event Hubs write), error answers and batches. */
export const envelopeKeys = /^(@?odata\.|@microsoft\.|(value|count|records|error|responses)$)/i;
/** Behind these an envelope has its records. */
const recordKeys = /^(value|records)$/i;
const maxTextBytes = 1 << 16;
const comma = 0x2c;
const colon = 0x3a;
const quote = 0x22;
const openBracket = 0x5b;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** Whether the object at the window's start begins with a key that only envelopes have. */
export function isEnvelope(window: ByteWindow): boolean {
  const entry = readUntilWhole(window, () => readKey(window, 1));
  return entry.kind === "key" && envelopeKeys.test(entry.key);
}

/** Reads the next key and value behind `at`, reading on in the file as far as that needs. */
export function nextEntry(window: ByteWindow, at: number): Entry {
  return readUntilWhole(window, () => readEntry(window, at));
}

function readUntilWhole<T extends { readonly kind: string }>(window: ByteWindow, read: () => T): T {
  for (;;) {
    const entry = read();
    if (entry.kind !== "cut" || isTooLarge(window) || !extend(window)) return entry;
  }
}

type Key =
  | { readonly kind: "key"; readonly key: string; readonly at: number }
  | { readonly kind: "end" | "cut" | "damage"; readonly at: number };

function readEntry(window: ByteWindow, at: number): Entry {
  const key = readKey(window, at);
  if (key.kind !== "key") return key;
  const { bytes, start, end } = window;
  const from = key.at;
  const opens = recordKeys.test(key.key) ? openedBy(bytes[start + from]) : undefined;
  if (opens) return { kind: "entry", key: key.key, text: "", from, at: from, opens };
  const valueEnd = findValueEnd(bytes, start + key.at, end);
  if (valueEnd < 0) return { kind: "cut", at };
  const isSmall = valueEnd - start - key.at <= maxTextBytes;
  const text = isSmall ? bytes.toString("utf8", start + key.at, valueEnd) : "";
  return { kind: "entry", key: key.key, text, from, at: valueEnd - start, opens };
}

function openedBy(byte: number | undefined): "list" | "record" | undefined {
  if (byte === openBracket) return "list";
  return byte === openBrace ? "record" : undefined;
}

function readKey({ bytes, start, end }: ByteWindow, at: number): Key {
  let index = skip(bytes, start + at, end);
  if (bytes[index] === comma) index = skip(bytes, index + 1, end);
  if (index >= end) return { kind: "cut", at };
  if (bytes[index] === closeBrace) return { kind: "end", at: index + 1 - start };
  if (bytes[index] !== quote) return { kind: "damage", at };
  const keyEnd = findStringEnd(bytes, index, end);
  if (keyEnd < 0) return { kind: "cut", at };
  const key = bytes.toString("utf8", index + 1, keyEnd - 1);
  index = skip(bytes, keyEnd, end);
  if (index >= end) return { kind: "cut", at };
  if (bytes[index] !== colon) return { kind: "damage", at };
  index = skip(bytes, index + 1, end);
  return index < end ? { kind: "key", key, at: index - start } : { kind: "cut", at };
}

function skip(bytes: Buffer, from: number, end: number): number {
  let index = from;
  while (index < end && isSpace(bytes[index])) index += 1;
  return index;
}

/** Where JSON values end, found over bytes without parsing them; −1 when the bytes break off first. */

const backslash = 0x5c;
const closeBracket = 0x5d;

/** The index behind a record, how deep it nests, how many keys its objects have, and how many commas stand between values. */
export interface Extent {
  end: number;
  depth: number;
  keys: number;
  commas: number;
}

/**
 * Finds the end of the object that starts at `from`. Only braces close it, so that an unclosed bracket spoils this
 * record and not the ones behind it.
 */
export function findRecordEnd(bytes: Uint8Array, from: number, end: number): Extent {
  let braces = 0;
  let brackets = 0;
  let depth = 0;
  let keys = 0;
  let commas = 0;
  let index = from;
  while (index < end) {
    const byte = bytes[index];
    if (byte === quote) {
      index = findStringEnd(bytes, index, end);
      if (index < 0) break;
      continue;
    }
    if (byte === colon) keys += 1;
    else if (byte === comma) commas += 1;
    else if (byte === openBrace) braces += 1;
    else if (byte === openBracket) brackets += 1;
    else if (byte === closeBracket) brackets -= 1;
    else if (byte === closeBrace) {
      braces -= 1;
      if (braces === 0) return { end: index + 1, depth, keys, commas };
    }
    if (braces + brackets > depth) depth = braces + brackets;
    index += 1;
  }
  return { end: -1, depth, keys, commas };
}

/** Finds the end of the string whose opening quote is at `from`. */
function findStringEnd(bytes: Uint8Array, from: number, end: number): number {
  let index = from + 1;
  while (index < end) {
    const byte = bytes[index];
    if (byte === quote) return index + 1;
    index += byte === backslash ? 2 : 1;
  }
  return -1;
}

/** Finds the end of any value that starts at `from`; a bare word ends before the next comma, bracket, brace or space. */
export function findValueEnd(bytes: Uint8Array, from: number, end: number): number {
  const first = bytes[from];
  if (first === quote) return findStringEnd(bytes, from, end);
  const isNested = first === openBrace || first === openBracket;
  return isNested ? findNestedEnd(bytes, from, end) : findWordEnd(bytes, from, end);
}

function findNestedEnd(bytes: Uint8Array, from: number, end: number): number {
  let depth = 0;
  let index = from;
  while (index < end) {
    const byte = bytes[index];
    if (byte === quote) {
      index = findStringEnd(bytes, index, end);
      if (index < 0) return -1;
      continue;
    }
    if (byte === openBrace || byte === openBracket) depth += 1;
    else if (byte === closeBrace || byte === closeBracket) depth -= 1;
    index += 1;
    if (depth === 0) return index;
  }
  return -1;
}

function findWordEnd(bytes: Uint8Array, from: number, end: number): number {
  for (let index = from + 1; index < end; index += 1) {
    const byte = bytes[index];
    const isEnd = byte === 0x2c || byte === closeBracket || byte === closeBrace || (byte ?? 0) <= 0x20;
    if (isEnd) return index;
  }
  return -1;
}
