import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFileSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { expandArchives } from "../src/archive.ts";
import { openForImport } from "../src/database.ts";
import { loadDatasets } from "../src/dataset.ts";
import { discoverFiles, type InputFile } from "../src/discover.ts";
import { exitCodes } from "../src/errors.ts";
import { hashFile } from "../src/hash-file.ts";
import { startHashThread } from "../src/hash-thread.ts";
import { importFiles, retryFiles } from "../src/pipeline.ts";
import { recogniseFile, type Recognition } from "../src/recognise.ts";
import { recordHashes } from "../src/record-files.ts";
import { expectSha256, sha256Of } from "../src/sha256.ts";
import { createTally } from "../src/tally.ts";
import { zip } from "./fixtures/zip.js";
import { page, Workdir } from "./workdir.ts";

const dir = new Workdir();
const datasets = loadDatasets();
const sha256 = (bytes: Buffer | string): string => createHash("sha256").update(bytes).digest("hex");

/** So many users, 2 KB each: 10,000 of them are worth the thread. */
function users(count: number, from = 0): object {
  const records = Array.from({ length: count }, (_, index) => ({
    id: `00000000-0000-4000-8000-${String(from + index).padStart(12, "0")}`,
    displayName: `User ${from + index}`,
    userPrincipalName: `u${from + index}@contoso.com`,
    accountEnabled: true,
    userType: "Member",
    other: "x".repeat(2000),
  }));
  return page("users", records);
}

function found(path: string): InputFile {
  const [file] = discoverFiles([path]).files;
  if (file === undefined) throw new Error("nothing was found");
  return file;
}

async function recognise(path: string): Promise<Recognition[]> {
  const { files } = await expandArchives(discoverFiles([path]));
  return files.flatMap((file) => recogniseFile(file, datasets));
}

const text = JSON.stringify(users(30));
const part = JSON.stringify(users(3));
const other = part.replace("User 0", "Other");
const batch = `{"responses":[{"id":"1","status":200,"body":${part}},{"id":"2","status":200,"body":${other}}]}`;
const cut = gzipSync(text).subarray(0, 99);
const archive = zip([
  { name: "a.json", content: text },
  { name: "b.json", content: part, isStored: true },
]);
const broken = zip([{ name: "a.json", content: text, hasBadSum: true }]);

/** What each file is to have, by our own reckoning. */
const kinds: readonly (readonly [what: string, name: string, bytes: Buffer | string, hashes: string[]])[] = [
  ["a file as it lies there", "users.json", text, [sha256(text)]],
  ["a gzip file as it lies there", "users.json.gz", gzipSync(text), [sha256(gzipSync(text))]],
  ["a cut gzip file as it lies there", "cut.json.gz", cut, [sha256(cut)]],
  ["what an archive holds, packed or not", "in.zip", archive, [sha256(text), sha256(part)]],
  [
    "a gzip file in an archive",
    "gz.zip",
    zip([{ name: "a.json.gz", content: gzipSync(text) }]),
    [sha256(gzipSync(text))],
  ],
  ["what an archive with a wrong checksum holds", "broken.zip", broken, [sha256(text)]],
  ["each answer of a batch", "batch.json", batch, [sha256(part), sha256(other)]],
  [
    "each answer of a batch, of its UTF-8",
    "batch16.json",
    Buffer.from(`\uFEFF${batch}`, "utf16le"),
    [sha256(part), sha256(other)],
  ],
  ["an empty file", "empty.json", "", [sha256("")]],
];

test.each(kinds)("the SHA-256 is of %s, by the thread and without it", async (_what, name, bytes, hashes) => {
  const files = (await recognise(dir.write(name, bytes))).map(({ file }) => file);
  expect(files.map((file) => hashFile(file))).toEqual(hashes);
  const thread = startHashThread();
  expect(await thread.wait(Promise.all(files.map(thread.hash)))).toEqual(hashes);
});

test("a file of which nothing can be read has the SHA-256 of nothing", () => {
  const file = found(dir.write("gone.json", text));
  rmSync(file.path);
  expect(hashFile(file)).toBe(sha256(""));
});

test("a thread that does not come up, or ends amidst its work, is done without", async () => {
  const file = found(dir.write("one.json", text));
  const missing = startHashThread(pathToFileURL(dir.file("not-there.js")));
  expect(await missing.wait(missing.hash(file))).toBeUndefined();
  const dying = startHashThread(
    pathToFileURL(
      dir.write(
        "dying.mjs",
        'import { parentPort } from "node:worker_threads"; parentPort.on("message", () => process.exit());',
      ),
    ),
  );
  const answers = Promise.all([dying.hash(file), dying.hash(file)]);
  expect(await dying.wait(answers)).toEqual([undefined, undefined]);
  expect(await dying.wait(dying.hash(file))).toBeUndefined();
});

test("who waits for a SHA-256 hears a signal", async () => {
  const large = found(dir.write("large.json", users(15_000)));
  expectSha256(large);
  const controller = new AbortController();
  const answer = sha256Of(large, controller.signal);
  controller.abort("SIGINT");
  await expect(answer).rejects.toBe("SIGINT");
  await expect(sha256Of(large, controller.signal)).rejects.toBe("SIGINT");
  expect(await sha256Of(large)).toBe(sha256(readFileSync(large.path)));
});

