// Names and kinds of files that no exporter makes: links, pipes, devices, folders, names that mean something elsewhere.
import { spawnSync } from "node:child_process";
import { linkSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { idOf } from "../tools.js";
import { writeFile } from "./write.js";

/** @typedef {import("./measure.js").Case} Case */

/** @param {number} number */
const users = (number) => `[{"id":"${idOf(number)}","userPrincipalName":"user${number}@contoso.example"}]`;
const isWindows = process.platform === "win32";
const noWindows = isWindows ? "Windows has no such files" : undefined;

const names = [
  "a*.json",
  "[ab]?.json",
  "it's.json",
  'say "hello".json',
  "line\nend.json",
  "tab\tand\u001b[31mred.json",
  "-rf.json",
  "--json.json",
  "__proto__.json",
  "constructor.json",
  " space .json",
  "semi;colon&and|pipe$(id)`id`.json",
  "emoji 😀 é e\u0301.json",
  "\u202Egnp.json",
  "a\\b.json",
  "%s%n.json",
  `${"x".repeat(250)}.json`,
  "users.JSON",
  "#1.json",
  "~.json",
];

/** Node itself makes no pipes that have names. @param {string} path */
const makePipe = (path) => spawnSync("sh", ["-c", 'mkfifo "$1"', "sh", path]);

/** @returns {Case[]} */
export const nameCases = () => [
  {
    name: "names of every kind",
    file: "in",
    write: (path) => {
      mkdirSync(path);
      names.forEach((name, index) => writeFileSync(join(path, name), users(index + 1)));
    },
    status: 0,
    ledger: [names.length, names.length, 0, 0],
    sql: "select count(distinct source_file_id) as files, count(*) as users from raw.users",
    rows: [{ files: names.length, users: names.length }],
    skip: noWindows,
  },
  {
    name: "a name with a leading dash, behind --",
    file: "-rf.json",
    write: (path, folder) => {
      writeFile(path, users(1));
      writeFile(join(folder, "b.json"), users(2));
      return ["b.json", "--", "-rf.json"];
    },
    status: 0,
    ledger: [2, 2, 0, 0],
  },
  {
    name: "a name with a leading dash alone, behind --",
    file: "--db.json",
    write: (path) => {
      writeFile(path, users(1));
      return ["--", "--db.json"];
    },
    status: 0,
    ledger: [1, 1, 0, 0],
  },
  {
    name: "a name that is not UTF-8",
    file: "in",
    write: (path) => {
      mkdirSync(path);
      writeFileSync(join(path, "good.json"), users(1));
      writeFileSync(
        Buffer.concat([Buffer.from(`${path}/`), Buffer.from([0xff, 0xfe]), Buffer.from(".json")]),
        users(2),
      );
    },
    status: 1,
    says: /"unreadable"[^]*not written in UTF-8/,
    ledger: [1, 1, 0, 0],
    skip: process.platform === "linux" ? undefined : "only Linux has such names",
  },
  {
    name: "links in circles and into nothing, a pipe, a socket and folders with names of files",
    file: "in",
    write: (path) => {
      mkdirSync(join(path, "folder.json"), { recursive: true });
      mkdirSync(join(path, "deep"));
      symlinkSync("circle.json", join(path, "circle.json"));
      symlinkSync("..", join(path, "deep", "up"));
      symlinkSync("nowhere.json", join(path, "dangling.json"));
      symlinkSync("/dev/zero", join(path, "zero.json"));
      makePipe(join(path, "pipe.json"));
      spawnSync(process.execPath, [
        "-e",
        "require('net').createServer().listen(process.argv[1], () => process.exit())",
        join(path, "socket.json"),
      ]);
      writeFileSync(join(path, "folder.json", "good.json"), users(1));
    },
    status: 0,
    ledger: [1, 1, 0, 0],
    seconds: 5,
    skip: noWindows,
  },
  ...["pipe.json", "/dev/zero", "/dev/null", "/dev/tty", "circle.json", "dangling.json"].map((name) => ({
    name: `${name} given by name`,
    file: "other",
    write: (/** @type {string} */ _, /** @type {string} */ folder) => {
      makePipe(join(folder, "pipe.json"));
      symlinkSync("circle.json", join(folder, "circle.json"));
      symlinkSync("nowhere.json", join(folder, "dangling.json"));
      return [name];
    },
    status: 3,
    seconds: 5,
    skip: noWindows,
  })),
  {
    name: "the same file by two names, by a link and by its folder",
    file: "in",
    write: (path, folder) => {
      mkdirSync(path);
      writeFileSync(join(path, "a.json"), users(1));
      symlinkSync(join("in", "a.json"), join(folder, "soft.json"));
      linkSync(join(path, "a.json"), join(path, "hard.json"));
      return ["in", "in/a.json", "./in/../in/a.json", "soft.json"];
    },
    // What is the same file is read once; a hard link is a file of its own, and its records are duplicates.
    status: [0, 1],
    ledger: [2, 1, 0, 1],
    skip: noWindows,
  },
  ...[
    ["nothing", ""],
    ["white space", " \r\n\t ".repeat(100_000)],
    ["NULs", "\0".repeat(100_000)],
    ["line ends", "\n".repeat(100_000)],
    ["byte order marks", "\uFEFF".repeat(100_000)],
    ["one byte", "{"],
  ].map(([what, text]) => ({
    name: `a file of ${what}`,
    file: "a.json",
    write: (/** @type {string} */ path) => writeFile(path, text ?? ""),
    status: 3,
    seconds: 2,
  })),
];
