import { expect, test } from "vitest";
import { isThorough, suiteTest } from "../extent.ts";
import { createBench, readSample, type Proven } from "../proving.ts";
import { containers, encodings, shapes, type Json } from "./shapes.ts";
import { Workdir } from "../workdir.ts";

const users = [1, 2, 3].flatMap(
  (number) =>
    (JSON.parse(readSample(`contoso/users/users-${number}.json`).toString()) as { value: Json[] }).value,
);
const bench = createBench();

/** The canonical texts; /Date(ms)/ has three digits behind the second where ISO has none. */
const textsOf = (proven: readonly Proven[]): string[] =>
  proven.flatMap(({ texts }) => texts.map((text) => text.replaceAll(".000Z", "Z")));

test.each(shapes)("the 62 users are the same as $name, in every encoding, packed or not", async (shape) => {
  const expected = textsOf(await bench.prove("users.json", JSON.stringify(users)));
  expect([users.length, expected.length]).toEqual([62, 62]);
  for (const [at, [encoding, encode]] of encodings.entries())
    for (const [place, [container, pack]] of containers.entries()) {
      // The suite takes one container for each encoding, and each container.
      if (!isThorough && place !== at % containers.length) continue;
      const proven = await bench.prove(...pack(shape.file, encode(shape.write(users))));
      const what = `${encoding}, ${container}`;
      expect([what, proven.map(({ recognition }) => recognition.dataset?.name)]).toEqual([
        what,
        proven.map(() => "users"),
      ]);
      const texts = textsOf(proven);
      const wrong = expected.findIndex((text, index) => texts[index] !== text);
      expect([what, texts.length, texts[wrong]]).toEqual([what, expected.length, expected[wrong]]);
    }
});

const rowsSql = "select * exclude (source_file_id, record_number) from raw.users order by id";

suiteTest("the same rows are in the database, whatever shape, encoding and packing the users came in", () => {
  const chosen = [
    ["a page", 0, 0],
    ["Windows PowerShell 5.1", 4, 2],
    ["NDJSON", 3, 1],
  ] as const;
  const found = chosen.map(([name, encoding, container]) => {
    const shape = shapes.find((each) => each.name === name);
    const bytes = encodings[encoding]?.[1](shape?.write(users) ?? "") ?? Buffer.alloc(0);
    const [file, packed] = containers[container]?.[1](shape?.file ?? "", bytes) ?? ["", bytes];
    const dir = new Workdir();
    dir.import(dir.write(file, packed), "--as-of", "2026-11-01");
    return dir.query(rowsSql);
  });
  for (const rows of found) expect(rows).toEqual(found[0]);
  expect(found[0]?.length).toBe(62);
});
