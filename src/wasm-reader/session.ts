import { isUtf8 } from "node:buffer";
import type { PropertyCount } from "../batch/file-stats.ts";
import { type SheetWriter, runBytes, startSheets } from "../batch/record-batch.ts";
import type { Dataset } from "../schema/dataset.ts";
import type { ByteWindow } from "../source/buffer.ts";
import { findInvalidUtf8 } from "../source/utf8.ts";
import type { Address } from "./abi.ts";
import { type LaidPlan, maybePlan, planOf } from "./compile-json.ts";
import { collectRows } from "./copy-out.ts";
import { type Machine, maybeMachine, releaseMachine } from "./instance.ts";

/** A file whose records are written on the spot, as those of the file with this number. */
export interface SessionOptions {
  readonly dataset: Dataset;
  readonly fileId: number;
  readonly sheets: SheetWriter;
}

/** A machine while it reads one file. */
export interface Session {
  readonly machine: Machine;
  readonly plan: LaidPlan;
  readonly sheets: SheetWriter;
  readonly block: Block;
}

/** A session; undefined where this machine, or the schema, is not for one. */
export function maybeSession({ dataset, fileId, sheets }: SessionOptions): Session | undefined {
  const machine = maybeMachine();
  if (machine === undefined) return undefined;
  const plan = maybePlan(machine, dataset);
  if (plan === undefined) {
    releaseMachine(machine);
    return undefined;
  }
  startSheets(sheets, fileId, planOf(dataset).columns);
  machine.calls.clearRows();
  sheets.collect = (sheet) => collectRows(machine, plan, sheet);
  return { machine, plan, sheets, block: { offset: 0, end: -1, goodEnd: -1 } };
}

/** Where a machine reads: addresses. */
interface Stretch {
  readonly from: Address;
  /** No record is read that begins behind it. */
  readonly enough: Address;
  /** All records end before it. */
  readonly end: Address;
}

/** Reads a stretch from the window's start on; returns how many records, and moves the window behind the last of them. */
export function readStretch(
  { machine, sheets, block }: Session,
  window: ByteWindow,
  read: (stretch: Stretch) => number,
): number {
  const { sheet } = sheets;
  if (sheet === undefined) return 0;
  look(window, machine, block);
  const { calls } = machine;
  // From a place in the file to an address.
  const shift = calls.inputStart.value - block.offset;
  const from = window.offset + window.start + shift;
  const end = block.goodEnd + shift;
  const count = read({ from, enough: from + runBytes, end });
  if (count > 0) window.start = calls.behindRecords.value - shift - window.offset;
  sheet.rows = calls.rows.value;
  sheet.size = calls.size.value;
  return count;
}

/** Takes the last rows, adds what all have, in the order of the dataset's properties, and gives the machine back. */
export function finishSession({ machine, plan, sheets }: Session, counts: readonly PropertyCount[]): void {
  const { calls } = machine;
  if (sheets.sheet) collectRows(machine, plan, sheets.sheet);
  delete sheets.collect;
  plan.properties.forEach(({ key, field }, index) => {
    const count = counts[index];
    if (count === undefined) return;
    count.present += calls.recordsOf(key);
    count.nulls += calls.nullsOf(field);
    count.concealed += calls.concealedOf(field);
  });
  releaseMachine(machine);
}

/** The part of a file that lies in a machine: places in the file, the end of what is proven to be UTF-8 among them. */
interface Block {
  offset: number;
  end: number;
  goodEnd: number;
}

/** With fewer bytes in the machine it takes more of them: no record that it reads is longer. */
const lowBytes = 1 << 17;
/** At which everything stops, also what looks at sixteen bytes at once. */
const zeroBytes = 64;

/** Takes what the window has in sight into the machine, as much as there is room for. */
function look(window: ByteWindow, { calls, bytes }: Machine, block: Block): void {
  const at = window.offset + window.start;
  const end = window.offset + window.end;
  const isThere = at >= block.offset && at <= block.end;
  if (isThere && (block.end === end || block.end - at >= lowBytes)) {
    // Behind what is no UTF-8 there may be more that is.
    if (at > block.goodEnd)
      block.goodEnd = at + findBad(window.bytes.subarray(window.start, window.start + block.end - at));
    return;
  }
  const length = Math.min(window.end - window.start, calls.inputBytes.value);
  const source = window.bytes.subarray(window.start, window.start + length);
  const start = calls.inputStart.value;
  bytes.set(source, start);
  bytes.fill(0, start + length, start + length + zeroBytes);
  const whole = wholeCharacters(source);
  block.offset = at;
  block.end = at + length;
  block.goodEnd = at + (isUtf8(source.subarray(0, whole)) ? whole : findBad(source));
}

/** Of a file that is in another encoding nearly every record has something bad: each is to cost no more than its piece. */
const pieceBytes = 1 << 12;

/** How many bytes are UTF-8 before the first that is not, or before a character that breaks off at the end. */
function findBad(bytes: Uint8Array): number {
  for (let at = 0; ;) {
    const piece = bytes.subarray(at, at + pieceBytes);
    const whole = wholeCharacters(piece);
    if (whole === 0 || !isUtf8(piece.subarray(0, whole))) return at + findInvalidUtf8(piece);
    at += whole;
  }
}

/** A character may break off at the end. */
function wholeCharacters(bytes: Uint8Array): number {
  let last = bytes.length;
  while (last > 0 && last > bytes.length - 4 && ((bytes[last - 1] as number) & 0xc0) === 0x80) last -= 1;
  if (last > 0 && (bytes[last - 1] as number) >= 0xc0) last -= 1;
  return last;
}
