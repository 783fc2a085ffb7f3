import { writeSync } from "node:fs";
import { exitCodes, maybeErrorCode, messageOf } from "./errors.ts";
import { escapeControls, escapeLines } from "./terminal.ts";

/** Where commands print: data to standard output, words to standard error. */
export interface Output {
  /** Exactly these characters. */
  readonly data: (text: string) => Promise<void>;
  /** Text for people: line ends stay, what a terminal would act on is escaped. */
  readonly text: (text: string) => Promise<void>;
  /** One line; line ends in it are not ours and are escaped. */
  readonly words: (line: string) => void;
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

function print(text: string): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(text, () => resolve());
  });
}

/** The output of this process; data waits until it is taken, so that memory stays bounded. */
export function createOutput(isQuiet: boolean): Output {
  process.stdout.on("error", endOnError);
  process.stderr.on("error", () => {});
  return {
    data: print,
    text: (text) => print(escapeLines(text)),
    words: (line) => {
      if (!isQuiet) process.stderr.write(`${escapeControls(line)}\n`);
    },
  };
}
