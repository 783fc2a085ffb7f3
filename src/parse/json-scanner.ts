import type { Issue, Place } from "../issues.ts";
import {
  type ByteWindow,
  createWindow,
  extend,
  isSpace,
  isTooLarge,
  maxRecordBytes,
  releaseWindow,
  skipSpace,
} from "../source/buffer.ts";
import type { ByteSource } from "../source/decode.ts";
import { type ReadRun, type Run, type ScanWindow, maybeRun } from "./batch-read.ts";
import { type Extent, findRecordEnd, findValueEnd, isEnvelope, nextEntry } from "./json-envelope.ts";

const comma = 0x2c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;

/** Finds the records of a JSON file: page objects, bare arrays (also of pages), single or concatenated objects, NDJSON. */
export function* scanJson(source: ByteSource, readRun: ReadRun = () => 0): Generator<JsonPiece, void> {
  const window: ScanWindow = { ...createWindow(source), readRun, isDrained: false };
  try {
    yield* scanFile(window);
  } finally {
    releaseWindow(window);
  }
}

function* scanFile(window: ScanWindow): Generator<JsonPiece, void> {
  if (isLines(window)) {
    yield* scanLines(window);
    return;
  }
  while (skipSpace(window)) {
    const first = window.bytes[window.start];
    let isWhole = false;
    if (first === openBracket) isWhole = yield* scanElements(window, scanDocument);
    else if (first === openBrace) isWhole = yield* scanDocument(window);
    else yield damage(window, false);
    if (!isWhole) return;
  }
}

/** NDJSON: the first two lines each begin an object that is no envelope. */
function isLines(window: ByteWindow): boolean {
  if (!skipSpace(window) || window.bytes[window.start] !== openBrace || isEnvelope(window)) return false;
  if (findLineEnd(window) < 0) return false;
  for (;;) {
    const lineEnd = findLineEnd(window);
    const next = window.bytes.subarray(lineEnd, window.end).find((byte) => !isSpace(byte));
    if (next !== undefined || isTooLarge(window) || !extend(window)) return next === openBrace;
  }
}

function findLineEnd(window: ByteWindow): number {
  for (;;) {
    const index = window.bytes.subarray(0, window.end).indexOf(0x0a, window.start);
    if (index >= 0 || isTooLarge(window) || !extend(window)) return index;
  }
}

function* scanLines(window: ScanWindow): Generator<JsonPiece, void> {
  while (skipSpace(window)) {
    const run = maybeRun(window, "lines");
    if (run) {
      yield run;
      continue;
    }
    const lineEnd = findLineEnd(window);
    if (lineEnd < 0 && isTooLarge(window)) {
      yield damage(window, true);
      return;
    }
    let end = lineEnd < 0 ? window.end : lineEnd;
    while (isSpace(window.bytes[end - 1])) end -= 1;
    yield record(window, { ...findRecordEnd(window.bytes, window.start, end), end }, lineEnd < 0);
    window.start = lineEnd < 0 ? window.end : lineEnd;
  }
}

/** A top-level value: an envelope around records, a list of such, or a record of its own. Returns whether it was whole. */
function* scanDocument(window: ScanWindow): Generator<JsonPiece, boolean> {
  const first = window.bytes[window.start];
  if (first === openBracket) return yield* scanElements(window, scanObject);
  if (first !== openBrace || !isEnvelope(window)) return yield* scanObject(window);
  const entries = new Map<string, string>();
  let hasRecords = false;
  let entry = nextEntry(window, 1);
  while (entry.kind === "entry") {
    entries.set(entry.key, entry.text);
    let { at } = entry;
    if (entry.opens) {
      yield { kind: "opening", entries };
      window.start += at;
      hasRecords = true;
      const isWhole = yield* entry.opens === "list" ? scanElements(window, scanObject) : scanObject(window);
      if (!isWhole) return false;
      at = 0;
    }
    entry = nextEntry(window, at);
  }
  if (entry.kind !== "end") {
    yield damage(window, !hasRecords, entry.kind === "cut" ? "truncated" : "json_damage");
    return false;
  }
  if (isEmptyPage(entries)) {
    yield { kind: "opening", entries };
    hasRecords = true;
  }
  if (hasRecords || entries.has("error")) window.start += entry.at;
  else if (!(yield* scanObject(window))) return false;
  yield { kind: "envelope", entries, hasRecords };
  return true;
}

