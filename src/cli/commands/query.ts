import type { Argv } from "yargs";
import { defineCommand, type GlobalArgs } from "../command.ts";
import { CliError, exitCodes, messageOf } from "../../errors.ts";
import { readTextFile } from "../../files.ts";
import type { Format } from "../../outputs/format.ts";
import {
  toEncoding,
  toParameters,
  withDatabase,
  withParameters,
  withSafeCells,
  type ParameterArgs,
} from "../options.ts";
import { withOutputs } from "../reading.ts";
import { createOutput } from "../console.ts";

interface QueryArgs extends GlobalArgs, ParameterArgs {
  sql: string | undefined;
  db: string;
  file: string | undefined;
  encoding: string | undefined;
  format: Format | undefined;
  out: string | undefined;
  safeCells: boolean;
}

function options(args: Argv): Argv {
  return withSafeCells(withParameters(withDatabase(args)))
    .positional("sql", { type: "string", describe: "The SQL, or - to read it from standard input" })
    .option("file", { type: "string", requiresArg: true, describe: "Read the SQL from this file" })
    .option("encoding", {
      type: "string",
      requiresArg: true,
      describe: "What the SQL of --file or - is written in, where that is neither UTF-8 nor UTF-16",
    })
    .option("format", {
      choices: ["table", "csv", "json", "ndjson", "markdown"] as const,
      describe: "How to write the rows; default: table",
    })
    .option("out", {
      type: "string",
      requiresArg: true,
      describe: "Write to this file instead of standard output",
    })
    .example('$0 query "from license_summary"', "One output as a table")
    .example(
      "$0 query --file inactive.sql --format csv --out inactive.csv",
      "SQL from a file, rows to a file",
    );
}

async function run(args: QueryArgs): Promise<void> {
  const output = createOutput(args.quiet);
  const sql = readQuery(args);
  const { runQuery, toNoteError } = await import("../../outputs/query.ts");
  const { describeFormulas, formatRows } = await import("../../outputs/format.ts");
  const { refuseDatabase, writeAside } = await import("../../outputs/write-file.ts");
  const { writeGapNotes } = await import("../render-answer.ts");
  if (args.out !== undefined) refuseDatabase(args.out);
  await withOutputs(args.db, toParameters(args), output, async (database) => {
    const rows = await runQuery(database, sql);
    const format = args.format ?? (args.json ? "json" : "table");
    const seen = { rows: 0, formulaCells: 0 };
    const pieces = formatRows(rows, format, { isSafe: args.safeCells, seen });
    // CSV is exact for programs; a terminal would act on what is in its cells.
    const print = format === "csv" && process.stdout.isTTY ? output.text : output.data;
    if (args.out === undefined) for await (const piece of pieces) await print(piece);
    else await writeAside(args.out, pieces);
    const notes = writeGapNotes(database.connection, sql).catch((error: unknown) => {
      throw toNoteError(database, sql, error);
    });
    for (const note of await notes) output.words(note);
    if (seen.formulaCells > 0) output.words(describeFormulas(seen.formulaCells, args.safeCells));
  });
}

function readQuery({ sql, file, encoding: label }: QueryArgs): string {
  if (sql !== undefined && file !== undefined) throw usage("give the SQL or --file FILE, not both");
  if (sql === undefined && file === undefined)
    throw usage("give the SQL, or - for standard input, or --file FILE");
  const encoding = label === undefined ? undefined : toEncoding(label);
  let text = sql ?? "";
  // yargs gives a lone "-" as the empty text.
  const place = file ?? (sql === "" && process.argv.includes("-") ? 0 : undefined);
  try {
    if (place !== undefined) text = readTextFile(place, encoding);
  } catch (error) {
    const how = encoding === undefined ? ", or name what it is written in: --encoding windows-1252" : "";
    const cure = messageOf(error).endsWith("Save it as UTF-8") ? how : "";
    throw usage(`cannot read the SQL${file === undefined ? "" : ` in ${file}`}: ${messageOf(error)}${cure}`);
  }
  if (text.trim() === "") throw usage("the SQL is empty");
  return text.replace(/^\uFEFF/, "");
}

function usage(message: string): CliError {
  return new CliError(message, { exitCode: exitCodes.usage });
}

export const queryCommand = defineCommand<QueryArgs>({
  command: "query [sql]",
  describe: "Run SQL on the database, read-only",
  options,
  run,
});
