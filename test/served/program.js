// The program in a process that stays: runs one command line after the other, as relay.js gives them.
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

/** @typedef {{ loadProgram: () => { program: { main: () => Promise<void> } } }} Start */

const require = createRequire(import.meta.url);
const { loadProgram } = /** @type {Start} */ (require("../../bundle/start.cjs"));
const bin = fileURLToPath(new URL("../../bin/m365-offline.js", import.meta.url));
const { program } = loadProgram();

process.on("message", async (/** @type {{ args: string[], cwd: string }} */ { args, cwd }) => {
  process.chdir(cwd);
  process.argv = [process.execPath, bin, ...args];
  process.exitCode = undefined;
  await program.main();
  // Each run listens to them anew.
  for (const stream of [process.stdout, process.stderr]) stream.removeAllListeners("error");
  process.send?.(Number(process.exitCode ?? 0));
});
