import yargs, { type Argv } from "yargs";
import { hideBin } from "yargs/helpers";
import { answerCommand } from "./commands/answer.ts";
import { checkCommand } from "./commands/check.ts";
import { explainCommand } from "./commands/explain.ts";
import { diffCommand } from "./commands/diff.ts";
import { exportCommand } from "./commands/export.ts";
import { forgetCommand } from "./commands/forget.ts";
import { importCommand } from "./commands/import.ts";
import { profilesCommand } from "./commands/profiles.ts";
import { queryCommand } from "./commands/query.ts";
import { rejectsCommand } from "./commands/rejects.ts";
import { schemasCommand } from "./commands/schemas.ts";
import { statusCommand } from "./commands/status.ts";
import { verifyCommand } from "./commands/verify.ts";
import { maybeCompletion } from "./completion.ts";
import { createOutput } from "./console.ts";
import { CliError, exitCodes, messageOf } from "../errors.ts";
import { interruptedExitCode, listenForSignals } from "../signals.ts";
import { escapeControls } from "../escape.ts";
import { version } from "../version.ts";
import { describeChanges, describeVersion, toInstallationError } from "./installation.ts";

const commands = [
  importCommand,
  checkCommand,
  statusCommand,
  queryCommand,
  exportCommand,
  verifyCommand,
  profilesCommand,
  explainCommand,
  diffCommand,
  forgetCommand,
  rejectsCommand,
  schemasCommand,
  answerCommand,
];

const commandNames = new Set(commands.map(({ command }) => String(command).split(" ")[0]));
const takingPaths = new Set(["import", "check", "rejects"]);

/** On Windows `\\?\C:\x` is `C:\x` and `\\?\UNC\server\x` is `\\server\x`; Node and the engine take long paths without it. */
function withoutPrefix(word: string): string {
  if (process.platform !== "win32") return word;
  return word.replace(
    /^(--[a-z-]+=)?\\\\\?\\(UNC\\)?/i,
    (_, option = "", share = "") => `${option}${share ? "\\\\" : ""}`,
  );
}

/** `help import`, as other programs take it, is `import --help`. */
function readHelp(given: readonly string[]): readonly string[] {
  return given[0] === "help" ? [...given.slice(1), "--help"] : given;
}

/** yargs drops what stands behind `--`: it is put behind the command, a path with a leading dash as one in this folder. */
function readArguments(given: readonly string[]): readonly string[] {
  const [end, at] = [given.indexOf("--"), given.findIndex((word) => commandNames.has(word))];
  if (end < 0 || at < 0 || at > end) return given;
  const isPath = (word: string): boolean => takingPaths.has(given[at] ?? "") && /^-./.test(word);
  const behind = given.slice(end + 1).map((word) => (isPath(word) ? `./${word}` : word));
  const [action, ...paths] = given.slice(at + 1, end);
  const isAction = given[at] === "rejects" && (action === "list" || action === "retry");
  return isAction
    ? [...given.slice(0, at + 1), action, ...behind, ...paths]
    : [...given.slice(0, at + 1), ...behind, ...given.slice(at + 1, end)];
}

async function createParser(given: readonly string[]): Promise<Argv> {
  // To load the engine takes longer than anything else that yargs has to be told.
  const named = given.includes("--version") ? await describeVersion() : version;
  return yargs()
    .scriptName("m365-offline")
    .usage(
      "$0 <command> [options]\n\nTurns Microsoft 365 exports from a sealed tenant into one DuckDB file with license, MFA and activity outputs. No network, ever.",
    )
    .parserConfiguration({
      "dot-notation": false,
      "duplicate-arguments-array": true,
      "parse-positional-numbers": false,
    })
    .option("json", { type: "boolean", default: false, describe: "Write a machine-readable result" })
    .option("quiet", { type: "boolean", default: false, describe: "No words on standard error but errors" })
    .option("progress", {
      type: "boolean",
      default: true,
      describe: "Show progress on a terminal (--no-progress: none)",
    })
    .command(commands)
    .completion("completion", "Print a script for completion in bash, zsh, fish or powershell")
    .demandCommand(1, "name a command")
    .recommendCommands()
    .strict()
    .version(named)
    .wrap(Math.min(110, process.stdout.columns ?? 100))
    .epilogue(
      "Exit codes: 0 good, 1 something rejected or incomplete, 2 usage, 3 no usable input, 4 database, 5 output, 70 a bug, 130/143 interrupted",
    )
    .fail((message, error) => {
      throw error ?? new CliError(toUsage(message), { exitCode: exitCodes.usage });
    });
}

