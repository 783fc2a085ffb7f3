/** How values are checked, as TypeScript and the machine both name it. */
export const kindText = 0;
export const kindUuid = 1;
export const kindDate = 2;
export const kindDateTime = 3;
export const kindInteger = 4;
export const kindNumber = 5;
export const kindBoolean = 6;
export const kindList = 7;
export const kindObject = 8;
/** Every value is for the slow path. */
export const kindAny = 9;

/** Integers that are written in a form of their own: `1 GB (1,073,741,824 bytes)`, `PT1H2M3S`. */
export const formDigits = 0;
export const formBytes = 1;
export const formDuration = 2;

/** What a word of a report stands for; of a list none is the empty one. */
export const meansFalse = 0;
export const meansTrue = 1;
export const meansNone = 2;

/** What a byte does in a list that is one text: nothing, separate, the same together with a space behind it, or perhaps either. */
export const separatesNothing = 0;
export const separates = 1;
export const takesSpace = 2;
export const raisesDoubt = 3;
