import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";
import { serve, type Ran } from "./served/serve.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
export const bin = join(root, "bin/m365-offline.js");

const made = new Set<string>();

/** Removes what a file of tests has made, when it is done (setup.ts). */
export function removeWorkdirs(): void {
  for (const path of made) rmSync(path, { recursive: true, force: true });
  made.clear();
}

/** Dates all files of a folder as they were written: a checkout dates them of its own day. */
export function setTimes(folder: string, time: Date): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) setTimes(path, time);
    else utimesSync(path, time, time);
  }
}

/** A temporary folder in which the program runs; removed when the test file is done. */
export class Workdir {
  readonly path = mkdtempSync(join(tmpdir(), "m365-offline-test-"));

  constructor() {
    made.add(this.path);
  }

  file(name: string): string {
    return join(this.path, name);
  }

  /** Writes a file (folders as needed), dated 2026-11-02 unless told otherwise, and returns its path. */
  write(name: string, content: string | Buffer | object, date = "2026-11-02T08:00:00Z"): string {
    const path = this.file(name);
    mkdirSync(dirname(path), { recursive: true });
    const isText = typeof content === "string" || Buffer.isBuffer(content);
    writeFileSync(path, isText ? content : JSON.stringify(content));
    utimesSync(path, new Date(date), new Date(date));
    return path;
  }

  sample(name: string): string {
    cpSync(join(root, "samples", name), this.file(name), { recursive: true });
    setTimes(this.file(name), new Date("2026-11-02T08:00:00Z"));
    return this.file(name);
  }

  read(name: string): string {
    return readFileSync(this.file(name), "utf8");
  }

  has(name: string): boolean {
    return existsSync(this.file(name));
  }

  list(folder = "."): string[] {
    return readdirSync(this.file(folder)).toSorted();
  }

  /** Runs the program, in a process that stays. */
  run(...args: string[]): Ran {
    return serve(args, this.path);
  }

  /** Runs the program in a process of its own, as a shell does. */
  runWith(
    { input = "", env = {}, node = [] }: { input?: string; env?: Record<string, string>; node?: string[] },
    ...args: string[]
  ): Ran {
    const { status, stdout, stderr } = spawnSync(process.execPath, [...node, bin, ...args], {
      cwd: this.path,
      encoding: "utf8",
      input,
      env: { ...process.env, M365_OFFLINE_DB: "", ...env, NO_COLOR: "1" },
      maxBuffer: 1 << 28,
    });
    return { status, stdout, stderr };
  }

  start(...args: string[]): ChildProcess {
    return spawn(process.execPath, [bin, ...args], { cwd: this.path, stdio: ["pipe", "pipe", "pipe"] });
  }

  /** `import --json` into tenant.duckdb of this folder. */
  import(...args: string[]): Imported {
    const { status, stdout, stderr } = this.run("import", ...args, "--json");
    if (stdout === "") throw new Error(`import printed nothing; it said: ${stderr}`);
    return { ...(JSON.parse(stdout) as Omit<Imported, "status" | "stderr">), status, stderr };
  }

  /** Somebody else's SQL on a database, which is made where it is not there. */
  async change(sql: string, name = "tenant.duckdb"): Promise<void> {
    const instance = await DuckDBInstance.create(this.file(name));
    const connection = await instance.connect();
    await connection.run(sql);
    connection.closeSync();
    instance.closeSync();
  }

  /** The rows of a query. */
  query(sql: string, ...args: string[]): Record<string, unknown>[] {
    const { status, stdout, stderr } = this.run("query", sql, "--format", "json", ...args);
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as Record<string, unknown>[];
  }
}

export interface ImportedFile {
  readonly file: string;
  readonly status: string;
  readonly dataset: string | null;
  readonly completeness: string;
  readonly snapshot_date: string | null;
  readonly snapshot_date_source: string | null;
  readonly records_read: number;
  readonly records_loaded: number;
  readonly records_rejected: number;
  readonly records_duplicate: number;
  readonly issues: readonly {
    readonly code: string;
    readonly count: number;
    readonly pointer: string | null;
    readonly message: string;
  }[];
}

export interface Imported extends Pick<Ran, "status" | "stderr"> {
  readonly files: readonly ImportedFile[];
  readonly exit_code: number;
}

/** read, loaded, rejected and duplicate of a file, in this order. */
export function ledgerOf(file: ImportedFile | undefined): number[] {
  return file ? [file.records_read, file.records_loaded, file.records_rejected, file.records_duplicate] : [];
}

export function page(context: string, value: readonly unknown[], more: Record<string, unknown> = {}): object {
  return { "@odata.context": `https://graph.microsoft.us/v1.0/$metadata#${context}`, ...more, value };
}
