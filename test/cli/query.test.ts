import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import Papa from "papaparse";
import { beforeAll, describe, expect, test } from "vitest";
import { outputNames } from "../../src/transform/models.ts";
import { Workdir } from "../workdir.ts";

let dir: Workdir;

beforeAll(() => {
  dir = new Workdir();
  dir.import(dir.sample("contoso"));
});

const values =
  "select 1 as n, 9007199254740993 as large, 1.5::decimal(4,2) as d, timestamp '2026-11-01 08:00:00.5' as t, date '2026-11-01' as day, null as nothing, '' as empty, 'a,\"b\"' as text, [1, 2] as list, true as yes";

describe("query", () => {
  test("writes JSON: numbers where they are exact, UTC times as ISO 8601", () => {
    expect(dir.query(values)).toEqual([
      {
        n: 1,
        large: "9007199254740993",
        d: "1.50",
        t: "2026-11-01T08:00:00.5Z",
        day: "2026-11-01",
        nothing: null,
        empty: "",
        text: 'a,"b"',
        list: [1, 2],
        yes: true,
      },
    ]);
    expect(dir.query("select 1 where false")).toEqual([]);
  });

  test.each([
    [
      "csv",
      'n,large,d,t,day,nothing,empty,text,list,yes\n1,9007199254740993,1.50,2026-11-01T08:00:00.5Z,2026-11-01,,"","a,""b""","[1,2]",true\n',
    ],
    [
      "ndjson",
      '{"n":1,"large":"9007199254740993","d":"1.50","t":"2026-11-01T08:00:00.5Z","day":"2026-11-01","nothing":null,"empty":"","text":"a,\\"b\\"","list":[1,2],"yes":true}\n',
    ],
  ])("writes %s", (format, text) => {
    expect(dir.run("query", values, "--format", format).stdout).toBe(text);
  });

  test("aligns tables, numbers to the right, unknown as a dash, and escapes what a terminal would act on", () => {
    const sql =
      "select * from (values ('é😀', 5, null), ('a' || chr(27) || '[31mb' || chr(8238), 12345, 'x|y')) t(name, n, more)";
    expect(dir.run("query", sql).stdout).toBe(
      [
        "name                      n  more",
        "é😀                       5  -",
        "a\\u{1b}[31mb\\u{202e}  12345  x|y",
        "",
      ].join("\n"),
    );
    expect(dir.run("query", sql, "--format", "markdown").stdout).toContain(
      "| a\\u{1b}[31mb\\u{202e} | 12345 | x\\|y |",
    );
  });

  test.each(["table", "markdown"])("writes 200,000 rows as a %s", (format) => {
    const sql = "select range as n from range(200000)";
    const { status, stdout, stderr } = dir.run("query", sql, "--format", format);
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout.split("\n").length).toBeGreaterThan(200_000);
  });

  test("reads SQL from a file and from standard input, and writes to a file", () => {
    const sql = "select count(*) as users from users";
    dir.write("count.sql", `\uFEFF${sql};\n`);
    expect(dir.run("query", "--file", "count.sql", "--format", "csv").stdout).toBe("users\n62\n");
    expect(dir.runWith({ input: sql }, "query", "-", "--format", "csv").stdout).toBe("users\n62\n");
    expect(dir.run("query", sql, "--format", "csv", "--out", "users.csv")).toMatchObject({
      status: 0,
      stdout: "",
    });
    expect(dir.read("users.csv")).toBe("users\n62\n");
  });

  test("counts cells that a spreadsheet would run, also in headers, and makes them harmless with --safe-cells", () => {
    const corpus = new URL(
      "../../../shared/corpora/formula-injection/payloadbox/Intruder/csv-payload.txt",
      import.meta.url,
    );
    const shared = existsSync(corpus) ? readFileSync(corpus, "utf8").split("\n") : [];
    const own = [
      "=1+1",
      "+1 2",
      "-1+1",
      "@SUM(A1)",
      "\t=1",
      "\r=1",
      "\n=1",
      "＝1",
      "＋1",
      "－1",
      "＠A1",
      '="a,b"',
      "=\n1",
    ];
    const formulas = [...own, ...shared.filter((line) => /^[=+\-@]/.test(line))];
    const others = ["-5", "-1.50", "a=1", "'=1", 'a,"=1"', "a\n=1", "1\t=1", ";=1"];
    const sql = `select unnest([${[...formulas, ...others].map((text) => `'${text.replaceAll("'", "''")}'`).join(", ")}]) as "=head", -1.5 as n`;
    dir.write("formulas.sql", sql);
    const read = (...args: string[]): { cells: unknown[]; stderr: string } => {
      const { stdout, stderr } = dir.run("query", "--file", "formulas.sql", "--format", "csv", ...args);
      const { data } = Papa.parse<string[]>(stdout, { newline: "\n", delimiter: "," });
      return { cells: data.slice(0, -1).map(([cell]) => cell), stderr };
    };
    const texts = ["=head", ...formulas, ...others];
    const exact = read();
    expect(exact.cells).toEqual(texts);
    const count = `notice: ${formulas.length + 1} cells begin like a spreadsheet formula and`;
    expect(exact.stderr).toContain(`${count} are written as they are (--safe-cells makes them harmless)`);
    const safe = read("--safe-cells");
    expect(safe.cells).toEqual([...["=head", ...formulas].map((text) => `'${text}`), ...others]);
    expect(safe.stderr).toContain(`${count} were made harmless`);
    expect(dir.run("query", "--file", "formulas.sql", "--format", "json").stderr).toBe("");
  });

  test("writes rows of which nothing is known, also as CSV", () => {
    const sql = "from (values (null, null), (1, null), (null, null)) as t (a, b)";
    expect(dir.run("query", sql, "--format", "csv").stdout).toBe("a,b\n,\n1,\n,\n");
    expect(dir.run("query", "select null as a", "--format", "csv").stdout).toBe("a\n\n");
    expect(dir.run("query", `${sql} where false`, "--format", "csv").stdout).toBe("a,b\n");
    expect(dir.run("query", sql, "--format", "ndjson").stdout.split("\n")).toHaveLength(4);
  });

  test("writes the rows of many batches in their order", () => {
    const { stdout } = dir.run("query", "select range as a from range(10000)", "--format", "csv");
    expect(stdout).toBe(`a\n${Array.from({ length: 10_000 }, (_, index) => `${index}\n`).join("")}`);
  });

  test("takes the parameters of the outputs", () => {
    const active = (...args: string[]): unknown =>
      dir.query("select count(*) as n from user_activity where activity_status = 'Active'", ...args)[0]?.[
        "n"
      ];
    expect(Number(active("--inactive-after-days", "1"))).toBeLessThan(Number(active()));
    expect(Number(active("--inactive-after-days", "5000"))).toBeGreaterThan(Number(active()));
  });

  test("names on standard error what is not complete in what it was asked for", () => {
    const partial = new Workdir();
    partial.import(partial.sample("contoso-concealed"));
    const { status, stderr } = partial.run("query", "from mfa_status limit 1");
    expect([status, stderr]).toEqual([
      0,
      expect.stringContaining("note: mfa_status is Not supplied: user_registration_details was not supplied"),
    ]);
    expect(partial.run("query", "from mfa_status limit 1", "--quiet").stderr).toBe("");
  });

  test.each([
    "create table x (y integer)",
    "delete from raw.users",
    "copy (select 1) to 'out.csv'",
    "from read_text('/etc/hostname')",
    "from '/etc/hostname'",
    "attach 'other.duckdb'",
    "install httpfs",
    "load httpfs",
    "set enable_external_access = true",
    "set memory_limit = '1GB'",
    "export database 'folder'",
    "checkpoint",
    "pragma enable_object_cache",
    "select 1; drop view users",
  ])("refuses %s and leaves the database as it is", (sql) => {
    const hash = (): string =>
      createHash("sha256")
        .update(readFileSync(dir.file("tenant.duckdb")))
        .digest("hex");
    const before = hash();
    const { status, stdout } = dir.run("query", sql);
    expect([status, stdout]).toEqual([2, ""]);
    expect(hash()).toBe(before);
    expect(["out.csv", "folder", "other.duckdb"].filter((name) => dir.has(name))).toEqual([]);
  });
});

