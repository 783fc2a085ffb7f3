type Rule =
  | "concealedReportsTellNothing"
  | "holdersAreCountedAcrossFiles"
  | "firstDayOfReportsIsNever"
  | "userTypesBeginWithCapital"
  | "signInsHaveOnePerson"
  | "reportRowsHaveIds"
  | "signInsNameMails"
  | "licensesByClass"
  | "duplicatesAreReclaimable";

/** Rules that other branches are about to change, to be switched on with them; each is a finding until then. */
export const rules: Readonly<Record<Rule, boolean>> = {
  /** 0001-01-01 in a report is never, as it is in signInActivity. */
  firstDayOfReportsIsNever: true,
  /** member of a registration record is Member, as in the users export. */
  userTypesBeginWithCapital: true,
  /** A sign-in with the id of one person and the UPN of another is the former's alone, also where no users were exported. */
  signInsHaveOnePerson: true,
  /** Rows of the Teams report reach users by the id in them. */
  reportRowsHaveIds: true,
  /** Sign-ins reach users by mail, where no UPN is the same. */
  signInsNameMails: true,
  /** Where one of the files of the users has no assignedLicenses, the holders in the others are still counted. */
  holdersAreCountedAcrossFiles: true,
  /** Of a report with concealed names, or one too old, no column makes an output Complete. */
  concealedReportsTellNothing: true,
  /** sku_class is told, and free, trial, company-wide and expired SKUs have no available units. */
  licensesByClass: true,
  /** A license of which another of the user's SKUs gives all is reclaimable. */
  duplicatesAreReclaimable: true,
};
