import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Serve = (args: readonly string[], cwd: string) => Ran;

const patienceMs = 300_000;

let serving: Serve | undefined;

/**
 * Runs a command line of the program in a process that stays as long as this one, and waits for it: to start a
 * process, to load the program and the engine and to warm them up takes longer than most commands do.
 */
export const serve: Serve = (args, cwd) => {
  serving ??= start();
  return serving(args, cwd);
};

function start(): Serve {
  const bell = new Int32Array(new SharedArrayBuffer(4));
  const { port1: port, port2: other } = new MessageChannel();
  const relay = new Worker(new URL("relay.js", import.meta.url), {
    env: { ...process.env, M365_OFFLINE_DB: "", NO_COLOR: "1" },
    workerData: { port: other, bell },
    transferList: [other],
    execArgv: [],
  });
  relay.unref();
  port.unref();
  return (args, cwd) => {
    Atomics.store(bell, 0, 0);
    port.postMessage({ args, cwd });
    if (Atomics.wait(bell, 0, 0, patienceMs) === "timed-out") {
      port.postMessage("kill");
      Atomics.wait(bell, 0, 0);
    }
    return (receiveMessageOnPort(port) as { message: Ran }).message;
  };
}
