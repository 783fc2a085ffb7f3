// A thread between a test, which waits as it would for a process, and the process in which the program stays.
import { fork } from "node:child_process";
import { closeSync, openSync, readFileSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { workerData } from "node:worker_threads";

/** @typedef {{ port: import("node:worker_threads").MessagePort, bell: Int32Array, folder: string }} Given */

const { port, bell, folder } = /** @type {Given} */ (workerData);
const program = fileURLToPath(new URL("program.js", import.meta.url));
const files = ["stdout", "stderr"].map((name) => join(folder, name));

/** @type {import("node:child_process").ChildProcess | undefined} */
let child;
let isAsked = false;

/** The program may end the process, as after --help, and is started again by the next command line. */
function start() {
  const [stdout = 1, stderr = 2] = files.map((file) => openSync(file, "a"));
  const started = fork(program, { execArgv: [], stdio: ["ignore", stdout, stderr, "ipc"] });
  for (const file of [stdout, stderr]) closeSync(file);
  started.on("message", (status) => answer(Number(status)));
  started.on("exit", (status) => {
    child = undefined;
    answer(status);
  });
  return started;
}

/** @param {number | null} status */
function answer(status) {
  const [stdout, stderr] = files.map((file) => readFileSync(file, "utf8"));
  for (const file of files) truncateSync(file);
  if (!isAsked) return;
  isAsked = false;
  port.postMessage({ status, stdout, stderr });
  Atomics.store(bell, 0, 1);
  Atomics.notify(bell, 0);
}

port.on("message", (request) => {
  if (request === "kill") return child?.kill("SIGKILL");
  if (request === "stop") {
    port.close();
    return child?.disconnect();
  }
  isAsked = true;
  child ??= start();
  return child.send(request);
});
