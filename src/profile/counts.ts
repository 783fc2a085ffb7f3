/** Values that were not in the data and stand in a file all the same, by rule. */
export interface Filled {
  readonly column: string;
  readonly rule: string;
  readonly rows: number;
}

/** Why an export is refused: a code that stays, how many records are concerned, the reason and the cure. */
export interface Refusal {
  readonly code: string;
  readonly records?: number;
  readonly text: string;
}

/** What is found out while a row is made; it counts where the row is written. */
export interface Noted {
  readonly fills: (readonly [column: string, rule: string])[];
  readonly faults: (readonly [code: string, text: string])[];
}

/** Counts what was left out of a file, filled in it, and what keeps it from being written. */
export class Counts {
  readonly #leftOut = new Map<string, number>();
  readonly #filled = new Map<string, Filled>();
  readonly #faults = new Map<string, Refusal>();
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  leaveOut(reason: string): void {
    this.#leftOut.set(reason, (this.#leftOut.get(reason) ?? 0) + 1);
  }

  take({ fills, faults }: Noted): void {
    for (const [column, rule] of fills) {
      const key = `${column}\0${rule}`;
      this.#filled.set(key, { column, rule, rows: (this.#filled.get(key)?.rows ?? 0) + 1 });
    }
    for (const [code, text] of faults) {
      const key = `${code}\0${text}`;
      const records = (this.#faults.get(key)?.records ?? 0) + 1;
      this.#faults.set(key, { code, records, text: `${this.#file}: ${text}` });
    }
  }

  get leftOut(): readonly { readonly reason: string; readonly rows: number }[] {
    return [...this.#leftOut].map(([reason, rows]) => ({ reason, rows }));
  }

  get filled(): readonly Filled[] {
    return [...this.#filled.values()];
  }

  get refusals(): readonly Refusal[] {
    return [...this.#faults.values()];
  }
}
