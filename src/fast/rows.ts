import type { CsvShape } from "../recognise-csv.ts";
import type { PropertyCount } from "../tally.ts";
import type { ByteWindow } from "../window.ts";
import { maybeReport } from "./lay-report.ts";
import { finishSession, maybeSession, readStretch, type SessionOptions } from "./session.ts";

/** Reads plain rows of one CSV file, straight from its bytes into sheets. */
export interface RowReader {
  /**
   * Reads rows from the window's start on until there is doubt, the sheet is full, the window ends or enough was read
   * for once. Returns how many, and moves the window behind the last of them.
   */
  readonly read: (window: ByteWindow, firstRecord: number) => number;
  /** Adds what the rows that were read have, in the order of the dataset's properties. Nothing is read behind this. */
  readonly finish: (counts: readonly PropertyCount[]) => void;
}

/** The reader of a file's rows; undefined where this machine, or the shape of the file, is not for one. */
export function maybeRowReader(options: SessionOptions, csv: CsvShape): RowReader | undefined {
  const session = maybeSession(options);
  if (session === undefined) return undefined;
  const report = maybeReport(session, options.dataset, csv);
  if (report === undefined) {
    finishSession(session, []);
    return undefined;
  }
  const { calls } = session.machine;
  return {
    read: (window, firstRecord) =>
      readStretch(session, window, ({ from, enough, end }) =>
        calls.readRows(report, from, enough, end, firstRecord),
      ),
    finish: (counts) => finishSession(session, counts),
  };
}
