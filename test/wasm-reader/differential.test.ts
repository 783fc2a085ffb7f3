import { DuckDBInstance } from "@duckdb/node-api";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { Dataset } from "../../src/schema/dataset.ts";
import { readRows } from "../../src/database/open.ts";
import { createRandom } from "../faults/tools.js";
import { createCompare, type Share } from "./compare.ts";
import { damageRecord } from "./damage.ts";
import { damageRow } from "./damage-rows.ts";
import { edgeUsers, oneDriveRows } from "./edges.ts";
import { isThorough, suiteTest, thoroughTest } from "../extent.ts";
import { createBench } from "../proving.ts";
import { Workdir } from "../workdir.ts";

/** `npm run faults -- fast-path` takes five million, `npm run thorough` 200,000; SEED=n takes others. */
const records = Number(process.env["FUZZED"] ?? (isThorough ? 200_000 : 20_000));
const seed = Number(process.env["SEED"] ?? 1);
const perFile = records / 200 < 1000 ? 250 : 1000;

const bench = createBench();
const compare = createCompare(bench, `seed ${seed}`);
const root = fileURLToPath(new URL("../..", import.meta.url));
const files = ["samples/contoso", "samples/contoso-portal", "reference"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((name) => /\.(json|csv)$/.test(name))
    .toSorted(),
);

/** What of the damaged records the fast path read, by dataset: where it read none, nothing was compared. */
class Shares {
  readonly #shares = new Map<string, Share>();

  add({ name }: Dataset, { good, fast }: Share): void {
    const share = this.#shares.get(name) ?? { good: 0, fast: 0 };
    this.#shares.set(name, { good: share.good + good, fast: share.fast + fast });
  }

