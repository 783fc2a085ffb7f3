import type { Dataset } from "./dataset.ts";
import { CliError, exitCodes } from "./errors.ts";

/** The dataset of a name. Throws exit 2 for an unknown one. */
export function findDataset(datasets: ReadonlyMap<string, Dataset>, name: string): Dataset {
  const dataset = datasets.get(name);
  if (dataset) return dataset;
  const near = [...datasets.keys()].toSorted(
    (left, right) => likeness(right, name) - likeness(left, name),
  )[0];
  const hint = near !== undefined && likeness(near, name) >= 4 ? ` Did you mean ${near}?` : "";
  throw new CliError(`there is no dataset "${name}".${hint} \`m365-offline schemas\` lists them.`, {
    exitCode: exitCodes.usage,
  });
}

/** How many letters two names begin with alike. */
function likeness(left: string, right: string): number {
  let length = 0;
  while (length < left.length && left[length] === right[length]) length += 1;
  return length;
}
