#!/usr/bin/env node
// CommonJS, as the package.json here says: Node starts sooner without its loader of modules.
const { enableCompileCache } = /** @type {{ enableCompileCache?: () => void }} */ (require("node:module"));
// Node keeps what V8 compiled where it can (from 22.1 on).
enableCompileCache?.();

/** What is left undone when nothing more can happen was no success: 70, as errors.ts has it. */
const sayUndone = () => {
  process.exitCode ||= 70;
};
process.once("beforeExit", sayUndone);
// Not as a text: the checker of types would follow it into what is built.
const { main } = /** @type {{ main: () => Promise<void> }} */ (require(`${__dirname}/../bundle/main.cjs`));
void main().then(() => process.off("beforeExit", sayUndone));
