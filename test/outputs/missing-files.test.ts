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

suiteTest("a zero among the uses of a SKU is right only where Not Available has all who left", () => {
  const answers = (uses: readonly (number | null)[], assigned = 6): Answers => {
    const [active, inactive, none, unmonitored, unavailable] = uses;
    const row = {
      sku_id: "a",
      assigned_users: assigned,
      sku_active_users: active,
      sku_inactive_users: inactive,
      sku_no_activity_users: none,
      sku_not_monitored_users: unmonitored,
      sku_not_available_users: unavailable,
    };
    return { ...full, outputs: new Map([["license_summary", [row]]]) };
  };
  const compare = (before: readonly number[], now: readonly (number | null)[], assigned?: number) => () => {
    expectNoInvention(answers(before), answers(now, assigned), "subscribed_skus");
  };
  const before = [1, 0, 0, 4, 1];
  expect(compare(before, [0, 0, 0, 0, 6])).not.toThrow();
  expect(compare(before, [1, 0, 0, 0, 5])).not.toThrow();
  expect(compare(before, [5, 0, 0, 0, 1]), "they became Active").toThrow("sku_not_monitored_users");
  expect(compare(before, [1, 0, 0, 0, 1]), "they are gone").toThrow("sku_not_monitored_users");
  expect(compare(before, [1, 0, 0, 0, null]), "nobody knows").toThrow("sku_not_monitored_users");
  expect(compare(before, [1, 0, 0, 0, 1], 2), "nobody has it").toThrow("sku_not_monitored_users");
  expect(compare([1, 0, 0, 4, 1], [1, 0, 0, 5, 0]), "Not Available itself").toThrow(
    "sku_not_available_users",
  );
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
