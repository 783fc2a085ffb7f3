import { expect, test } from "vitest";
import { findParts } from "../../src/detect/batch-response.ts";
import { scanCsv } from "../../src/parse/csv-scanner.ts";
import { scanJson } from "../../src/parse/json-scanner.ts";
import type { ByteSource } from "../../src/source/decode.ts";
import { createBench, readSample, type Proven } from "../proving.ts";
import { createRandom } from "../faults/tools.js";
import { encodings, shapes, type Json } from "../detect/shapes.ts";
import { Workdir, type ImportedFile } from "../workdir.ts";

const files = [
  "MailboxUsageDetail.csv",
  "Office365ActiveUserDetail.csv",
  "OneDriveUsageAccountDetail.csv",
  "organization.json",
  "signIns.json",
  "subscribedSkus.json",
  "userRegistrationDetails.json",
  "users/users-1.json",
  "users/users-2.json",
  "users/users-3.json",
];
const cutsPerFile = 20;
const bench = createBench();

/** Where the records of a file lie: first byte, and the byte behind the last one. */
function boundsOf(name: string, bytes: Buffer): [number, number][] {
  let at = 0;
  const read: ByteSource["read"] = (target, from) => {
    const count = bytes.copy(target, from, at);
    at += count;
    return count;
  };
  const source: ByteSource = { encoding: "utf-8", read, close: () => {} };
  if (!name.endsWith(".csv"))
    return [...scanJson(source)].flatMap((piece) =>
      piece.kind === "record" ? [[piece.offset, piece.offset + piece.bytes.length]] : [],
    );
  const rows = [...scanCsv(source, ",")].flatMap((batch) =>
    batch.kind === "batch"
      ? batch.bounds.map(({ start, end }): [number, number] => [batch.offset + start, batch.offset + end])
      : [],
  );
  return rows.slice(1);
}

/** Places inside records, the same at every run. */
function cutsOf(name: string, bytes: Buffer): number[] {
  const random = createRandom(name.length);
  const bounds = boundsOf(name, bytes);
  return Array.from({ length: cutsPerFile }, () => {
    const [start, end] = bounds[Math.floor(random() * bounds.length)] ?? [0, 2];
    return start + 1 + Math.floor(random() * (end - start - 1));
  });
}

/** What is said of files that were cut: nothing that could be taken for whole. */
function isTakenForWhole(proven: readonly Proven[]): boolean {
  return proven.every(
    ({ verdict, tally }) =>
      verdict.completeness === "Complete" ||
      (verdict.completeness === "Unknown" &&
        !tally.issues.list().some(({ severity }) => severity === "error")),
  );
}

test.each(files)("%s cut inside a record is never taken for whole", async (name) => {
  const bytes = readSample(`contoso/${name}`);
  const base = name.replace(/^.*\//, "");
  expect(isTakenForWhole(await bench.prove(base, bytes))).toBe(
    !name.endsWith("users-1.json") && !name.endsWith("users-2.json"),
  );
  for (const cut of cutsOf(name, bytes)) {
    const proven = await bench.prove(base, bytes.subarray(0, cut));
    expect([cut, isTakenForWhole(proven)]).toEqual([cut, false]);
    for (const { tally, texts } of proven) expect(tally.read).toBe(texts.length + tally.rejected);
  }
});

const users = (JSON.parse(readSample("contoso/users/users-3.json").toString()) as { value: Json[] }).value;

test.each(shapes.filter(({ isClosed }) => isClosed))(
  "$name cut anywhere, in any encoding, is never taken for whole",
  async (shape) => {
    const random = createRandom(shape.name.length);
    for (const [encoding, encode] of encodings) {
      const bytes = encode(shape.write(users.slice(0, 4)));
      for (let round = 0; round < 12; round += 1) {
        const cut = 1 + Math.floor(random() * (bytes.length - 1));
        const proven = await bench.prove(shape.file, bytes.subarray(0, cut));
        expect([encoding, cut, isTakenForWhole(proven)]).toEqual([encoding, cut, false]);
      }
    }
  },
);

test("the import says so of every sample file that was cut", () => {
  const dir = new Workdir();
  for (const name of files) {
    const bytes = readSample(`contoso/${name}`);
    const [cut = 1] = cutsOf(name, bytes);
    dir.write(`in/${name}/${name.replace(/^.*\//, "")}`, bytes.subarray(0, cut));
  }
  const { status, files: told } = dir.import("in", "--as-of", "2026-11-01");
  const trusted = told.filter(
    ({ completeness, issues }: ImportedFile) =>
      completeness === "Complete" ||
      (completeness === "Unknown" && !issues.some(({ code }) => ["truncated", "unended"].includes(code))),
  );
  expect([status, told.length, trusted]).toEqual([1, files.length, []]);
});

test("the answers of batches are found wherever what was read ends first", () => {
  const answer = (id: number): object => ({ id: String(id), status: 200, body: { value: [{ id }] } });
  const batch = (id: number): string => JSON.stringify({ responses: [answer(id), answer(id + 1)] }, null, 1);
  const bytes = Buffer.from(`${batch(1)}\n${batch(3)}`);
  const partsBy = (first: number): unknown => {
    let at = 0;
    const read: ByteSource["read"] = (target, from) => {
      const count = bytes.copy(target, from, at, at < first ? first : bytes.length);
      at += count;
      return count;
    };
    return findParts({ encoding: "utf-8", read, close: () => {} });
  };
  const whole = partsBy(bytes.length);
  expect(whole).toMatchObject({ parts: [{}, {}, {}, {}], isCut: false });
  for (let first = 1; first < bytes.length; first += 1)
    expect(partsBy(first), `first ${first}`).toEqual(whole);
});
