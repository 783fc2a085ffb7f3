// Damages sample files: a byte changed, a piece cut out, put in or doubled.
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const headBytes = 12_000;

/** The beginnings of all sample files and fixtures. @returns {{ name: string, bytes: Buffer }[]} */
export function readSeeds() {
  return ["samples", "test/fixtures"].flatMap((folder) => {
    const root = fileURLToPath(new URL(`../../${folder}`, import.meta.url));
    return readdirSync(root, { recursive: true })
      .map(String)
      .filter((name) => /^[^.].*\.(json|ndjson|jsonl|csv|zip)(\.gz)?$/i.test(basename(name)))
      .filter((name) => !name.endsWith("expect.json"))
      .toSorted()
      .map((name) => ({
        name: basename(name),
        bytes: readFileSync(join(root, name)).subarray(0, headBytes),
      }));
  });
}

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
  "99999999999999999999",
  "/Date(8640000000000000)/",
  '"__proto__":',
  String.raw`\ud800`,
];

/** @param {Buffer} bytes @param {() => number} random @returns {Buffer} */
function mutateOnce(bytes, random) {
  const place = () => Math.floor(random() * (bytes.length + 1));
  const [from = 0, to = 0] = [place(), place()].toSorted((left, right) => left - right);
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

/** Damages a file once to three times. @param {Buffer} bytes @param {() => number} random */
export function mutate(bytes, random) {
  let mutated = bytes;
  for (let times = 1 + Math.floor(random() * 3); times > 0; times -= 1) mutated = mutateOnce(mutated, random);
  return mutated;
}
