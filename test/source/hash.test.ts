import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  appendFileSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { rename } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { expect } from "vitest";
import { suiteTest, thoroughTest } from "../extent.ts";
import { expandArchives } from "../../src/source/archive.ts";
import { openForImport, readRows } from "../../src/database/open.ts";
import { loadDatasets } from "../../src/schema/dataset.ts";
import { discoverFiles, toInputFile, type InputFile } from "../../src/source/discover.ts";
import { exitCodes } from "../../src/errors.ts";
import { hashFile } from "../../src/source/hash-file.ts";
import { startHashThread } from "../../src/source/hash.ts";
import { recogniseInput } from "../../src/detect/input.ts";
import { importFiles, retryFiles } from "../../src/pipeline/import.ts";
import { recogniseFile } from "../../src/detect/detect.ts";
import type { Recognition } from "../../src/detect/detection.ts";
import { recordHashes } from "../../src/ledger/record-files.ts";
import { expectSha256, isHashing, sha256Of } from "../../src/source/hash.ts";
import { createTally } from "../../src/batch/file-stats.ts";
import { zip } from "../fixtures/zip.js";
import { page, Workdir } from "../workdir.ts";

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

suiteTest.each(kinds)(
  "the SHA-256 is of %s, by the thread and without it",
  async (_what, name, bytes, hashes) => {
    const files = (await recognise(dir.write(name, bytes))).map(({ file }) => file);
    expect(await Promise.all(files.map(async (file) => await hashFile(file)))).toEqual(hashes);
    const thread = startHashThread();
    expect(await thread.wait(Promise.all(files.map(thread.hash)))).toEqual(hashes);
  },
);

suiteTest("a file that cannot be read has no SHA-256", async () => {
  const file = found(dir.write("gone.json", text));
  rmSync(file.path);
  expect(await hashFile(file)).toBeUndefined();
});

