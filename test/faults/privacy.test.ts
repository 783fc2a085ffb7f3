import { expect, test } from "vitest";
import { run } from "./campaigns/privacy.js";

test("files are their owner's alone, nothing stays after a kill, and no message holds a value", async () => {
  const { failures } = await run({ scale: 0.03, seed: 1 });
  expect(failures).toEqual([]);
}, 120_000);
