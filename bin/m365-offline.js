#!/usr/bin/env node
// Not as a text: the checker of types would follow it into the bundle.
await import(new URL("../bundle/cli.js", import.meta.url).href);
