import { readFileSync } from "node:fs";
import { messageOf } from "./errors.ts";
import type { Calls } from "./fast/assembly/calls.ts";

// TypeScript knows WebAssembly only together with a browser.
declare const WebAssembly: {
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: Calls };
};

/** WebAssembly with a memory of its own, which one reader at a time uses. */
export interface Machine {
  readonly calls: Calls;
  /** All of its memory; another one behind each call that makes it grow. */
  readonly bytes: Buffer;
}

// The compiled one also for the tests, which run the sources.
const program = new URL("../bundle/records.wasm", import.meta.url);

let module: object | undefined;
const spare: Machine[] = [];
let failure: string | undefined;

/** A machine that nobody uses; undefined where the processor has no SIMD for it. */
export function maybeMachine(): Machine | undefined {
  const known = spare.pop();
  if (known) return known;
  try {
    module ??= new WebAssembly.Module(readFileSync(program));
    const calls = new WebAssembly.Instance(module).exports;
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
