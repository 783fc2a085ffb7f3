import { cpSync, rmSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { answersOf, conceal, expectNoInvention, expectStatuses, filesIn, type Answers } from "./missing.ts";
import { isWhole } from "../extent.ts";
import { Workdir } from "../workdir.ts";

const dir = new Workdir();
const sample = dir.sample("contoso");
const reports = filesIn(sample).filter((file) => /Detail\.(csv|json)$/.test(file) && !/SiteUsage/.test(file));
let full: Answers;

beforeAll(async () => {
  full = await answersOf(dir, sample);
}, 60_000);

describe("each report concealed in turn: nobody becomes inactive, and every output says so", () => {
  // Of the reports on one workload some by the short form.
  const chosen = reports.filter((file) => isWhole || !/^reports.(?!M365|Teams)/.test(file));
  test.each(chosen)("%s", async (file) => {
    const dataset = full.result.files.find((one) => one.file.endsWith(file))?.dataset ?? "";
    const folder = dir.file("hidden");
    cpSync(sample, folder, { recursive: true, preserveTimestamps: true });
    conceal(folder, file);
    const less = await answersOf(dir, folder, [dataset]);
    rmSync(folder, { recursive: true });
    const report = less.result.files.find((one) => one.file.endsWith(file));
    expect(report?.issues.map(({ code }) => code)).toContain("concealed_names");
    expectStatuses(less, new Set([dataset]));
    expectNoInvention(full, less, dataset);
  });
});