/** PowerShell writes an empty list as null or as an empty text. */
function isEmptyPage(entries: ReadonlyMap<string, string>): boolean {
  return entries.get("value") === "null" || entries.get("value") === '""';
}

type Scan = (window: ScanWindow) => Generator<JsonPiece, boolean>;

/** The elements of the array that opens at the window's start. Returns whether it closed. */
function* scanElements(window: ScanWindow, scanElement: Scan): Generator<JsonPiece, boolean> {
  window.start += 1;
  let isElementDue = true;
  let isFirst = true;
  while (skipSpace(window)) {
    const first = window.bytes[window.start];
    if (first === closeBracket && (!isElementDue || isFirst)) {
      window.start += 1;
      return true;
    }
    if (isElementDue === (first === comma) || first === closeBracket) {
      yield damage(window, false);
      return false;
    }
    const setting = scanElement === scanObject ? "page" : "list";
    const run = first === openBrace ? maybeRun(window, setting) : undefined;
    if (first === comma) window.start += 1;
    else if (run) yield run;
    else if (!(yield* scanElement(window))) return false;
    isElementDue = first === comma;
    isFirst = false;
  }
  yield damage(window, false, "truncated");
  return false;
}

/** One value, an object as a rule, as a record. Returns whether it was whole. */
function* scanObject(window: ScanWindow): Generator<JsonPiece, boolean> {
  for (;;) {
    const { bytes, start } = window;
    const extent =
      bytes[start] === openBrace
        ? findRecordEnd(bytes, start, window.end)
        : { end: findValueEnd(bytes, start, window.end), depth: 0, keys: 0, commas: 0 };
    if (extent.end >= 0) {
      yield record(window, extent);
      window.start = extent.end;
      return true;
    }
    if (isTooLarge(window) || !extend(window)) break;
  }
  yield damage(window, true, isTooLarge(window) ? "too_large" : "truncated");
  return false;
}

/** A record's bytes (good only until the next piece is asked for), where they lie, how deep they nest, how many keys and commas they have. */
export interface RecordPiece {
  readonly kind: "record";
  readonly bytes: Buffer;
  readonly offset: number;
  readonly depth: number;
  readonly keys: number;
  readonly commas: number;
  /** The file ended where the record did, without a line end: it may have been cut. */
  readonly isLast: boolean;
}

/** What the scanner finds in a JSON file, in file order. */
export type JsonPiece =
  | RecordPiece
  | Run
  /** The keys around records (as JSON texts): those before it when it opens, all of them once the object has closed. */
  | { readonly kind: "opening"; readonly entries: ReadonlyMap<string, string> }
  | { readonly kind: "envelope"; readonly entries: ReadonlyMap<string, string>; readonly hasRecords: boolean }
  /** The file cannot be read on from here; `isRecord` when that is inside a record. */
  | {
      readonly kind: "damage";
      readonly issue: Issue;
      readonly place: Omit<Place, "record">;
      readonly isRecord: boolean;
    };

/** The record between the window's start and its end. */
function record(window: ByteWindow, { end, ...extent }: Extent, isLast = false): RecordPiece {
  const bytes = window.bytes.subarray(window.start, end);
  return { kind: "record", bytes, offset: window.offset + window.start, ...extent, isLast };
}

/** What cannot be read at the window's start, and why. */
function damage(
  window: ByteWindow,
  isRecord: boolean,
  code: "json_damage" | "truncated" | "too_large" = isRecord ? "too_large" : "json_damage",
): JsonPiece {
  const issue: Issue = code === "too_large" ? { code, limit: maxRecordBytes } : { code };
  const place = { offset: window.offset + window.start, length: window.end - window.start };
  return { kind: "damage", issue, place, isRecord };
}
