import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect, test } from "vitest";
import { makeScratch } from "../src/scratch.ts";

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
