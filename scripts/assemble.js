// Compiles what reads records over bytes to WebAssembly: bundle/records.wasm.
import { fileURLToPath } from "node:url";
import { main } from "assemblyscript/asc";

const at = (/** @type {string} */ path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const options = "--optimizeLevel 3 --runtime stub --noAssert --enable simd --initialMemory 32";
const { error, stderr } = await main([
  at("src/fast/assembly/index.ts"),
  "--outFile",
  at("bundle/records.wasm"),
  ...options.split(" "),
]);
if (error) {
  console.error(stderr.toString());
  throw error;
}
