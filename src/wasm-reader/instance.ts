import { messageOf } from "../errors.ts";
import type { Calls } from "./abi.ts";
import { compileWasm, startWasm } from "../wasm.ts";

/** WebAssembly with a memory of its own, which one reader at a time uses. */
export interface Machine {
  readonly calls: Calls;
  /** All of its memory; another one behind each call that makes it grow. */
  readonly bytes: Buffer;
}

let module: object | undefined;
const spare: Machine[] = [];
let failure: string | undefined;

/** A machine that nobody uses; undefined where the processor has no SIMD for it. */
export function maybeMachine(): Machine | undefined {
  const known = spare.pop();
  if (known) return known;
  try {
    module ??= compileWasm("records");
    const calls = startWasm(module) as Calls;
    let bytes = Buffer.from(calls.memory.buffer);
    return {
      calls,
      get bytes() {
        const { buffer } = calls.memory;
        if (bytes.buffer !== buffer) bytes = Buffer.from(buffer);
        return bytes;
      },
    };
  } catch (error) {
    failure = messageOf(error);
    return undefined;
  }
}

/** Why there was none; undefined where there was, or nobody asked. */
export function whyNoMachine(): string | undefined {
  return failure;
}

/** Gives a machine back. */
export function releaseMachine(machine: Machine): void {
  spare.push(machine);
}
