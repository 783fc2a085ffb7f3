import type { Row } from "../../src/database/open.ts";
import { latest } from "./days.ts";
import type { Exports } from "./exports.ts";
import { reportUpn, type People, type Person } from "./people.ts";
import { count, groupBy, row, text, time } from "./values.ts";

type Outcome = "success" | "failure" | "interrupted" | "unknown";

/** Codes with which Entra asks for more, as Microsoft's sign-in workbook counts them, and those counted before. */
const interrupts = new Set([
  50_055, 50_059, 50_127, 50_143, 50_144, 51_006, 52_004, 16_000, 16_001, 16_003, 81_010, 81_012, 81_014,
  50_058, 50_072, 50_074, 50_076, 50_079, 50_097, 50_125, 50_129, 50_140, 50_158, 50_199, 65_001,
]);

/** What became of a sign-in: by the portal's own word, else by the code. */
export function outcomeOf(record: Row): Outcome {
  const word = text(record, "signInStatus")?.trim().toLowerCase() ?? "";
  if (word === "success" || word === "failure" || word === "interrupted") return word;
  const code = count(row(record, "status"), "errorCode");
  if (code === null) return "unknown";
  if (code === 0) return "success";
  return interrupts.has(code) ? "interrupted" : "failure";
}

/** The rows of app_activity, where a users export says who is who; `who` is the user's id, or the name of a stranger without one. */
export function computeApps(exports: Exports, people: People): Row[] {
  const { records } = exports.of("sign_ins");
  const byApp = groupBy(records, (record) => text(record, "appId")?.toLowerCase() ?? null);
  return [...byApp].flatMap(([appId, own]) => {
    const byUser = groupBy(own, (record) => whoOf(record, people));
    return [...byUser].map(([who, rows]) => ({
      app_id: appId,
      app_display_name: nameOf(own),
      who,
      ...sumUp(rows),
    }));
  });
}

/** By id whoever has it; by name the one user of that name, but for what was before the account. */
function whoOf(record: Row, people: People): string | null {
  const id = text(record, "userId")?.toLowerCase() ?? "";
  if (id !== "" && !/^[0-]+$/.test(id)) return id;
  const [person] = people.ofSignIn(record);
  const isOwn = person !== undefined && at(record) >= bornAt(person);
  return (isOwn ? person.id : reportUpn(record)?.toLowerCase()) ?? null;
}

function bornAt({ user }: Person): string {
  return (time(user, "createdDateTime") ?? "").replace(/Z$/, "");
}

/** The time of a sign-in in a form that sorts: a second without parts of it goes before the same with some. */
function at(record: Row): string {
  return (time(record, "createdDateTime") ?? "").replace(/Z$/, "");
}

/** The newest name that the log has for an application. */
function nameOf(records: readonly Row[]): string | null {
  const named = records.filter((record) => (text(record, "appDisplayName") ?? "") !== "");
  const newest = latest(named.map((record) => at(record)));
  return text(
    named.find((record) => at(record) === newest),
    "appDisplayName",
  );
}

function sumUp(records: readonly Row[]): Row {
  const of = (outcome: Outcome): Row[] => records.filter((record) => outcomeOf(record) === outcome);
  const times = of("success").map((record) => at(record));
  const unknown = of("unknown").length;
  // Beside unknown ones a count above zero is a lower bound, and zero says nothing.
  const known = (many: number): number | null => (unknown > 0 && many === 0 ? null : many);
  return {
    first_sign_in_at: times.toSorted()[0] ?? null,
    last_sign_in_at: times.toSorted().at(-1) ?? null,
    sign_ins: known(times.length),
    failed_sign_ins: known(of("failure").length),
    interrupted_sign_ins: known(of("interrupted").length),
    unknown_sign_ins: unknown,
  };
}
