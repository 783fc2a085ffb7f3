#!/usr/bin/env node
// Not as a text: the checker of types would follow it into what is built.
const { loadProgram } = await import(new URL("../dist/start.js", import.meta.url).href);
await loadProgram().program.main();