describe("status, check and schemas", () => {
  test("status tells tenant, snapshots, outputs and findings, also as JSON", () => {
    const text = dir.run("status").stdout;
    expect(text.split("\n")[0]).toBe("Contoso Government, as of 2026-11-01: 62 users, 55 licensed");
    const status = JSON.parse(dir.run("status", "--json").stdout) as {
      outputs: { output: string }[];
      snapshots: unknown[];
      findings: unknown[];
    };
    expect(status.outputs.map(({ output }) => output)).toEqual(
      status.outputs.map(({ output }) => output).toSorted(),
    );
    expect([status.outputs.length, status.snapshots.length]).toEqual([outputNames().length, 27]);
    expect(status.findings.length).toBeGreaterThan(2);
  });

  test("check says what files are and which outputs they would give, and writes no database", () => {
    const work = new Workdir();
    const result = work.run("check", work.sample("damaged"), "--json");
    const { files, outputs } = JSON.parse(result.stdout) as {
      files: { dataset: string | null }[];
      outputs: { output: string; data_status: string }[];
    };
    expect([result.status, files.length]).toEqual([1, 7]);
    expect(outputs.find(({ output }) => output === "mfa_status")?.data_status).toBe("Not supplied");
    expect(work.list()).toEqual(["damaged"]);
  });

  test("check prints the findings with their remedies, and has them in JSON, as the manifest has", () => {
    const findings = dir.query("from data_quality order by all");
    const check = (...args: string[]): string => dir.run("check", dir.sample("contoso"), ...args).stdout;
    expect(JSON.parse(check("--json"))).toMatchObject({ findings });
    // Long lines go on in the next one.
    const text = (check().split("Found in the data:\n")[1] ?? "").replaceAll(/\n +/g, " ");
    for (const { severity, dataset, detail, remedy } of findings) {
      expect(text).toContain(`${String(severity)}: ${String(dataset)}: ${String(detail)}`);
      // One remedy of several stands behind the last of them.
      expect(text).toContain(` ${String(remedy)}\n`);
    }
    dir.run("export", "users", "--out", "with-findings");
    expect(JSON.parse(dir.read("with-findings/manifest.json"))).toMatchObject({ findings });
  });

  test("schemas lists the datasets and prints the schema of one", () => {
    const list = JSON.parse(dir.run("schemas", "--json").stdout) as { dataset: string }[];
    expect(list.map(({ dataset }) => dataset)).toContain("onedrive_usage_account_detail");
    expect(JSON.parse(dir.run("schemas", "users", "--json").stdout)).toMatchObject({
      $id: "users",
      required: ["id"],
    });
    expect(dir.run("schemas", "users").stdout).toContain("assignedLicenses");
  });
});

