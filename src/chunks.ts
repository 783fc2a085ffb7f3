import type { DuckDBDataChunk } from "@duckdb/node-api";
import bindings, { type Vector } from "@duckdb/node-bindings";
import type { Cells, ColumnKind, Sheet } from "./fast/sheet.ts";
import { isSheet, type Load } from "./feed.ts";
import type { Packet } from "./packet.ts";

/** Bytes of a value in a vector. */
const widths = { day: 4, truth: 1, integer: 8 } as const;

/** Writes what is to be loaded into a chunk that DuckDB gave, and gives it back; no rows are the end. */
export function fillChunk(chunk: DuckDBDataChunk, load: Load | undefined): void {
  // The count first: it makes room.
  chunk.rowCount = load === undefined ? 0 : isSheet(load) ? load.rows : load.ends.length;
  if (load === undefined) return;
  if (isSheet(load)) fillRows(chunk, load);
  else fillRecords(bindings.data_chunk_get_vector(chunk.chunk, 0), load);
  load.release?.();
}

function fillRecords(vector: Vector, { bytes, ends }: Packet): void {
  let start = 0;
  ends.forEach((end, index) => {
    bindings.vector_assign_string_element_len(vector, index, bytes.subarray(start, end));
    start = end;
  });
}

function fillRows({ chunk }: DuckDBDataChunk, sheet: Sheet): void {
  const { fileId, rows, numbers, columns, cells } = sheet;
  const files = new Int32Array(rows).fill(fileId);
  copy(bindings.data_chunk_get_vector(chunk, 0), files, rows * 4);
  copy(bindings.data_chunk_get_vector(chunk, 1), numbers, rows * 8);
  columns.forEach(({ kind }, index) => {
    const values = cells[index];
    if (values) fillColumn(bindings.data_chunk_get_vector(chunk, index + 2), kind, values);
  });
}

function fillColumn(vector: Vector, kind: ColumnKind, { values, valid, hasNulls, sheet }: Cells): void {
  const { rows, bytes } = sheet;
  if (kind === "text" || kind === "json") fillTexts(vector, { values, valid, rows, bytes });
  else copy(vector, values, rows * widths[kind]);
  if (!hasNulls) return;
  bindings.vector_ensure_validity_writable(vector);
  const words = Math.ceil(rows / 64) * 8;
  bindings.copy_data_to_vector_validity(vector, 0, valid.buffer as ArrayBuffer, valid.byteOffset, words);
}

interface Texts {
  readonly values: Cells["values"];
  readonly valid: Uint8Array;
  readonly rows: number;
  readonly bytes: Buffer;
}

function fillTexts(vector: Vector, { values, valid, rows, bytes }: Texts): void {
  for (let row = 0; row < rows; row += 1) {
    const isThere = ((valid[row >> 3] as number) >> (row & 7)) & 1;
    if (isThere === 0) continue;
    const text = bytes.subarray(values[row * 2], values[row * 2 + 1]);
    bindings.vector_assign_string_element_len(vector, row, text);
  }
}

function copy(vector: Vector, from: Cells["values"], bytes: number): void {
  bindings.copy_data_to_vector(vector, 0, from.buffer as ArrayBuffer, from.byteOffset, bytes);
}
