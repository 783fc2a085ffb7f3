import { spawn } from "node:child_process";
import type { Readable } from "node:stream";
import type { Argv } from "yargs";
import type { DuckDBConnection } from "@duckdb/node-api";
import { interruption, removeOnSignal } from "../../signals.ts";
import { defineCommand, type GlobalArgs } from "../command.ts";
import { exitCodes, messageOf } from "../../errors.ts";
import { whyNoMachine } from "../../wasm-reader/instance.ts";
import { toInput, toList, withInput, type InputArgs } from "../options.ts";
import { withDatabase } from "../options.ts";
import { createOutput, startProgress, type Output } from "../console.ts";
import type { ImportResult } from "../../pipeline/import.ts";
import { toJson } from "../../escape.ts";

interface ImportArgs extends GlobalArgs, InputArgs {
  db: string;
  tenant: string | undefined;
  sameTenant: boolean;
  complete: string[] | undefined;
  dryRun: boolean;
}

function options(args: Argv): Argv {
  return withDatabase(withInput(args))
    .option("tenant", {
      type: "string",
      requiresArg: true,
      describe: "The tenant's name, where no export says it",
    })
    .option("same-tenant", {
      type: "boolean",
      default: false,
      describe: "These files are of the database's tenant, though they do not look it; for this import",
    })
    .option("complete", {
      type: "string",
      array: true,
      requiresArg: true,
      describe: "A dataset whose export is whole although it lacks much of what others have (DATASET)",
    })
    .option("dry-run", { type: "boolean", default: false, describe: "Do everything but change the database" })
    .example("$0 import exports", "Import a folder into tenant.duckdb")
    .example("$0 import users.json --complete users", "Say that a list is whole that is suspected partial")
    .example("$0 import users.json --as-of 2026-11-01", "Import a file that does not state its day");
}

async function run(args: ImportArgs): Promise<void> {
  const input = await toInput(args, args.dryRun);
  const output = createOutput(args.quiet);
  const { importFiles } = await import("../../pipeline/import.ts");
  const { writeScreen } = await import("../render-answer.ts");
  const progress = startProgress(args.progress && !args.quiet);
  const { db, tenant, sameTenant: isSameTenant, dryRun } = args;
  const complete = toList(args.complete);
  let answer = "";
  const look = async (connection: DuckDBConnection): Promise<void> => {
    progress.stop();
    if (!args.json) answer = await writeScreen(connection);
  };
  try {
    const { onProgress } = progress;
    const inspect = dryRun ? { inspect: look } : {};
    const result = await importFiles({
      ...input,
      ...inspect,
      db,
      tenant,
      isSameTenant,
      complete,
      isDryRun: dryRun,
      onProgress,
      signal: interruption,
    });
    process.exitCode = result.exitCode;
    progress.stop();
    await tellFiles(output, args, result);
    const isAnswered = !dryRun && !args.json && result.exitCode !== exitCodes.noInput;
    // After a signal that came too late to undo the import, this is said and no more.
    if (isAnswered && !interruption.aborted) await printAnswer(args.db, output);
    await output.text(answer);
  } finally {
    progress.stop();
  }
}

/** More than the answer takes of the largest tenants. */
const patienceMs = 600_000;

/** Prints the answer of a process of its own: this one has the memory of the import still. */
async function printAnswer(path: string, output: Output): Promise<void> {
  const child = spawn(process.execPath, [process.argv[1] ?? "", "answer", `--db=${path}`], {
    stdio: ["ignore", "pipe", "inherit"],
    timeout: patienceMs,
    killSignal: "SIGKILL",
  });
  const stop = (): boolean => child.kill("SIGTERM");
  interruption.addEventListener("abort", stop);
  const release = removeOnSignal(() => child.kill("SIGKILL"));
  const pieces: Buffer[] = [];
  // Where no process can be started there is no stream either.
  (child.stdout as Readable | undefined)?.on("data", (piece: Buffer) => pieces.push(piece));
  const by = await new Promise<unknown>((resolve) =>
    child.on("close", (_code, signal) => resolve(signal)).on("error", (error) => resolve(messageOf(error))),
  );
  release();
  interruption.throwIfAborted();
  await output.data(Buffer.concat(pieces).toString("utf8"));
  if (by !== null)
    output.words(
      `notice: the files are imported; what follows from them could not be printed (${String(by)}). Ask for it with: m365-offline status`,
    );
}

async function tellFiles(
  output: Output,
  args: ImportArgs,
  { files, suspected = [], passedOver, earlier }: ImportResult,
): Promise<void> {
  const {
    describeEarlier,
    describeFiles,
    describeIssues,
    describeNotices,
    describeSuspected,
    describeTotal,
  } = await import("../render-files.ts");
  for (const line of describeEarlier(args.db, earlier)) output.words(line);
  for (const file of passedOver) output.words(`notice: ${file} is no data file and was passed over`);
  for (const notice of describeNotices(files)) output.words(notice);
  const failure = whyNoMachine();
  if (failure !== undefined)
    output.words(
      `notice: each record was parsed by itself, which gives the same and takes several times as long: the fast reader cannot be used here (${failure}). Where the processor has SIMD, install the program again.`,
    );
  if (args.json) {
    const told = { database: args.db, files, suspected_earlier: suspected, passed_over: passedOver };
    await output.data(`${toJson({ ...told, exit_code: process.exitCode }, 2)}\n`);
    return;
  }
  const isNothing = process.exitCode === exitCodes.noInput;
  const verb = isNothing ? "Nothing was imported from" : args.dryRun ? "Would import" : "Imported";
  await output.text(`${describeTotal(files, verb)}\n${describeFiles(files)}`);
  const issues = describeIssues([...files, ...describeSuspected(suspected)], false);
  if (issues !== "") for (const line of `\n${issues.trimEnd()}`.split("\n")) output.words(line);
}

export const importCommand = defineCommand<ImportArgs>({
  command: "import <path..>",
  describe: "Import exports into the database",
  options,
  run,
});
