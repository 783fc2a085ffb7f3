import { expect, test } from "vitest";
import { run } from "./campaigns/disk.js";

test("full, limited, read-only and vanished disks are exit 5 with the bytes, and change and leave nothing", async () => {
  const { failures } = await run({ scale: 0.05, seed: 1 });
  expect(failures).toEqual([]);
}, 300_000);
