import { expect, test } from "vitest";
import { run } from "./campaigns/terminal.js";

test("no text out of data, names or options reaches a terminal raw or begins a line", async () => {
  const { failures } = await run({ scale: 0.2, seed: 1 });
  expect(failures).toEqual([]);
});
