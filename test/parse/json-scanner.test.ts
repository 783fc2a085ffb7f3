import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { ByteSource } from "../../src/source/decode.ts";
import { parseRecord } from "../../src/parse/json.ts";
import { scanJson } from "../../src/parse/json-scanner.ts";

/** Gives the bytes in pieces of `step`, so that every boundary falls everywhere. */
function sourceOf(bytes: Buffer, step = bytes.length || 1): ByteSource {
  let at = 0;
  const read = (target: Buffer, from: number): number => {
    const count = bytes.copy(target, from, at, Math.min(at + step, bytes.length));
    at += count;
    return count;
  };
  return { encoding: "utf-8", read, close: () => {} };
}

/** The records as texts, and how the file ended. */
function scan(
  bytes: Buffer | string,
  step?: number,
): { records: string[]; offsets: number[]; ends: string[] } {
  const records: string[] = [];
  const offsets: number[] = [];
  const ends: string[] = [];
  for (const piece of scanJson(sourceOf(Buffer.from(bytes), step))) {
    if (piece.kind === "record") {
      records.push(piece.bytes.toString());
      offsets.push(piece.offset);
    } else if (piece.kind === "damage") ends.push(piece.issue.code);
    else if (piece.kind === "envelope") ends.push([...piece.entries.keys()].join());
  }
  return { records, offsets, ends };
}

const shapes: readonly (readonly [string, string, string[], string[]])[] = [
  [
    "a page",
    '{"@odata.context":"c","value":[{"a":1},{"b":"}]"}]}',
    ['{"a":1}', '{"b":"}]"}'],
    ["@odata.context,value"],
  ],
  [
    "a page with its next link behind the records",
    '{"value": [ {"a":1} ] , "@odata.nextLink":"n" }',
    ['{"a":1}'],
    ["value,@odata.nextLink"],
  ],
  ["an empty page", '{"value":[]}', [], ["value"]],
  [
    "concatenated pages",
    '{"value":[{"a":1}]}\n{"value":[{"a":2}]}',
    ['{"a":1}', '{"a":2}'],
    ["value", "value"],
  ],
  ["a bare array", ' [ {"a":[1,{"b":2}]} , {"c":"\\""} ] ', ['{"a":[1,{"b":2}]}', '{"c":"\\""}'], []],
  ["NDJSON", '{"a":1}\n{"a":2}\r\n\n{"a":3}', ['{"a":1}', '{"a":2}', '{"a":3}'], []],
  ["NDJSON with a broken line", '{"a":1}\n{"a":\n{"a":3}\n', ['{"a":1}', '{"a":', '{"a":3}'], []],
  ["a single object over lines", '{\n "a": 1\n}\n', ['{\n "a": 1\n}'], []],
  [
    "a single object with its context",
    '{"@odata.context":"c","id":"1"}',
    ['{"@odata.context":"c","id":"1"}'],
    ["@odata.context,id"],
  ],
  ["an error answer", '{"error":{"code":"x"}}', [], ["error"]],
  ["elements that are no objects", '[1,null,"x",[2]]', ["1", "null", '"x"', "2"], []],
  [
    "a list of pages",
    '[{"value":[{"a":1}],"@odata.nextLink":"n"},{"@odata.context":"c","value":[{"a":2}]}]',
    ['{"a":1}', '{"a":2}'],
    ["value,@odata.nextLink", "@odata.context,value"],
  ],
  ["an empty page of PowerShell", '{"@odata.context":"c","value":null}', [], ["@odata.context,value"]],
  [
    "joined files with marks",
    '[{"a":1}]\n\uFEFF[{"a":2}]\uFEFF{"a":3}',
    ['{"a":1}', '{"a":2}', '{"a":3}'],
    [],
  ],
  ["a list of lists", '[[{"a":1},{"a":2}],[],[{"a":3}]]', ['{"a":1}', '{"a":2}', '{"a":3}'], []],
  [
    "what Windows PowerShell makes of a list",
    '{"value":[{"a":1},{"a":2}],"Count":2}',
    ['{"a":1}', '{"a":2}'],
    ["value,Count"],
  ],
  ["a list of one that PowerShell unrolled", '{"Count":1,"value":{"a":1}}', ['{"a":1}'], ["Count,value"]],
  [
    "Event Hub messages",
    '{"records":[{"a":1}]}\n{"records":[{"a":2},{"a":3}]}\n',
    ['{"a":1}', '{"a":2}', '{"a":3}'],
    ["records", "records"],
  ],
  [
    "an error answer behind a page",
    '{"value":[{"a":1}],"@odata.nextLink":"n"}{"error":{"code":"c"}}',
    ['{"a":1}'],
    ["value,@odata.nextLink", "error"],
  ],
  ["a record with an unclosed bracket", '[{"a":[1},{"b":2}]', ['{"a":[1}', '{"b":2}'], []],
  ["a page cut in a record", '{"value":[{"a":1},{"b":', ['{"a":1}'], ["truncated"]],
  ["a page cut between records", '{"value":[{"a":1},', ['{"a":1}'], ["truncated"]],
  ["a page cut behind its array", '{"value":[{"a":1}]', ['{"a":1}'], ["truncated"]],
  ["a missing comma", '[{"a":1}{"b":2}]', ['{"a":1}'], ["json_damage"]],
  ["a comma too many", '[{"a":1},]', ['{"a":1}'], ["json_damage"]],
  ["no JSON", "hello", [], ["json_damage"]],
];

test.each(shapes)("finds the records of %s, wherever the blocks end", (_, text, records, ends) => {
  for (let step = 1; step <= text.length; step += 1) {
    const found = scan(text, step);
    expect(found.records).toEqual(records);
    expect(found.ends).toEqual(ends);
  }
});

