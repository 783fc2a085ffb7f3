import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path/posix";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { loadDatasets } from "../src/schema/dataset.ts";

const src = fileURLToPath(new URL("../src", import.meta.url));

/** The folders of src in the order of the data: a module imports only from its own and those above it. */
const folders = [
  ".",
  "schema",
  "source",
  "parse",
  "normalize",
  "detect",
  "batch",
  "wasm-reader",
  "read",
  "database",
  "load",
  "ledger",
  "transform",
  "handoff",
  "outputs",
  "profile",
  "pipeline",
  "cli/commands",
  "cli",
];

/** What commands are made of stands in cli beside the program that composes them. */
const program = "cli/main.ts";
const library = "index.ts";

/** What becomes WebAssembly is a program of its own; both sides know how kinds are named. */
const isAssembly = /^(wasm-reader\/assembly\/(?!kinds\.ts)|database\/block-checksum\.ts)/;

const modules = readdirSync(src, { recursive: true })
  .map((file) => String(file).replaceAll("\\", "/"))
  .filter((file) => file.endsWith(".ts") && !isAssembly.test(file));

const textOf = (module: string): string => readFileSync(`${src}/${module}`, "utf8");

function placeOf(module: string): number {
  if (module === program || module === library) return folders.length;
  const folder = dirname(module);
  if (folder === "wasm-reader/assembly") return folders.indexOf("wasm-reader");
  // Commands and what they share are one layer under the program.
  return folders.indexOf(folder === "cli" ? "cli/commands" : folder);
}

interface Import {
  readonly target: string;
  readonly isType: boolean;
  readonly isDynamic: boolean;
}

function importsOf(module: string): Import[] {
  const text = textOf(module);
  const resolve = (path: string): string => normalize(join(dirname(module), path));
  return [
    ...[...text.matchAll(/^(?:import|export) (type )?[^;]*? from "(\.[^"]+)";/gms)].map(
      ([, type, path = ""]) => ({ target: resolve(path), isType: type !== undefined, isDynamic: false }),
    ),
    ...[...text.matchAll(/import\("(\.[^"]+)"\)/g)].map(([, path = ""]) => ({
      target: resolve(path),
      isType: false,
      isDynamic: true,
    })),
  ];
}

test("every module stands in a folder of the list", () => {
  expect(modules.length).toBeGreaterThan(50);
  expect(modules.filter((module) => placeOf(module) < 0)).toEqual([]);
});

test("a module imports only from its own folder and those above it", () => {
  const wrong = modules.flatMap((module) =>
    importsOf(module)
      .filter(({ target }) => placeOf(target) > placeOf(module))
      .map(({ target }) => `${module} imports ${target}`),
  );
  expect(wrong).toEqual([]);
});

test("no module imports itself by way of others", () => {
  const circles: string[] = [];
  const done = new Set<string>();
  const visit = (module: string, way: readonly string[]): void => {
    if (way.includes(module)) circles.push([...way.slice(way.indexOf(module)), module].join(" -> "));
    if (done.has(module) || way.includes(module)) return;
    for (const { target, isType } of importsOf(module)) if (!isType) visit(target, [...way, module]);
    done.add(module);
  };
  for (const module of modules) visit(module, []);
  expect(circles).toEqual([]);
});

test("the root of src holds what every folder may need, and no other room", () => {
  expect(modules.filter((module) => dirname(module) === ".").toSorted()).toEqual([
    "errors.ts",
    "escape.ts",
    "files.ts",
    "group-by.ts",
    "index.ts",
    "issue-messages.ts",
    "issues.ts",
    "paths.ts",
    "signals.ts",
    "version.ts",
    "wasm.ts",
  ]);
});

test("read alone knows both readers", () => {
  const callers = modules.filter((module) =>
    importsOf(module).some(({ target, isType }) => target === "wasm-reader/index.ts" && !isType),
  );
  expect(callers).toEqual(["read/reader.ts"]);
});

test("only commands, the library and what changes a database import the pipeline", () => {
  const callers = modules.filter((module) =>
    importsOf(module).some(({ target }) => target === "pipeline/import.ts"),
  );
  expect(callers.toSorted()).toEqual([
    "cli/commands/check.ts",
    "cli/commands/import.ts",
    "cli/commands/rejects.ts",
    "index.ts",
    "pipeline/forget.ts",
  ]);
});

test("files.ts alone opens, renames and removes files, which Windows refuses now and then", () => {
  const calls =
    /\b(?:openSync|renameSync|rmSync|rmdirSync|unlinkSync|truncateSync|createWriteStream|createReadStream)\b/;
  const others = modules.filter((module) => module !== "files.ts" && calls.test(textOf(module)));
  // Whether a file is held shows when it is opened.
  expect(others.toSorted()).toEqual(["database/errors.ts"]);
});

test("only cli writes on standard output and standard error", () => {
  // wal.ts holds the text of a program that a process of its own runs.
  const others = modules.filter((module) => !module.startsWith("cli/") && module !== "database/wal.ts");
  expect(others.filter((module) => /process\.(stdout|stderr)\.write|console\./.test(textOf(module)))).toEqual(
    [],
  );
});

test("nothing on the way to --help imports DuckDB", () => {
  const seen = new Set<string>();
  const visit = (module: string): void => {
    if (seen.has(module)) return;
    seen.add(module);
    for (const { target, isType, isDynamic } of importsOf(module)) if (!isType && !isDynamic) visit(target);
  };
  visit(program);
  const guilty = [...seen].filter((module) => /^import (?!type)[^;]*"@duckdb/m.test(textOf(module)));
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
  const wrong = modules.flatMap((module) => {
    const text = textOf(module).replaceAll(/^\s*(\*|\/\/|\/\*).*$/gm, "");
    return names
      .filter((name) => new RegExp(`\\b${name}\\b`).test(text))
      .map((name) => `${module} names ${name}`);
  });
  expect(wrong).toEqual([]);
});

test("no SQL opens a file", () => {
  const models = readdirSync(`${src}/models`, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith(".sql"));
  const opening =
    /\b(read_json|read_csv|read_text|read_blob|read_parquet|glob|copy|attach|install|load)\b\s*[('"]/i;
  expect(models.length).toBeGreaterThan(40);
  expect(models.filter((file) => opening.test(readFileSync(`${src}/models/${file}`, "utf8")))).toEqual([]);
});

test("models read no clock", () => {
  const clock = /\b(now|today|current_date|current_timestamp|current_time|get_current_timestamp)\b\s*\(?/i;
  const models = readdirSync(`${src}/models`, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith(".sql"));
  const guilty = models.filter((file) =>
    clock.test(
      readFileSync(`${src}/models/${file}`, "utf8")
        .replaceAll(/--.*$/gm, "")
        .replaceAll(/'[^']*'/g, ""),
    ),
  );
  expect(guilty).toEqual([]);
});

test("files stay short enough to read", () => {
  expect(modules.filter((module) => textOf(module).split("\n").length > 400)).toEqual([]);
});
