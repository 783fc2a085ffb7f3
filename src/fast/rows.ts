import { isUtf8 } from "node:buffer";
import type { Dataset } from "../dataset.ts";
import { endRecord, isFull, reserve, type PacketWriter } from "../packet.ts";
import type { CsvShape } from "../recognise-csv.ts";
import type { CsvBatch } from "../scan-csv.ts";
import type { PropertyCount } from "../tally.ts";
import { maybeCellWriter, withConcealment, withMinimum, type WriteCell } from "./cells.ts";
import { planRecord } from "./plan.ts";

/** Reads plain rows of one CSV file, straight from its bytes into packets. */
export interface RowReader {
  /** Reads rows from this one of the batch on, until there is doubt or the packet is full. Returns how many. */
  readonly read: (batch: CsvBatch, first: number, firstRecord: number) => number;
  /** Adds what the rows that were read have, in the order of the dataset's properties. */
  readonly finish: (counts: readonly PropertyCount[]) => void;
}

interface RowReaderOptions {
  readonly dataset: Dataset;
  readonly fileId: number;
  readonly writer: PacketWriter;
}

interface FastColumn {
  /** The key with what stands before it. */
  readonly key: Buffer;
  readonly write: WriteCell;
  readonly isNullable: boolean;
  readonly index: number;
}

const quote = 0x22;
const nullText = Buffer.from("null");

