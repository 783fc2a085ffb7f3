import type { Dataset } from "../dataset.ts";
import { maybeMachine, releaseMachine, type Machine } from "../machine.ts";
import type { PropertyCount } from "../tally.ts";
import type { ByteWindow } from "../window.ts";
import type { Address } from "./assembly/calls.ts";
import { look, type Block } from "./block.ts";
import { collectRows } from "./collect-rows.ts";
import { maybePlan, type LaidPlan } from "./lay-plan.ts";
import { planOf } from "./record-columns.ts";
import { runBytes, startSheets, type SheetWriter } from "./sheet.ts";

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
