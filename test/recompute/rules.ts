type Rule =
  | "companyPlansAreKnown"
  | "exclusionsSettleTheCount"
  | "mailboxesHaveOnePerson"
  | "registrationsAreNamedAsReports"
  | "unknownTrialsAreNoTrials";

/** Rules of the README that the views do not keep yet, to be switched on with them; each is a finding until then. */
export const rules: Readonly<Record<Rule, boolean>> = {
  /** The plans of a SKU that has only plans of the company are known. */
  companyPlansAreKnown: true,
  /** Who is excluded by policy is not counted, whether there is a reason or nobody can tell. */
  exclusionsSettleTheCount: true,
  /** A mailbox without an id whose UPN two users have is neither's. */
  mailboxesHaveOnePerson: false,
  /** Registrations without an id reach users by an earlier UPN or by mail too. */
  registrationsAreNamedAsReports: false,
  /** A SKU is a Trial only where all subscriptions in force are known to be trials. */
  unknownTrialsAreNoTrials: true,
};
