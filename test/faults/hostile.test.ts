import { expect, test } from "vitest";
import { Workdir, ledgerOf, type ImportedFile } from "../workdir.ts";
import { archiveCases } from "./hostile/archives.js";
import { corpusCases } from "./hostile/corpora.js";
import { measureBaselines, tryUnlimited, tryTogether } from "./hostile/measure.js";
import { nameCases } from "./hostile/names.js";
import { badCases, deepCases, largeCases, openCases, wideCases } from "./hostile/sizes.js";
import { valueCases } from "./hostile/values.js";

test("depths of 100,000, open quotes of 64 MB and a million properties, all in one import, cost no more than one of them", () => {
  const cases = [
    ...deepCases(100_000),
    ...openCases(64 << 20).filter(
      ({ name }) =>
        /behind a (quote|brace) that|in a cell/.test(name) && !/rows|escapes|line ends/.test(name),
    ),
    ...wideCases(1_000_000).filter(({ name }) => /^1000000 (columns|properties)/.test(name)),
  ];
  const baselines = measureBaselines();
  const { failures, seconds, megabytes } = tryTogether(cases);
  expect(failures).toEqual([]);
  // Each of them alone takes less than 100 MB more: the campaign measures that.
  expect(megabytes - baselines.json.import.megabytes).toBeLessThan(200);
  // Of the time of a tiny import, whatever the machine does beside it.
  expect(seconds / baselines.json.import.seconds).toBeLessThan(10);
});

test("names, archives, values and the corpora, all in one import, leave every ledger balanced", () => {
  const cases = [
    ...archiveCases(512),
    ...nameCases(),
    ...valueCases(),
    ...corpusCases(),
    ...largeCases(1).slice(0, 2),
    ...badCases(20_000),
  ].filter(
    ({ skip, args, name }) => skip === undefined && !args && !/by name|behind --|two names/.test(name),
  );
  const { failures } = tryTogether(cases);
  expect(failures).toEqual([]);
});

test.each(valueCases().filter(({ name }) => /^(integers|times|texts)$/.test(name)))(
  "$name stand in the database as they stand in the file, or are rejected",
  (hostile) => {
    expect(tryUnlimited(hostile).failures).toEqual([]);
  },
);

test.each(largeCases(8).slice(0, 1))(
  "$name, for which the engine's little memory is not enough, are checked and imported",
  (hostile) => {
    expect(tryUnlimited(hostile, true).failures).toEqual([]);
  },
);

test.each(nameCases().filter(({ name, skip }) => /behind --/.test(name) && skip === undefined))(
  "$name is a file to read",
  (hostile) => {
    expect(tryUnlimited(hostile).failures).toEqual([]);
  },
);

/** The disk gives an error behind the first megabyte of a file, as an old USB stick does. */
const failingDisk = `data:text/javascript,${encodeURIComponent(`
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
const { readSync } = fs;
fs.readSync = (...args) => {
  if (args[4] >= 1048576) throw Object.assign(new Error("EIO: i/o error, read"), { code: "EIO" });
  return readSync(...args);
};
syncBuiltinESMExports();
`)}`;

test("a file that the disk gives only in part is loaded so far, and the others are loaded whole", () => {
  const dir = new Workdir();
  const users = (first: number, count: number): object[] =>
    Array.from({ length: count }, (_, index) => ({
      id: `00000000-0000-4000-8000-${String(first + index).padStart(12, "0")}`,
      userPrincipalName: `user${first + index}@contoso.example`,
    }));
  dir.write("in/bad.json", users(1, 20_000));
  dir.write("in/good.json", users(50_000, 10));
  const { status, stdout } = dir.runWith({ node: ["--import", failingDisk] }, "import", "in", "--json");
  const { files } = JSON.parse(stdout) as { files: ImportedFile[] };
  const [bad, good] = files;
  expect([status, bad?.completeness, bad?.issues.map(({ code }) => code)]).toEqual([
    1,
    "Incomplete",
    ["unreadable", "date_guessed"],
  ]);
  expect(bad?.records_loaded).toBeGreaterThan(5000);
  expect(ledgerOf(good)).toEqual([10, 10, 0, 0]);
});
