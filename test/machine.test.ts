import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createBench } from "./proving.ts";
import { copyProgram } from "./program.ts";
import { Workdir } from "./workdir.ts";

const dir = new Workdir();

const schema = (properties: object): object => ({
  $schema: "./meta/dataset.schema.json",
  $id: "badges",
  title: "Badges",
  description: "Badges that doors know.",
  "x-kind": "state",
  "x-key": ["id"],
  "x-recognise": [["id", "badge1"]],
  "x-context": ["doors/badges"],
  "x-export": { graph: "none", portal: "the doors" },
  type: "object",
  properties: { id: { description: "Identifier.", type: "string" }, ...properties },
  required: ["id"],
});

const badges = (count: number): object =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `badge${index}`,
      { description: `Badge ${index}.`, type: ["string", "null"] },
    ]),
  );

/** How many records were read, were good, and took the fast path. */
async function readWith(name: string, content: object, records: readonly object[]): Promise<number[]> {
  dir.write(`${name}/badges.schema.json`, content);
  const bench = createBench([dir.file(name)]);
  const [proven] = await bench.prove("badges.json", JSON.stringify(records), {
    as: bench.datasets.get("badges"),
    isFast: true,
  });
  if (proven === undefined) throw new Error("nothing was read");
  return [proven.tally.read, proven.texts.length, proven.tally.fast];
}

const records = Array.from({ length: 5 }, (_, index) => ({ id: `b${index}`, badge1: "x" }));

test("a schema that is too large for the machine is for the slow path", async () => {
  expect(await readWith("small", schema(badges(20)), records)).toEqual([5, 5, 5]);
  expect(await readWith("large", schema(badges(1500)), records)).toEqual([5, 5, 0]);
});

test("where the machine cannot be had every record is parsed, with the same results", () => {
  const home = copyProgram(dir);
  const machine = join(home, "bundle/records.wasm");
  const whole = readFileSync(machine);
  const importSample = (name: string): string => {
    const args = [
      "import",
      dir.sample("contoso"),
      "--db",
      `${name}.duckdb`,
      "--json",
      "--as-of",
      "2026-11-01",
    ];
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      [join(home, "bin/m365-offline.js"), ...args],
      {
        cwd: dir.path,
        encoding: "utf8",
      },
    );
    expect([name, status, stderr]).toEqual([name, 0, ""]);
    return stdout.replaceAll(`${name}.duckdb`, "");
  };
  const answer = importSample("whole");
  for (const [name, bytes] of Object.entries({
    cut: whole.subarray(0, whole.length >> 1),
    none: undefined,
  })) {
    if (bytes) writeFileSync(machine, bytes);
    else rmSync(machine);
    expect(importSample(name)).toBe(answer);
  }
});
