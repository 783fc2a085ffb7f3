import { isUtf8 } from "node:buffer";
import type { Dataset } from "../dataset.ts";
import { envelopeKeys } from "../envelope.ts";
import { endRecord, isFull, reserve, type PacketWriter } from "../packet.ts";
import { maxRecordBytes, type ByteWindow } from "../window.ts";
import type { PropertyCount } from "../tally.ts";
import { flush, type Cursor } from "./cursor.ts";
import { planRecord, type Field } from "./plan.ts";
import { readObject, type Frame } from "./record.ts";
import { createRoot, type Shape } from "./shapes.ts";
import { skipSpace } from "./values.ts";

/** Where records stand: in the list of a page, in a list of its own (which may hold pages instead), or on lines. */
export type Setting = "page" | "list" | "lines";

/** Reads the records of one file that are as Graph writes them, straight from its bytes into packets. */
export interface FastReader {
  /**
   * Reads records from the window's start on, which must open one, until there is doubt, the packet is full or the
   * window ends. Returns how many, and moves the window behind the last of them.
   */
  readonly read: (window: ByteWindow, setting: Setting, firstRecord: number) => number;
  /** Adds what the records that were read have, in the order of the dataset's properties. */
  readonly finish: (counts: readonly PropertyCount[]) => void;
}

interface ReaderOptions {
  readonly dataset: Dataset;
  readonly fileId: number;
  readonly writer: PacketWriter;
  /** Whether records with this key, which no property has, are for the slow path. */
  readonly isDoubtful: (name: string) => boolean;
  /** Told once of each key that no property has. */
  readonly onUnused: (name: string) => void;
}

const comma = 0x2c;
const lineFeed = 0x0a;
const openBrace = 0x7b;
/** After so many doubts in a row only every so many-th record is tried. */
const patience = 50;

export function createFastReader({
  dataset,
  fileId,
  writer,
  isDoubtful,
  onUnused,
}: ReaderOptions): FastReader {
  const plan = planRecord(dataset.schema);
  const createStart = (isEnvelope: (name: string) => boolean): Frame => ({
    field: {
      ...plan,
      mean: (name, isFirst) => {
        const field = plan.fields.get(name);
        const isOther = (isFirst && isEnvelope(name)) || (field === undefined && isDoubtful(name));
        return { field, isDoubtful: isOther };
      },
    },
    shape: createRoot<Field>(),
    depth: 1,
  });
  const inPage = createStart(() => false);
  const starts = { page: inPage, lines: inPage, list: createStart((name) => envelopeKeys.test(name)) };
  const ends = new Set<Shape<Field>>();
  const nulls = dataset.properties.map(() => 0);
  const concealed = dataset.properties.map(() => 0);
  const cursor: Cursor = {
    bytes: Buffer.alloc(0),
    view: new DataView(new ArrayBuffer(0)),
    copyFrom: 0,
    writer,
    shapes: { count: 0 },
    nulls: [],
    concealed: [],
  };
  const prefix = Buffer.from(`{"source_file_id":${fileId},"record_number":`);
  const block = { offset: -1, end: -1, goodEnd: 0 };

  const readOne = (from: number, number: number, setting: Setting): number => {
    const start = writer.at;
    cursor.nulls.length = 0;
    cursor.concealed.length = 0;
    reserve(writer, prefix.length + 20);
    writer.at += prefix.copy(writer.bytes, writer.at);
    writer.at += writer.bytes.write(`${number},`, writer.at, "latin1");
    cursor.copyFrom = from + 1;
    const frame = { ...starts[setting] };
    const end = readObject(cursor, from, frame);
    const isGood = end >= 0 && end <= block.goodEnd && end - from <= maxRecordBytes;
    if (!isGood || (setting === "lines" && !isLineEnd(cursor.bytes, end))) {
      writer.at = start;
      return -1;
    }
    flush(cursor, end);
    endRecord(writer);
    for (const index of cursor.nulls) nulls[index] = (nulls[index] ?? 0) + 1;
    for (const index of cursor.concealed) concealed[index] = (concealed[index] ?? 0) + 1;
    if (frame.shape.records === 0) {
      ends.add(frame.shape);
      for (const name of unusedOf(frame.shape)) onUnused(name);
    }
    frame.shape.records += 1;
    return end;
  };

  let doubts = 0;
  const read: FastReader["read"] = (window, setting, firstRecord) => {
    if (doubts > patience && (doubts += 1) % patience !== 0) return 0;
    look(window, cursor, block);
    const { bytes } = cursor;
    let count = 0;
    let at = window.start;
    for (;;) {
      const end = readOne(at, firstRecord + count, setting);
      if (end < 0) break;
      count += 1;
      window.start = end;
      const next = behindSeparator(bytes, end, setting);
      if (bytes[next] !== openBrace || isFull(writer)) break;
      at = next;
    }
    doubts = count > 0 ? 0 : doubts + 1;
    return count;
  };

  const finish: FastReader["finish"] = (counts) => {
    for (const shape of ends)
      for (let at: Shape<Field> | undefined = shape; at; at = at.parent) {
        const count = counts[at.field?.index ?? -1];
        if (count) count.present += shape.records;
      }
    counts.forEach((count, index) => {
      count.nulls += nulls[index] ?? 0;
      count.concealed += concealed[index] ?? 0;
    });
  };
  return { read, finish };
}

/** Takes the window in sight: where it was read on, its new bytes are proven to be UTF-8 up to `goodEnd`. */
function look(
  window: ByteWindow,
  cursor: Cursor,
  block: { offset: number; end: number; goodEnd: number },
): void {
  const { bytes, start, end, offset } = window;
  if (cursor.bytes === bytes && block.offset === offset && block.end === end) return;
  if (cursor.bytes !== bytes) cursor.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  cursor.bytes = bytes;
  block.offset = offset;
  block.end = end;
  // A character may break off at the end.
  let last = end;
  while (last > start && last > end - 4 && ((bytes[last - 1] as number) & 0xc0) === 0x80) last -= 1;
  if (last > start && (bytes[last - 1] as number) >= 0xc0) last -= 1;
  block.goodEnd = isUtf8(bytes.subarray(start, last)) ? last : -1;
}

/** Whether nothing but space stands between a record and the end of its line. */
function isLineEnd(bytes: Uint8Array, from: number): boolean {
  let at = from;
  while (bytes[at] === 0x20 || bytes[at] === 0x09 || bytes[at] === 0x0d) at += 1;
  return bytes[at] === lineFeed;
}

/** Where the next record may begin. */
function behindSeparator(bytes: Uint8Array, from: number, setting: Setting): number {
  const at = skipSpace(bytes, from);
  if (setting === "lines") return at;
  return bytes[at] === comma ? skipSpace(bytes, at + 1) : -1;
}

/** The names of an object's keys that no property has, in their order. */
function unusedOf(shape: Shape<Field>): string[] {
  const names: string[] = [];
  for (let at: Shape<Field> | undefined = shape; at?.parent; at = at.parent)
    if (!at.field) names.unshift(at.name);
  return names;
}
