import type { Dataset } from "../dataset.ts";
import { envelopeKeys } from "../envelope.ts";
import { createRoom } from "../packet.ts";
import type { ByteWindow } from "../window.ts";
import type { PropertyCount } from "../tally.ts";
import { behindSeparator, isLineEnd, look, type Block } from "./block.ts";
import type { Cursor } from "./cursor.ts";
import type { Field } from "./plan.ts";
import type { Frame } from "./record.ts";
import { readRecordCells } from "./record-cells.ts";
import { planOf } from "./record-columns.ts";
import { createRoot, type Shape } from "./shapes.ts";
import {
  dropRow,
  isFullSheet,
  runBytes,
  startSheets,
  writeHalves,
  type Sheet,
  type SheetWriter,
} from "./sheet.ts";

/** Longer records may have too many values. */
const maxFastBytes = 100_000;

/** Where records stand: in the list of a page, in a list of its own (which may hold pages instead), or on lines. */
type Setting = "page" | "list" | "lines";

/** Reads the records of one file that are as Graph writes them, straight from its bytes into sheets. */
export interface FastReader {
  /**
   * Reads records from the window's start on, which must open one, until there is doubt, the sheet is full, the window
   * ends or enough was read for once. Returns how many, and moves the window behind the last of them.
   */
  readonly read: (window: ByteWindow, setting: Setting, firstRecord: number) => number;
  /** Adds what the records that were read have, in the order of the dataset's properties. */
  readonly finish: (counts: readonly PropertyCount[]) => void;
}

interface ReaderOptions {
  readonly dataset: Dataset;
  readonly fileId: number;
  readonly sheets: SheetWriter;
  /** Whether records with this key, which no property has, are for the slow path. */
  readonly isDoubtful: (name: string) => boolean;
  /** Told once of each key that no property has. */
  readonly onUnused: (name: string) => void;
}

const openBrace = 0x7b;
/** After so many doubts in a row only every so many-th record is tried. */
const patience = 50;

interface State {
  readonly cursor: Cursor;
  readonly options: ReaderOptions;
  readonly starts: Readonly<Record<Setting, Frame>>;
  readonly block: Block;
  /** The shapes of the records that were read, and how often each property was null or concealed in them. */
  readonly ends: Set<Shape<Field>>;
  readonly nulls: number[];
  readonly concealed: number[];
  doubts: number;
}

export function createFastReader(options: ReaderOptions): FastReader {
  const state = createState(options);
  return {
    read: (window, setting, firstRecord) => readRecords(state, window, { setting, firstRecord }),
    finish: (counts) => addCounts(state, counts),
  };
}

function createState(options: ReaderOptions): State {
  const { dataset, fileId, sheets, isDoubtful } = options;
  const { plan, columns } = planOf(dataset);
  startSheets(sheets, fileId, columns);
  const createStart = (isEnvelope: (name: string) => boolean): Frame => {
    const mean: Field["mean"] = (name, isFirst) => {
      const field = plan.fields.get(name);
      return {
        field,
        isDoubtful: (isFirst && isEnvelope(name)) || (field === undefined && isDoubtful(name)),
      };
    };
    return { field: { ...plan, mean }, shape: createRoot<Field>(), depth: 1 };
  };
  const inPage = createStart(() => false);
  return {
    options,
    starts: { page: inPage, lines: inPage, list: createStart((name) => envelopeKeys.test(name)) },
    cursor: {
      bytes: Buffer.alloc(0),
      view: new DataView(new ArrayBuffer(0)),
      escapes: 0,
      copyFrom: 0,
      room: createRoom(Buffer.alloc(0)),
      shapes: { count: 0 },
      nulls: [],
      concealed: [],
    },
    block: { offset: -1, end: -1, goodEnd: 0 },
    ends: new Set(),
    nulls: dataset.properties.map(() => 0),
    concealed: dataset.properties.map(() => 0),
    doubts: 0,
  };
}

interface Run {
  readonly setting: Setting;
  readonly firstRecord: number;
}

function readRecords(state: State, window: ByteWindow, { setting, firstRecord }: Run): number {
  if (state.doubts > patience && (state.doubts += 1) % patience !== 0) return 0;
  look(window, state.cursor, state.block);
  const { bytes } = state.cursor;
  const { sheet } = state.options.sheets;
  if (sheet === undefined) return 0;
  const enough = window.start + runBytes;
  let count = 0;
  for (let at = window.start; ;) {
    const end = readRecord(state, at, setting, sheet);
    if (end < 0) {
      dropRow(sheet);
      break;
    }
    writeHalves(sheet.numbers, sheet.rows, firstRecord + count);
    sheet.rows += 1;
    count += 1;
    window.start = end;
    at = behindSeparator(bytes, end, setting === "lines");
    if (bytes[at] !== openBrace || isFullSheet(sheet) || at >= enough) break;
  }
  state.doubts = count > 0 ? 0 : state.doubts + 1;
  return count;
}

/** Reads one record into the row that is being written; returns the index behind it, −1 on doubt. */
function readRecord(state: State, from: number, setting: Setting, sheet: Sheet): number {
  const { cursor, block, starts } = state;
  cursor.nulls.length = 0;
  cursor.concealed.length = 0;
  const frame = { ...starts[setting] };
  const end = readRecordCells(cursor, from, frame, sheet);
  if (end < 0 || end > block.goodEnd || end - from > maxFastBytes) return -1;
  if (setting === "lines" && !isLineEnd(cursor.bytes, end)) return -1;
  noteRecord(state, frame.shape);
  return end;
}

function noteRecord({ cursor, nulls, concealed, ends, options }: State, shape: Shape<Field>): void {
  for (const index of cursor.nulls) nulls[index] = (nulls[index] ?? 0) + 1;
  for (const index of cursor.concealed) concealed[index] = (concealed[index] ?? 0) + 1;
  if (shape.records === 0) {
    ends.add(shape);
    for (const name of unusedOf(shape)) options.onUnused(name);
  }
  shape.records += 1;
}

function addCounts({ ends, nulls, concealed }: State, counts: readonly PropertyCount[]): void {
  for (const shape of ends)
    for (let at: Shape<Field> | undefined = shape; at; at = at.parent) {
      const count = counts[at.field?.index ?? -1];
      if (count) count.present += shape.records;
    }
  counts.forEach((count, index) => {
    count.nulls += nulls[index] ?? 0;
    count.concealed += concealed[index] ?? 0;
  });
}

/** The names of an object's keys that no property has, in their order. */
function unusedOf(shape: Shape<Field>): string[] {
  const names: string[] = [];
  for (let at: Shape<Field> | undefined = shape; at?.parent; at = at.parent)
    if (!at.field) names.unshift(at.name);
  return names;
}
