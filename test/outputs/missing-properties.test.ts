import { cpSync, rmSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { loadDatasets } from "../../src/schema/dataset.ts";
import {
  answersOf,
  dropProperty,
  expectNoInvention,
  expectStatuses,
  filesIn,
  neededProperties,
  type Answers,
} from "./missing.ts";
import { isWhole } from "../extent.ts";
import { Workdir } from "../workdir.ts";

const dir = new Workdir();
const sample = dir.sample("contoso");
const datasets = loadDatasets();
let full: Answers;

beforeAll(async () => {
  full = await answersOf(dir, sample);
}, 180_000);

/** What a record cannot be without is never missing: such records are rejected. */
function canBeLeftOut(name: string): boolean {
  const [dataset = "", property = ""] = name.split(".");
  const found = datasets.get(dataset)?.properties.find((one) => one.name === property);
  return found !== undefined && !found.isRequired;
}

describe("each needed property removed in turn: every output knows what it lacks, and nothing becomes zero, no or none", () => {
  // output_status.test.ts does it for a tenant of one; the short form takes some here.
  const some = /accountEnabled|isMfaCapable|prepaidUnits/;
  const chosen = neededProperties().filter((name) => canBeLeftOut(name) && (isWhole || some.test(name)));
  test.each(chosen)("%s", async (name) => {
    const [dataset = "", property = ""] = name.split(".");
    const headers = datasets.get(dataset)?.properties.find((one) => one.name === property);
    const names = [property, ...(headers?.headers ?? []), ...(headers?.invertedHeaders ?? [])];
    const files = full.result.files.filter((file) => file.dataset === dataset).map(({ file }) => file);
    const folder = dir.file("less");
    cpSync(sample, folder, { recursive: true, preserveTimestamps: true });
    for (const file of filesIn(folder))
      if (files.some((label) => label.endsWith(file))) dropProperty(folder, file, names);
    const less = await answersOf(dir, folder, [dataset]);
    rmSync(folder, { recursive: true });
    expect(less.properties.has(name)).toBe(false);
    expectStatuses(less);
    expectNoInvention(full, less, dataset);
  });
});