  /** The least share of a dataset, but for those that the fast path never reads; says all. */
  least(passedOver: readonly string[]): number {
    const all = [...this.#shares].filter(([name]) => !passedOver.includes(name));
    const sum = (of: (share: Share) => number): number =>
      all.reduce((total, [, share]) => total + of(share), 0);
    console.log(
      `fast path: ${sum(({ fast }) => fast)} of ${sum(({ good }) => good)} good ones among the damaged`,
    );
    return Math.min(...all.map(([, { good, fast }]) => fast / good));
  }
}

interface Seeds {
  readonly dataset: Dataset;
  /** Records as JSON texts, as Graph writes them where there is a JSON sample. */
  readonly objects: readonly string[];
  readonly header: string | undefined;
  readonly rows: readonly string[];
}

async function readSeeds(): Promise<Seeds[]> {
  const byDataset = new Map<Dataset, Seeds>();
  for (const file of files) {
    const content = readFileSync(join(root, file));
    const [proven] = await bench.prove(file.replaceAll("/", "-"), content);
    const { dataset } = proven?.recognition ?? {};
    if (proven === undefined || dataset === undefined) continue;
    const own = file.endsWith(".json")
      ? (JSON.parse(content.toString("utf8").replace(/^\uFEFF/, "")) as { value?: object[] }).value
      : undefined;
    const objects = own?.map((record) => JSON.stringify(record)) ?? proven.texts.map((text) => `{${text}`);
    const [header, ...rows] = content.toString("utf8").trimEnd().split(/\r?\n/);
    const isCsv = file.endsWith(".csv");
    byDataset.set(dataset, { dataset, objects, header: isCsv ? header : undefined, rows: isCsv ? rows : [] });
  }
  return [...byDataset.values()];
}

function seedOf(seeds: readonly Seeds[], round: number): Seeds {
  const seed = seeds[round % seeds.length];
  if (seed === undefined) throw new Error("there are no samples");
  return seed;
}

test(`${records} damaged records of all datasets are judged by the fast path as by the slow one`, async () => {
  const random = createRandom(seed);
  const shares = new Shares();
  const seeds = await readSeeds();
  expect(seeds.map(({ dataset }) => dataset.name).toSorted()).toEqual([...bench.datasets.keys()]);
  for (let done = 0, round = 0; done < records; done += perFile, round += 1) {
    const { dataset, objects } = seedOf(seeds, round);
    const all = Array.from({ length: perFile }, () => {
      const record = objects[Math.floor(random() * objects.length)] ?? "{}";
      return random() < 0.2 ? Buffer.from(record) : damageRecord(record, random);
    });
    // On lines each record stands for itself; in a page one may spoil all behind it.
    const isLines = round % 8 !== 7;
    const text = all
      .map((record) => record.toString("latin1").replaceAll("\n", " "))
      .join(isLines ? "\n" : ",\n");
    const content = Buffer.from(isLines ? `${text}\n` : `{"value":[${text}]}`, "latin1");
    shares.add(dataset, await compare(isLines ? "fuzz.ndjson" : "fuzz.json", content, dataset));
  }
  // Prices are bounded by what only ajv judges.
  expect(shares.least(["sku_prices"])).toBeGreaterThan(0.7);
});

test(`${records / 2} damaged rows of all reports are judged by the fast path as by papaparse`, async () => {
  const random = createRandom(seed);
  const shares = new Shares();
  const seeds = (await readSeeds()).filter(({ header }) => header !== undefined);
  for (let done = 0, round = 0; done < records / 2; done += perFile, round += 1) {
    const { dataset, header = "", rows } = seedOf(seeds, round);
    const all = Array.from({ length: perFile }, () => {
      const row = rows[Math.floor(random() * rows.length)] ?? "";
      return random() < 0.6 ? Buffer.from(row) : damageRow(row, random);
    });
    const end = round % 3 === 0 ? "\n" : "\r\n";
    const text = all.map((row) => row.toString("latin1")).join(end);
    const content = Buffer.concat([
      Buffer.from(header + end),
      Buffer.from(text + (round % 2 ? end : ""), "latin1"),
    ]);
    shares.add(dataset, await compare("fuzz.csv", content, dataset));
  }
  // Prices are bounded by what only ajv judges; of the others a report joins columns to objects.
  expect(shares.least(["sku_prices", "sign_ins", "users"])).toBeGreaterThan(0.3);
});

suiteTest("records of the sample are read by the fast path, but for one in a hundred", async () => {
  let [read, fast] = [0, 0];
  for (const file of files.filter((name) => name.startsWith("samples/contoso/"))) {
    const [proven] = await bench.prove(file.replaceAll("/", "-"), readFileSync(join(root, file)), {
      isFast: true,
    });
    read += proven?.tally.read ?? 0;
    fast += proven?.tally.fast ?? 0;
  }
  console.log(`fast path: ${fast} of ${read} records of the sample`);
  expect(fast / read).toBeGreaterThan(0.99);
});

thoroughTest("an import with --no-fast-path makes the same tables and the same ledger", async () => {
  const dir = new Workdir();
  const samples = ["contoso", "contoso-portal", "contoso-concealed", "damaged"].map((name) =>
    dir.sample(name),
  );
  samples.push(dir.write("OneDriveUsageAccountDetail.csv", oneDriveRows()));
  const [edges] = await bench.prove("edges.json", JSON.stringify(edgeUsers()), { isFast: true });
  expect([edges?.tally.read, edges?.tally.fast]).toEqual([5000, 5000]);
  samples.push(dir.write("edges/users.json", edgeUsers()));
  const [fast, slow] = [["fast"], ["slow", "--no-fast-path"]].map(([name = "", ...more]) =>
    dir.run("import", ...samples, "--db", `${name}.duckdb`, "--json", ...more),
  );
  expect(fast?.stdout.replace("fast.duckdb", "")).toBe(slow?.stdout.replace("slow.duckdb", ""));
  const instance = await DuckDBInstance.create(":memory:");
  const both = await instance.connect();
  for (const name of ["fast", "slow"])
    await both.run(`attach '${dir.file(`${name}.duckdb`)}' as ${name} (read_only)`);
  const tables = await readRows(
    both,
    `select schema_name || '."' || table_name || '"' as name from duckdb_tables() where database_name = 'fast'
     and (schema_name = 'raw' or table_name in ('source_files', 'source_properties', 'issues', 'rejected_records'))`,
  );
  expect(tables.length).toBeGreaterThan(30);
  for (const { name } of tables) {
    const differing = `(from fast.${String(name)} except all from slow.${String(name)})
      union all (from slow.${String(name)} except all from fast.${String(name)})`;
    expect([name, await readRows(both, differing)]).toEqual([name, []]);
  }
  both.closeSync();
  instance.closeSync();
});
