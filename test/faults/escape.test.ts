import { expect, test } from "vitest";
import { run } from "./campaigns/escape.js";

test("no SQL of a query and none in a tampered database reaches a file, a setting or the network", async () => {
  const { failures } = await run({ scale: 0.001, seed: 1 });
  expect(failures).toEqual([]);
});
