import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { loadDatasets } from "../src/dataset.ts";

const src = fileURLToPath(new URL("../src", import.meta.url));

/** The stages of the house; a module imports only from those before its own, and only the pipeline composes them. */
const stages: readonly (readonly string[])[] = [
  ["start"],
  [
    "errors",
    "wasm",
    "engine-errors",
    "memory",
    "group",
    "formats",
    "version",
    "terminal",
    "interrupt",
    "command",
  ],
  ["issue", "wording", "issue-log", "damage"],
  ["ajv", "schema-check", "dataset", "find-dataset", "columns", "tally"],
  ["discover", "archive"],
  [
    "file-bytes",
    "raw-bytes",
    "inflate",
    "encoding",
    "decode",
    "window",
    "json-bounds",
    "envelope",
    "batch",
    "utf8",
  ],
  ["hash-file", "hash-worker", "hash-thread", "sha256", "find-files"],
  ["runs", "json-pieces", "scan-json", "scan-csv", "parse-json", "parse-csv", "fit", "date-texts"],
  ["not-loaded", "recognise-csv", "recognise-json", "recognise"],
  ["input"],
  [
    "fast/assembly/calls",
    "machine",
    "packet",
    "ddl",
    "coerce",
    "fast/sheet",
    "fast/plan",
    "fast/assembly/kinds",
    "fast/record-columns",
    "fast/lay-plan",
    "fast/collect-rows",
    "fast/block",
    "fast/session",
    "fast/reader",
    "fast/lay-report",
    "fast/rows",
  ],
  ["normalise", "reading", "pages", "no-record", "canonical", "validate", "show-value", "prove", "records"],
  [
    "cells",
    "unpack",
    "rows",
    "vector-texts",
    "packed",
    "lanes",
    "wal",
    "scratch",
    "database-name",
    "database",
    "ledger",
    "tenant",
    "swap",
    "compact",
    "lock",
    "copy-child",
    "copy-aside",
    "scratch-database",
    "build",
  ],
  [
    "feed",
    "chunks",
    "load",
    "load-files",
    "reference",
    "page-folder",
    "completeness",
    "unselected",
    "retry",
    "dates",
    "duplicates",
    "snapshots",
    "forget-records",
    "forget-files",
    "file-report",
    "skip",
    "record-files",
    "finish",
  ],
  [
    "views",
    "needs",
    "fingerprints",
    "settle",
    "create-views",
    "findings",
    "aside",
    "finish-views",
    "status",
    "query",
    "diff",
    "describe-diff",
    "format",
    "write",
    "export-folder",
    "export-file",
    "export-worker",
    "export-thread",
    "export-rows",
    "export",
    "report",
    "explain",
    "write-explanation",
    "rejects",
    "output",
    "progress",
    "cures",
    "describe-files",
    "describe-datasets",
    "options",
    "input-options",
  ],
  ["pipeline", "template", "forget"],
  ["describe-forgotten"],
  [
    "commands/answer",
    "commands/check",
    "commands/explain",
    "commands/diff",
    "commands/export",
    "commands/forget",
    "commands/import",
    "commands/query",
    "commands/rejects",
    "commands/schemas",
    "commands/status",
  ],
  ["cli", "index"],
];

/** What becomes WebAssembly is a program of its own; both know how kinds are named. */
const isAssembly = /^fast\/assembly\/(?!(kinds|calls)$)/;

const stageOf = (module: string): number => stages.findIndex((stage) => stage.includes(module));

function modules(): string[] {
  return readdirSync(src, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith(".ts"))
    .map((file) => file.replaceAll("\\", "/").slice(0, -3))
    .filter((module) => !isAssembly.test(module));
}

function importsOf(module: string, kind: "all" | "static"): { target: string; isType: boolean }[] {
  const text = readFileSync(`${src}/${module}.ts`, "utf8");
  const found = [...text.matchAll(/^(import|export) (type )?[^;]*? from "(\.[^"]+)\.ts";/gms)];
  const dynamic = kind === "all" ? [...text.matchAll(/import\(("(\.[^"]+)\.ts")\)/g)] : [];
  const base = module.includes("/") ? "commands/" : "";
  const resolve = (path: string): string => new URL(path, `file:///${base}`).pathname.slice(1);
  return [
    ...found.map((match) => ({ target: resolve(match[3] ?? ""), isType: match[2] !== undefined })),
    ...dynamic.map((match) => ({ target: resolve(match[2] ?? ""), isType: false })),
  ];
}

test("every module has a stage", () => {
  expect(modules().filter((module) => stageOf(module) < 0)).toEqual([]);
});

test("a module imports only from its own stage and those before it", () => {
  const wrong = modules().flatMap((module) =>
    importsOf(module, "all")
      .filter(({ target }) => stageOf(target) > stageOf(module))
      .map(({ target }) => `${module} imports ${target}`),
  );
  expect(wrong).toEqual([]);
});

test("only commands, progress and the pipeline's callers import the pipeline", () => {
  const callers = modules().filter((module) =>
    importsOf(module, "all").some(({ target }) => target === "pipeline"),
  );
  expect(callers.toSorted()).toEqual([
    "commands/check",
    "commands/import",
    "commands/rejects",
    "forget",
    "index",
  ]);
});

test("nothing on the way to --help imports DuckDB", () => {
  const seen = new Set<string>();
  const visit = (module: string): void => {
    if (seen.has(module)) return;
    seen.add(module);
    for (const { target, isType } of importsOf(module, "static")) if (!isType) visit(target);
  };
  visit("cli");
  const guilty = [...seen].filter((module) =>
    /^import (?!type)[^;]*"@duckdb/m.test(readFileSync(`${src}/${module}.ts`, "utf8")),
  );
  expect(seen.size).toBeGreaterThan(10);
  expect(guilty).toEqual([]);
});

test("TypeScript names no column of a dataset", () => {
  const properties = new Set(
    [...loadDatasets().values()].flatMap(({ properties }) => properties.map(({ name }) => name)),
  );
  const ordinary = new Set([
    "id",
    "mail",
    "country",
    "status",
    "siteId",
    "surname",
    "department",
    "reason",
    "sku",
    "windows",
    "word",
  ]);
  const names = [...properties].filter((name) => !ordinary.has(name));
  const wrong = modules().flatMap((module) => {
    const text = readFileSync(`${src}/${module}.ts`, "utf8").replaceAll(/^\s*(\*|\/\/|\/\*).*$/gm, "");
    return names
      .filter((name) => new RegExp(`\\b${name}\\b`).test(text))
      .map((name) => `${module} names ${name}`);
  });
  expect(wrong).toEqual([]);
});

test("no SQL opens a file", () => {
  const views = readdirSync(`${src}/views`, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith(".sql"));
  const opening =
    /\b(read_json|read_csv|read_text|read_blob|read_parquet|glob|copy|attach|install|load)\b\s*[('"]/i;
  expect(views.length).toBeGreaterThan(40);
  expect(views.filter((file) => opening.test(readFileSync(`${src}/views/${file}`, "utf8")))).toEqual([]);
});

test("files stay short enough to read", () => {
  const long = modules().filter(
    (module) => readFileSync(`${src}/${module}.ts`, "utf8").split("\n").length > 200,
  );
  expect(long).toEqual([]);
});
