import { staleAfterDays } from "./activity.ts";
import { daysBetween, latest } from "./days.ts";
import { reachOf, reportsOn, workloads, type EvidenceOf, type Workload } from "./evidence.ts";
import type { Exports } from "./exports.ts";
import type { People, Person } from "./people.ts";
import { day, flag } from "./values.ts";

interface OmittedRules {
  readonly evidenceOf: EvidenceOf;
  readonly workloadsOf: (person: Person) => readonly Workload[];
  readonly reclaimAfterDays: number;
  /** Those that the user leaves out. */
  readonly without: readonly string[];
}

/** The workloads that nobody's verdict needs. */
export function findOmitted(exports: Exports, people: People, rules: OmittedRules): Set<Workload> {
  return new Set(
    workloads.filter(
      (workload) =>
        workload === "Skype" ||
        rules.without.includes(workload) ||
        isUnused(workload, exports, people, rules),
    ),
  );
}

/** Whether no report of it has any date, and one that reaches far enough back names at least 90 % of its enabled holders. */
function isUnused(workload: Workload, exports: Exports, people: People, rules: OmittedRules): boolean {
  const reports = reportsOn(workload, exports);
  const hasDate = reports.some(({ edition, property }) =>
    edition.records.some((record) => day(record, property) !== null),
  );
  const holders = people.all.filter(
    (person) => flag(person.user, "accountEnabled") !== false && rules.workloadsOf(person).includes(workload),
  );
  if (hasDate || holders.length === 0) return false;
  const newest = latest(
    people.all.flatMap((person) =>
      rules.evidenceOf(person).reports.flatMap(({ isOnWorkload, date }) => (isOnWorkload ? date : [])),
    ),
  );
  return reports.some(({ name, edition, property }) => {
    if (reachOf(name, edition, property) < rules.reclaimAfterDays) return false;
    if (edition.date === null || daysBetween(edition.date, newest ?? "") > staleAfterDays) return false;
    const named = holders.filter((person) =>
      rules
        .evidenceOf(person)
        .reports.some(
          (report) => report.edition === edition.records && report.name === name && report.isNamed,
        ),
    );
    return named.length >= 0.9 * holders.length;
  });
}
