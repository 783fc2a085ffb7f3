import { expect, test } from "vitest";
import { run } from "./campaigns/damage.js";

// In `npm run thorough`: minutes that the suite has not.
test.skipIf(process.env["THOROUGH"] !== "all")(
  "every command says that a database is damaged or is right, and an import carries no damage on",
  async () => {
    const { failures } = await run({ scale: 0.04, seed: 1 });
    expect(failures).toEqual([]);
  },
  300_000,
);
