import { on } from "node:events";
import { Worker } from "node:worker_threads";
import { CliError } from "./errors.ts";
import type { RowsWritten, Writing } from "./export-file.ts";
import { collectGarbage } from "./memory.ts";
import type { PackedRows } from "./packed.ts";
import type { Pieces } from "./unpack.ts";

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
const ours = new URL("../bundle/export-worker.js", import.meta.url);

/** The engine's chunks, of which V8 knows nothing: so many may wait to be freed. */
const piecesBetween = 64;

/** The thread is there from the first file on. */
export function startExportThread(program: URL = ours): ExportThread {
  let worker: Worker | undefined;
  const end = async (): Promise<void> => {
    await worker?.terminate();
    worker = undefined;
  };
  return {
    end,
    async write(writing, rows) {
      worker ??= new Worker(program);
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

async function serve(worker: Worker, writing: Writing, rows: PackedRows): Promise<RowsWritten> {
  const { columns, kinds, next, goOnFrom } = rows;
  const messages = on(worker, "message", { close: ["exit"] }) as AsyncIterable<[Ask | End]>;
  worker.postMessage({ ...writing, columns, kinds } satisfies Task);
  let pieces = 0;
  for await (const [message] of messages) {
    if ("written" in message) return message.written;
    if ("refused" in message) throw new CliError(message.refused.message, message.refused);
    if (message.from !== undefined) await goOnFrom(message.from);
    const piece = await next();
    const given = piece !== undefined && "bytes" in piece ? [piece.bytes.buffer as ArrayBuffer] : [];
    worker.postMessage({ piece } satisfies Answer, given);
    pieces += 1;
    if (pieces % piecesBetween === 0) collectGarbage();
  }
  throw new Error("the thread that writes an export has ended");
}
