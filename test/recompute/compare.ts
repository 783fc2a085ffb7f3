import type { Row } from "../../src/database/open.ts";

const keys = {
  license_summary: ["sku_id"],
  mfa_status: ["user_id", "user_principal_name"],
  mfa_summary: ["mfa_status"],
  app_activity: ["app_id", "who"],
  user_activity: ["user_id", "user_principal_name"],
} as const;

export type Output = keyof typeof keys;

/** One row that differs: as one of both has it, and as the other. */
export interface Difference {
  readonly output: Output;
  readonly columns: readonly string[];
  readonly computed: Row | undefined;
  readonly queried: Row | undefined;
}

/** How rows of the views differ from those computed, in the columns that were. */
export function compareRows(output: Output, computed: readonly Row[], queried: readonly Row[]): Difference[] {
  const keyOf = (row: Row): string =>
    JSON.stringify(keys[output].map((name) => row[name] ?? null)).toLowerCase();
  const ours = new Map(computed.map((row) => [keyOf(row), row]));
  const theirs = new Map(queried.map((row) => [keyOf(row), row]));
  const differences = [...new Set([...ours.keys(), ...theirs.keys()])].flatMap((key): Difference[] => {
    const [one, other] = [ours.get(key), theirs.get(key)];
    if (one === undefined || other === undefined)
      return [{ output, columns: ["(row)"], computed: one, queried: other }];
    const columns = Object.keys(one).filter((name) => !isSame(name, one, other));
    return columns.length === 0 ? [] : [{ output, columns, computed: one, queried: other }];
  });
  return ours.size === computed.length && theirs.size === queried.length
    ? differences
    : [...differences, { output, columns: ["(rows twice)"], computed: undefined, queried: undefined }];
}

/** Of someone known by name alone any spelling of the name is right. */
function isSame(name: string, one: Row, other: Row): boolean {
  const isSpelling = name === "user_principal_name" && one["user_id"] === null;
  return isSpelling || normal(one[name]) === normal(other[name]);
}

/** Times are written in several ways: with T or a blank, with Z, with zeros at the end or without. */
function normal(value: unknown): string {
  const time =
    typeof value === "string"
      ? /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,6})\d*)?Z?$/.exec(value)
      : null;
  if (time === null) return JSON.stringify(value ?? null);
  return `${time[1]} ${time[2]} ${(time[3] ?? "").replace(/0+$/, "")}`;
}
