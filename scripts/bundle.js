// Puts the program and the packages that it uses into few files: Node takes half the time to start them.
import { fileURLToPath } from "node:url";
import { build } from "rolldown";

const at = (/** @type {string} */ path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

await build({
  input: {
    cli: at("dist/cli.js"),
    "copy-child": at("dist/copy-child.js"),
    "hash-worker": at("dist/hash-worker.js"),
  },
  platform: "node",
  // The engine itself: a library of machine code for each platform.
  external: ["@duckdb/node-bindings"],
  // yargs measures its help by another version of what we measure tables by, which takes a quarter of the time of --help.
  resolve: { alias: { "string-width": "fast-string-width" } },
  logLevel: "warn",
  output: {
    dir: at("bundle"),
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "[name]-[hash].js",
  },
});
