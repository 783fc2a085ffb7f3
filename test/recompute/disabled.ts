import { daysBetween } from "./days.ts";
import type { Exports } from "./exports.ts";
import type { Person } from "./people.ts";
import { day, flag, text, time } from "./values.ts";

/** Whether two exports 30 days apart, and all between, show an account disabled, or the person has left. */
export function findLongDisabled(exports: Exports): (person: Person) => boolean {
  const { date } = exports.of("users");
  const history = exports.history("users").toReversed();
  return ({ id, user }) => {
    if (date === null || flag(user, "accountEnabled") !== false) return false;
    const left = day(user, "employeeLeaveDateTime");
    if (left !== null && left <= date) return true;
    const shown = history.flatMap((snapshot) =>
      snapshot.records
        .filter((record) => text(record, "id") === id && time(record, "deletedDateTime") === null)
        .map((record) => ({
          date: snapshot.date ?? date,
          isDisabled: flag(record, "accountEnabled") === false,
        })),
    );
    const enabled = shown.find(({ isDisabled }) => !isDisabled)?.date ?? "";
    return shown.some(
      (record) => record.date > enabled && record.date <= date && daysBetween(record.date, date) >= 30,
    );
  };
}
