import type { Issue, Place } from "./issue.ts";
import type { Extent } from "./json-bounds.ts";
import type { Run } from "./runs.ts";
import { maxRecordBytes, type ByteWindow } from "./window.ts";

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
export function record(window: ByteWindow, { end, ...extent }: Extent, isLast = false): RecordPiece {
  const bytes = window.bytes.subarray(window.start, end);
  return { kind: "record", bytes, offset: window.offset + window.start, ...extent, isLast };
}

/** What cannot be read at the window's start, and why. */
export function damage(
  window: ByteWindow,
  isRecord: boolean,
  code: "json_damage" | "truncated" | "too_large" = isRecord ? "too_large" : "json_damage",
): JsonPiece {
  const issue: Issue = code === "too_large" ? { code, limit: maxRecordBytes } : { code };
  const place = { offset: window.offset + window.start, length: window.end - window.start };
  return { kind: "damage", issue, place, isRecord };
}
