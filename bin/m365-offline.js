#!/usr/bin/env node
// CommonJS, as the package.json here says: Node starts without its loader of modules, which is a twentieth of --help.
// Not as a text: the checker of types would follow it into what is built.
const start = /** @type {{ runProgram: () => void }} */ (require(`${__dirname}/../bundle/start.cjs`));
start.runProgram();
