import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { loadDatasets } from "../src/schema/dataset.ts";
import { exitCodes } from "../src/errors.ts";
import type { Issue } from "../src/issues.ts";
import { outputNames, readViews } from "../src/transform/models.ts";
import { describeIssue } from "../src/issue-messages.ts";
import { Workdir } from "./workdir.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const readme = readFileSync(`${root}/README.md`, "utf8").replaceAll("\r\n", "\n");
const contributing = readFileSync(`${root}/CONTRIBUTING.md`, "utf8");
const datasets = [...loadDatasets().values()];
const workdir = new Workdir();
let screen = "";
/** Schema, table, column and type of all columns of outputs and ledger, in order. */
let catalog: string[][] = [];

beforeAll(() => {
  const { status, stdout, stderr } = workdir.run("import", workdir.sample("contoso"));
  expect(stderr).toBe("");
  expect(status).toBe(0);
  screen = stdout;
  const sql =
    "select table_schema, table_name, column_name, data_type from information_schema.columns where table_schema in ('main', 'meta') order by table_schema, table_name, ordinal_position";
  catalog = workdir.query(sql).map((row) => Object.values(row).map(String));
});

/** Name and type of the columns of an output or a ledger table. */
function columnsOf(table: string): string[][] {
  return catalog.filter(([, name]) => name === table).map(([, , ...column]) => column);
}

/** The README's words for the types of DuckDB. */
const words: Readonly<Record<string, string>> = {
  VARCHAR: "text",
  BIGINT: "number",
  BOOLEAN: "yes/no",
  DATE: "date",
  TIMESTAMP: "time",
  DOUBLE: "number",
  "DECIMAL(18,2)": "amount",
  "DECIMAL(18,4)": "amount",
};

/** The text below a heading of the README, up to the next heading of the same level or above; "" when there is none. */
function section(heading: string): string {
  const level = heading.indexOf(" ");
  const below = `\n${readme}`.split(`\n${heading}\n`)[1] ?? "";
  return below.split(new RegExp(`^#{1,${level}} `, "m"))[0] ?? "";
}

/** The cells of the table rows of a text, without the marks of code. */
function tableRows(text: string): string[][] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .map((line) =>
      line
        .slice(1, -1)
        .split("|")
        .map((cell) => cell.trim().replaceAll("`", "")),
    );
}

function blocks(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "gms"))].map(
    (match) => match[1] ?? "",
  );
}

/** What `--help` of a command (of the tool itself without one) prints. */
function helpOf(...command: string[]): string {
  return workdir.run(...command, "--help").stdout;
}

function optionsIn(help: string): string[] {
  return [...help.matchAll(/^\s+--([a-z][a-z-]*)/gm)].map((match) => match[1] ?? "");
}

/** The severity of an issue code, whatever else its wording asks for. */
function severityOf(code: string): string {
  const issue = new Proxy({}, { get: (_, key) => (key === "code" ? code : []) }) as Issue;
  return describeIssue(issue).severity;
}

/** The datasets as which `check` recognises the files of a path; null for a file of none. */
const checked = new Map<string, (string | null)[]>();

function recognised(path: string): (string | null)[] {
  const known = checked.get(path);
  if (known) return known;
  const { stdout } = workdir.run("check", path, "--json");
  const { files } = JSON.parse(stdout) as { files: { dataset: string | null }[] };
  const found = files.map(({ dataset }) => dataset);
  checked.set(path, found);
  return found;
}

/** The target of links to a heading. */
function slug(heading: string): string {
  const name = heading.toLowerCase().replaceAll(/[^a-z0-9 _-]/g, "");
  return `#${name.replaceAll(" ", "-")}`;
}

const commands = [...helpOf().matchAll(/^ {2}m365-offline ([a-z]+)/gm)].map((match) => match[1] ?? "");
const globals = optionsIn(helpOf());
// `completion --help` prints the script for the shell: it has no options of its own.
const optionsOf = new Map(
  commands.map((command) => [command, command === "completion" ? globals : optionsIn(helpOf(command))]),
);

const isNamed = (text: string, option: string): boolean => new RegExp(`\`--${option}( [A-Z]+)?\``).test(text);

