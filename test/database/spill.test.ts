import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect, test } from "vitest";
import { makeScratch, removeLeftovers } from "../../src/database/spill.ts";

test("a folder that another process took for a leftover before it was locked is made anew", async () => {
  const place = mkdtempSync(join(tmpdir(), "m365-offline-test-"));
  const create = DuckDBInstance.create.bind(DuckDBInstance);
  let removed = 0;
  DuckDBInstance.create = async (path, config): Promise<DuckDBInstance> => {
    const instance = await create(path, config);
    // As the other process does that got the lock first: between the opening of the file and its locking.
    if ((removed += 1) <= 2) rmSync(dirname(String(path)), { recursive: true });
    return instance;
  };
  try {
    const scratch = await makeScratch(join(place, "spill-"));
    expect([removed, existsSync(join(scratch.folder, "lock"))]).toEqual([3, true]);
    expect(readdirSync(place).length).toBe(1);
    scratch.remove();
    expect(readdirSync(place)).toEqual([]);
  } finally {
    DuckDBInstance.create = create;
    rmSync(place, { recursive: true });
  }
});

test("a folder in which another process just makes files, because it takes it for a leftover, is removed all the same", async () => {
  const place = mkdtempSync(join(tmpdir(), "m365-offline-test-"));
  try {
    const scratch = await makeScratch(join(place, "spill-"));
    const write = `const { existsSync, writeFileSync } = require("node:fs");
      const folder = ${JSON.stringify(scratch.folder)};
      let end = Infinity;
      for (let n = 0; Date.now() < end && existsSync(folder); n += 1) {
        try { writeFileSync(folder + "/" + n, ""); } catch {}
        if (n === 50) { end = Date.now() + 200; process.stdout.write("writes"); }
      }`;
    const other = spawn(process.execPath, ["--eval", write]);
    await once(other.stdout, "data");
    scratch.remove();
    expect(readdirSync(place)).toEqual([]);
    if (other.exitCode === null) await once(other, "exit");
  } finally {
    rmSync(place, { recursive: true });
  }
});

test("a folder whose maker was killed before it was locked goes at once, one that is being made stays", async () => {
  const place = mkdtempSync(join(tmpdir(), "m365-offline-test-"));
  try {
    const { pid: gone } = spawnSync(process.execPath, ["--version"]);
    const make = (name: string, lock?: string): void => {
      mkdirSync(join(place, name));
      if (lock !== undefined) writeFileSync(join(place, name, "lock"), lock);
    };
    make(`spill-${gone}-unlocked`);
    make(`spill-${gone}-torn`, "torn");
    make(`spill-${gone}-empty`, "");
    make(`spill-${process.pid}-unlocked`);
    make(`spill-${process.pid}-torn`, "torn");
    make("spill-unlocked");
    make(`other-${gone}-unlocked`);
    await removeLeftovers(join(place, "spill-"));
    expect(readdirSync(place).toSorted()).toEqual(
      [
        `other-${gone}-unlocked`,
        `spill-${process.pid}-torn`,
        `spill-${process.pid}-unlocked`,
        "spill-unlocked",
      ].toSorted(),
    );
  } finally {
    rmSync(place, { recursive: true });
  }
});
