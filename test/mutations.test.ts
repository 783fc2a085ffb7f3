import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { isDataName } from "../src/discover.ts";
import { createRandom } from "./faults/tools.js";
import { createBench } from "./proving.ts";

const mutations = 2000;
const headBytes = 12_000;

/** The beginnings of all sample files and fixtures. */
const seeds = ["samples", "test/fixtures"].flatMap((folder) => {
  const root = fileURLToPath(new URL(`../${folder}`, import.meta.url));
  return readdirSync(root, { recursive: true })
    .map(String)
    .filter((name) => (isDataName(basename(name)) || name.endsWith(".zip")) && !name.endsWith("expect.json"))
    .toSorted()
    .map((name) => ({ name: basename(name), bytes: readFileSync(join(root, name)).subarray(0, headBytes) }));
});

const telling = [
  '"',
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  "\n",
  "\r",
  "\\",
  "\0",
  "\uFEFF",
  ";",
  "1e400",
  "null",
  '{"value":[',
];

/** A byte changed, a piece cut out, put in or doubled. */
function mutate(bytes: Buffer, random: () => number): Buffer {
  const place = (): number => Math.floor(random() * (bytes.length + 1));
  const [from, to] = [place(), place()].toSorted((left, right) => left - right) as [number, number];
  const [before, inside, after] = [bytes.subarray(0, from), bytes.subarray(from, to), bytes.subarray(to)];
  switch (Math.floor(random() * 6)) {
    case 0: {
      const flipped = Buffer.from(bytes);
      flipped[from] = (flipped[from] ?? 0) ^ (1 << Math.floor(random() * 8));
      return flipped;
    }
    case 1:
      return Buffer.concat([before, Buffer.from([Math.floor(random() * 256)]), bytes.subarray(from)]);
    case 2:
      return before;
    case 3:
      return Buffer.concat([before, after]);
    case 4:
      return Buffer.concat([before, inside, inside, after]);
    default: {
      const put = telling[Math.floor(random() * telling.length)] ?? "";
      return Buffer.concat([before, Buffer.from(put), bytes.subarray(from + Math.floor(random() * 2))]);
    }
  }
}

test(`${mutations} damaged files are judged without a fault, and every record of them is counted once`, async () => {
  const bench = createBench();
  const random = createRandom(42);
  let proven = 0;
  for (let round = 0; round < mutations; round += 1) {
    const seed = seeds[round % seeds.length] ?? { name: "a.json", bytes: Buffer.alloc(0) };
    let bytes: Buffer = seed.bytes;
    for (let times = 1 + Math.floor(random() * 3); times > 0; times -= 1) bytes = mutate(bytes, random);
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
