import { expect } from "vitest";
import type { Dataset, Property } from "../../src/schema/dataset.ts";
import type { Bench, Proven } from "../proving.ts";

/** All that is known of a file when it has been read. */
function factsOf({ tally }: Proven): object {
  return { ...tally, fast: 0, issues: tally.issues.list(), unusedProperties: [...tally.unusedProperties] };
}

/** How many records of a file are good, and how many the fast path read. */
export interface Share {
  readonly good: number;
  readonly fast: number;
}

type Compare = (name: string, content: Buffer, dataset: Dataset) => Promise<Share>;

/** Reads files by both paths: the same records and all that is known of them, or it says where they differ. */
export function createCompare(bench: Bench, label: string): Compare {
  return async (name, content, dataset) => {
    const hints = { as: dataset };
    const [slow] = await bench.prove(name, content, hints);
    const [fast] = await bench.prove(name, content, { ...hints, isFast: true });
    if (slow === undefined || fast === undefined) throw new Error(`${name} is no file`);
    const where = `${label}, ${dataset.name}`;
    expect([where, factsOf(fast)]).toEqual([where, factsOf(slow)]);
    expect([where, fast.texts.length]).toEqual([where, slow.texts.length]);
    const { validate, write } = bench.proverOf(dataset);
    fast.texts.forEach((text, index) => {
      if (text === slow.texts[index]) return;
      const value = JSON.parse(`{${text}`) as Record<string, unknown>;
      const canonical = validate(value) ?? write({ value, exact: () => value }, []);
      const judged = [canonical, slow.texts[index]].map((one) =>
        typeof one === "string" ? inMicroseconds(JSON.parse(`{${one}`), dataset) : one,
      );
      expect([where, text, judged[0]]).toEqual([where, text, judged[1]]);
    });
    return { good: fast.texts.length, fast: fast.tally.fast };
  };
}

type Shape = Pick<Property, "properties"> & Partial<Property>;

/** The same value with its times as the engine has them: to the microsecond, what is finer cut off. */
function inMicroseconds(value: unknown, { format, items, properties }: Shape): unknown {
  if (format === "date-time" && typeof value === "string")
    return value.replace(
      /(?:\.(\d+))?Z$/,
      (_, digits: string | undefined) => `.${(digits ?? "").padEnd(6, "0").slice(0, 6)}Z`,
    );
  if (Array.isArray(value)) return items ? value.map((one) => inMicroseconds(one, items)) : value;
  if (typeof value !== "object" || value === null) return value;
  const byName = new Map(properties.map((property) => [property.name, property]));
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => {
      const property = byName.get(name);
      return [name, property ? inMicroseconds(one, property) : one];
    }),
  );
}
