import { expect, test } from "vitest";
import { fitTable } from "../../src/outputs/format.ts";
import { wrapText } from "../../src/outputs/wrap.ts";

const long = "a_list_of_names_".repeat(8);

test.each([
  ["is empty", "", 20, [""]],
  ["fits", "as it is", 8, ["as it is"]],
  ["is broken at blanks", "one two three four", 10, ["one two", "  three", "  four"]],
  [
    "has a long word, broken behind a sign",
    "see mailbox_usage_detail",
    14,
    ["see mailbox_", "  usage_detail"],
  ],
  ["has a long word without a sign", "abcdefghijkl", 6, ["abcd", "  efgh", "  ijkl"]],
  ["is wide, by the columns that it takes", "日本語日本語", 8, ["日本語", "  日本語"]],
])("a text that %s", (_what, text, width, lines) => {
  expect(wrapText(text, width)).toEqual(lines);
});

test("nothing of a text is lost, and no line is wider than asked for", () => {
  for (const width of [12, 40, 80]) {
    const lines = wrapText(`${long} and ${long} end`, width);
    expect(lines.filter((line) => line.length > width)).toEqual([]);
    expect(
      lines
        .map((line) => line.trim())
        .join("")
        .replaceAll(" ", ""),
    ).toBe(`${long}and${long}end`);
  }
});

test("a table fits 80 columns by its widest column of texts; numbers stay whole and unknown is a dash", () => {
  const columns = [
    { name: "output", isNumber: false },
    { name: "rows", isNumber: true },
    { name: "why", isNumber: false },
  ];
  const rows = [
    ["users", 12, "some words ".repeat(20)],
    ["mfa_status", null, null],
  ];
  const lines = fitTable(columns, rows).trimEnd().split("\n");
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect(lines[0]).toBe("output      rows  why");
  expect(lines[1]).toMatch(/^users {9}12 {2}some words/);
  expect(lines.at(-1)).toBe("mfa_status     -  -");
  expect(lines.join(" ").match(/some/g)).toHaveLength(20);
});
