import { expect, test } from "vitest";
import { mutate, readSeeds } from "../faults/mutate.js";
import { createRandom } from "../faults/tools.js";
import { isThorough } from "../extent.ts";
import { createBench } from "../proving.ts";

const mutations = isThorough ? 2000 : 500;
const seeds = readSeeds();

test(`${mutations} damaged files are judged without a fault, and every record of them is counted once`, async () => {
  const bench = createBench();
  const random = createRandom(42);
  let proven = 0;
  for (let round = 0; round < mutations; round += 1) {
    const seed = seeds[round % seeds.length] ?? { name: "a.json", bytes: Buffer.alloc(0) };
    const bytes = mutate(seed.bytes, random);
    const wrong: unknown[] = [];
    try {
      for (const { tally, texts } of await bench.prove(seed.name, bytes)) {
        if (tally.read !== texts.length + tally.rejected)
          wrong.push([tally.read, texts.length, tally.rejected]);
        proven += texts.length;
      }
    } catch (error) {
      wrong.push(error);
    }
    expect([seed.name, round, bytes.toString("base64"), wrong]).toEqual([
      seed.name,
      round,
      bytes.toString("base64"),
      [],
    ]);
  }
  expect(proven).toBeGreaterThan(mutations);
});
