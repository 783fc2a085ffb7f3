import { existsSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { run } from "./campaigns/signals.js";
import { makeFolder, startTool, writeUsers } from "./tools.js";

test("a signal ends every command with its code, leaves nothing behind and the old database as it is", async () => {
  const { failures } = await run({ scale: 0.01, seed: 1 });
  expect(failures).toEqual([]);
}, 600_000);

/** As one of the engine's threads does that is at work still: the file is there again as soon as it was removed. */
const makesWalAgain = `
  import fs from "node:fs";
  import { syncBuiltinESMExports } from "node:module";
  const remove = fs.rmSync;
  let heard = 0;
  let isDue = false;
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => { isDue = (heard += 1) === 2; });
  fs.rmSync = (path, options) => {
    remove(path, options);
    if (isDue && String(path).endsWith(".importing.wal")) fs.writeFileSync(path, "");
    isDue &&= !String(path).endsWith(".importing.wal");
  };
  syncBuiltinESMExports();`;

test("what the engine makes anew while a second signal ends the process is removed, too", async () => {
  const folder = makeFolder();
  try {
    writeUsers(folder.file("users.json"), { count: 100_000 });
    const hook = `data:text/javascript,${encodeURIComponent(makesWalAgain)}`;
    const { child, ended } = startTool(folder.path, ["import", "users.json"], { node: ["--import", hook] });
    for (let tries = 0; tries < 1000 && !existsSync(folder.file("tenant.duckdb.importing")); tries += 1)
      await setTimeout(10);
    await setTimeout(300);
    child.kill("SIGINT");
    child.kill("SIGTERM");
    const { signal } = await ended;
    // The system may hand them over in either order.
    expect([signal?.slice(0, 3), folder.list()]).toEqual(["SIG", ["users.json"]]);
  } finally {
    folder.remove();
  }
});

test.each([
  ["a terminal that is closed", "SIGHUP", "SIGHUP"],
  ["Ctrl-\\, which would write memory to a file,", "SIGQUIT", "SIGINT"],
] as const)("%s ends an import as Ctrl-C does", async (_, sent, seen) => {
  const folder = makeFolder();
  try {
    writeUsers(folder.file("users.json"), { count: 100_000 });
    const { child, ended } = startTool(folder.path, ["import", "users.json"]);
    for (let tries = 0; tries < 1000 && !existsSync(folder.file("tenant.duckdb.importing")); tries += 1)
      await setTimeout(10);
    child.kill(sent);
    const { signal, status } = await ended;
    expect([signal ?? status, folder.list()]).toEqual([expect.toBeOneOf([seen, 130]), ["users.json"]]);
  } finally {
    folder.remove();
  }
});
