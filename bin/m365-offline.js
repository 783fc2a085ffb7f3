#!/usr/bin/env node
// CommonJS, as the package.json here says: Node starts sooner without its loader of modules.
const { enableCompileCache } = /** @type {{ enableCompileCache?: () => void }} */ (require("node:module"));
// Node keeps what V8 compiled where it can (from 22.1 on).
enableCompileCache?.();

try {
  process.cwd();
} catch {
  console.error(
    "m365-offline: the folder that you are in is not there any more; change to another and try again",
  );
  process.exit(2);
}
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`m365-offline: needs Node 20.19 or newer; this is Node ${process.versions.node}.`);
  process.exit(4);
}
/** What is left undone when nothing more can happen was no success: 70, as errors.ts has it. */
const sayUndone = () => {
  process.exitCode ||= 70;
};
process.once("beforeExit", sayUndone);
// Not as a text: the checker of types would follow it into what is built.
const load = () => /** @type {{ main: () => Promise<void> }} */ (require(`${__dirname}/../bundle/main.cjs`));
try {
  void load()
    .main()
    .then(() => process.off("beforeExit", sayUndone));
} catch (error) {
  // What is loaded first is missing or cut, and so nothing of ours can say it.
  process.off("beforeExit", sayUndone);
  process.exitCode = 4;
  const why = error instanceof Error ? error.message.split("\n")[0] : String(error);
  process.stderr.write(
    `m365-offline: this copy of m365-offline is not whole. Install it anew, or build it with: npm run build\n  ${why}\n`,
  );
}
