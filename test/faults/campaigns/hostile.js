// Hostile input at full size against the real binary: exit code, words, ledger, time, memory, and what stands in the database.
import { archiveCases } from "../hostile/archives.js";
import { corpusCases } from "../hostile/corpora.js";
import { measureBaselines, tryCase } from "../hostile/measure.js";
import { nameCases } from "../hostile/names.js";
import { badCases, deepCases, largeCases, openCases, wideCases } from "../hostile/sizes.js";
import { valueCases } from "../hostile/values.js";

/** @param {number} scale @returns {import("../hostile/measure.js").Case[]} */
const listCases = (scale) => [
  ...deepCases(100_000),
  ...openCases(Math.ceil((64 << 20) * scale)),
  ...wideCases(Math.ceil(1_000_000 * scale)),
  ...largeCases(Math.ceil(8 * scale)),
  ...badCases(Math.ceil(1_000_000 * scale)),
  ...archiveCases(10_240 * scale),
  ...nameCases(),
  ...valueCases(),
  ...corpusCases(),
];

/** @param {import("../tools.js").Size} size @returns {Promise<import("../tools.js").Result>} */
export async function run({ scale }) {
  const baselines = measureBaselines();
  const cases = listCases(scale);
  const skipped = cases.filter(({ skip }) => skip !== undefined);
  const tried = cases.filter(({ skip }) => skip === undefined).map((each) => tryCase(each, baselines));
  const open = tried.filter((_, index) =>
    /no other closes/.test(cases.filter(({ skip }) => skip === undefined)[index]?.name ?? ""),
  );
  const most = (/** @type {readonly { seconds: number, megabytes: number }[]} */ of) =>
    `${Math.max(...of.map(({ seconds }) => seconds)).toFixed(1)} s and ${Math.max(...of.map(({ megabytes }) => megabytes)).toFixed(0)} MB more than a tiny file at most`;
  const left = skipped.map(({ name, skip }) => `; skipped: ${name} (${skip})`).join("");
  const figures = `${tried.length} cases through check and import: ${most(tried)}; open quotes: ${most(open)}${left}`;
  return { figures, failures: tried.flatMap(({ failures }) => failures) };
}
