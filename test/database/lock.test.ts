import { spawn } from "node:child_process";
import { linkSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import { importFiles } from "../../src/pipeline/import.ts";
import { page, Workdir } from "../workdir.ts";

const writer = fileURLToPath(new URL("../faults/write-notes.js", import.meta.url));

/** What plain DuckDB says that opens a database for writing. */
async function write(path: string): Promise<string> {
  const child = spawn(process.execPath, [writer, path, "7", "close"]);
  let said = "";
  child.stdout.on("data", (data: Buffer) => (said += data.toString()));
  await new Promise((resolve) => child.on("close", resolve));
  return said;
}

test.skipIf(process.platform === "win32")(
  "who has opened the old file before the renaming does not get its lock just behind it",
  async () => {
    const dir = new Workdir();
    const domain = { id: "contoso.com", isDefault: true, isInitial: false, isVerified: true };
    const path = dir.write("domains.json", page("domains", [domain]));
    dir.import(path);
    const db = dir.file("tenant.duckdb");
    // By another name it is the file that such a program has open.
    linkSync(db, dir.file("old.duckdb"));
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    const { exitCode } = await importFiles({ paths: [path], db, asOf: "2026-12-01" });
    expect(exitCode).toBe(0);
    expect(await write(dir.file("old.duckdb"))).toMatch(/^refused .*lock/);
    // The new one is free.
    expect(await write(db)).toBe("7\n");
    vi.advanceTimersByTime(1000);
    vi.useRealTimers();
    expect(await write(dir.file("old.duckdb"))).toBe("7\n");
  },
);
