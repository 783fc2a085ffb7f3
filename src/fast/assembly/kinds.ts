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
