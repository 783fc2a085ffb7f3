import { expect, test } from "vitest";
import { run } from "./campaigns/network.js";

// In `npm run thorough`: minutes that the suite has not.
test.skipIf(process.env["THOROUGH"] !== "all")(
  "import, query and export open no internet socket",
  async () => {
    const { failures } = await run({ scale: 0.1, seed: 1 });
    expect(failures).toEqual([]);
  },
);
