import { exitCodes } from "./errors.ts";

const controller = new AbortController();

/** Aborted by Ctrl-C or SIGTERM; the work stops, cleans up behind itself and throws. */
export const interruption: AbortSignal = controller.signal;

/** The exit code that the signal asks for, undefined when none has come. */
export function interruptedExitCode(): number | undefined {
  if (!interruption.aborted) return undefined;
  return interruption.reason === "SIGTERM" ? exitCodes.terminated : exitCodes.interrupted;
}

/** Turns the first SIGINT or SIGTERM into an interruption; a second one ends the process at once. */
export function listenForSignals(): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => controller.abort(signal));
}
