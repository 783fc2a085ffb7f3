import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expandArchives } from "../src/source/archive.ts";
import { judgeFiles, type Verdict } from "../src/ledger/completeness.ts";
import { loadDatasets, type Dataset } from "../src/schema/dataset.ts";
import type { InputFile } from "../src/source/discover.ts";
import type { Cells, Sheet, SheetColumn } from "../src/batch/record-batch.ts";
import { isSheet } from "../src/load/batch-queue.ts";
import { createProver, type Prover } from "../src/read/generic-reader.ts";
import { recogniseFile } from "../src/detect/detect.ts";
import type { Hints, Recognition } from "../src/detect/detection.ts";
import { proveRecords } from "../src/read/reader.ts";
import { packetsOf, startTally } from "../src/load/loader.ts";
import type { Tally } from "../src/batch/file-stats.ts";
import { Workdir } from "./workdir.ts";

/** What became of one file in this process: what it is, what was met, and the canonical texts of its good records. */
export interface Proven {
  readonly recognition: Recognition;
  readonly tally: Tally;
  readonly texts: readonly string[];
  readonly verdict: Verdict;
}

/** Proves files in this process, without a database. */
export interface Bench {
  readonly datasets: ReadonlyMap<string, Dataset>;
  readonly prove: (
    name: string,
    content: string | Buffer,
    hints?: Hints & { encoding?: string; isFast?: boolean },
  ) => Promise<Proven[]>;
  readonly proverOf: (dataset: Dataset) => Prover;
}

const samples = fileURLToPath(new URL("../samples", import.meta.url));

export const readSample = (name: string): Buffer => readFileSync(join(samples, name));

export function createBench(schemas: readonly string[] = []): Bench {
  const dir = new Workdir();
  const datasets = loadDatasets(schemas);
  const provers = new Map<Dataset, Prover>();
  const proverOf = (dataset: Dataset): Prover => {
    const prover = provers.get(dataset) ?? createProver(dataset);
    provers.set(dataset, prover);
    return prover;
  };
  const proveOne = (recognition: Recognition, isFast: boolean): Omit<Proven, "verdict"> => {
    const { dataset, isReadable } = recognition;
    const tally = startTally(recognition);
    if (isFast && dataset && isReadable)
      return { recognition, tally, texts: loadTexts(recognition, proverOf(dataset), tally) };
    const records = dataset && isReadable ? proveRecords(recognition, proverOf(dataset), { tally }) : [];
    return {
      recognition,
      tally,
      texts: [...records].flatMap((record) => (record && "text" in record ? record.text : [])),
    };
  };
  const prove: Bench["prove"] = async (name, content, { encoding, isFast = false, ...hints } = {}) => {
    const path = dir.file(name);
    writeFileSync(path, content);
    const bytes = Buffer.byteLength(content);
    const file: InputFile = {
      path,
      label: name,
      name,
      folder: dir.path,
      root: dir.path,
      bytes,
      modifiedAt: 0,
      stamp: "",
      encoding,
    };
    const { files } = await expandArchives({ files: [file], passedOver: [] });
    const proven = files
      .flatMap((each) => recogniseFile(each, datasets, hints))
      .map((each) => proveOne(each, isFast));
    const verdicts = judgeFiles(proven);
    return proven.map((each, index) => ({
      ...each,
      verdict: verdicts[index] ?? { completeness: "Unknown", reason: null },
    }));
  };
  return { datasets, prove, proverOf };
}

/** The texts of a file's records as they are handed to DuckDB, those of the fast path among them. */
function loadTexts(recognition: Recognition, prover: Prover, tally: Tally): string[] {
  const load = { id: 1, recognition, tally };
  const texts: { readonly number: number; readonly text: string }[] = [];
  for (const one of packetsOf(prover, { files: [load], onProgress: () => {} }))
    if (one && isSheet(one)) texts.push(...rowTexts(one));
    else
      one?.ends.forEach((end, index) => {
        const text = one.bytes.toString("utf8", one.ends[index - 1] ?? 0, end);
        const [head = "", number] = /^\{"source_file_id":1,"record_number":(\d+),/.exec(text) ?? [];
        texts.push({ number: Number(number), text: text.slice(head.length) });
      });
  return texts.toSorted((one, other) => one.number - other.number).map(({ text }) => text);
}

/** The rows of a sheet as JSON, read back by rules of their own. */
function rowTexts({ rows, columns, cells, numbers }: Sheet): { number: number; text: string }[] {
  return Array.from({ length: rows }, (_, row) => {
    const entries = columns.map(({ name }, index) => {
      const cell = cells[index];
      return `${JSON.stringify(name)}:${JSON.stringify(cell === undefined ? null : valueOf(cell, columns[index], row))}`;
    });
    const number = Number(new DataView(numbers.buffer).getBigInt64(row * 8, true));
    return { number, text: `${entries.join(",")}}` };
  });
}

/** The value at a place, as JSON has it. */
function valueOf(cells: Cells, column: SheetColumn | undefined, at: number): unknown {
  const { kind, values, valid, children, bytes } = cells;
  if ((((valid[at >> 3] ?? 0) >> (at & 7)) & 1) === 0) return null;
  const view = new DataView(values.buffer, values.byteOffset);
  switch (kind) {
    case "day":
      return new Date(view.getInt32(at * 4, true) * 86_400_000).toISOString().slice(0, 10);
    case "truth":
      return view.getUint8(at) === 1;
    case "integer":
      return Number(view.getBigInt64(at * 8, true));
    case "real":
      return view.getFloat64(at * 8, true);
    case "time": {
      const micros = view.getBigInt64(at * 8, true);
      const millis = micros / 1000n - (micros % 1000n < 0n ? 1n : 0n);
      const rest = String(micros - millis * 1000n).padStart(3, "0");
      return new Date(Number(millis)).toISOString().replace("Z", `${rest}Z`);
    }
    case "uuid": {
      const [low, high] = [
        view.getBigUint64(at * 16, true),
        view.getBigUint64(at * 16 + 8, true) ^ (1n << 63n),
      ];
      const digits = [high, low].map((half) => half.toString(16).padStart(16, "0")).join("");
      return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
    }
    case "text": {
      const length = view.getUint32(at * 16, true);
      const long = Number(view.getBigUint64(at * 16 + 8, true));
      const inline = Buffer.from(values.buffer, values.byteOffset + at * 16 + 4, 12);
      const text =
        length > 12 ? bytes.toString("utf8", long, long + length) : inline.toString("utf8", 0, length);
      return text;
    }
    case "list": {
      const start = Number(view.getBigUint64(at * 16, true));
      const length = Number(view.getBigUint64(at * 16 + 8, true));
      const [elements] = children;
      return Array.from({ length }, (_, index) =>
        elements === undefined ? null : valueOf(elements, column?.children[0], start + index),
      );
    }
    case "object":
      return Object.fromEntries(
        children.map((child, index) => [
          column?.children[index]?.name,
          valueOf(child, column?.children[index], at),
        ]),
      );
    default:
      throw new Error(`there is no kind ${String(kind)}`);
  }
}
