import { expect, test } from "vitest";
import { run } from "./campaigns/shares.js";

test("on shares every command prints its result and leaves nothing, or says that files cannot be locked there", async () => {
  const { failures } = await run({ scale: 0.1, seed: 1 });
  expect(failures).toEqual([]);
}, 300_000);
