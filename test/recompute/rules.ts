type Rule = "registrationsAreNamedAsReports";

/** Readings that the README does not take, and why one may: what the views would say under them. */
export const rules: Readonly<Record<Rule, boolean>> = {
  /** Registrations without an id reach users by an earlier UPN or by mail too. */
  registrationsAreNamedAsReports: false,
};
