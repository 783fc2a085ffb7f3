import { expect, test } from "vitest";
import { run } from "./campaigns/together.js";

test("imports, readers and other programs at once lose nothing and mix nothing, as on Windows", async () => {
  const { failures } = await run({ scale: 0.05, seed: 1 });
  expect(failures).toEqual([]);
}, 300_000);
