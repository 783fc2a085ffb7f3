import { on } from "node:events";
import { Worker } from "node:worker_threads";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { CliError } from "../errors.ts";
import { writeRows, type RowsWritten, type Writing } from "./export-file.ts";
import { collectGarbage } from "../database/memory.ts";
import type { PackedRows } from "./packed.ts";
import type { Pieces } from "./unpack.ts";
import { bundleFolder } from "../paths.ts";

/** What the thread is told first. */
export interface Task extends Writing, Pick<PackedRows, "columns" | "kinds"> {}

/** What it asks for: the next piece, or all as cells from a row on. */
export interface Ask {
  readonly from: number | undefined;
}

/** What it is answered. */
export interface Answer {
  readonly piece: Awaited<ReturnType<Pieces["next"]>>;
}

/** How it ends: the file is written, or the system refuses. */
export type End =
  | { readonly written: RowsWritten }
  | { readonly refused: Pick<CliError, "message" | "exitCode" | "lines"> };

/** A thread that does what `writeRows` does, one file after the other, beside the engine and other such threads. */
export interface ExportThread {
  /** Throws what `writeRows` throws, and what the rows do. */
  readonly write: (writing: Writing, rows: PackedRows) => Promise<RowsWritten>;
  readonly end: () => Promise<void>;
}

// The compiled one also for the tests, which run the sources.
const ours = pathToFileURL(join(bundleFolder, "export-worker.js"));

/** The engine's chunks, of which V8 knows nothing, may hold so much that is to be freed. */
const bytesBetween = 32 << 20;

/** The thread is there from the first file on; where none can be, the same is done without. */
export function startExportThread(program: URL = ours): ExportThread {
  let worker: Worker | undefined;
  const end = async (): Promise<void> => {
    await worker?.terminate();
    worker = undefined;
  };
  return {
    end,
    async write(writing, rows) {
      worker ??= maybeStart(program, (ended) => {
        if (worker === ended) worker = undefined;
      });
      if (worker === undefined) return await writeRows(writing, rows);
      try {
        return await serve(worker, writing, rows);
      } catch (error) {
        // It may be amid a file: the next begins with another.
        await end();
        throw error;
      }
    },
  };
}

function maybeStart(program: URL, forget: (ended: Worker) => void): Worker | undefined {
  try {
    // Node may refuse for a thread what this process was started with.
    const worker = new Worker(program, { execArgv: [] });
    // Whoever waits for a file hears of it, too.
    return worker.on("error", () => forget(worker)).on("exit", () => forget(worker));
  } catch {
    return undefined;
  }
}

async function serve(worker: Worker, writing: Writing, rows: PackedRows): Promise<RowsWritten> {
  const { columns, kinds, next, goOnFrom } = rows;
  const messages = on(worker, "message", { close: ["exit"] }) as AsyncIterable<[Ask | End]>;
  worker.postMessage({ ...writing, columns, kinds } satisfies Task);
  let bytes = 0;
  for await (const [message] of messages) {
    if ("written" in message) return message.written;
    if ("refused" in message) throw new CliError(message.refused.message, message.refused);
    if (message.from !== undefined) await goOnFrom(message.from);
    const piece = await next();
    const packed = piece !== undefined && "bytes" in piece ? piece.bytes : undefined;
    bytes += packed?.length ?? 0;
    worker.postMessage({ piece } satisfies Answer, packed ? [packed.buffer as ArrayBuffer] : []);
    if (bytes < bytesBetween) continue;
    collectGarbage();
    bytes = 0;
  }
  throw new Error("the thread that writes an export has ended");
}
