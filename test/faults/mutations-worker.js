// Judges damaged files in a thread of its own, with the modules of dist, so that its parent sees when one never ends.
// oxlint-disable unicorn/require-post-message-target-origin -- a thread has no origin
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { expandArchives } from "../../dist/source/archive.js";
import { judgeFiles } from "../../dist/ledger/completeness.js";
import { loadDatasets } from "../../dist/schema/dataset.js";
import { nameLeftovers } from "../../dist/ledger/finish.js";
import { isSheet } from "../../dist/load/batch-queue.js";
import { packetsOf } from "../../dist/load/loader.js";
import { createProver } from "../../dist/read/generic-reader.js";
import { recogniseFile } from "../../dist/detect/detect.js";
import { createTally } from "../../dist/batch/file-stats.js";
import { mutate, readSeeds } from "./mutate.js";
import { createRandom } from "./tools.js";

/** @typedef {{ first: number, count: number, seed: number }} Batch */

const { first, count, seed } = /** @type {Batch} */ (workerData);
const folder = mkdtempSync(join(tmpdir(), "m365-offline-mutations-"));
const datasets = loadDatasets([]);
const provers = new Map([...datasets.values()].map((dataset) => [dataset, createProver(dataset)]));
const seeds = readSeeds();
let records = 0;
for (let round = first; round < first + count; round += 1) {
  const { name, bytes } = seeds[round % seeds.length] ?? { name: "a.json", bytes: Buffer.alloc(0) };
  const mutated = mutate(bytes, createRandom(seed * 1_000_003 + round));
  parentPort?.postMessage({ started: round });
  try {
    const wrong = await judge(name, mutated);
    if (wrong !== undefined) parentPort?.postMessage({ failure: `${name}, file ${round}: ${wrong}` });
  } catch (error) {
    const stack = error instanceof Error ? error.stack : String(error);
    parentPort?.postMessage({ failure: `${name}, file ${round}: ${stack?.slice(0, 400)}` });
  }
}
rmSync(folder, { recursive: true });
parentPort?.postMessage({ records });

/** What is wrong with what became of a file; undefined where all is well. @param {string} name @param {Buffer} bytes */
async function judge(name, bytes) {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  const file = {
    path,
    label: name,
    name,
    folder,
    root: folder,
    bytes: bytes.length,
    modifiedAt: 0,
    stamp: "",
  };
  const { files } = await expandArchives({ files: [file], passedOver: [] });
  const judged = files
    .flatMap((each) => recogniseFile(each, datasets))
    .map((recognition) => {
      const { dataset, isReadable, issues } = recognition;
      const tally = createTally(dataset);
      for (const issue of issues) tally.issues.add(issue);
      const prover = dataset && isReadable ? provers.get(dataset) : undefined;
      const load = { id: 0, recognition, tally };
      let proven = 0;
      for (const one of prover ? packetsOf(prover, { files: [load], onProgress: () => {} }) : []) {
        if (one === undefined) continue;
        if (!isSheet(one))
          one.ends.forEach(
            (end, index) => void JSON.parse(one.bytes.toString("utf8", one.ends[index - 1] ?? 0, end)),
          );
        proven += isSheet(one) ? one.rows : one.ends.length;
      }
      nameLeftovers(load);
      return { recognition, tally, proven };
    });
  if (judgeFiles(judged).length !== judged.length) return "a file without a verdict";
  records += judged.reduce((sum, { proven }) => sum + proven, 0);
  const unbalanced = judged.find(({ tally, proven }) => tally.read !== proven + tally.rejected);
  return (
    unbalanced &&
    `${unbalanced.tally.read} read, ${unbalanced.proven} proven, ${unbalanced.tally.rejected} rejected`
  );
}
