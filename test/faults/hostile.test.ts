import { expect, test } from "vitest";
import { archiveCases } from "./hostile/archives.js";
import { corpusCases } from "./hostile/corpora.js";
import { measureBaselines, tryImport, tryTogether } from "./hostile/measure.js";
import { nameCases } from "./hostile/names.js";
import { badCases, deepCases, largeCases, openCases, wideCases } from "./hostile/sizes.js";
import { valueCases } from "./hostile/values.js";

const baselines = measureBaselines();

test("depths of 100,000, open quotes of 64 MB and a million properties, all in one import, cost no more than one of them", () => {
  const cases = [
    ...deepCases(100_000),
    ...openCases(64 << 20).filter(
      ({ name }) =>
        /behind a (quote|brace) that|in a cell/.test(name) && !/rows|escapes|line ends/.test(name),
    ),
    ...wideCases(1_000_000).filter(({ name }) => /^1000000 (columns|properties)/.test(name)),
  ];
  const { failures, seconds, megabytes } = tryTogether(cases);
  expect(failures).toEqual([]);
  expect(megabytes - baselines.json.megabytes).toBeLessThan(100);
  // Of the time of a tiny import, whatever the machine does beside it.
  expect(seconds / baselines.json.seconds).toBeLessThan(10);
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
    expect(tryImport(hostile).failures).toEqual([]);
  },
);

test.each(nameCases().filter(({ name, skip }) => /behind --/.test(name) && skip === undefined))(
  "$name is a file to read",
  (hostile) => {
    expect(tryImport(hostile).failures).toEqual([]);
  },
);
