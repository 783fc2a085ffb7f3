import type { Dataset } from "../dataset.ts";
import { envelopeKeys } from "../envelope.ts";
import { maybeMachine, releaseMachine, type Machine } from "../machine.ts";
import type { PropertyCount } from "../tally.ts";
import type { ByteWindow } from "../window.ts";
import type { Address } from "./assembly/calls.ts";
import { look, type Block } from "./block.ts";
import { maybePlan, type LaidPlan } from "./lay-plan.ts";
import { collectRows } from "./collect-rows.ts";
import { planOf } from "./record-columns.ts";
import { runBytes, startSheets, type SheetWriter } from "./sheet.ts";

/** Where records stand: in the list of a page, in a list of its own (which may hold pages instead), or on lines. */
type Setting = "page" | "list" | "lines";

const settings = { page: 0, list: 1, lines: 2 } as const;

/** Reads the records of one file that are as Graph writes them, straight from its bytes into sheets. */
export interface FastReader {
  /**
   * Reads records from the window's start on, which must open one, until there is doubt, the sheet is full, the window
   * ends or enough was read for once. Returns how many, and moves the window behind the last of them.
   */
  readonly read: (window: ByteWindow, setting: Setting, firstRecord: number) => number;
  /** Adds what the records that were read have, in the order of the dataset's properties. Nothing is read behind this. */
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

/** After so many doubts in a row only every so many-th record is tried. */
const patience = 50;

interface State {
  readonly options: ReaderOptions;
  readonly machine: Machine;
  readonly plan: LaidPlan;
  readonly block: Block;
  /** Keys that no property has and no accepted record had until now. */
  unused: { readonly key: Address; readonly name: string }[];
  doubts: number;
}

/** A reader; undefined where this machine, or the schema, is not for one. */
export function maybeFastReader(options: ReaderOptions): FastReader | undefined {
  const { dataset, fileId, sheets } = options;
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
  const block = { offset: 0, end: -1, goodEnd: -1 };
  const state: State = { options, machine, plan, block, unused: [], doubts: 0 };
  return {
    read: (window, setting, firstRecord) => readRecords(state, window, { setting, firstRecord }),
    finish: (counts) => finish(state, counts),
  };
}

interface Run {
  readonly setting: Setting;
  readonly firstRecord: number;
}

function readRecords(state: State, window: ByteWindow, { setting, firstRecord }: Run): number {
  if (state.doubts > patience && (state.doubts += 1) % patience !== 0) return 0;
  const { machine, plan, block, options } = state;
  const { sheet } = options.sheets;
  if (sheet === undefined) return 0;
  look(window, machine, block);
  const { calls } = machine;
  // From a place in the file to an address.
  const shift = calls.inputStart.value - block.offset;
  const start = window.offset + window.start + shift;
  const end = block.goodEnd < 0 ? 0 : block.goodEnd + shift;
  let count = 0;
  for (let from = start; ;) {
    const enough = start + runBytes;
    const read = calls.readRecords(plan.table, settings[setting], from, enough, end, firstRecord + count);
    count += read;
    if (read > 0) window.start = calls.behindRecords.value - shift - window.offset;
    const key = calls.asked.value;
    if (key === 0) break;
    judge(state, key);
    from = calls.stoppedAt.value;
  }
  sheet.rows = calls.rows.value;
  sheet.size = calls.size.value;
  if (count > 0 && state.unused.length > 0) noteUnused(state);
  state.doubts = count > 0 ? 0 : state.doubts + 1;
  return count;
}

/** Says what a key is that the machine met for the first time. */
function judge({ machine, options, unused }: State, key: Address): void {
  const { calls, bytes } = machine;
  const text = calls.textOf(key);
  // Without its quotes and the colon.
  const name = bytes.toString("utf8", text + 1, text + calls.lengthOf(key) - 2);
  calls.judge(key, options.isDoubtful(name), envelopeKeys.test(name));
  unused.push({ key, name });
}

function noteUnused(state: State): void {
  const { calls } = state.machine;
  state.unused = state.unused.filter(({ key, name }) => {
    const isMet = calls.recordsOf(key) > 0;
    if (isMet) state.options.onUnused(name);
    return !isMet;
  });
}

function finish({ machine, plan, options }: State, counts: readonly PropertyCount[]): void {
  const { calls } = machine;
  const { sheets } = options;
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
