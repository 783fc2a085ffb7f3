// A thread between a test, which waits as it would for a process, and the process in which the program stays.
import { fork } from "node:child_process";
import { fstatSync, ftruncateSync, mkdtempSync, openSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { workerData } from "node:worker_threads";

/** @typedef {{ port: import("node:worker_threads").MessagePort, bell: Int32Array }} Given */

const { port, bell } = /** @type {Given} */ (workerData);
const program = fileURLToPath(new URL("program.js", import.meta.url));
// Files without a name: what a process writes into them is there when it says that it is done.
const folder = mkdtempSync(join(tmpdir(), "m365-offline-served-"));
const [stdout, stderr] = [openSync(join(folder, "stdout"), "a+"), openSync(join(folder, "stderr"), "a+")];
rmSync(folder, { recursive: true });

/** @type {import("node:child_process").ChildProcess | undefined} */
let child;
let isAsked = false;

/** The program may end the process, as after --help, and is started again by the next command line. */
function start() {
  const started = fork(program, { execArgv: [], stdio: ["ignore", stdout, stderr, "ipc"] });
  started.on("message", (status) => answer(Number(status)));
  started.on("exit", (status) => {
    child = undefined;
    answer(status);
  });
  return started;
}

/** @param {number} file */
function take(file) {
  const bytes = Buffer.alloc(fstatSync(file).size);
  for (let at = 0; at < bytes.length;) at += readSync(file, bytes, at, bytes.length - at, at);
  ftruncateSync(file);
  return bytes.toString("utf8");
}

/** @param {number | null} status */
function answer(status) {
  const said = { status, stdout: take(stdout), stderr: take(stderr) };
  if (!isAsked) return;
  isAsked = false;
  port.postMessage(said);
  Atomics.store(bell, 0, 1);
  Atomics.notify(bell, 0);
}

port.on("message", (request) => {
  if (request === "kill") return child?.kill("SIGKILL");
  isAsked = true;
  child ??= start();
  return child.send(request);
});