test("tells at which byte a record begins, also behind characters of several bytes", () => {
  const { offsets } = scan('[{"a":"é😀"},{"b":1}]', 3);
  expect(offsets).toEqual([1, Buffer.byteLength('[{"a":"é😀"},')]);
});

test("finds records much larger than its window, and gives up where one does not end within 16 MiB", () => {
  const large = JSON.stringify({ a: "x".repeat(3 << 20) });
  expect(scan(`[${large},{"b":1}]`, 1 << 16).records.map(({ length }) => length)).toEqual([large.length, 7]);
  expect(scan(`[{"a":"${"x".repeat(40 << 20)}`).ends).toEqual(["too_large"]);
});

test("refuses a record larger than 16 MiB and reads on behind it", () => {
  const huge = JSON.stringify({ a: "x".repeat(17 << 20) });
  const verdicts: string[] = [];
  for (const piece of scanJson(sourceOf(Buffer.from(`[${huge},{"b":1}]`)))) {
    const parsed = piece.kind === "record" ? parseRecord(piece) : piece;
    verdicts.push("code" in parsed ? parsed.code : "good");
  }
  expect(verdicts).toEqual(["too_large", "good"]);
});

const suite = fileURLToPath(new URL("../../../shared/corpora/json-testsuite/test_parsing", import.meta.url));

/** What becomes of a record whose one value is the text: accepted, or the codes why not. */
function judgeInside(name: string): string {
  const text = readFileSync(join(suite, name));
  const bytes = Buffer.concat([Buffer.from('[{"v":'), text, Buffer.from("}]")]);
  const codes: string[] = [];
  for (const piece of scanJson(sourceOf(bytes))) {
    if (piece.kind === "damage") codes.push(piece.issue.code);
    const parsed = piece.kind === "record" ? parseRecord(piece) : undefined;
    if (parsed && "code" in parsed) codes.push(parsed.code);
  }
  return codes.join() || "accepted";
}

test.skipIf(!existsSync(suite))(
  "judges JSONTestSuite as JSON.parse does, when a text stands in for a record's value",
  () => {
    const wrong = readdirSync(suite).filter((name) => {
      const verdict = judgeInside(name);
      // Well-formed, but no record: of two equal keys nobody knows which value is meant.
      if (verdict === "duplicate_key") expect(name).toMatch(/^y_object_duplicated_key(_and_value)?\.json$/);
      const isAccepted = verdict === "accepted" || verdict === "duplicate_key";
      if (name.startsWith("y_")) return !isAccepted;
      return name.startsWith("n_") && isAccepted;
    });
    expect(wrong).toEqual([]);
  },
);

/** What RFC 8259 leaves open: numbers of any size, texts that must be Unicode, and keys that need not. */
const left: Readonly<Record<string, string>> = {
  "i_number_double_huge_neg_exp.json": "accepted",
  "i_number_huge_exp.json": "accepted",
  "i_number_neg_int_huge_exp.json": "accepted",
  "i_number_pos_double_huge_exp.json": "accepted",
  "i_number_real_neg_overflow.json": "accepted",
  "i_number_real_pos_overflow.json": "accepted",
  "i_number_real_underflow.json": "accepted",
  "i_number_too_big_neg_int.json": "accepted",
  "i_number_too_big_pos_int.json": "accepted",
  "i_number_very_big_negative_int.json": "accepted",
  "i_object_key_lone_2nd_surrogate.json": "accepted",
  "i_string_1st_surrogate_but_2nd_missing.json": "lone_surrogate",
  "i_string_1st_valid_surrogate_2nd_invalid.json": "lone_surrogate",
  "i_string_UTF-16LE_with_BOM.json": "invalid_utf8",
  "i_string_UTF-8_invalid_sequence.json": "invalid_utf8",
  "i_string_UTF8_surrogate_U+D800.json": "invalid_utf8",
  "i_string_incomplete_surrogate_and_escape_valid.json": "lone_surrogate",
  "i_string_incomplete_surrogate_pair.json": "lone_surrogate",
  "i_string_incomplete_surrogates_escape_valid.json": "lone_surrogate",
  "i_string_invalid_lonely_surrogate.json": "lone_surrogate",
  "i_string_invalid_surrogate.json": "lone_surrogate",
  "i_string_invalid_utf-8.json": "invalid_utf8",
  "i_string_inverted_surrogates_U+1D11E.json": "lone_surrogate",
  "i_string_iso_latin_1.json": "invalid_utf8",
  "i_string_lone_second_surrogate.json": "lone_surrogate",
  "i_string_lone_utf8_continuation_byte.json": "invalid_utf8",
  "i_string_not_in_unicode_range.json": "invalid_utf8",
  "i_string_overlong_sequence_2_bytes.json": "invalid_utf8",
  "i_string_overlong_sequence_6_bytes.json": "invalid_utf8",
  "i_string_overlong_sequence_6_bytes_null.json": "invalid_utf8",
  "i_string_truncated-utf-8.json": "invalid_utf8",
  "i_string_utf16BE_no_BOM.json": "invalid_utf8",
  "i_string_utf16LE_no_BOM.json": "invalid_utf8",
  "i_structure_500_nested_arrays.json": "too_deep",
  "i_structure_UTF-8_BOM_empty_object.json": "json_syntax",
};

test.skipIf(!existsSync(suite))("judges what JSONTestSuite leaves open as it always did", () => {
  const names = readdirSync(suite).filter((name) => name.startsWith("i_"));
  expect(Object.fromEntries(names.map((name) => [name, judgeInside(name)]))).toEqual(left);
});
