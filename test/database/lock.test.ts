import { spawn } from "node:child_process";
import { once } from "node:events";
import { linkSync, readFileSync, renameSync, truncateSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import { identityOf } from "../../src/database/identity.ts";
import { importFiles, retryFiles } from "../../src/pipeline/import.ts";
import { page, Workdir } from "../workdir.ts";

const writer = fileURLToPath(new URL("../faults/write-notes.js", import.meta.url));

/** What plain DuckDB says that opens a database for writing. */
async function write(path: string): Promise<string> {
  const child = spawn(process.execPath, [writer, path, "7", "close"]);
  let said = "";
  child.stdout.on("data", (data: Buffer) => (said += data.toString()));
  await new Promise((resolve) => child.on("close", resolve));
  return said;
}

test.skipIf(process.platform === "win32")(
  "who has opened the old file before the renaming does not get its lock just behind it",
  async () => {
    const dir = new Workdir();
    const domain = { id: "contoso.com", isDefault: true, isInitial: false, isVerified: true };
    const path = dir.write("domains.json", page("domains", [domain]));
    dir.import(path);
    const db = dir.file("tenant.duckdb");
    // By another name it is the file that such a program has open.
    linkSync(db, dir.file("old.duckdb"));
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    const { exitCode } = await importFiles({ paths: [path], db, asOf: "2026-12-01" });
    expect(exitCode).toBe(0);
    expect(await write(dir.file("old.duckdb"))).toMatch(/^refused .*lock/);
    // The new one is free.
    expect(await write(db)).toBe("7\n");
    vi.advanceTimersByTime(1000);
    vi.useRealTimers();
    expect(await write(dir.file("old.duckdb"))).toBe("7\n");
  },
);

const domain = { id: "contoso.com", isDefault: true, isInitial: false, isVerified: true };

/** A folder with a file to import, and the options of an import into a database there. */
function prepare(): { dir: Workdir; options: { paths: string[]; db: string; asOf: string }; lock: string } {
  const dir = new Workdir();
  const path = dir.write("domains.json", page("domains", [domain]));
  const db = dir.file("tenant.duckdb");
  return { dir, options: { paths: [path], db, asOf: "2026-12-01" }, lock: `${db}.importing.lock` };
}

test("a lock file that was left whole, cut or empty keeps nobody out, and nothing is left of it", async () => {
  const { dir, options, lock } = prepare();
  for (const bytes of [undefined, 12_288, 5000, 1, 0]) {
    await dir.change("select 1", "tenant.duckdb.importing.lock");
    if (bytes !== undefined) truncateSync(lock, bytes);
    expect((await importFiles(options)).exitCode).toBe(0);
    expect(dir.list()).toEqual(["domains.json", "tenant.duckdb"]);
  }
  writeFileSync(lock, "of somebody who means something else by it".repeat(1000));
  expect((await importFiles(options)).exitCode).toBe(0);
});

/** A process that holds a file as the engine does, and stops as soon as it does, whole or before it has written into it. */
async function hold(path: string, isCut: boolean): Promise<ReturnType<typeof spawn>> {
  const holder = spawn(process.execPath, [writer, path, "1", "keep"]);
  await once(holder.stdout, "data");
  if (isCut) truncateSync(path, 0);
  holder.kill("SIGSTOP");
  return holder;
}

test.skipIf(process.platform === "win32").each([false, true])(
  "a lock that a stopped process holds is neither removed nor taken, whole or not (cut: %s)",
  async (isCut) => {
    const { dir, options, lock } = prepare();
    const holder = await hold(lock, isCut);
    const number = identityOf(lock);
    await expect(importFiles(options)).rejects.toMatchObject({
      exitCode: 4,
      message: `${options.db}: another import is running on it (process ${holder.pid}). Wait until it has ended and try again.`,
    });
    expect([identityOf(lock), dir.has("tenant.duckdb")]).toEqual([number, false]);
    holder.kill("SIGKILL");
    await once(holder, "exit");
    expect((await importFiles(options)).exitCode).toBe(0);
  },
);

test("two imports at once in one process are two: the second is refused", async () => {
  const { dir, options } = prepare();
  const inspect = async (): Promise<void> => {
    // Before it looks at a file: of one that is not there it says nothing.
    for (const paths of [options.paths, [dir.file("nothing.json")]])
      await expect(importFiles({ ...options, paths })).rejects.toMatchObject({
        exitCode: 4,
        message: expect.stringContaining(
          `another import is running on it (process ${process.pid})`,
        ) as string,
      });
  };
  expect((await importFiles({ ...options, inspect })).exitCode).toBe(0);
  expect(dir.list()).toEqual(["domains.json", "tenant.duckdb"]);
});

test("a database that cannot be imported into is refused before a file is read", async () => {
  const { dir, options } = prepare();
  const paths = [dir.file("nothing.json")];
  await dir.change("create table mine (x integer)", "foreign.duckdb");
  await dir.change("select 1", "log.duckdb");
  writeFileSync(dir.file("log.duckdb.wal"), "changes");
  writeFileSync(dir.file("damaged.duckdb"), "no database");
  for (const [name, exitCode] of [
    ["foreign", 4],
    ["log", 4],
    ["damaged", 4],
    ["nowhere/x", 5],
  ] as const) {
    const db = dir.file(`${name}.duckdb`);
    await expect(importFiles({ ...options, paths, db })).rejects.toMatchObject({ exitCode });
    if (exitCode === 4)
      await expect(retryFiles({ ...options, paths, db })).rejects.toMatchObject({ exitCode });
  }
  await expect(importFiles({ ...options, paths })).rejects.toMatchObject({ exitCode: 3 });
  expect(dir.list().filter((name) => name.includes("importing"))).toEqual([]);
});

test.each(["tenant.duckdb.importing.lock", "tenant.duckdb.importing"])(
  "who finds another's file where %s was puts nothing in its place and removes nothing",
  async (name) => {
    const { dir, options } = prepare();
    expect((await importFiles(options)).exitCode).toBe(0);
    const before = readFileSync(options.db);
    const inspect = async (): Promise<void> => {
      renameSync(dir.file(name), dir.file("taken"));
      await dir.change("create table another (one integer)", name);
    };
    const ended = importFiles({ ...options, asOf: "2026-12-02", inspect });
    await expect(ended).rejects.toThrow(
      /was removed or replaced by another program while it was in use here/,
    );
    expect(readFileSync(options.db).equals(before)).toBe(true);
    if (name.endsWith(".lock")) expect(dir.has(name)).toBe(true);
  },
);
