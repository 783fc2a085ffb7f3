import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import papaparse from "papaparse";
import { beforeAll, describe, expect, test } from "vitest";
import { Workdir } from "./workdir.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const sample = join(root, "samples/contoso");
const readme = readFileSync(join(root, "README.md"), "utf8");

type Record_ = Readonly<Record<string, unknown>>;

/** The rows of the README's table: dataset, property and the column of an output that shows it. */
const promised = [
  ...(/### From the export to the output\n([\s\S]*?)\n## /.exec(readme)?.[1] ?? "").matchAll(
    /^\| `(\w+)` \| `?([^`|]+?)`? \| `(\w+)\.(\w+)`/gm,
  ),
].map(
  ([, dataset = "", property = "", output = "", column = ""]) => [dataset, property, output, column] as const,
);

/** The records of a dataset as they stand in the sample's files, read without the tool. */
function recordsOf(dataset: string): readonly Record_[] {
  const json = (name: string): Record_[] =>
    (JSON.parse(readFileSync(join(sample, name), "utf8")) as { value: Record_[] }).value;
  const csv = (name: string): Record_[] =>
    papaparse.parse<Record_>(readFileSync(join(sample, name), "utf8").replace(/^\uFEFF/, ""), {
      header: true,
      skipEmptyLines: true,
    }).data;
  switch (dataset) {
    case "subscribed_skus":
      return json("subscribedSkus.json");
    case "users":
      return readdirSync(join(sample, "users")).flatMap((name) => json(`users/${name}`));
    case "user_registration_details":
      return json("userRegistrationDetails.json");
    case "sign_ins":
      return json("signIns.json");
    case "office365_active_user_detail":
      return csv("Office365ActiveUserDetail.csv");
    case "mailbox_usage_detail":
      return csv("MailboxUsageDetail.csv");
    default:
      return csv("OneDriveUsageAccountDetail.csv");
  }
}

function valueOf(record: Record_, path: string): unknown {
  if (path in record) return record[path];
  return path.split(".").reduce<unknown>((value, key) => (value as Record_ | null)?.[key], record);
}

let rows: Map<string, Record_[]>;

beforeAll(() => {
  const dir = new Workdir();
  dir.import(sample);
  const outputs = [...new Set(promised.map(([, , output]) => output))];
  rows = new Map(outputs.map((output) => [output, dir.query(`from ${output}`)]));
});

const rowsOf = (output: string): Record_[] => rows.get(output) ?? [];
const lower = (value: unknown): string => String(value).toLowerCase();

/** The rows of an output that are about what a record is about. */
function aboutSame(output: string, record: Record_): Record_[] {
  const name = record["Owner Principal Name"] ?? record["User Principal Name"];
  if (output === "license_summary")
    return rowsOf(output).filter((row) => row["sku_id"] === lower(record["skuId"]));
  if (name !== undefined)
    return rowsOf(output).filter((row) => lower(row["user_principal_name"]) === lower(name));
  if (output !== "app_activity")
    return rowsOf(output).filter((row) => row["user_id"] === lower(record["id"]));
  return rowsOf(output).filter(
    (row) =>
      row["app_id"] === lower(record["appId"]) &&
      (row["user_id"] === lower(record["userId"]) ||
        lower(row["user_principal_name"]) === lower(record["userPrincipalName"])),
  );
}

test("the README follows every property of the product's table", () => {
  expect(promised.length).toBe(30);
});

describe("every record's value stands in the column", () => {
  const summed = promised.filter(
    ([dataset, property]) => dataset === "subscribed_skus" && /Units/.test(property),
  );
  test.each(summed)(
    "%s %s in %s.%s: the sum over the objects of a SKU",
    (dataset, property, output, column) => {
      for (const row of rowsOf(output)) {
        const same = recordsOf(dataset).filter((record) => lower(record["skuId"]) === row["sku_id"]);
        const sum = same.reduce((total, record) => total + Number(valueOf(record, property)), 0);
        expect([row["sku_id"], row[column]]).toEqual([row["sku_id"], sum]);
      }
    },
  );

  const plain = promised.filter(
    ([dataset, property, output]) =>
      !summed.some(([, name]) => name === property && dataset === "subscribed_skus") &&
      property !== "no record" &&
      property !== "assignedLicenses" &&
      output !== "user_activity",
  );
  test.each(plain)("%s %s in %s.%s", (dataset, property, output, column) => {
    const isTime = property.endsWith("DateTime");
    let found = 0;
    for (const record of recordsOf(dataset)) {
      const value = valueOf(record, property);
      const same = aboutSame(output, record);
      // Who is in no users export has no row in the outputs on users.
      if (same.length === 0 && output === "mfa_status") continue;
      const cells = same.map((row) => row[column]);
      found += 1;
      if (output === "app_activity" && isTime) {
        // The last success is that record or a later one.
        const isGood = (record["status"] as Record_)["errorCode"] === 0;
        if (isGood) expect(cells.some((cell) => String(cell) >= String(value).slice(0, 19))).toBe(true);
      } else if (column === "app_display_name") expect(cells.length).toBeGreaterThan(0);
      else if (column === "subscribed_sku_ids") expect(String(cells[0]).split("; ")).toContain(value);
      else if (isTime) expect(String(cells[0]).slice(0, 19)).toBe(String(value).slice(0, 19));
      else if (column.endsWith("_id") || column === "user_principal_name")
        expect(cells.map(lower)).toContain(lower(value));
      else expect(cells).toContain(value === "" ? null : value);
    }
    expect(found).toBeGreaterThan(10);
  });

  test("users assignedLicenses in license_assignments.sku_id, and no other that consumes a unit", () => {
    const held = recordsOf("users").flatMap((record) =>
      (record["assignedLicenses"] as Record_[]).map(({ skuId }) => `${lower(record["id"])} ${lower(skuId)}`),
    );
    const shown = rowsOf("license_assignments").filter((row) => row["consumes_unit"] === true);
    expect(shown.map((row) => `${String(row["user_id"])} ${String(row["sku_id"])}`).toSorted()).toEqual(
      held.toSorted(),
    );
  });

  test("nobody without a registration record has another status than Not Available", () => {
    const registered = new Set(recordsOf("user_registration_details").map(({ id }) => lower(id)));
    const others = rowsOf("mfa_status").filter((row) => !registered.has(String(row["user_id"])));
    expect(others.length).toBeGreaterThan(3);
    expect(new Set(others.map((row) => row["mfa_status"]))).toEqual(new Set(["Not Available"]));
  });

  const reported = promised.filter(([, , output]) => output === "user_activity");
  test.each(reported)(
    "%s %s in %s.%s: the newest of the user, the storage of what is not deleted",
    (dataset, property, output, column) => {
      let found = 0;
      for (const record of recordsOf(dataset)) {
        const value = record[property];
        const [row] = aboutSame(output, record);
        if (row === undefined || record["Is Deleted"] === "True" || value === "") continue;
        found += 1;
        if (column.endsWith("_bytes")) expect([record, row[column]]).toEqual([record, Number(value)]);
        else expect(String(row[column]) >= String(value)).toBe(true);
      }
      expect(found).toBeGreaterThan(20);
    },
  );
});
