import type { PropertyCount } from "../batch/file-stats.ts";
import type { CsvShape } from "../detect/csv.ts";
import { envelopeKeys } from "../parse/json-envelope.ts";
import type { ByteWindow } from "../source/buffer.ts";
import type { Address } from "./abi.ts";
import { maybeReport } from "./compile-csv.ts";
import { type Session, type SessionOptions, finishSession, maybeSession, readStretch } from "./session.ts";

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

interface ReaderOptions extends SessionOptions {
  /** Whether records with this key, which no property has, are for the slow path. */
  readonly isDoubtful: (name: string) => boolean;
  /** Told once of each key that no property has. */
  readonly onUnused: (name: string) => void;
}

/** After so many doubts in a row only every so many-th record is tried. */
const patience = 50;

interface State {
  readonly options: ReaderOptions;
  readonly session: Session;
  /** Keys that no property has and no accepted record had until now, by what counts their records. */
  readonly unused: Map<Address, string>;
  doubts: number;
}

/** A reader; undefined where this machine, or the schema, is not for one. */
export function maybeFastReader(options: ReaderOptions): FastReader | undefined {
  const session = maybeSession(options);
  if (session === undefined) return undefined;
  const state: State = { options, session, unused: new Map(), doubts: 0 };
  return {
    read: (window, setting, firstRecord) => readRecords(state, window, { setting, firstRecord }),
    finish: (counts) => finishSession(session, counts),
  };
}

interface Run {
  readonly setting: Setting;
  readonly firstRecord: number;
}

function readRecords(state: State, window: ByteWindow, { setting, firstRecord }: Run): number {
  if (state.doubts > patience && (state.doubts += 1) % patience !== 0) return 0;
  const { session } = state;
  const { calls } = session.machine;
  const { table } = session.plan;
  calls.clearFirsts();
  const read = readStretch(session, window, ({ from, enough, end }) => {
    let count = 0;
    for (let at = from; ;) {
      count += calls.readRecords(table, settings[setting], at, enough, end, firstRecord + count);
      const key = calls.asked.value;
      if (key === 0) return count;
      judge(state, key);
      at = calls.stoppedAt.value;
    }
  });
  if (read > 0 && state.unused.size > 0) noteUnused(state);
  state.doubts = read > 0 ? 0 : state.doubts + 1;
  return read;
}

/** Says what a key is that the machine met for the first time. */
function judge({ session, options, unused }: State, key: Address): void {
  const { calls, bytes } = session.machine;
  const text = calls.textOf(key);
  // Without its quotes and the colon.
  const name = bytes.toString("utf8", text + 1, text + calls.lengthOf(key) - 2);
  calls.judge(key, options.isDoubtful(name), envelopeKeys.test(name));
  unused.set(calls.counterOf(key), name);
}

/** Says which of them the records have that were read, in the order of the file. */
function noteUnused({ session, options, unused }: State): void {
  const { calls } = session.machine;
  for (let index = 0; index < calls.firsts.value; index += 1) {
    const counter = calls.firstAt(index);
    const name = unused.get(counter);
    if (name === undefined) continue;
    options.onUnused(name);
    unused.delete(counter);
  }
}

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