describe("the README on commands", () => {
  test("has a section on every command in the help, and on no other", () => {
    const headings = [...section("## Commands").matchAll(/^### (.*)$/gm)].map((match) => match[1]);
    expect(commands.length).toBeGreaterThan(5);
    expect(headings).toEqual(commands);
  });

  test("names every option of every command", () => {
    const general = section("## Commands").split("\n### ")[0] ?? "";
    expect(globals.filter((option) => !isNamed(general, option))).toEqual([]);
    const missing = commands.flatMap((command) =>
      (optionsOf.get(command) ?? [])
        .filter((option) => !globals.includes(option) && !isNamed(section(`### ${command}`), option))
        .map((option) => `${command} --${option}`),
    );
    expect(missing).toEqual([]);
  });

  test("names no option that its command does not have", () => {
    const wrong = commands.flatMap((command) =>
      [...section(`### ${command}`).matchAll(/`--(?:no-)?([a-z-]+)[ `]/g)]
        .map((match) => match[1] ?? "")
        .filter((option) => !optionsOf.get(command)?.includes(option))
        .map((option) => `${command} --${option}`),
    );
    expect(wrong).toEqual([]);
  });

  test("gives only commands and options that there are in its shell examples", () => {
    const lines = [...blocks(readme, "bash"), ...blocks(readme, "powershell")]
      .flatMap((block) => block.split("\n"))
      .filter((line) => line.startsWith("m365-offline "));
    const wrong = lines.filter((line) => {
      const [, command = "", rest = ""] = /^m365-offline (\S+)(.*)$/.exec(line) ?? [];
      const used = [...rest.replaceAll(/"[^"]*"/g, "").matchAll(/ --([a-z-]+)/g)].map(
        (match) => match[1] ?? "",
      );
      return (
        used.some((option) => !optionsOf.get(command)?.includes(option.replace(/^no-/, ""))) ||
        !commands.includes(command)
      );
    });
    expect(lines.length).toBeGreaterThan(15);
    expect(wrong).toEqual([]);
  });

  test("has nothing in its PowerShell that Windows PowerShell 5.1 has not, or that loses letters or pages there", () => {
    const parts = blocks(readme, "powershell");
    expect(parts.length).toBeGreaterThan(2);
    const lacking =
      /\?\?|\?\.|&&|\|\||\? .* : |-AsHashtable|-Parallel|-SkipHttpErrorCheck|ConvertFrom-Json|Get-Content|(?<!-)>|Set-Content|\u{201C}|\u{2018}|\u{2013}/u;
    // What stands in single quotes is text.
    const code = parts.map((part) => part.replaceAll(/'[^'\n]*'/g, "''"));
    expect(code.filter((part) => lacking.test(part))).toEqual([]);
    for (const part of code) {
      for (const [open, close] of ["()", "{}", "[]"].map((pair) => pair.split("")))
        expect(part.split(open ?? "").length, part).toBe(part.split(close ?? "").length);
      // A request that fails ends the loop.
      for (const line of part.split("\n").filter((each) => /Invoke-MgGraphRequest|New-Item/.test(each)))
        expect(line).toContain("-ErrorAction Stop");
    }
  });

  test("explains every exit code, and no other", () => {
    const said = tableRows(section("## Commands"))
      .map(([code]) => Number(code))
      .filter((code) => !Number.isNaN(code));
    expect(said).toEqual(Object.values(exitCodes));
  });

  test("shows the screen that npm start prints", () => {
    const lines = screen.split("\n").map((line) => line.trimEnd());
    const shown = (blocks(section("## Start"), "text")[0] ?? "").split("\n");
    expect(shown.join("\n").trim(), "paste again what npm start prints").toBe(lines.join("\n").trim());
  });

  test("prints nothing of the sample that is wider than 80 columns, after the import and as status", () => {
    const printed = `${screen}\n${workdir.run("status").stdout}`.split("\n");
    expect(printed.length).toBeGreaterThan(200);
    expect(printed.filter((line) => line.length > 80)).toEqual([]);
  });
});

describe("the README on data", () => {
  test("has a row on every dataset with the query and the portal path of its schema", () => {
    const rows = new Map(
      tableRows(section("## Exports")).map(([name = "", graph, portal = "", without = ""]) => [
        name,
        { graph, portal, without },
      ]),
    );
    const wrong = datasets.filter(({ name, source }) => {
      const row = rows.get(name);
      return row?.graph !== source.graph || !row.portal.startsWith(source.portal) || row.without === "";
    });
    expect(wrong.map(({ name, source }) => `${name}: ${source.graph} | ${source.portal}`)).toEqual([]);
  });

  test("describes every output", () => {
    const headings = [...section("## Outputs").matchAll(/^### (.*)$/gm)].map((match) => match[1] ?? "");
    expect(headings.toSorted()).toEqual(outputNames().toSorted());
  });

  test.each(outputNames())("describes the columns of %s in their order, with their types", (output) => {
    const columns = columnsOf(output).map(([name = "", type = ""]) => `${name}: ${words[type] ?? type}`);
    const rows = tableRows(section(`### ${output}`)).slice(1);
    const described = rows.map(([name = "", type = ""]) => `${name}: ${type.split(" ")[0] ?? ""}`);
    expect(columns).not.toEqual([]);
    expect(described).toEqual(columns);
    // The same words are the comments of the columns, and the rules that `explain` names.
    const file = `${root}/src/models/outputs/${output}.columns.json`;
    const meanings = Object.entries(JSON.parse(readFileSync(file, "utf8")) as Record<string, string>);
    expect(meanings).toEqual(
      rows.map(([name = "", , meaning = ""]) => [name, meaning.replaceAll("`", "").replaceAll(/ +/g, " ")]),
    );
    expect(rows.filter((row) => row.length !== 4 || row.includes(""))).toEqual([]);
  });

  test("has one table of the words for what is not known, each of which its columns have", () => {
    const [, ...rows] = tableRows(section("### Complete, Partial, Not supplied")).filter(
      (row) => row.length === 4,
    );
    expect(rows.map(([word]) => word)).toEqual([
      "Not supplied",
      "Partial",
      "Not Available",
      "Not monitored",
      "Unknown",
    ]);
    const sqlOf = new Map(readViews().map(({ schema, name, sql }) => [`${schema}.${name}`, sql]));
    const all = [...sqlOf.values()].join("\n") + readFileSync(`${root}/src/models/ledger/meta.sql`, "utf8");
    for (const [word = "", , , columns = ""] of rows) {
      // The engine says it somewhere, and what each column means names it.
      expect(all).toContain(`'${word}'`);
      for (const column of columns.split(", ")) {
        const [output = "", name = ""] = column.split(".");
        const file = `${root}/src/models/outputs/${output}.columns.json`;
        const meanings = JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
        expect(`${column}: ${meanings[name]}`).toMatch(new RegExp(`^${column}: .*\\b${word}\\b`));
      }
    }
  });

  test("names every ledger table with its columns", () => {
    const lines = section("## Ledger and raw tables").split("\n");
    const tables = [
      ...new Set(catalog.filter(([schema]) => schema === "meta").map(([, table = ""]) => table)),
    ];
    const settled = readViews().flatMap(({ schema, name }) => (schema === "meta" ? [name] : []));
    const newest = readViews().flatMap(({ name, settledWith }) => (settledWith ? [`newest_${name}`] : []));
    const ledger = ["database", "datasets", "outputs", "output_needs", "output_columns"];
    const ours = new Set([...ledger, ...settled, ...newest]);
    const missing = tables.flatMap((table) => {
      const row = lines.find((line) => line.includes(`\`meta.${table}\``));
      if (row === undefined) return [`meta.${table}`];
      const columns = ours.has(table) ? [] : columnsOf(table).map(([name = ""]) => name);
      return columns.filter((name) => !row.includes(`\`${name}\``)).map((name) => `meta.${table}: ${name}`);
    });
    expect(tables.length).toBeGreaterThan(8);
    expect(missing).toEqual([]);
  });

  test("explains every issue code with its severity, and no other", () => {
    const source = readFileSync(`${root}/src/issues.ts`, "utf8");
    const codes = [...source.matchAll(/readonly code: "([a-z0-9_]+)"/g)].map((match) => match[1] ?? "");
    const rows = tableRows(section("## Issue codes")).slice(1);
    expect(codes.length).toBeGreaterThan(25);
    expect(rows.map(([code, severity]) => `${code ?? ""}: ${severity ?? ""}`)).toEqual(
      codes.map((code) => `${code}: ${severityOf(code)}`),
    );
    expect(rows.filter((row) => row.length !== 4 || row.includes(""))).toEqual([]);
  });

  test("explains every finding of the checks, and no other", () => {
    const sql = readViews()
      .filter(({ schema }) => schema === "checks")
      .map((view) => view.sql);
    const kinds = sql.flatMap((text) => [
      ...[...text.matchAll(/^ +(.*) as finding,$/gm)].flatMap((match) =>
        [...(match[1] ?? "").matchAll(/'([a-z_]+)'/g)].map(([, name]) => name ?? ""),
      ),
      ...[...text.matchAll(/issues\.code (?:in \((.*)\)|= ('[a-z_]+'))/g)].flatMap((match) =>
        [...(match[1] ?? match[2] ?? "").matchAll(/'([a-z_]+)'/g)].map(([, name]) => name ?? ""),
      ),
    ]);
    const rows = tableRows(section("## Findings")).slice(1);
    expect(kinds.length).toBeGreaterThan(25);
    expect(rows.flatMap(([names = ""]) => names.split(", ")).toSorted()).toEqual(kinds.toSorted());
    expect(rows.filter((row) => row.length !== 4 || row.includes(""))).toEqual([]);
  });

  test("shows a dataset of one's own that can be imported and queried", () => {
    const example = section("## A dataset of your own");
    workdir.write("my-schemas/badges.schema.json", blocks(example, "json")[0] ?? "");
    const badges = workdir.write("badges.csv", "Badge No,Holder,Issued\n17,a@contoso.example,2026-02-03\n");
    const { status, stderr } = workdir.run(
      "import",
      badges,
      "--schemas",
      workdir.file("my-schemas"),
      "--as-of",
      "2026-11-01",
      "--db",
      "own.duckdb",
    );
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(workdir.query("from raw.badges", "--db", "own.duckdb")).toHaveLength(1);
  });

  /** What is asked, and the SQL that answers it. */
  const questions = [...readme.matchAll(/^([^\n]+)\n\n```sql\n(.*?)^```$/gms)].map((match) => ({
    asked: match[1] ?? "",
    sql: match[2] ?? "",
  }));

  test("puts a question in words before each of its SQL examples", () => {
    expect(questions.length).toBeGreaterThan(7);
    expect(questions).toHaveLength(blocks(readme, "sql").length);
  });

  test.each(questions)("answers by SQL that runs on the sample: $asked", ({ sql }) => {
    const file = workdir.write("question.sql", sql);
    const { status, stderr } = workdir.run("query", "--file", file);
    expect(stderr).toBe("");
    expect(status).toBe(0);
  });
});

describe("samples and other pages", () => {
  test("every dataset has a file in samples, or is a list that ships in reference", () => {
    const folders = ["contoso", "contoso-portal"];
    const sampled = new Set(folders.flatMap((name) => recognised(`${root}/samples/${name}`)));
    const missing = datasets.filter(
      ({ name, kind }) =>
        !sampled.has(name) &&
        !(kind === "reference" && recognised(`${root}/reference/${name}.csv`).includes(name)),
    );
    expect(missing.map(({ name }) => name)).toEqual([]);
  });

  test.each(["contoso", "contoso-portal"])("every file in samples/%s is recognised", (name) => {
    expect(recognised(`${root}/samples/${name}`)).not.toContain(null);
  });

  test("every script of package.json is in CONTRIBUTING.md", () => {
    const { scripts } = JSON.parse(readFileSync(`${root}/package.json`, "utf8")) as {
      scripts: Record<string, string>;
    };
    const calls = Object.keys(scripts).map((name) =>
      ["start", "test"].includes(name) ? `npm ${name}` : `npm run ${name}`,
    );
    expect(calls.filter((call) => !contributing.includes(`\`${call}\``))).toEqual([]);
  });

  test("every link within the pages leads somewhere", () => {
    const headings = new Set([...readme.matchAll(/^#+ (.*)$/gm)].map((match) => slug(match[1] ?? "")));
    const targets = [readme, contributing].flatMap((text) =>
      [...text.matchAll(/\]\(([^)]+)\)/g)].map((match) => match[1] ?? ""),
    );
    const broken = targets.filter((target) => {
      if (target.startsWith("https://")) return false;
      if (target.startsWith("#")) return !headings.has(target);
      try {
        return readFileSync(`${root}/${target}`).length === 0;
      } catch {
        return true;
      }
    });
    expect(broken).toEqual([]);
  });
});
