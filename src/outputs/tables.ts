import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { modelsFolder } from "../paths.ts";
import type { Personal } from "../handoff/manifest.ts";
import type { TallyPlan } from "./tally.ts";

/** What holds of the rows of an output (`<output>.table.json`). */
export interface Table {
  /** No two rows have the same, where all of it is known. */
  readonly key: readonly string[];
  /** Columns that are never unknown. */
  readonly required: readonly string[];
  readonly enums?: Readonly<Record<string, readonly string[]>>;
  /** Columns that tell of a person, and how. */
  readonly personal?: Readonly<Record<string, Personal>>;
  /** A column that names a row of another output; a hard one always does. */
  readonly relations?: readonly {
    readonly column: string;
    readonly output: string;
    readonly hard: boolean;
  }[];
  /** Columns whose sum means something. */
  readonly totals?: readonly string[];
}

/** What holds of the rows of an output; nothing of one that this version does not know. */
export function readTable(output: string): Table {
  const path = join(modelsFolder, "outputs", `${output}.table.json`);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Table) : { key: [], required: [] };
}

/** What is to be counted of an output: sums, and the values by which it and the other outputs name each other's rows. */
export function planTally(
  output: string,
  outputs: readonly string[],
  columns: readonly { readonly name: string }[],
): TallyPlan {
  const { totals = [], relations = [] } = readTable(output);
  const named = [
    ...relations.filter((relation) => outputs.includes(relation.output)),
    ...outputs.flatMap((other) => readTable(other).relations ?? []).filter((one) => one.output === output),
  ].map(({ column }) => column);
  const indexesOf = (names: readonly string[]): number[] =>
    columns.flatMap(({ name }, index) => (names.includes(name) ? [index] : []));
  return { sums: indexesOf(totals), sets: indexesOf(named) };
}
