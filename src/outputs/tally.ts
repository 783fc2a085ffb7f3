import type { Cells } from "../database/cells.ts";

/** Columns, by place, of which the values are added up or collected. */
export interface TallyPlan {
  readonly sums: readonly number[];
  readonly sets: readonly number[];
}

/** What was counted in the cells of a file, by place of the column. */
export interface Tally {
  readonly nulls: number[];
  readonly empties: number[];
  readonly sums: Map<number, bigint>;
  readonly sets: Map<number, Set<unknown>>;
}

export function startTally(columns: number, { sums, sets }: TallyPlan): Tally {
  const zeros = (): number[] => Array<number>(columns).fill(0);
  return {
    nulls: zeros(),
    empties: zeros(),
    sums: new Map(sums.map((index) => [index, 0n])),
    sets: new Map(sets.map((index) => [index, new Set()])),
  };
}

/** Counts the cells of some rows. */
export function addToTally({ nulls, empties, sums, sets }: Tally, batch: readonly Cells[]): void {
  for (const row of batch)
    for (let index = 0; index < nulls.length; index += 1) {
      const cell = row[index];
      if (cell === null) nulls[index] = (nulls[index] ?? 0) + 1;
      else if (cell === "") empties[index] = (empties[index] ?? 0) + 1;
    }
  for (const [index, sum] of sums)
    sums.set(
      index,
      batch.reduce((total, row) => total + BigInt((row[index] ?? 0) as number | string), sum),
    );
  for (const [index, set] of sets) for (const row of batch) if (row[index] !== null) set.add(row[index]);
}
