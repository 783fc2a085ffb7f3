import { expect, test } from "vitest";
import { run } from "./campaigns/kill.js";

test("an import that is killed leaves the old state or the new one, and nothing after the next run", async () => {
  const { figures, failures } = await run({ scale: 0.01, seed: 1 });
  expect(failures).toEqual([]);
  expect(figures).toMatch(/^2\d kills of imports/);
}, 600_000);
