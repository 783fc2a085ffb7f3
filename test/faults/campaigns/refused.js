// A scanner, an indexer or a backup has each file of ours open just when it is to be opened, renamed or removed: every
// command ends as without it.
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { hashOf, makeFolder, startTool, writeUsers } from "../tools.js";

const fixtures = fileURLToPath(new URL("../../fixtures", import.meta.url));
const hook = new URL("../hooks/refuse.js", import.meta.url).href;

const commands = [
  ["check", "in"],
  ["import", "in", "--as-of", "2026-11-02"],
  ["import", "in/a.json", "--as-of", "2026-12-01", "--complete", "users", "--dry-run"],
  ["import", "in/a.json", "--as-of", "2026-12-01", "--complete", "users"],
  ["import", "in", "--as-of", "2026-11-02", "--db", "other.duckdb", "--json"],
  ["status"],
  ["query", "from raw.users select id, department order by all", "--format", "csv", "--out", "users.csv"],
  ["query", "from raw.users select id, department order by all", "--format", "csv", "--out", "users.csv"],
  ["query", "--file", "q.sql"],
  ["export", "--out", "out", "--format", "csv"],
  ["export", "users", "mfa_status", "--out", "out", "--format", "csv", "--replace"],
  ["explain", "user1@contoso.example"],
  ["diff", "users", "--from", "2026-11-02"],
  ["rejects", "list"],
  ["rejects", "retry", "in"],
  ["forget", "--import", "2"],
  ["schemas"],
  // Refused all the same, and with the same words.
  ["export", "--out", "q.sql"],
  ["query", "--out", "users.csv", "from nothing"],
  ["import", "nothing"],
];

/** What opens, renames or removes a file by itself, and not by the engine alone. */
const opening = /^(?:check|import in|rejects retry|forget|export|query .*(?:users\.csv|q\.sql)$)/;

/** @param {ReturnType<typeof makeFolder>} folder */
function prepare(folder) {
  for (const name of ["in", "tmp"]) mkdirSync(folder.file(name));
  writeUsers(folder.file("in/a.json"), { count: 3 });
  for (const name of ["gz", "zip-of-pages", "zip-cut"])
    if (existsSync(join(fixtures, name)))
      cpSync(join(fixtures, name), folder.file(`in/${name}`), { recursive: true });
  writeFileSync(folder.file("q.sql"), "select count(*) from users");
}

/** The names of all files, and the bytes of those that are no database and no manifest. @param {string} path */
function listAll(path) {
  const names = readdirSync(path, { recursive: true }).map(String).toSorted();
  return names.map((name) => (/\.(csv|sql)$/.test(name) ? `${name} ${hashOf(join(path, name))}` : name));
}

/** @param {ReturnType<typeof makeFolder>} folder @param {readonly string[]} args @param {Record<string, string>} env @returns {Promise<readonly string[]>} */
async function look(folder, args, env) {
  const all = { TMPDIR: folder.file("tmp"), ...env };
  const { status, stdout, stderr } = await startTool(folder.path, args, {
    node: ["--import", "data:text/javascript,"],
    env: all,
  }).ended;
  const words = `${status}\n${stdout}\n${stderr}`.replaceAll(folder.path, "FOLDER");
  return [words, ...listAll(folder.path)];
}

/** @param {import("../tools.js").Size} size @returns {Promise<import("../tools.js").Result>} */
export async function run({ scale }) {
  /** @type {string[]} */
  const failures = [];
  const calls = { refused: 0, commands: 0, engine: 0 };
  const plain = makeFolder();
  /** @type {(readonly string[])[]} */
  const expected = [];
  try {
    prepare(plain);
    for (const command of commands) expected.push(await look(plain, command, {}));
    for (const first of scale < 1 ? [2] : [1, 2, 5, 40])
      await runRefused(first, { expected, failures, calls });
  } finally {
    plain.remove();
  }
  if (calls.engine === 0) failures.push("the engine was refused nothing");
  return {
    figures: `${calls.commands} commands of which ${calls.refused} openings, renamings and removals were refused as on Windows, ${calls.engine} of them to the engine: each ended as without`,
    failures,
  };
}

/** @param {number} first @param {{ expected: readonly (readonly string[])[], failures: string[], calls: { refused: number, commands: number, engine: number } }} context */
async function runRefused(first, { expected, failures, calls }) {
  const folder = makeFolder();
  const log = makeFolder();
  try {
    prepare(folder);
    for (const [number, command] of commands.entries()) {
      const name = log.file(String(number));
      appendFileSync(name, "");
      const env = {
        NODE_OPTIONS: `--import=${hook}`,
        REFUSE_IN: folder.path,
        REFUSE_FIRST: String(first),
        REFUSE_LOG: name,
      };
      const found = await look(folder, command, env);
      const wanted = expected[number] ?? [];
      const lines = readFileSync(name, "utf8").split("\n");
      const refused = lines.length - 1;
      calls.commands += 1;
      calls.refused += refused;
      calls.engine += lines.filter((line) => line.startsWith("create ")).length;
      if (refused === 0 && opening.test(command.join(" ")))
        failures.push(`${command.join(" ")}: nothing was refused`);
      if (found.join("\n") === wanted.join("\n")) continue;
      const differs = [
        ...found.filter((line) => !wanted.includes(line)),
        "instead of",
        ...wanted.filter((line) => !found.includes(line)),
      ];
      failures.push(`${command.join(" ")}, ${first} refused: ${differs.join("\n")}`);
    }
  } finally {
    folder.remove();
    log.remove();
  }
}
