import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bundleFolder } from "./paths.ts";

// TypeScript knows WebAssembly only together with a browser.
declare const WebAssembly: {
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

/** Compiles one of the programs that the build made of wasm-reader/assembly and database/block-checksum.ts; throws where this processor or file is not for it. */
export function compileWasm(name: "records" | "blocks"): object {
  // The compiled one also for the tests, which run the sources.
  return new WebAssembly.Module(readFileSync(join(bundleFolder, `${name}.wasm`)));
}

/** What such a program exports, with a memory of its own. */
export function startWasm(program: object): unknown {
  return new WebAssembly.Instance(program).exports;
}
