import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { answersOf, expectNoInvention, expectStatuses, filesIn, type Answers } from "./missing.ts";
import { isSuite, isThorough, isWhole, suiteTest } from "../extent.ts";
import { Workdir } from "../workdir.ts";

const dir = new Workdir();
const sample = dir.sample("contoso");
const files = filesIn(sample);
let full: Answers;

beforeAll(async () => {
  full = await answersOf(dir, sample);
}, 60_000);

suiteTest("the sample tenant has every output Complete", () => {
  expectStatuses(full);
  const said = full.outputs.get("output_status") ?? [];
  expect(said.filter(({ data_status: status }) => status !== "Complete")).toEqual([]);
});

describe("each file of the sample tenant removed in turn: every output knows what it lacks, and nothing becomes zero, no or none", () => {
  // One by the suite; by the short form some with all figures, and of the others the status of every output.
  const compared = /subscribedSkus|users-2|ActiveUser/;
  const chosen = files.filter((file) => (/subscribedSkus/.test(file) ? isSuite : isThorough));
  test.each(chosen)("%s", async (file) => {
    const dataset = full.result.files.find((one) => one.file.endsWith(file))?.dataset ?? "";
    expect(dataset).not.toBe("");
    const folder = dir.file("less");
    cpSync(sample, folder, { recursive: true, preserveTimestamps: true });
    rmSync(join(folder, file));
    const less = await answersOf(dir, folder, isWhole || compared.test(file) ? [dataset] : []);
    rmSync(folder, { recursive: true });
    expectStatuses(less);
    expectNoInvention(full, less, dataset);
  });
});