/** The reader of a file's rows; undefined where its columns say other things than its properties one by one. */
export function maybeRowReader(
  { dataset, fileId, writer }: RowReaderOptions,
  csv: CsvShape,
): RowReader | undefined {
  const names = csv.columns.flatMap((column) => (column ? [column.property.name] : []));
  const isSimple = csv.columns.every((column) => column?.field === undefined);
  if (!isSimple || csv.columns.length < 2 || new Set(names).size < names.length) return undefined;
  const plan = planRecord(dataset.schema);
  if (plan.required.some((name) => !names.includes(name))) return undefined;
  const concealed: number[] = [];
  const columns = csv.columns.map((column): FastColumn | undefined => {
    if (column === undefined) return undefined;
    const { property, isInverted } = column;
    const index = dataset.properties.indexOf(property);
    const field = plan.fields.get(property.name);
    const plain = field && field.kind !== "any" ? maybeCellWriter(property, isInverted) : undefined;
    const bounded = plain && field && field.minimum > -Infinity ? withMinimum(plain, field.minimum) : plain;
    const counted =
      bounded && property.isConcealable ? withConcealment(bounded, () => concealed.push(index)) : bounded;
    const key = Buffer.from(`,${JSON.stringify(property.name)}:`);
    return { key, write: counted ?? (() => false), isNullable: property.isNullable, index };
  });
  const missing = dataset.properties.filter(({ name }) => !names.includes(name));
  const suffix = Buffer.from(`${missing.map(({ name }) => `,${JSON.stringify(name)}:null`).join("")}}`);
  const keyBytes = columns.reduce((sum, column) => sum + (column?.key.length ?? 0) + nullText.length, 0);
  const prefix = Buffer.from(`{"source_file_id":${fileId},"record_number":`);
  const header = Buffer.from(csv.header[0] ?? "");
  const separator = csv.delimiter.charCodeAt(0);
  const last = columns.length - 1;
  const totals = {
    rows: 0,
    nulls: dataset.properties.map(() => 0),
    concealed: dataset.properties.map(() => 0),
  };
  const nulls: number[] = [];

  const readRow = (bytes: Buffer, { start, end }: CsvBatch["bounds"][number], number: number): boolean => {
    nulls.length = 0;
    concealed.length = 0;
    reserve(writer, (end - start) * 2 + keyBytes + suffix.length + prefix.length + 20 + columns.length * 4);
    writer.at += prefix.copy(writer.bytes, writer.at);
    writer.at = writeDigits(writer.bytes, writer.at, number);
    let at = start;
    for (let index = 0; index <= last; index += 1) {
      const isQuoted = bytes[at] === quote && at < end;
      const from = isQuoted ? at + 1 : at;
      let to = from;
      if (isQuoted) {
        while (to < end && bytes[to] !== quote) to += 1;
        at = to + 1;
      } else {
        while (to < end && bytes[to] !== separator) to += 1;
        at = to;
      }
      // Here the row must end, or the next cell begin.
      if (index === last ? at !== end : at >= end || bytes[at] !== separator) return false;
      at += 1;
      if (index === 0 && endsWith(bytes, { from, end: to }, header)) return false;
      const column = columns[index];
      if (column === undefined) {
        if (!isPlain(bytes, from, to)) return false;
        continue;
      }
      copyShort(column.key, writer);
      if (to > from) {
        if (!column.write(writer, bytes, from, to)) return false;
      } else {
        if (!column.isNullable) return false;
        copyShort(nullText, writer);
        nulls.push(column.index);
      }
    }
    writer.at += suffix.copy(writer.bytes, writer.at);
    return true;
  };

  const good = { bytes: undefined as Buffer | undefined, isGood: false };
  const read: RowReader["read"] = (batch, first, firstRecord) => {
    const { bytes, bounds } = batch;
    if (good.bytes !== bytes) {
      const [head, tail] = [bounds[0], bounds.at(-1)];
      good.bytes = bytes;
      good.isGood = head !== undefined && tail !== undefined && isUtf8(bytes.subarray(head.start, tail.end));
    }
    if (!good.isGood) return 0;
    // The last row of a file that ends within it may be cut.
    const end = batch.isUnended ? bounds.length - 1 : bounds.length;
    let count = 0;
    for (let index = first; index < end && !isFull(writer); index += 1) {
      const bound = bounds[index];
      if (bound === undefined || bound.isTooLarge || bound.isOpen) break;
      const before = writer.at;
      if (!readRow(bytes, bound, firstRecord + count)) {
        writer.at = before;
        break;
      }
      endRecord(writer);
      for (const place of nulls) totals.nulls[place] = (totals.nulls[place] ?? 0) + 1;
      for (const place of concealed) totals.concealed[place] = (totals.concealed[place] ?? 0) + 1;
      count += 1;
    }
    totals.rows += count;
    return count;
  };

  const finish: RowReader["finish"] = (counts) => {
    for (const column of columns) {
      const count = counts[column?.index ?? -1];
      if (count) count.present += totals.rows;
    }
    counts.forEach((count, index) => {
      count.nulls += totals.nulls[index] ?? 0;
      count.concealed += totals.concealed[index] ?? 0;
    });
  };
  return { read, finish };
}

/** Whether a cell that is not stored holds nothing that needs a second look. */
function isPlain(bytes: Buffer, from: number, end: number): boolean {
  for (let index = from; index < end; index += 1) {
    const byte = bytes[index] as number;
    if (byte < 0x20 || byte === quote) return false;
  }
  return true;
}

/** Files that were joined have their header again in the middle. */
function endsWith(bytes: Buffer, { from, end }: { from: number; end: number }, header: Buffer): boolean {
  const start = end - header.length;
  if (start < from) return false;
  for (let index = 0; index < header.length; index += 1)
    if (bytes[start + index] !== header[index]) return false;
  return true;
}

function copyShort(piece: Buffer, writer: PacketWriter): void {
  const { bytes } = writer;
  let { at } = writer;
  for (let index = 0; index < piece.length; index += 1) bytes[at++] = piece[index] as number;
  writer.at = at;
}

function writeDigits(bytes: Buffer, at: number, number: number): number {
  if (number < 10) {
    bytes[at] = 0x30 + number;
    return at + 1;
  }
  const behind = writeDigits(bytes, at, Math.floor(number / 10));
  bytes[behind] = 0x30 + (number % 10);
  return behind + 1;
}
