import { expect, test } from "vitest";
import { run } from "./campaigns/network.js";

test("import, query and export open no internet socket", async () => {
  const { failures } = await run({ scale: 0.1, seed: 1 });
  expect(failures).toEqual([]);
});
