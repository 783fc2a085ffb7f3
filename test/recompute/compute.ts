import type { Row } from "../../src/database/open.ts";
import { activityRow, judgeActivity, type Activity } from "./activity.ts";
import { findMailboxes } from "./blockers.ts";
import { gatherEvidence } from "./evidence.ts";
import { readExports } from "./exports.ts";
import type { Tenant } from "./generate.ts";
import { findMailboxTypes, kindOf } from "./kinds.ts";
import { computeLicenses } from "./licenses.ts";
import { computeMfa, findRegistrations, nameOf } from "./mfa.ts";
import { findOmitted } from "./omitted.ts";
import { findPeople, type Person } from "./people.ts";
import { findNeeds } from "./plans.ts";
import { findSignInActivity } from "./sign-in-activity.ts";
import { row, text, time } from "./values.ts";

export type Outputs = Readonly<Record<"license_summary" | "mfa_status" | "user_activity", readonly Row[]>>;

/** The three outputs, computed once more from the rules in words. */
export function recompute(tenant: Tenant): Outputs {
  const exports = readExports(tenant);
  const people = findPeople(exports);
  const registrationOf = findRegistrations(exports, people);
  const typeOfMailbox = findMailboxTypes(exports, people);
  const mailboxesOf = findMailboxes(exports, people);
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
    // Of several mailboxes the type that comes last in the alphabet.
    isOnPremises: (person: Person): boolean =>
      /^(MailUser|Remote.*Mailbox)$/.test(
        mailboxesOf(person)
          .flatMap((mailbox) => text(mailbox, "recipientTypeDetails") ?? [])
          .toSorted()
          .at(-1) ?? "",
      ),
  };
  const activities = new Map(people.all.map((person) => [person, judgeActivity(person, rules)]));
  const activityOf = (person: Person): Activity => {
    const activity = activities.get(person);
    if (activity === undefined) throw new Error("a person without activity");
    return activity;
  };
  return {
    license_summary: computeLicenses(exports, people, {
      reclaimAfterDays,
      activityOf,
      usersDate: exports.of("users").date,
    }),
    mfa_status: computeMfa(people, registrationOf, typeOfMailbox),
    user_activity: people.all.map((person) =>
      activityRow(person, activityOf(person), nameOf(person), kind(person)),
    ),
  };
}
