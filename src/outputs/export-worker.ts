import { once } from "node:events";
import { parentPort, type MessagePort } from "node:worker_threads";
import { CliError } from "../errors.ts";
import { writeRows } from "./export-file.ts";
import type { Answer, Ask, End, Task } from "./export-thread.ts";
import { collectGarbage } from "../database/memory.ts";
import type { Pieces } from "./unpack.ts";

// A program of its own, run by export-thread.ts as a thread: writes one file after the other.

if (parentPort) await work(parentPort);

async function work(port: MessagePort): Promise<never> {
  for (;;) {
    const [task] = (await once(port, "message")) as [Task];
    const end = await write(port, task);
    // Before the next may come.
    collectGarbage();
    port.postMessage(end);
  }
}

async function write(port: MessagePort, { columns, kinds, ...writing }: Task): Promise<End> {
  const { settle, ...pieces } = askFor(port, kinds);
  try {
    return { written: await writeRows(writing, { columns, ...pieces }) };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    const { message, exitCode, lines } = error;
    return { refused: { message, exitCode, lines } };
  } finally {
    // The answer would be taken for the next task.
    await settle();
  }
}

/** Each piece is asked for before the one that came is taken; `settle` waits for the answer that nobody took. */
function askFor(
  port: MessagePort,
  kinds: Pieces["kinds"],
): Pieces & { readonly settle: () => Promise<unknown> } {
  const ask = async (from?: number): Promise<Answer> => {
    const answer = once(port, "message") as Promise<[Answer]>;
    port.postMessage({ from } satisfies Ask);
    return (await answer)[0];
  };
  let ahead = ask();
  return {
    kinds,
    settle: async () => await ahead,
    async next() {
      const { piece } = await ahead;
      if (piece !== undefined) ahead = ask();
      return piece;
    },
    async goOnFrom(row) {
      await ahead;
      ahead = ask(row);
    },
  };
}
