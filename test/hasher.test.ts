import { spawnSync } from "node:child_process";
import { createHash, type Hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { startHashThread } from "../src/hash-thread.ts";
import { createHasher, handOver, type Hasher } from "../src/hasher.ts";
import { page, Workdir } from "./workdir.ts";

const dir = new Workdir();
const seed = Number(process.env["SEED"] ?? 20261124);

/** Numbers from 0 to below 1, the same for the same seed. */
function randomBy(state: number): () => number {
  let at = state;
  return () => {
    at = (Math.imul(at, 1664525) + 1013904223) >>> 0;
    return at / 2 ** 32;
  };
}

interface Pair {
  readonly hasher: Hasher;
  readonly hash: Hash;
}

/** Files that are read by turns, in pieces of a byte up to three slots; now and then a digest is asked for amidst. */
function compareDigests(make: () => Hasher, { files, turns }: { files: number; turns: number }): void {
  const random = randomBy(seed);
  const pairs: Pair[] = Array.from({ length: files }, () => ({ hasher: make(), hash: createHash("sha256") }));
  const buffer = Buffer.alloc(3 << 20);
  for (let turn = 0; turn < turns; turn += 1) {
    const pair = pairs.at(Math.floor(random() * files));
    if (pair === undefined) throw new Error("no file");
    const { hasher, hash } = pair;
    const piece = buffer.subarray(0, Math.floor(buffer.length ** random()));
    piece.fill(`${turn} ${random()} `);
    hash.update(piece);
    hasher.update(piece);
    // What is handed over may be overwritten at once, as the next block does.
    piece.fill(0x78);
    if (random() < 0.1) expect(hasher.digest(), `seed ${seed}`).toBe(hash.copy().digest("hex"));
  }
  for (const { hasher, hash } of pairs) {
    expect(hasher.digest(), `seed ${seed}`).toBe(hash.copy().digest("hex"));
    expect(hasher.digest()).toBe(hash.digest("hex"));
    hasher.close();
  }
}

const empty = createHash("sha256").digest("hex");

test("the thread makes the digests that this one makes: of files by turns, far beyond the ring, and amidst them", () => {
  const thread = startHashThread();
  compareDigests(() => handOver(thread), { files: 5, turns: 400 });
  // The digests are the work of the thread: it has come up.
  expect(thread.isReady()).toBe(true);
  // Also when it is used again.
  compareDigests(() => handOver(thread), { files: 2, turns: 50 });
});

test("a file of which nothing was read has the digest of nothing, large or small", () => {
  for (const bytes of [0, 1 << 30]) {
    const hasher = createHasher(bytes);
    expect(hasher.digest()).toBe(empty);
    hasher.close();
  }
});

test("a thread that does not come up is done without, whether it says so or not", async () => {
  const silent = pathToFileURL(dir.write("silent.js", "setInterval(() => {}, 1000);"));
  const missing = pathToFileURL(dir.file("not-there.js"));
  const threads = [silent, missing].map((program) => startHashThread(program));
  for (const thread of threads) compareDigests(() => handOver(thread), { files: 3, turns: 60 });
  expect(threads.map((thread) => [thread.isReady(), thread.hasEnded()])).toEqual([
    [false, true],
    [false, true],
  ]);
  // Here it has said so before anything was to be hashed.
  const early = startHashThread(missing);
  while (!early.hasEnded()) await new Promise((resolve) => setTimeout(resolve, 10));
  compareDigests(() => handOver(early), { files: 3, turns: 60 });
}, 60_000);

test("a thread that ends amidst its work is an error, not a wrong digest", async () => {
  const program = dir.write(
    "dying.mjs",
    `import { workerData } from "node:worker_threads";
     Atomics.store(workerData.control, 2, 1);
     setTimeout(() => process.exit(), 50);`,
  );
  const thread = startHashThread(pathToFileURL(program));
  const hasher = handOver(thread);
  hasher.update(Buffer.from("one"));
  while (!thread.hasEnded()) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(() => hasher.digest()).toThrow("the thread that makes SHA-256 of files has ended");
}, 60_000);

test("a process ends while its thread waits, by itself and by exit", () => {
  const url = new URL("../dist/hasher.js", import.meta.url);
  for (const [end, code] of [
    ["", 0],
    ["process.exit(7)", 7],
  ] as const) {
    const script = `import { createHasher } from ${JSON.stringify(url)};
      const hasher = createHasher(1 << 30);
      hasher.update(Buffer.alloc(20 << 20));
      process.stdout.write(hasher.digest());
      ${end}`;
    const { status, stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
      encoding: "utf8",
      timeout: 30_000,
    });
    expect([status, stdout]).toEqual([
      code,
      createHash("sha256")
        .update(Buffer.alloc(20 << 20))
        .digest("hex"),
    ]);
  }
});

test("an import of large files states their SHA-256, whatever is read between", () => {
  const users = (from: number, count: number): object[] =>
    Array.from({ length: count }, (_, index) => ({
      id: `00000000-0000-4000-8000-${String(from + index).padStart(12, "0")}`,
      displayName: `User ${from + index}`,
      userPrincipalName: `u${from + index}@contoso.com`,
      accountEnabled: true,
      userType: "Member",
      other: "x".repeat(2000),
    }));
  const files = ["a.json", "b.json", "c.json"];
  files.forEach((name, index) =>
    dir.write(`in/${name}`, page("users", users(index * 20_000, [12_000, 300, 10_000][index] ?? 0))),
  );
  const { files: said } = dir.import("in");
  expect(said.map(({ records_read: count }) => count)).toEqual([12_000, 300, 10_000]);
  const rows = dir.query("select file_name, bytes, sha256 from meta.source_files order by file_name");
  expect(rows.map((row) => row["sha256"])).toEqual(
    files.map((name) =>
      createHash("sha256")
        .update(readFileSync(dir.file(`in/${name}`)))
        .digest("hex"),
    ),
  );
  expect(Number(rows[0]?.["bytes"])).toBeGreaterThan(20 << 20);
});
