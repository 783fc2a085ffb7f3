import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expandArchives } from "../src/archive.ts";
import { judgeFiles, type Verdict } from "../src/completeness.ts";
import { loadDatasets, type Dataset } from "../src/dataset.ts";
import type { InputFile } from "../src/discover.ts";
import { createProver, type Prover } from "../src/prove.ts";
import { recogniseFile, type Hints, type Recognition } from "../src/recognise.ts";
import { proveRecords } from "../src/records.ts";
import { createTally, type Tally } from "../src/tally.ts";
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
    hints?: Hints & { encoding?: string },
  ) => Promise<Proven[]>;
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
  const proveOne = (recognition: Recognition): Omit<Proven, "verdict"> => {
    const { dataset, isReadable } = recognition;
    const tally = createTally(dataset);
    for (const issue of recognition.issues) tally.issues.add(issue);
    const records = dataset && isReadable ? proveRecords(recognition, proverOf(dataset), tally) : [];
    return { recognition, tally, texts: [...records].flatMap((record) => record?.text ?? []) };
  };
  const prove: Bench["prove"] = async (name, content, { encoding, ...hints } = {}) => {
    const path = dir.file(name);
    writeFileSync(path, content);
    const bytes = Buffer.byteLength(content);
    const file: InputFile = { path, label: name, name, folder: dir.path, bytes, modifiedAt: 0, encoding };
    const { files } = await expandArchives({ files: [file], passedOver: [] });
    const proven = files.flatMap((each) => recogniseFile(each, datasets, hints)).map(proveOne);
    const verdicts = judgeFiles(proven);
    return proven.map((each, index) => ({
      ...each,
      verdict: verdicts[index] ?? { completeness: "Unknown", reason: null },
    }));
  };
  return { datasets, prove };
}
