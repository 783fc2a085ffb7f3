export const page = (entity: string, value: readonly object[], more: object = {}): object => ({
  "@odata.context": `https://graph.microsoft.com/v1.0/$metadata#${entity}`,
  ...more,
  value,
});
export const guid = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
export const skus = page("subscribedSkus", [
  {
    id: `${guid(1)}_${guid(2)}`,
    skuId: guid(2),
    skuPartNumber: "E3",
    appliesTo: "User",
    capabilityStatus: "Enabled",
    consumedUnits: 1,
    prepaidUnits: { enabled: 5, suspended: 0, warning: 0, lockedOut: 0 },
    servicePlans: [],
  },
]);
export const user = (more: object = {}, number = 1): object => ({
  id: guid(number),
  userPrincipalName: `user${number}@example.org`,
  displayName: `User ${number}`,
  accountEnabled: true,
  ...more,
});
export const users = (more: object = {}): object => page("users", [user(more)]);
export const signedIn = (day: string): object =>
  users({ signInActivity: { lastSignInDateTime: `${day}T07:00:00Z` } });
export const registrations = (day: string, number = 1): object =>
  page("reports/authenticationMethods/userRegistrationDetails", [
    {
      id: guid(number),
      userPrincipalName: `user${number}@example.org`,
      isMfaCapable: true,
      isMfaRegistered: true,
      methodsRegistered: [],
      lastUpdatedDateTime: `${day}T05:00:00Z`,
    },
  ]);
export const report = (day: string): string =>
  `Report Refresh Date,User Principal Name,Is Deleted,Deleted Date,Last Activity Date,Viewed Or Edited File Count,Synced File Count,Shared Internally File Count,Shared Externally File Count,Assigned Products,Report Period\n${day},user1@example.org,False,,${day},1,1,0,0,,180\n`;
export const signIns = (day: string): object =>
  page("auditLogs/signIns", [
    {
      id: guid(9),
      createdDateTime: `${day}T06:00:00Z`,
      userId: guid(1),
      userPrincipalName: "user1@example.org",
      appId: guid(3),
      appDisplayName: "App",
      status: { errorCode: 0 },
    },
  ]);
export const portalUsers =
  "User principal name,Display name,Object Id,Block credential,Licenses,When created\nuser1@example.org,User 1,00000000-0000-4000-8000-000000000001,False,Unlicensed,2020-01-01 00:00:00Z\n";
