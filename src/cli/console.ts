import { fstatSync, readlinkSync, writeSync } from "node:fs";
import yoctoSpinner from "yocto-spinner";
import { outputError } from "../errors.ts";
import { escapeControls, escapeLines } from "../escape.ts";
import type { Progress } from "../load/loader.ts";
import { removeOnSignal } from "../signals.ts";

/** Where commands print: data to standard output, words to standard error. */
export interface Output {
  /** Exactly these characters. Throws exit 5 where they cannot be written, and a quiet exit 0 where the reader has gone. */
  readonly data: (text: string) => Promise<void>;
  /** Text for people: line ends stay, what a terminal would act on is escaped. */
  readonly text: (text: string) => Promise<void>;
  /** One line; line ends in it are not ours and are escaped. */
  readonly words: (line: string) => void;
}

const standardOutput = 1;

/** The output of this process; data waits until it is taken, so that memory stays bounded. */
export function createOutput(isQuiet: boolean): Output {
  const write = warnsOfShell(isFile() ? writeToFile : writeToStream, isQuiet);
  // What cannot be written is told by `data`.
  process.stdout.on("error", () => {});
  return {
    data: write,
    text: (text) => write(escapeLines(text)),
    words: (line) => {
      if (!isQuiet) process.stderr.write(`${escapeControls(line)}\n`);
    },
  };
}

type Write = (text: string) => Promise<void>;

/** On Windows says once that a shell may change what leaves here: PowerShell decodes and encodes all that is piped. */
function warnsOfShell(write: Write, isQuiet: boolean): Write {
  let isDue = process.platform === "win32" && !process.stdout.isTTY && !isQuiet;
  return async (text) => {
    await write(text);
    if (!isDue || !/[^\0-\x7F]/.test(text)) return;
    isDue = false;
    process.stderr.write(
      "notice: PowerShell may change letters beyond ASCII in what > and | take; write to a file with --out FILE.\n",
    );
  };
}

function isFile(): boolean {
  try {
    const stats = fstatSync(standardOutput);
    return stats.isFile() || (stats.isCharacterDevice() && !process.stdout.isTTY);
  } catch {
    return false;
  }
}

/** Not by the stream: that takes what a nearly full disk took of a text for all of it. */
async function writeToFile(text: string): Promise<void> {
  const data = Buffer.from(text, "utf8");
  let at = 0;
  try {
    while (at < data.length) at += writeSync(standardOutput, data, at);
  } catch (error) {
    throw outputError(nameOutput(), error, { needed: data.length - at, held: 0 });
  }
}

async function writeToStream(text: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (error) reject(outputError(nameOutput(), error));
      else resolve();
    });
  });
}

/** The path that standard output goes to, where the system says it. */
function nameOutput(): string {
  try {
    return readlinkSync(`/proc/self/fd/${standardOutput}`);
  } catch {
    return "standard output";
  }
}

const quietFor = 1000;

/** Progress on standard error when that is a terminal and the work takes more than a second. */
export function startProgress(isWanted: boolean): {
  readonly onProgress: Progress;
  readonly stop: () => void;
} {
  if (!isWanted || !process.stderr.isTTY) return { onProgress: () => {}, stop: () => {} };
  // Its own handling of signals would end the process before anything is cleaned up.
  const spinner = yoctoSpinner({ text: "importing", handleSignals: false });
  let release: (() => void) | undefined;
  const timer = setTimeout(() => {
    spinner.start();
    release = removeOnSignal(() => spinner.stop());
  }, quietFor);
  return {
    onProgress({ recognition: { file }, tally }, bytesRead) {
      const share = file.bytes === 0 ? 100 : Math.min(100, Math.floor((bytesRead / file.bytes) * 100));
      spinner.text = `${escapeControls(file.name)}: ${share} %, ${tally.read.toLocaleString("en-US")} records`;
    },
    stop() {
      clearTimeout(timer);
      if (spinner.isSpinning) spinner.stop();
      release?.();
    },
  };
}
