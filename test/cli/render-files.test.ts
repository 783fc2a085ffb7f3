import { describe, expect, test } from "vitest";
import { describeFiles } from "../../src/cli/render-files.ts";
import type { FileReport } from "../../src/index.ts";

const report = (more: Partial<FileReport> = {}): FileReport => ({
  file: "exports/users.json",
  status: "loaded",
  dataset: "users",
  wrapper: "page",
  encoding: "utf-8",
  date_order: null,
  time_zone: null,
  snapshot_date: "2026-10-31",
  snapshot_date_source: "file",
  not_used: null,
  completeness: "Complete",
  completeness_reason: null,
  records_read: 1,
  records_loaded: 1,
  records_rejected: 0,
  records_duplicate: 0,
  issues: [],
  ...more,
});

describe("the table of an import", () => {
  test.each([
    ["file", "the file"],
    ["as_of", "--as-of"],
    ["file_name", "its name"],
    ["folder_name", "its folder"],
    ["other_file", "another list"],
    ["bound", "newest record or report"],
    ["modified_time", "a guess"],
    ["records", "its events"],
  ])("says where the day of a file comes from: %s", (source, words) => {
    const [, , file] = describeFiles([report({ snapshot_date_source: source })]).split("\n");
    expect(file).toBe(`      users.json (day: ${words})`);
  });

  test("says of a file that is kept but not used why", () => {
    const files = [report({ not_used: "that of 2026-11-30 is newer" }), report({ file: "exports/b.json" })];
    expect(describeFiles(files)).toBe(`read  loaded  rej.  dup.  day         dataset
   1       1     0     0  2026-10-31  users
      users.json (day: the file)
      KEPT, NOT USED: that of 2026-11-30 is newer
   1       1     0     0  2026-10-31  users
      b.json (day: the file)
`);
  });

  test("says of a file that is known and of no use what it is", () => {
    const message = "is a list of deleted users; it is not loaded";
    const issues = [
      { code: "not_loaded", severity: "warning", count: 1, message, cure: "", pointer: null, first: [] },
    ] as const;
    const deleted = report({
      status: "not_loaded",
      dataset: null,
      snapshot_date: null,
      snapshot_date_source: null,
      issues,
    });
    expect(describeFiles([deleted])).toContain(
      "      users.json\n      NOT USED: is a list of deleted users\n",
    );
  });

  test("says nothing of a day where there is none", () => {
    const refused = report({
      status: "unrecognised",
      dataset: null,
      snapshot_date: null,
      snapshot_date_source: null,
    });
    expect(describeFiles([refused])).toContain("      users.json (REFUSED)\n");
  });

  test("fits 80 columns with the longest dataset, counts of a million and a long name", () => {
    const dataset = "skype_for_business_activity_user_detail";
    const counts = { records_read: 999_999, records_loaded: 999_999 };
    const long = report({
      ...counts,
      dataset,
      file: `exports/reports/${dataset}-of-a-large-tenant-in-parts.csv`,
      snapshot_date_source: "bound",
      completeness: "Incomplete",
      not_used: "it is incomplete, and that of 2026-10-30 counts",
    });
    const lines = describeFiles([long, report({ file: "exports/users.json" })]).split("\n");
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines).toContain("      (day: newest record or report; INCOMPLETE)");
  });
});
