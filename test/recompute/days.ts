const dayInMilliseconds = 86_400_000;

/** The day so many days before another, as YYYY-MM-DD. */
export function daysBefore(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) - days * dayInMilliseconds).toISOString().slice(0, 10);
}

/** How many days lie between two days. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayInMilliseconds);
}

/** Of a time with parts of a second, as of one without, the Z would count as a digit. */
const keyOf = (value: string | null): string => (value ?? "").replace("Z", "");

/** The latest of some days or times, those unknown left out. */
export function latest(values: readonly (string | null)[]): string | null {
  return values.reduce(
    (newest, value) => (newest === null || keyOf(value) > keyOf(newest) ? value : newest),
    null,
  );
}
