import { DamagedBytes } from "../source/damage.ts";
import type { ByteSource } from "../source/decode.ts";
import type { FilePart } from "../source/discover.ts";
import { nextEntry } from "../parse/json-envelope.ts";
import { findRecordEnd } from "../parse/json-envelope.ts";
import type { Issue } from "../issues.ts";
import { bodyTooLarge } from "./wrapped.ts";
import { createWindow, extend, isTooLarge, skipSpace, type ByteWindow } from "../source/buffer.ts";

/** The most answers that a file may have: Graph gives 20 in a batch. */
export const maxParts = 1000;

/** No file has so many signs between two answers; one of nothing else is not read to its end here. */
const separatorsRead = 10_000;

const peekedBytes = 256;

const toEnd = Number.MAX_SAFE_INTEGER;
const comma = 0x2c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** What a `$batch` file holds; `isCut` when it breaks off before its end. */
export interface Batch {
  readonly parts: readonly FilePart[];
  readonly isCut: boolean;
  /** The file is one answer, with its status and headers around the body. */
  readonly isOne: boolean;
  /** Why the answer in it cannot be taken out. */
  readonly problem?: Issue | undefined;
}

/**
 * The bodies of the answers in a `$batch` file (`{"responses": [{"id", "status", "body"}, …]}`, one or a list of
 * them), or of one that a tool saved with its status and headers; undefined for any other file.
 */
export function findParts(source: ByteSource): Batch | undefined {
  const window = createWindow(source);
  const parts: FilePart[] = [];
  let isCut = false;
  let isOne = false;
  try {
    while (!isCut && parts.length <= maxParts && skipSeparators(window)) {
      const start = window.offset + window.start;
      const answer = describeAnswer(window, parts.length + 1);
      if (answer === "too large") return { parts: [], isCut, isOne, problem: bodyTooLarge() };
      if (answer) {
        isOne = parts.push(answer) === 1;
        continue;
      }
      if (window.bytes[window.start] !== openBrace || !enterResponses(window)) {
        // What stands behind a batch and is none is a document of its own.
        if (parts.length > 0) parts.push({ number: parts.length + 1, status: undefined, start, end: toEnd });
        break;
      }
      for (let part = nextPart(window, parts.length + 1); part; part = nextPart(window, parts.length + 1))
        if (parts.push(part) > maxParts) break;
      isCut = parts.length <= maxParts && !leaveResponses(window);
    }
  } catch (error) {
    if (!(error instanceof DamagedBytes) || parts.length === 0) throw error;
    isCut = true;
  }
  return parts.length > 0 || isCut ? { parts, isCut, isOne } : undefined;
}

/** The body of an answer that begins at the window's start, as Logic Apps writes it; undefined for any other object. */
function describeAnswer(window: ByteWindow, number: number): FilePart | "too large" | undefined {
  const isObject = window.bytes[window.start] === openBrace;
  const first = isObject ? peekKey(window, 1) : undefined;
  if (!first || !/^(statuscode|status|headers|body)$/i.test(first.key)) return undefined;
  const { status = Number.NaN, start, end } = describePart(window, number);
  const opens = window.bytes[start - window.offset];
  const isBody = start < end && (opens === openBrace || opens === openBracket);
  if (!isBody || !Number.isInteger(status)) return undefined;
  return isTooLarge(window) ? "too large" : nextPart(window, number);
}

/** Moves behind the batch whose list of answers has just ended; false where the file breaks off before. */
function leaveResponses(window: ByteWindow): boolean {
  if (window.start >= window.end || window.bytes[window.start] !== closeBracket) return false;
  window.start += 1;
  for (let at = 0; ;) {
    const entry = nextEntry(window, at);
    if (entry.kind === "entry") at = entry.at;
    else {
      window.start += entry.at;
      return entry.kind === "end";
    }
  }
}

/** Moves to the next value, past what stands between batches: white space, commas, brackets and closing braces. */
function skipSeparators(window: ByteWindow): boolean {
  for (let count = 0; count < separatorsRead && skipSpace(window); count += 1) {
    const byte = window.bytes[window.start];
    if (byte !== comma && byte !== openBracket && byte !== closeBracket && byte !== closeBrace) return true;
    window.start += 1;
  }
  return false;
}

/** Moves into the list of answers of the batch that begins at the window's start; false where it is no batch. */
function enterResponses(window: ByteWindow): boolean {
  let at = 1;
  for (;;) {
    const entry = nextKey(window, at);
    if (entry === undefined) return false;
    if (entry.isResponses) {
      window.start += entry.at + 1;
      return true;
    }
    if (!entry.key.startsWith("@odata.")) return false;
    at = entry.at;
  }
}

function nextKey(
  window: ByteWindow,
  at: number,
): { key: string; at: number; isResponses: boolean } | undefined {
  const head = peekKey(window, at);
  if (head?.key === "responses" && window.bytes[window.start + head.at] === openBracket)
    return { ...head, isResponses: true };
  const entry = nextEntry(window, at);
  return entry.kind === "entry" ? { key: entry.key, at: entry.at, isResponses: false } : undefined;
}

/** A key and where its value begins, without reading the value: that of `responses` is the whole file. */
function peekKey(window: ByteWindow, at: number): { key: string; at: number } | undefined {
  for (;;) {
    const from = window.start + at;
    const text = window.bytes.toString("latin1", from, Math.min(window.end, from + peekedBytes));
    const match = /^[\s,]*"([^"\\]{1,100})"\s*:\s*(?=\S)/.exec(text);
    if (match?.[1] !== undefined) return { key: match[1], at: at + match[0].length };
    // What was read may end inside the key.
    const isCut =
      text.length < peekedBytes && /^[\s,]*("([^"\\]{0,100}|[^"\\]{1,100}"\s*(:\s*)?))?$/.test(text);
    if (!isCut || !extend(window)) return undefined;
  }
}

/** The next answer of the list that the window stands in; undefined at its end. */
function nextPart(window: ByteWindow, number: number): FilePart | undefined {
  if (!skipElementSpace(window) || window.bytes[window.start] !== openBrace) return undefined;
  let end = -1;
  for (;;) {
    end = findRecordEnd(window.bytes, window.start, window.end).end;
    if (end >= 0 || isTooLarge(window) || !extend(window)) break;
  }
  const place = window.offset + end;
  const part = describePart(window, number);
  // The window may have moved on.
  window.start = end < 0 ? window.end : Math.min(place - window.offset, window.end);
  return part;
}

function skipElementSpace(window: ByteWindow): boolean {
  while (skipSpace(window)) {
    if (window.bytes[window.start] !== comma) return true;
    window.start += 1;
  }
  return false;
}

function describePart(window: ByteWindow, number: number): FilePart {
  let status: number | undefined;
  let [start, end] = [window.offset + window.end, window.offset + window.end];
  for (let at = 1; ;) {
    const entry = nextEntry(window, at);
    // The place of the object in the file: the window may have moved on.
    const base = window.offset + window.start;
    if (entry.kind !== "entry") {
      // An answer that breaks off inside its body has a body that breaks off.
      const body = entry.kind === "cut" ? peekKey(window, at) : undefined;
      if (body?.key === "body") [start, end] = [base + body.at, window.offset + window.end];
      break;
    }
    if (/^status(code)?$/i.test(entry.key)) status = Number(entry.text);
    if (/^(body|data)$/i.test(entry.key)) [start, end] = [base + entry.from, base + entry.at];
    at = entry.at;
  }
  return { number, status, start, end };
}