test("a process ends while its thread hashes, by itself and by exit, and waits for what it has asked", () => {
  const at = (name: string): string => JSON.stringify(new URL(`../dist/${name}.js`, import.meta.url));
  const path = dir.write("long.json", Buffer.alloc(400 << 20));
  for (const [end, code, out] of [
    ["", 0, ""],
    ["process.exit(7);", 7, ""],
    ["sha256Of(files[0]).then((it) => process.stdout.write(it));", 0, sha256(readFileSync(path))],
  ] as const) {
    const script = `import { findFiles } from ${at("find-files")};
      import { sha256Of } from ${at("sha256")};
      const { files } = findFiles([${JSON.stringify(path)}]);
      ${end}`;
    const ran = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
    expect([ran.status, ran.stdout, ran.stderr]).toEqual([code, out, ""]);
  }
});

test("an import of large and small files, packed or not, states the SHA-256 of each", () => {
  const bytes: Readonly<Record<string, Buffer>> = {
    "a.json": Buffer.from(JSON.stringify(users(12_000))),
    "b.json": Buffer.from(JSON.stringify(users(300, 20_000))),
    "c.json.gz": gzipSync(JSON.stringify(users(10_000, 40_000))),
  };
  for (const [name, content] of Object.entries(bytes)) dir.write(`in/${name}`, content);
  const packed = JSON.stringify(users(200, 60_000));
  dir.write("in/d.zip", zip([{ name: "d.json", content: packed }]));
  expect(dir.import("in").files.map(({ records_read: count }) => count)).toEqual([12_000, 300, 10_000, 200]);
  expect(dir.query("select file_name, sha256 from meta.source_files order by file_name")).toEqual([
    ...Object.entries(bytes).map(([name, content]) => ({ file_name: name, sha256: sha256(content) })),
    { file_name: "d.zip/d.json", sha256: sha256(packed) },
  ]);
  expect(dir.import("in").files.map(({ status }) => status)).toEqual([
    "skipped",
    "skipped",
    "skipped",
    "skipped",
  ]);
});

const changes: readonly (readonly [how: string, change: (path: string) => void])[] = [
  ["longer", (path) => appendFileSync(path, " ")],
  ["another of the same length", (path) => writeFileSync(path, readFileSync(path))],
  [
    "another by renaming",
    (path) => {
      writeFileSync(`${path}.new`, "{}");
      renameSync(`${path}.new`, path);
    },
  ],
  ["no more there", (path) => rmSync(path)],
];

test.each(changes)(
  "a file that is %s when it has been read is refused as a whole, and the others are loaded",
  async (_how, change) => {
    const work = new Workdir();
    const path = work.write("in/users.json", users(9000));
    work.write(
      "in/domains.json",
      page("domains", [{ id: "contoso.com", isDefault: true, isInitial: false, isVerified: true }]),
    );
    let isOld = true;
    const onProgress = (): void => {
      if (isOld) change(path);
      isOld = false;
    };
    const db = work.file("tenant.duckdb");
    const { files, exitCode } = await importFiles({ paths: [work.file("in")], db, onProgress });
    expect(exitCode).toBe(exitCodes.incomplete);
    const said = files.map((file) => [
      file.dataset,
      file.status,
      file.records_loaded,
      file.issues.map(({ code }) => code),
    ]);
    expect(said).toContainEqual(["domains", "loaded", 1, ["date_guessed"]]);
    expect(said).toContainEqual(["users", "refused", 0, ["changed_meanwhile", "unused_properties"]]);
    expect(work.query("select count(*)::integer as n from raw.users")).toEqual([{ n: 0 }]);
  },
);

test("a file that is changed between its reading and its hashing stops the import", async () => {
  const work = new Workdir();
  const [recognition] = await recognise(work.write("users.json", users(2)));
  if (recognition === undefined) throw new Error("nothing was recognised");
  const database = await openForImport(work.file("a.duckdb"), work.file("tmp"));
  await database.connection.run(
    "create schema meta; create table meta.source_files as select 1 as source_file_id, '' as sha256",
  );
  const load = { id: 1, recognition, tally: createTally(recognition.dataset) };
  await recordHashes(database.connection, [load]);
  appendFileSync(recognition.file.path, "\n");
  await expect(recordHashes(database.connection, [load])).rejects.toMatchObject({
    exitCode: exitCodes.noInput,
    message: `${recognition.file.path} was changed while it was imported. Nothing was imported; do it again when no program writes to that file.`,
  });
  // What was refused has been told, and nothing of it is there.
  await recordHashes(database.connection, [{ ...load, isRefused: true }]);
  database.close();
});

test("rejects retry is stopped by a change of its file", async () => {
  const work = new Workdir();
  const path = work.write(
    "users.json",
    JSON.stringify(users(9000)).replace('"accountEnabled":true', '"accountEnabled":"x"'),
  );
  work.import(path);
  const before = readFileSync(work.file("tenant.duckdb"));
  const onProgress = (): void => appendFileSync(path, " ");
  const again = retryFiles({ paths: [path], db: work.file("tenant.duckdb"), onProgress });
  await expect(again).rejects.toMatchObject({ exitCode: exitCodes.noInput });
  expect(readFileSync(work.file("tenant.duckdb")).equals(before)).toBe(true);
  expect(statSync(path).size).toBeGreaterThan(0);
});
