import { expect, test } from "vitest";
import { run } from "./campaigns/signals.js";

test("a signal ends every command with its code, leaves nothing behind and the old database as it is", async () => {
  const { failures } = await run({ scale: 0.01, seed: 1 });
  expect(failures).toEqual([]);
}, 600_000);
