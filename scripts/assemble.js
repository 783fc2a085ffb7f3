// Compiles what reads records over bytes, and what sums up blocks of a database, to WebAssembly: bundle/records.wasm and bundle/blocks.wasm.
import { fileURLToPath } from "node:url";
import { main } from "assemblyscript/asc";

const at = (/** @type {string} */ path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const options = "--optimizeLevel 3 --runtime stub --noAssert --enable simd --initialMemory 32";
for (const [source, target] of [
  ["wasm-reader/assembly/index", "records"],
  ["database/block-checksum", "blocks"],
]) {
  const { error, stderr } = await main([
    at(`src/${source}.ts`),
    "--outFile",
    at(`bundle/${target}.wasm`),
    ...options.split(" "),
  ]);
  if (!error) continue;
  console.error(stderr.toString());
  throw error;
}
