import type { Profile, Section } from "./profile.ts";
import { csvForms } from "./lines.ts";
import type { Row } from "./rows.ts";
import { isBlank } from "./cells.ts";

/** What was counted in a part of a file: its rows, blank cells and sums by the place of the column. */
export interface PartTally {
  rows: number;
  readonly blanks: number[];
  readonly sums: Map<number, bigint>;
}

/** Counts the cells of the rows of a list of a file, part by part. */
export class SectionTally {
  readonly parts: PartTally[] = [];
  readonly #columns: number;
  readonly #sums: readonly number[];
  readonly #words: ReadonlySet<unknown>;

  constructor(profile: Profile, { columns }: Section, totals: readonly string[]) {
    const forms = csvForms(profile);
    this.#columns = columns.length;
    this.#words = new Set(profile.format === "csv" ? [forms.null, forms.empty] : []);
    this.#sums = columns.flatMap(({ from, number, ...rules }, index) => {
      const isPlain = !rules.values && !rules.list && !rules.date && rules.default === undefined;
      const isWhole = number === undefined || number.decimals === 0;
      return isPlain && isWhole && typeof from === "string" && totals.includes(from) ? [index] : [];
    });
  }

  part(index: number): PartTally {
    const known = this.parts[index];
    if (known !== undefined) return known;
    const made = {
      rows: 0,
      blanks: Array<number>(this.#columns).fill(0),
      sums: new Map(this.#sums.map((at) => [at, 0n])),
    };
    this.parts[index] = made;
    return made;
  }

  /** Counts a row; a text that is the word for nothing is read as nothing. */
  see(row: Row, index: number): void {
    const tally = this.part(index);
    tally.rows += 1;
    for (const [at, cell] of row.entries())
      if (isBlank(cell) || this.#words.has(cell)) tally.blanks[at] = (tally.blanks[at] ?? 0) + 1;
    for (const [at, sum] of tally.sums) {
      const cell = row[at];
      if (!isBlank(cell)) tally.sums.set(at, sum + BigInt(String(cell)));
    }
  }
}