interface Internals {
  readonly getInternalMethods?: () => {
    readonly getUsageInstance: () => { cacheHelpMessage: () => void };
  };
}

/** When a command has begun yargs makes its help, to have it should the command fail; we word errors without it. */
function skipHelpOfCommands(parser: Argv): Argv {
  const usage = (parser as Internals).getInternalMethods?.().getUsageInstance();
  if (usage) usage.cacheHelpMessage = () => {};
  return parser;
}

/** What yargs says of the command line, in our words where its own do not tell what to do. */
function toUsage(message: string): string {
  if (message.startsWith("Not enough non-option arguments")) {
    const what =
      process.argv[2] === "explain"
        ? "a user: object id, UPN or mail address"
        : "at least one file or folder";
    return `give ${what}. See: m365-offline --help`;
  }
  const line = message.replaceAll(/\s*\n\s*/g, " ").trim();
  return `${line.replace(/[.?]$/, "")}${line.endsWith("?") ? "?" : "."} See: m365-offline --help`;
}

/**
 * Prints what went wrong and returns the exit code: the cure for a user's error, the stack for one of ours. What
 * comes from data, also in the words of the engine and the system, can begin no line of ours: only the first
 * begins at the margin.
 */
function report(thrown: unknown): number {
  const interrupted = interruptedExitCode();
  if (interrupted !== undefined) return interrupted;
  const error = toInstallationError(thrown);
  const isOurs = !(error instanceof CliError);
  if (!isOurs && error.exitCode === exitCodes.ok) return exitCodes.ok;
  const stack = error instanceof Error ? (error.stack ?? "").split("\n") : [];
  const more = isOurs ? [...stack, "This is a fault of m365-offline; please report it."] : error.lines;
  const lines = [`m365-offline: ${messageOf(error)}`, ...more.map((line) => `  ${line}`)];
  process.stderr.write(lines.map((line) => `${escapeControls(line)}\n`).join(""));
  return isOurs ? exitCodes.bug : error.exitCode;
}

async function run(words: readonly string[]): Promise<void> {
  const shell = words[0] === "completion" ? words.slice(1).find((word) => !word.startsWith("-")) : undefined;
  let said = words[0] === "completion" && !words.includes("--help") ? maybeCompletion(shell) : undefined;
  if (said === undefined) {
    const known = shell === undefined ? words : words.filter((word) => word !== shell);
    const parser = skipHelpOfCommands(await createParser(words));
    await parser.parseAsync(known, {}, (_error, _options, text) => {
      said = text === "" ? undefined : `${text}\n`;
    });
  }
  // Help, version and completion: yargs itself would not tell that they cannot be written.
  if (said !== undefined) await createOutput(false).data(said);
}

/** Runs the program and sets the exit code of the process. */
export async function main(given: readonly string[] = hideBin(process.argv)): Promise<void> {
  process.umask(0o077);
  // Where words cannot be written there is nobody to tell.
  process.stderr.on("error", () => {});
  listenForSignals();
  try {
    await run(readArguments(readHelp(given.map(withoutPrefix))));
    // Without the schema of a dataset no file of it is known.
    const changes = process.exitCode === exitCodes.noInput ? describeChanges() : undefined;
    if (changes !== undefined) process.stderr.write(`m365-offline: ${changes}\n`);
  } catch (error) {
    process.exitCode = report(error);
  }
}
