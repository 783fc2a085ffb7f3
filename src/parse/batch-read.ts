import { extend, type ByteWindow } from "../source/buffer.ts";

/** Reads records at the window's start, moves it behind them and returns how many; 0 where they are to be found one by one. */
export type ReadRun = (window: ByteWindow, setting: "page" | "list" | "lines") => number;

/** A window whose records may be read on the spot. */
export interface ScanWindow extends ByteWindow {
  readonly readRun: ReadRun;
  /** The file has no more bytes than are in sight. */
  isDrained: boolean;
}

/** Records that were read on the spot. */
export interface Run {
  readonly kind: "run";
  readonly records: number;
  readonly offset: number;
}

/** Reads on where the bytes in sight may be enough: an error waits until they are not. */
function readAhead(window: ByteWindow): boolean {
  try {
    return extend(window);
  } catch (error) {
    window.failure = error;
    return false;
  }
}

/** With fewer bytes in sight a record that is not read on the spot may just break off there. */
const lowBytes = 1 << 17;

/** The records that can be read at the window's start, undefined where the first is to be found and parsed. */
export function maybeRun(window: ScanWindow, setting: Parameters<ReadRun>[1]): Run | undefined {
  const offset = window.offset + window.start;
  let records = window.readRun(window, setting);
  if (records === 0 && !window.isDrained && window.end - window.start < lowBytes) {
    window.isDrained = !readAhead(window);
    records = window.readRun(window, setting);
  }
  return records > 0 ? { kind: "run", records, offset } : undefined;
}
