import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * A campaign of faults: `scale` 1 is the full size, less is a short version; the same seed gives the same faults.
 * @typedef {{ readonly scale: number, readonly seed: number }} Size
 * @typedef {{ readonly figures: string, readonly failures: readonly string[] }} Result
 * @typedef {{ readonly run: (size: Size) => Promise<Result> }} Campaign
 * @typedef {{ readonly status: number | null, readonly signal: string | null, readonly stdout: string, readonly stderr: string }} Ran
 */

export const bin = fileURLToPath(new URL("../../bin/m365-offline.js", import.meta.url));
const unbundled = fileURLToPath(new URL("unbundled.js", import.meta.url));

/** What runs under these options of Node: with hooks, which change the engine's classes, the single modules. @param {readonly string[]} node */
export const programUnder = (node) => (node.includes("--import") ? unbundled : bin);

/** A folder of its own; remove it with `remove`. @returns {{ path: string, file: (name: string) => string, list: () => string[], remove: () => void }} */
export function makeFolder() {
  const path = mkdtempSync(join(tmpdir(), "m365-offline-faults-"));
  return {
    path,
    file: (name) => join(path, name),
    list: () => readdirSync(path).toSorted(),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/**
 * Runs the real binary to its end. `node` are options of Node before the program, as `--import HOOK`.
 * @param {string} cwd @param {readonly string[]} args @param {{ node?: readonly string[], env?: Record<string, string>, timeout?: number }} [options] @returns {Ran}
 */
export function runTool(cwd, args, { node = [], env = {}, timeout } = {}) {
  const { status, signal, stdout, stderr } = spawnSync(
    process.execPath,
    [...node, programUnder(node), ...args],
    {
      cwd,
      encoding: "utf8",
      env: environment(env),
      maxBuffer: 1 << 28,
      timeout,
    },
  );
  return { status, signal, stdout, stderr };
}

/**
 * Starts the real binary; `ended` resolves when it is gone.
 * @param {string} cwd @param {readonly string[]} args @param {{ node?: readonly string[], env?: Record<string, string> }} [options]
 */
export function startTool(cwd, args, { node = [], env = {} } = {}) {
  return startNode(cwd, [...node, programUnder(node), ...args], { env });
}

/**
 * Starts a Node program, as a checker; with `detached` in a process group of its own, as a shell starts it.
 * @param {string} cwd @param {readonly string[]} args @param {{ env?: Record<string, string>, detached?: boolean }} [options]
 */
export function startNode(cwd, args, { env = {}, detached = false } = {}) {
  const child = spawn(process.execPath, args, {
    cwd,
    env: environment(env),
    stdio: ["ignore", "pipe", "pipe"],
    detached,
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (data) => (stdout += String(data)));
  child.stderr.on("data", (data) => (stderr += String(data)));
  /** @type {Promise<Ran>} */
  const ended = new Promise((resolve) =>
    child.on("close", (status, signal) => resolve({ status, signal, stdout, stderr })),
  );
  return { child, ended };
}

/** @param {Record<string, string>} more */
function environment(more) {
  return { ...process.env, M365_OFFLINE_DB: "", NO_COLOR: "1", ...more };
}

/** @param {string} path */
export function hashOf(path) {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). @param {number} seed */
export function createRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The object id of the user with this number. @param {number} number */
export function idOf(number) {
  return `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

/**
 * Writes a page of users with the numbers from `first` on, in the department `mark`, dated 2026-11-02.
 * @param {string} path @param {{ first?: number, count: number, mark?: string }} users
 */
export function writeUsers(path, { first = 1, count, mark = "Sales" }) {
  const file = openSync(path, "w");
  let text = '{"@odata.context":"https://graph.microsoft.us/v1.0/$metadata#users","value":[';
  for (let number = first; number < first + count; number += 1) {
    const upn = `user${number}@contoso.example`;
    const user = { id: idOf(number), userPrincipalName: upn, department: mark, accountEnabled: true };
    text += `${number === first ? "" : ","}${JSON.stringify(user)}`;
    if (text.length < 1 << 20) continue;
    writeSync(file, text);
    text = "";
  }
  writeSync(file, `${text}]}`);
  closeSync(file);
  utimesSync(path, new Date("2026-11-02T08:00:00Z"), new Date("2026-11-02T08:00:00Z"));
}
