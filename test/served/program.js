// The program in a process that stays: runs one command line after the other, as relay.js gives them.
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
// Not as a text: the checker of types would follow it into what is built.
const require = createRequire(import.meta.url);
const { main } = /** @type {{ main: () => Promise<void> }} */ (require(`${root}/bundle/main.cjs`));

process.on("message", (/** @type {{ args: string[], cwd: string }} */ request) => void run(request));

/** @param {{ args: string[], cwd: string }} request */
async function run({ args, cwd }) {
  process.chdir(cwd);
  process.argv = [process.execPath, `${root}/bin/m365-offline.js`, ...args];
  process.exitCode = 0;
  await main();
  // Each run listens to them anew.
  for (const stream of [process.stdout, process.stderr]) stream.removeAllListeners("error");
  process.send?.(process.exitCode);
}
