import { readFileSync } from "node:fs";

// TypeScript knows WebAssembly only together with a browser.
declare const WebAssembly: {
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

/** Compiles one of the programs that the build made of src/fast/assembly; throws where this processor or file is not for it. */
export function compileWasm(name: "records" | "blocks"): object {
  // The compiled one also for the tests, which run the sources.
  return new WebAssembly.Module(readFileSync(new URL(`../bundle/${name}.wasm`, import.meta.url)));
}

/** What such a program exports, with a memory of its own. */
export function startWasm(program: object): unknown {
  return new WebAssembly.Instance(program).exports;
}
