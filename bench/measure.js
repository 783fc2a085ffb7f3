import duckdb from "@duckdb/node-bindings";
import { spawn, spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { cpus, totalmem } from "node:os";

/** @typedef {{ seconds: number, cpu: number, peakMegabytes: number, stdout: string }} Measured */

/** Runs a command to its end: wall seconds, CPU seconds with children, the most memory of the process itself. @param {string[]} command @param {string} cwd @returns {Promise<Measured>} */
export async function measure(command, cwd) {
  const script = ["-c", 'TIMEFORMAT="time %R %U %S"; time "$@"', "_", ...command];
  const child = spawn("bash", script, {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1" },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (data) => (stdout.length < 1 << 20 ? (stdout += String(data)) : undefined));
  child.stderr.on("data", (data) => (stderr += String(data)));
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, peakOf(childOf(child.pid ?? 0)));
  }, 10);
  const status = await new Promise((resolve) => child.on("close", resolve));
  clearInterval(watch);
  const [, seconds, user, system] = /time ([\d.]+) ([\d.]+) ([\d.]+)\s*$/.exec(stderr) ?? [];
  // `timeout` ends with 124: it took at least so long.
  if ((status !== 0 && status !== 124) || seconds === undefined)
    throw new Error(`${command.join(" ")} ended with ${status}: ${stderr.slice(-500)}`);
  return { seconds: Number(seconds), cpu: Number(user) + Number(system), peakMegabytes: peak, stdout };
}

/** @param {number} pid */
function childOf(pid) {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ")[0]);
  } catch {
    return 0;
  }
}

/** The most megabytes that a process has had in memory. @param {number} pid */
function peakOf(pid) {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** @param {number[]} numbers */
export function median(numbers) {
  const sorted = numbers.toSorted((left, right) => left - right);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

export function describeMachine() {
  return `${cpus()[0]?.model ?? "?"}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB; Node ${process.version}, DuckDB ${duckdb.library_version()}`;
}

/** @param {string} program */
export function isInstalled(program) {
  return spawnSync("which", [program]).status === 0;
}

/** @param {string} path */
export function removeDatabase(path) {
  for (const ending of ["", ".wal"]) rmSync(path + ending, { force: true });
}
