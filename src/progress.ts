import yoctoSpinner from "yocto-spinner";
import { removeOnSignal } from "./interrupt.ts";
import type { Progress } from "./load-files.ts";
import { escapeControls } from "./terminal.ts";

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
