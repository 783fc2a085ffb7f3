import type { Row } from "../../src/database/open.ts";
import { activityRow, judgeActivity, type Activity } from "./activity.ts";
import { computeApps } from "./apps.ts";
import { gatherEvidence } from "./evidence.ts";
import { readExports } from "./exports.ts";
import type { Tenant } from "./generate.ts";
import { findMailboxTypes, kindOf } from "./kinds.ts";
import { computeLicenses } from "./licenses.ts";
import { computeMfa, findRegistrations, nameOf, summarizeMfa } from "./mfa.ts";
import { findOmitted } from "./omitted.ts";
import { findPeople, type Person } from "./people.ts";
import { findNeeds } from "./plans.ts";
import { findSignInActivity } from "./sign-in-activity.ts";
import { row, time } from "./values.ts";

/** What is computed twice, each with what is asked of the views. */
export const asked = {
  license_summary: "from license_summary",
  mfa_status: "from mfa_status",
  mfa_summary: "from mfa_summary",
  user_activity: "from user_activity",
  app_activity: "select *, coalesce(user_id, lower(user_principal_name)) as who from app_activity",
} as const;

export type Outputs = Readonly<Record<keyof typeof asked, readonly Row[]>>;

/** The outputs, computed once more from the rules in words; app_activity only where a users export says who is who. */
export function recompute(tenant: Tenant): Outputs {
  const exports = readExports(tenant);
  const people = findPeople(exports);
  const registrationOf = findRegistrations(exports, people);
  const typeOfMailbox = findMailboxTypes(exports, people);
  const kind = (person: Person): string => kindOf(person, typeOfMailbox(person));
  const reclaimAfterDays = tenant.settings.reclaim_after_days ?? 90;
  const evidenceOf = gatherEvidence(exports, people);
  const needsOf = findNeeds(exports);
  const rules = {
    asOf: exports.asOf,
    usersDate: exports.of("users").date,
    knowsSuccess: people.all.some(
      ({ user }) => time(row(user, "signInActivity"), "lastSuccessfulSignInDateTime") !== null,
    ),
    inactiveAfterDays: tenant.settings.inactive_after_days ?? 30,
    reclaimAfterDays,
    evidenceOf,
    signInActivityOf: findSignInActivity(exports, people, evidenceOf, kind),
    kindOf: kind,
    needsOf,
    omitted: findOmitted(exports, people, {
      evidenceOf,
      workloadsOf: (person) => needsOf(person).workloads,
      reclaimAfterDays,
      without: (tenant.settings.without_workloads ?? "").split(","),
    }),
    isOnPremises: (person: Person): boolean =>
      /^(MailUser|Remote.*Mailbox)$/.test(typeOfMailbox(person)?.type ?? ""),
  };
  const activities = new Map(people.all.map((person) => [person, judgeActivity(person, rules)]));
  const activityOf = (person: Person): Activity => {
    const activity = activities.get(person);
    if (activity === undefined) throw new Error("a person without activity");
    return activity;
  };
  const statuses = computeMfa(people, registrationOf, typeOfMailbox);
  return {
    license_summary: computeLicenses(exports, people, {
      inactiveAfterDays: rules.inactiveAfterDays,
      isCovering: (workload) => workload !== "Skype" && !rules.omitted.has(workload),
      reclaimAfterDays,
      activityOf,
      usersDate: exports.of("users").date,
    }),
    mfa_status: statuses,
    mfa_summary: summarizeMfa(exports, statuses),
    user_activity: people.all.map((person) =>
      activityRow(person, activityOf(person), nameOf(person), kind(person)),
    ),
    app_activity: exports.of("users").date === null ? [] : computeApps(exports, people),
  };
}
