import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { outputNames } from "../../src/transform/models.ts";
import { shortenTimes } from "../times.ts";
import { Workdir } from "../workdir.ts";

let dir: Workdir;

beforeAll(() => {
  dir = new Workdir();
  dir.import(dir.sample("contoso"));
});

describe("export", () => {
  const odd = [
    "\u0001\u0001",
    "\u0001x",
    "x\u0001",
    "",
    null,
    "\uFEFFmark",
    '"q",\n',
    "=1+1",
    "-1",
    " ",
    "ä😀",
  ];
  test.each([
    ["odd texts, unknown and empty ones", odd, 1],
    ["what the engine packs rows with", [...odd, "a\0b", "\0", "\u0001"], 1],
    ["more rows than come at once", odd, 110],
    ["what the engine packs rows with behind thousands", [...Array<string>(2500).fill("x"), "a\0b", "c"], 1],
  ])("writes %s as a query does", (_, texts, times) => {
    const workdir = new Workdir();
    const users = Array.from({ length: times }, () => texts)
      .flat()
      .flatMap((displayName, index) => [
        {
          id: `id-${index}`,
          userPrincipalName: `u${index}@contoso.example`,
          displayName,
          accountEnabled: index % 2 === 0,
        },
        {
          id: `di-${index}`,
          userPrincipalName: `d${index}@contoso.example`,
          displayName: "plain",
          department: displayName,
        },
      ]);
    workdir.import(workdir.write("users.json", { "@odata.context": "$metadata#users", value: users }));
    for (const format of ["csv", "ndjson"]) {
      expect(
        workdir.run("export", "users", "user_activity", "mfa_summary", "--out", format, "--format", format)
          .status,
      ).toBe(0);
      for (const output of ["users", "user_activity", "mfa_summary"])
        expect(workdir.read(`${format}/${output}.${format}`)).toBe(
          workdir.run("query", `from ${output} order by all`, "--format", format).stdout,
        );
    }
    const written = workdir.read("ndjson/users.ndjson");
    expect(written.split("\n")).toHaveLength(users.length + 1);
    expect(written.includes(String.raw`"display_name":"a\u0000b"`)).toBe(texts.includes("a\0b"));
  });

  test("writes every output with a manifest that its files agree with", () => {
    const { status, stdout } = dir.run("export", "--out", "handoff/new");
    expect([status, stdout.split("\n")[0]]).toEqual([
      0,
      `Wrote ${outputNames().length} files and manifest.json to handoff/new.`,
    ]);
    const manifest = JSON.parse(dir.read("handoff/new/manifest.json")) as {
      tool: { name: string };
      tenant: { tenant_name: string };
      parameters: Record<string, unknown>;
      snapshots: { dataset: string; snapshot_date: string }[];
      files: {
        file: string;
        output: string;
        rows: number;
        bytes: number;
        sha256: string;
        data_status: string;
      }[];
    };
    expect(manifest.tool.name).toBe("m365-offline");
    expect(manifest.tenant.tenant_name).toBe("Contoso Government");
    expect(manifest.parameters).toEqual({
      as_of: "2026-11-01",
      inactive_after_days: 30,
      reclaim_after_days: 90,
      without_workloads: [],
    });
    expect(manifest.snapshots.find(({ dataset }) => dataset === "mailbox_usage_detail")?.snapshot_date).toBe(
      "2026-10-30",
    );
    const counting = manifest.files.map(
      ({ output }) => `select '${output}' as output, count(*) as n from ${output}`,
    );
    const counts = dir.query(counting.join(" union all "));
    for (const { file, output, rows, bytes, sha256, data_status: dataStatus } of manifest.files) {
      const content = readFileSync(dir.file(`handoff/new/${file}`));
      expect([file, bytes, sha256]).toEqual([
        file,
        content.length,
        createHash("sha256").update(content).digest("hex"),
      ]);
      expect([file, rows]).toEqual([file, counts.find((row) => row["output"] === output)?.["n"]]);
      expect(dataStatus).toBe("Complete");
    }
    expect(dir.list("handoff/new")).toEqual(
      [
        "VERIFY.txt",
        "datapackage.json",
        "manifest-sha256.txt",
        "manifest.json",
        ...manifest.files.map(({ file }) => file),
      ].toSorted(),
    );
  });

  test("writes each of several outputs with the parameters that were given", () => {
    const outputs = ["license_assignments", "mfa_status", "user_activity", "users"];
    const parameters = ["--as-of", "2026-10-20", "--reclaim-after-days", "60"];
    expect(dir.run("export", ...outputs, "--out", "earlier", ...parameters).status).toBe(0);
    const written = outputs.map((output) => shortenTimes(dir.read(`earlier/${output}.csv`)));
    const rows = (output: string, ...more: string[]): string =>
      dir.run("query", `from ${output} order by all`, "--format", "csv", ...more).stdout;
    expect(written).toEqual(outputs.map((output) => rows(output, ...parameters)));
    expect(written.filter((text, index) => text === rows(outputs[index] ?? ""))).toEqual([]);
  });

  test("leaves out workloads by name, in whatever case, and says so in the manifest", () => {
    const left = ["--without-workload", "yammer", "--without-workload", "Teams"];
    expect(dir.run("export", "users", "--out", "without", ...left).status).toBe(0);
    expect(JSON.parse(dir.read("without/manifest.json"))).toMatchObject({
      parameters: { without_workloads: ["Yammer", "Teams"] },
    });
    expect(dir.run("query", "select 1", "--without-workload", "Word").status).toBe(2);
  });

  test("gives the same bytes again, whatever the clock says", () => {
    dir.run("export", "--out", "first");
    dir.run("export", "--out", "second");
    for (const name of dir.list("first"))
      expect([name, dir.read(`first/${name}`)]).toEqual([name, dir.read(`second/${name}`)]);
  });

  test("writes chosen outputs as JSON and NDJSON with the same rows", () => {
    dir.run("export", "users", "license_summary", "--out", "json", "--format", "json");
    dir.run("export", "users", "license_summary", "--out", "ndjson", "--format", "ndjson");
    expect(dir.list("json")).toEqual([
      "VERIFY.txt",
      "license_summary.json",
      "manifest-sha256.txt",
      "manifest.json",
      "users.json",
    ]);
    const lines = dir
      .read("ndjson/users.ndjson")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);
    expect(JSON.parse(dir.read("json/users.json"))).toEqual(lines);
  });

  test("writes formula cells as they are and counts them, or neutral with --safe-cells", () => {
    const exact = dir.run("export", "users", "--out", "exact");
    const safe = dir.run("export", "users", "--out", "safe", "--safe-cells");
    expect(exact.stderr).toMatch(/notice: \d+ cells? begins? like a spreadsheet formula/);
    const cells = (name: string): string[] =>
      dir
        .read(`${name}/users.csv`)
        .split(/[,\n]/)
        .filter((cell) => /^"?'?=/.test(cell));
    expect(cells("exact").length).toBeGreaterThan(0);
    expect(cells("exact").every((cell) => cell.startsWith("=") || cell.startsWith('"='))).toBe(true);
    expect(cells("safe").every((cell) => cell.replace('"', "").startsWith("'="))).toBe(true);
    expect(safe.status).toBe(0);
  });

  test("does not touch a folder that holds files of others", () => {
    dir.write("shared/users.csv", "mine");
    const { status, stdout, stderr } = dir.run("export", "users", "--out", "shared", "--replace");
    expect([status, stdout, stderr]).toEqual([
      5,
      "",
      expect.stringContaining("beside it or too little in it: users.csv."),
    ]);
    expect([dir.list("shared"), dir.read("shared/users.csv")]).toEqual([["users.csv"], "mine"]);
  });
});
