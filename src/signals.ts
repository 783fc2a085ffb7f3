import { setImmediate } from "node:timers/promises";
import { exitCodes } from "./errors.ts";

type Signal = "SIGINT" | "SIGTERM" | "SIGHUP" | "SIGQUIT" | "SIGBREAK";

/** Ctrl-C, the system's request to end, the closed terminal, Ctrl-\, and Ctrl-Break, which Windows alone has. */
const signals: readonly Signal[] =
  process.platform === "win32"
    ? ["SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"]
    : ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"];

/** How long the work may take to stop by itself before the process is ended as it stands: a checkpoint hears nothing. */
const patienceMs = 500;

const controller = new AbortController();
const leftovers = new Set<() => void>();
let isListening = false;

/** Aborted by a signal that asks the process to end; the work stops, cleans up behind itself and throws. */
export const interruption: AbortSignal = controller.signal;

/** The exit code that the signal asks for, undefined when none has come. */
export function interruptedExitCode(): number | undefined {
  return interruption.aborted ? exitCodeOf(interruption.reason as Signal) : undefined;
}

/** Makes this process hear signals wherever something was given to `removeOnSignal`. */
export function listenForSignals(): void {
  isListening = true;
}

/**
 * Takes what is to be removed should a signal end the process, and returns what takes that back. Where there is
 * nothing to remove no signal is listened for: the system ends the process at once, also amidst a long loop.
 */
export function removeOnSignal(remove: () => void): () => void {
  if (isListening && leftovers.size === 0) for (const signal of signals) process.on(signal, hear);
  leftovers.add(remove);
  return () => {
    leftovers.delete(remove);
    if (leftovers.size === 0) for (const signal of signals) process.off(signal, hear);
  };
}

/** Resolves when the signals that have come until now are heard. */
export async function hearSignals(): Promise<void> {
  // They are read between two rounds of immediates: the first may be of the round that is under way.
  await setImmediate();
  await setImmediate();
}

/** The first signal asks the work to stop. A second one, as npm sends beside that of the terminal, waits for nothing. */
function hear(signal: Signal): void {
  if (interruption.aborted) leave(signal);
  controller.abort(signal);
  setTimeout(leave, patienceMs, signal).unref();
}

function leave(signal: Signal): void {
  // Twice: while large files go, the engine's threads may have made another.
  for (let pass = 1; pass <= 2; pass += 1) for (const remove of leftovers) tryTo(remove);
  // By the signal itself: exit() would wait for DuckDB's threads. The shell counts it as the same 130 or 143.
  for (const each of signals) process.removeAllListeners(each);
  if (process.platform === "win32") process.exit(exitCodeOf(signal));
  // By SIGQUIT the system would write the memory, and so what was read, to a file.
  process.kill(process.pid, signal === "SIGQUIT" ? "SIGINT" : signal);
}

function tryTo(remove: () => void): void {
  try {
    remove();
  } catch {
    // What cannot be removed now is removed by the next run.
  }
}

function exitCodeOf(signal: Signal): number {
  return signal === "SIGTERM" ? exitCodes.terminated : exitCodes.interrupted;
}
