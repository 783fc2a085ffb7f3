/** Rules that other branches are about to change, to be switched on with them. */
export const rules = {
  /** Whether a sign-in alone makes a person where no users were exported. */
  signInsMakePeople: false,
} as const;