describe("the way to the prompt", () => {
  test("--help loads no database engine", () => {
    const hook =
      "data:text/javascript,import{createRequire}from'node:module';process.on('exit',()=>{const c=createRequire('file:///x').cache;process.stderr.write(Object.keys(c).filter(k=>k.includes('duckdb')).length+' engine files')})";
    const help = dir.runWith({ node: ["--import", hook] }, "--help");
    expect([help.status, help.stderr]).toEqual([0, "0 engine files"]);
    expect(dir.runWith({ node: ["--import", hook] }, "query", "select 1").stderr).not.toContain(
      "0 engine files",
    );
  });

  test("a closed pipe is quiet success, a full disk exit 5", () => {
    const big = "select repeat('x', 1000) from range(20000)";
    const shell = (command: string): { status: number | null; stderr: string } => {
      const { status, stderr } = spawnSync("bash", ["-c", command], { cwd: dir.path, encoding: "utf8" });
      return { status, stderr };
    };
    const bin = new URL("../../bin/m365-offline.js", import.meta.url).pathname;
    const { stderr } = shell(
      `set -o pipefail; ${process.execPath} ${bin} query "${big}" --format csv | head -c 10 >/dev/null; exit \${PIPESTATUS[0]}`,
    );
    expect(stderr).toBe("");
    if (!existsSync("/dev/full")) return;
    for (const words of [`query "${big}" --format csv`, "--help", "query --help", "--version", "completion"])
      expect([words, shell(`${process.execPath} ${bin} ${words} > /dev/full`).status]).toEqual([words, 5]);
  });

  test("help before a command is --help behind it", () => {
    expect(dir.run("help", "import")).toEqual(dir.run("import", "--help"));
    expect(dir.run("help")).toEqual(dir.run("--help"));
    expect(dir.run("help").stdout).toContain("Commands:");
  });
});
