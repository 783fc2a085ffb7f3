import { fstatSync, readlinkSync, writeSync } from "node:fs";
import { outputError } from "./errors.ts";
import { escapeControls, escapeLines } from "./terminal.ts";

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
  const write = isFile() ? writeToFile : writeToStream;
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