suiteTest("a thread that does not come up, or ends amidst its work, is done without", async () => {
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

suiteTest("who waits for a SHA-256 hears a signal", async () => {
  const large = found(dir.write("large.json", users(15_000)));
  expectSha256(large);
  const controller = new AbortController();
  const answer = sha256Of(large, controller.signal);
  controller.abort("SIGINT");
  await expect(answer).rejects.toBe("SIGINT");
  await expect(sha256Of(large, controller.signal)).rejects.toBe("SIGINT");
  expect(await sha256Of(large)).toBe(sha256(readFileSync(large.path)));
});

suiteTest(
  "a process ends while its thread hashes, by itself and by exit, and waits for what it has asked",
  () => {
    const at = (name: string): string => JSON.stringify(new URL(`../../dist/${name}.js`, import.meta.url));
    const path = dir.write("long.json", Buffer.alloc(150 << 20));
    for (const [end, code, out] of [
      ["", 0, ""],
      ["process.exit(7);", 7, ""],
      ["sha256Of(files[0]).then((it) => process.stdout.write(it));", 0, sha256(readFileSync(path))],
    ] as const) {
      const script = `import { findFiles } from ${at("detect/input")};
      import { sha256Of } from ${at("source/hash")};
      const { files } = findFiles([${JSON.stringify(path)}]);
      ${end}`;
      const ran = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
      expect([ran.status, ran.stdout, ran.stderr]).toEqual([code, out, ""]);
    }
  },
);

thoroughTest("an import of large and small files, packed or not, states the SHA-256 of each", () => {
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
  ["shorter", (path) => truncateSync(path, 5 << 20)],
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

suiteTest.each(changes)(
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
    expect(said).toContainEqual(["users", "refused", 0, ["changed_meanwhile"]]);
    expect(work.query("select count(*)::integer as n from raw.users")).toEqual([{ n: 0 }]);
    expect(work.run("rejects").stdout).toMatch(
      /^users\.json \(users\): \d+ rejected\n {2}all of them: the file was changed or removed while it was read and is refused\n {4}Import it when no program touches it\.\n$/,
    );
    const found = "from data_quality where finding = 'rejected_records'";
    expect(work.query(`select detail, remedy ${found}`)).toEqual([
      {
        detail: "users.json was changed or removed while it was read and is refused",
        remedy: "Import it when no program touches it.",
      },
    ]);
  },
);

suiteTest("a file that is changed between its reading and its hashing stops the import", async () => {
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
    message: `${recognition.file.path} was changed, removed or locked while it was imported. Nothing was imported; do it again when no program touches that file.`,
  });
  // What was refused has been told, and nothing of it is there: of what was read nobody knows the SHA-256.
  await recordHashes(database.connection, [{ ...load, isRefused: true }]);
  const rows = await readRows(database.connection, "select sha256 from meta.source_files");
  expect(rows).toEqual([{ sha256: "" }]);
  database.close();
});

suiteTest(
  "a file that was loaded and gives nothing to hash stops the import; of one that was not read it stays unknown",
  async () => {
    const work = new Workdir();
    const [whole] = await recognise(work.write("in/users.json", users(2)));
    if (whole === undefined) throw new Error("nothing was recognised");
    // Unchanged for all that can be seen of it, and the system does not give its bytes: a folder.
    const recognition = { ...whole, file: toInputFile(work.file("in"), statSync(work.file("in"))) };
    const load = { id: 1, recognition, tally: createTally(recognition.dataset) };
    const database = await openForImport(work.file("a.duckdb"), work.file("tmp"));
    await database.connection.run(
      "create schema meta; create table meta.source_files as select 1 as source_file_id, 'x' as sha256",
    );
    await expect(recordHashes(database.connection, [load])).rejects.toMatchObject({
      exitCode: exitCodes.noInput,
    });
    load.tally.issues.add({ code: "unreadable", reason: "another program holds it" });
    await recordHashes(database.connection, [load]);
    expect(await readRows(database.connection, "select sha256 from meta.source_files")).toEqual([
      { sha256: "" },
    ]);
    database.close();
  },
);

suiteTest(
  "a file that could not be read, and was there again for its hash, is not known the next time",
  async () => {
    const work = new Workdir();
    const path = work.write("in/users.json", users(2));
    const domain = { id: "contoso.com", isDefault: true, isInitial: false, isVerified: true };
    work.write("in/domains.json", page("domains", [domain]));
    const found = discoverFiles([work.file("in")]);
    renameSync(path, work.file("away.json"));
    const inspect = async (): Promise<void> => await rename(work.file("away.json"), path);
    const db = work.file("tenant.duckdb");
    const { files } = await importFiles({ paths: [], found, db, inspect });
    expect(files.flatMap(({ issues }) => issues.map(({ code }) => code))).toContain("unreadable");
    expect(work.import("in").files.map(({ file, status }) => [file, status])).toEqual([
      ["in/domains.json", "skipped"],
      ["in/users.json", "loaded"],
    ]);
  },
);

thoroughTest(
  "where a page was refused its export is incomplete, and the page is added by the next import",
  async () => {
    const work = new Workdir();
    const next = { "@odata.nextLink": "https://graph.microsoft.com/v1.0/users?$skiptoken=x" };
    work.write("in/a.json", { ...users(9000), ...next });
    const path = work.write("in/b.json", { ...users(10, 9000), ...next });
    work.write("in/c.json", users(10, 9010));
    let isOld = true;
    const onProgress = (): void => {
      if (isOld) writeFileSync(path, readFileSync(path));
      isOld = false;
    };
    const db = work.file("tenant.duckdb");
    await importFiles({ paths: [work.file("in")], db, onProgress, asOf: "2026-11-02" });
    const snapshots = (): unknown =>
      work.query(
        "select completeness, completeness_reason as why, superseded_by as by from meta.snapshots order by snapshot_id",
      );
    const lacking = { completeness: "Incomplete", why: "one of its pages was refused", by: null };
    expect(snapshots()).toEqual([lacking]);
    expect(
      work.query(
        "select completeness, completeness_reason as why from meta.source_files where file_name = 'b.json'",
      ),
    ).toEqual([{ completeness: "Incomplete", why: "it was refused" }]);
    utimesSync(path, new Date("2026-11-02T08:00:00Z"), new Date("2026-11-02T08:00:00Z"));
    work.import("in");
    expect(snapshots()).toEqual([
      lacking,
      { completeness: "Incomplete", why: "paging stopped before the last page", by: null },
    ]);
    expect(work.query("select count(*)::integer as n from users")).toEqual([{ n: 9020 }]);
  },
);

thoroughTest("check and a dry run of new files hash nothing, and an import does", () => {
  const work = new Workdir();
  work.write("users.json", JSON.stringify(users(9000)));
  // Tells of every thread of the program.
  const watch = work.write(
    "watch.cjs",
    `const threads = require("node:worker_threads"); const { Worker } = threads;
    threads.Worker = class extends Worker { constructor(...given) { console.error("a thread"); super(...given); } };`,
  );
  const threadsOf = (...args: readonly string[]): number => {
    const { status, stderr } = work.runWith({ node: ["--require", watch] }, ...args);
    expect(status).toBe(0);
    return stderr.split("a thread").length - 1;
  };
  const db = ["--db", "tenant.duckdb", "--json"];
  expect(threadsOf("check", "users.json", "--json")).toBe(0);
  expect(threadsOf("import", "users.json", "--dry-run", ...db)).toBe(0);
  expect(threadsOf("import", "users.json", ...db)).toBe(1);
  // Known files are told by their SHA-256, made where it is asked for.
  expect(threadsOf("import", "users.json", "--dry-run", ...db)).toBe(0);
  expect(work.import("users.json", "--dry-run").files.map(({ status }) => status)).toEqual(["skipped"]);
});

suiteTest("an archive that is damaged is hashed by the thread, too", async () => {
  const work = new Workdir();
  const path = work.write("bad.zip", "PK\u0003\u0004");
  truncateSync(path, 400 << 20);
  const { recognitions } = await recogniseInput({ paths: [path] });
  expect(recognitions.map((one) => [one.file.problem?.code, isHashing(one.file)])).toEqual([
    ["archive_damage", true],
  ]);
});

suiteTest("rejects retry is stopped by a change of its file", async () => {
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
