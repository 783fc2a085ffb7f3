import bindings, { type Vector } from "@duckdb/node-bindings";
import { viewOf } from "../batch/byte-writer.ts";

/** A text's entry as duckdb.h lays it out (`duckdb_string_t`): its length, and either its bytes or where they stand. */
const entryBytes = 16;
const inlinedAt = 4;
const inlinedBytes = 12;
const pointerAt = 8;

/** V8 has no texts of half a gigabyte; what is near that is read one by one. */
const joinedBytes = 1 << 28;

/** Texts one behind the other. */
export interface JoinedTexts {
  readonly bytes: Uint8Array;
  /** Where each so many of them end, and the last. */
  readonly ends: readonly number[];
}

/**
 * The texts of a vector without unknown values; undefined where they are too large for one text. Those that the engine
 * has just made stand in its memory without a gap: they are read by stretches (some five for 2,048 of them) and not by
 * a call for each.
 */
export function maybeJoinTexts(vector: Vector, rows: number, each: number): JoinedTexts | undefined {
  const data = bindings.vector_get_data(vector, rows * entryBytes);
  const view = viewOf(data);
  const ends: number[] = [];
  let length = 0;
  for (let row = 0; row < rows; row += 1) {
    if (row > 0 && row % each === 0) ends.push(length);
    length += view.getUint32(row * entryBytes, true);
  }
  ends.push(length);
  return length > joinedBytes ? undefined : { bytes: copyTexts(view, data, length), ends };
}

function copyTexts(view: DataView, data: Uint8Array, length: number): Uint8Array {
  const joined = Buffer.allocUnsafeSlow(length);
  let end = 0;
  for (let at = 0; at < data.length;) {
    const bytes = view.getUint32(at, true);
    const stretch = bytes > inlinedBytes ? findStretch(view, at) : { bytes, behind: at + entryBytes };
    const texts =
      bytes > inlinedBytes
        ? bindings.get_data_from_pointer(
            data.buffer as ArrayBuffer,
            data.byteOffset + at + pointerAt,
            stretch.bytes,
          )
        : data.subarray(at + inlinedAt, at + inlinedAt + bytes);
    joined.set(texts, end);
    end += stretch.bytes;
    at = stretch.behind;
  }
  return joined;
}

/** How many bytes the texts have that stand one behind the other from this entry's on, and where the entry behind them is. */
function findStretch(view: DataView, from: number): { readonly bytes: number; readonly behind: number } {
  const start = addressAt(view, from);
  let bytes = view.getUint32(from, true);
  let behind = from + entryBytes;
  while (behind < view.byteLength) {
    const more = view.getUint32(behind, true);
    if (more <= inlinedBytes || addressAt(view, behind) !== start + bytes) break;
    bytes += more;
    behind += entryBytes;
  }
  return { bytes, behind };
}

/** No address has more bits than a number holds exactly. */
function addressAt(view: DataView, entry: number): number {
  return view.getUint32(entry + pointerAt, true) + view.getUint32(entry + pointerAt + 4, true) * 2 ** 32;
}
