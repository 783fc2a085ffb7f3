import type { Row } from "../../src/database/open.ts";
import { activityRow, judgeActivity, type Activity } from "./activity.ts";
import { gatherEvidence } from "./evidence.ts";
import { readExports } from "./exports.ts";
import type { Tenant } from "./generate.ts";
import { findMailboxTypes } from "./kinds.ts";
import { computeLicenses } from "./licenses.ts";
import { computeMfa, findRegistrations, nameOf } from "./mfa.ts";
import { findPeople, type Person } from "./people.ts";
import { findWorkloads } from "./plans.ts";
import { row, time } from "./values.ts";

export type Outputs = Readonly<Record<"license_summary" | "mfa_status" | "user_activity", readonly Row[]>>;

/** The three outputs, computed once more from the rules in words. */
export function recompute(tenant: Tenant): Outputs {
  const exports = readExports(tenant);
  const people = findPeople(exports);
  const registrationOf = findRegistrations(exports, people);
  const rules = {
    asOf: exports.asOf,
    usersDate: exports.of("users").date,
    knowsSuccess: people.all.some(
      ({ user }) => time(row(user, "signInActivity"), "lastSuccessfulSignInDateTime") !== null,
    ),
    inactiveAfterDays: tenant.settings.inactive_after_days ?? 30,
    reclaimAfterDays: tenant.settings.reclaim_after_days ?? 90,
    evidenceOf: gatherEvidence(exports, people),
    workloadsOf: findWorkloads(exports),
  };
  const activities = new Map(people.all.map((person) => [person, judgeActivity(person, rules)]));
  const activityOf = (person: Person): Activity => {
    const activity = activities.get(person);
    if (activity === undefined) throw new Error("a person without activity");
    return activity;
  };
  const reclaimAfterDays = tenant.settings.reclaim_after_days ?? 90;
  return {
    license_summary: computeLicenses(exports, people, {
      reclaimAfterDays,
      activityOf,
      usersDate: exports.of("users").date,
    }),
    mfa_status: computeMfa(people, registrationOf, findMailboxTypes(exports, people)),
    user_activity: people.all.map((person) => activityRow(person, activityOf(person), nameOf(person))),
  };
}
