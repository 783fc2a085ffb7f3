import { expect, test } from "vitest";
import { run } from "./campaigns/damage.js";

test("every command says that a database is damaged or is right, and an import carries no damage on", async () => {
  const { failures } = await run({ scale: 0.04, seed: 1 });
  expect(failures).toEqual([]);
}, 300_000);
