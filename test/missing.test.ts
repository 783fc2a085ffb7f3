import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { answersOf, conceal, expectedStatus, expectNoInvention, filesIn, type Answers } from "./missing.ts";
import { Workdir } from "./workdir.ts";

const dir = new Workdir();
const sample = dir.sample("contoso");
const files = filesIn(sample);
let full: Answers;

beforeAll(async () => {
  full = await answersOf(dir, sample);
});

function expectStatuses(less: Answers, concealed = new Set<string>()): void {
  const said = less.outputs.get("output_status") ?? [];
  const statuses = Object.fromEntries(said.map(({ output, data_status: status }) => [output, status]));
  const expected = Object.keys(statuses).map((output) => [output, expectedStatus(output, less, concealed)]);
  expect(statuses).toEqual(Object.fromEntries(expected));
}

function expectSameOrUnknown(what: string, less: Answers): void {
  for (const [output, rows] of full.outputs)
    if (output !== "output_status" && output !== "data_quality" && output !== "orphans")
      expectNoInvention(`${output} ${what}`, rows, less.outputs.get(output) ?? []);
}

test("the sample tenant has every output Complete", () => {
  expectStatuses(full);
  const said = full.outputs.get("output_status") ?? [];
  expect(said.filter(({ data_status: status }) => status !== "Complete")).toEqual([]);
});

describe("each file of the sample tenant removed in turn: every output knows what it lacks, and nothing becomes zero, no or none", () => {
  test.each(files)("%s", async (file) => {
    const folder = dir.file("less");
    cpSync(sample, folder, { recursive: true, preserveTimestamps: true });
    rmSync(join(folder, file));
    const less = await answersOf(dir, folder);
    rmSync(folder, { recursive: true });
    expectStatuses(less);
    expectSameOrUnknown(`without ${file}`, less);
  });
});

describe("each report concealed in turn: nobody becomes inactive, and every output says so", () => {
  const reports = files.filter((file) => /Detail\.(csv|json)$/.test(file) && !/SiteUsage/.test(file));
  test.each(reports)("%s", async (file) => {
    const folder = dir.file("hidden");
    cpSync(sample, folder, { recursive: true, preserveTimestamps: true });
    conceal(folder, file);
    const less = await answersOf(dir, folder);
    rmSync(folder, { recursive: true });
    const [report] = less.result.files.filter((one) => one.file.endsWith(file));
    expect(report?.issues.map(({ code }) => code)).toContain("concealed_names");
    expectStatuses(less, new Set([report?.dataset ?? ""]));
    expectSameOrUnknown(`with ${file} concealed`, less);
  });
});
