import { findStringEnd, findValueEnd } from "./json-bounds.ts";
import { extend, isSpace, isTooLarge, type ByteWindow } from "./window.ts";

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
