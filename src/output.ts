import { writeSync } from "node:fs";
import { exitCodes, maybeErrorCode, messageOf } from "./errors.ts";
import { escapeLines } from "./terminal.ts";

/** Where commands print: data to standard output, words to standard error. */
export interface Output {
  readonly data: (text: string) => Promise<void>;
  readonly words: (text: string) => void;
}

/** Ends the process: quietly when the reader has gone, with exit 5 when the output cannot be written. */
function endOnError(error: Error): void {
  if (maybeErrorCode(error) === "EPIPE") process.exit(exitCodes.ok);
  try {
    writeSync(2, `m365-offline: cannot write the output: ${messageOf(error)}\n`);
  } finally {
    process.exit(exitCodes.output);
  }
}

/** The output of this process; data waits until it is taken, so that memory stays bounded. */
export function createOutput(isQuiet: boolean): Output {
  process.stdout.on("error", endOnError);
  process.stderr.on("error", () => {});
  return {
    data: (text) =>
      new Promise((resolve) => {
        process.stdout.write(text, () => resolve());
      }),
    words: (text) => {
      if (!isQuiet) process.stderr.write(`${escapeLines(text)}\n`);
    },
  };
}
