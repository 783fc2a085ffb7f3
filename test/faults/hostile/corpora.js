// Files that others collected to break parsers; they lie beside the repository where they are there at all.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isUtf8 } from "node:buffer";
import { idOf } from "../tools.js";
import { writeFile } from "./write.js";

/** @typedef {import("./measure.js").Case} Case */

const root = fileURLToPath(new URL("../../../../shared/corpora", import.meta.url));
const skip = existsSync(root) ? undefined : `there are no corpora in ${root}`;

/** All files of the corpora, by path. @returns {string[]} */
const listFiles = () =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();

/** @param {number} number @param {string} [more] */
const user = (number, more = "") =>
  `{"id":"${idOf(number)}","userPrincipalName":"user${number}@contoso.example"${more}}`;

/** The texts of all files that are UTF-8, whole and line by line. @returns {string[]} */
function listTexts() {
  const whole = listFiles()
    .map((path) => readFileSync(path))
    .filter((bytes) => isUtf8(bytes))
    .map((bytes) => bytes.toString("utf8"));
  const naughty = /** @type {string[]} */ (JSON.parse(readFileSync(join(root, "blns/blns.json"), "utf8")));
  return [...new Set([...whole, ...naughty, ...whole.flatMap((text) => text.split("\n"))])];
}

/** The files of the JSON test suite of which this is true. @param {(name: string, bytes: Buffer) => boolean} isWanted @returns {Buffer[]} */
const listSuite = (isWanted) =>
  listFiles()
    .filter((path) => path.includes("test_parsing"))
    .map((path) => ({ name: basename(path), bytes: readFileSync(path) }))
    .filter(({ name, bytes }) => isWanted(name, bytes))
    .map(({ bytes }) => bytes);

/** @returns {Case[]} */
export function corpusCases() {
  if (skip !== undefined) return [{ name: "the corpora", file: "in", write: () => {}, status: 0, skip }];
  const texts = listTexts();
  const isTwice = (/** @type {string} */ name) => name.includes("duplicated");
  const good = listSuite(
    (name, bytes) =>
      name.startsWith("y_") && !isTwice(name) && !/\\u[dD][89a-fA-F]/.test(bytes.toString("latin1")),
  );
  const bad = listSuite((name, bytes) => name.startsWith("n_") && !bytes.includes(10) && !bytes.includes(13));
  return [
    {
      name: `${listFiles().length} files of the corpora`,
      file: "in",
      write: (/** @type {string} */ path) => {
        mkdirSync(path);
        listFiles().forEach((from, index) =>
          cpSync(from, join(path, `${index}-${basename(from)}${/\.(json|csv)$/.test(from) ? "" : ".csv"}`)),
        );
        writeFileSync(join(path, "users.json"), `[${user(1)}]`);
      },
      status: 1,
    },
    {
      name: `${texts.length} texts of the corpora in JSON`,
      file: "users.json",
      write: (/** @type {string} */ path) =>
        writeFile(
          path,
          `[${texts.map((text, index) => user(index + 1, `,"displayName":${JSON.stringify(text)}`)).join()}]`,
        ),
      status: 0,
      ledger: [texts.length, texts.length, 0, 0],
      sql: "select displayName as text from raw.users order by record_number",
      rows: texts.map((text) => ({ text })),
    },
    {
      name: `${texts.length} texts of the corpora in CSV`,
      file: "users.csv",
      kind: "csv",
      write: (/** @type {string} */ path) =>
        writeFile(
          path,
          `id,userPrincipalName,displayName\n${texts.map((text, index) => `${idOf(index + 1)},user${index}@contoso.example,"${text.replaceAll('"', '""')}"\n`).join("")}`,
        ),
      status: 0,
      ledger: [texts.length, texts.length, 0, 0],
      sql: "select coalesce(displayName, '') as text from raw.users order by record_number",
      rows: texts.map((text) => ({ text })),
    },
    {
      name: `${good.length} well-formed values of the JSON test suite in records`,
      file: "users.json",
      write: (/** @type {string} */ path) =>
        writeFile(
          path,
          "[",
          ...good.flatMap((bytes, index) => [
            `${index === 0 ? "" : ","}${user(index + 1).slice(0, -1)},"somethingElse":`,
            bytes,
            "}",
          ]),
          "]",
        ),
      status: 0,
      ledger: [good.length, good.length, 0, 0],
    },
    {
      name: `${bad.length} malformed values of the JSON test suite in lines`,
      file: "users.ndjson",
      write: (/** @type {string} */ path) =>
        writeFile(
          path,
          `${user(1)}\n${user(2)}\n`,
          ...bad.flatMap((bytes, index) => [
            `${user(index + 3).slice(0, -1)},"somethingElse":`,
            bytes,
            "}\n",
          ]),
        ),
      status: 1,
      ledger: [bad.length + 2, 2, bad.length, 0],
    },
  ].map((each) => /** @type {Case} */ (each));
}
