import type { Cells } from "../database/cells.ts";
import { isBlank } from "./cells.ts";
import type { Condition } from "./profile.ts";

/** Says by which condition a row of an output is left out; undefined where it is kept. */
export type KeepCheck = (row: Cells) => string | undefined;

/** Makes the check of some conditions, which all must hold. */
export function compileKeep(
  conditions: readonly Condition[] | undefined,
  indexOf: (source: string) => number,
  asOf: string,
): KeepCheck {
  const checks = (conditions ?? []).map((condition) => ({
    index: indexOf(condition.column),
    reason: `not kept by ${condition.column}`,
    holds: compileCondition(condition, asOf),
  }));
  return (row) => checks.find(({ index, holds }) => !holds(row[index]))?.reason;
}

type Test = (value: unknown) => boolean;

function compileCondition(condition: Condition, asOf: string): Test {
  const { in: some, not_in: none, filled, empty, since_days: days, at_least: least } = condition;
  const tests: Test[] = [];
  if (some !== undefined) tests.push(isOneOf(some));
  if (none !== undefined) {
    const isNamed = isOneOf(none);
    tests.push((value) => !isNamed(value));
  }
  if (filled) tests.push((value) => !isBlank(value));
  if (empty) tests.push(isBlank);
  if (days !== undefined) {
    const first = new Date(Date.parse(`${asOf}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10);
    tests.push((value) => !isBlank(value) && String(value).slice(0, 10) >= first);
  }
  if (least !== undefined) tests.push((value) => !isBlank(value) && Number(value) >= least);
  return (value) => tests.every((test) => test(value));
}

function isOneOf(values: readonly unknown[]): Test {
  const texts = new Set(values.map(String));
  return (value) => value !== null && texts.has(String(value));
}
