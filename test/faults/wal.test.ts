import { expect, test } from "vitest";
import { run } from "./campaigns/wal.js";

test("what a killed writer committed beside the database is kept whole, or every command refuses", async () => {
  const { failures } = await run({ scale: 0.01, seed: 1 });
  expect(failures).toEqual([]);
}, 600_000);
