import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { CliError, exitCodes, messageOf } from "../errors.ts";

/** What the engine takes at most where it can spill the rest. */
export const smallMemory = "256MB";

/**
 * Runs work in little memory and, where the engine cannot do it in that, once more in what there is: some of its
 * operators do not spill, above all over texts of megabytes. Throws exit 5 when that too is not enough.
 */
export async function withMemory<Result>(work: (isSmall: boolean) => Promise<Result>): Promise<Result> {
  try {
    return await work(true);
  } catch (error) {
    if (!isOutOfMemory(error)) throw error;
  }
  try {
    return await work(false);
  } catch (error) {
    if (!isOutOfMemory(error)) throw error;
    throw memoryError("for these files; close other programs, or give the largest files one by one", error);
  }
}

/** The error of a machine that has too little memory for something, however it is done. */
export function memoryError(forWhat: string, cause: unknown): CliError {
  return new CliError(`this machine has too little memory ${forWhat}`, {
    exitCode: exitCodes.output,
    cause,
  });
}

let collect: (() => void) | undefined;

/**
 * Frees what nobody holds any more, for whoever has just dealt with texts of megabytes: V8 lets 100 MB of them gather
 * before it looks, and the engine needs that memory. It has no other door than this one.
 */
export function collectGarbage(): void {
  if (collect === undefined) {
    setFlagsFromString("--expose-gc");
    collect = runInNewContext("gc") as () => void;
  }
  collect();
}

/** Whether the engine, or what is compiled to WebAssembly, was refused memory. */
export function isOutOfMemory(error: unknown): boolean {
  return /^Out of Memory Error|^WebAssembly\..*(?:memory|Memory)/.test(messageOf(error));
}
