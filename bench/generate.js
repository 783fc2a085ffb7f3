// Writes deterministic large exports for measurements: node bench/generate.js FOLDER [users] [signIns]
// Sign-ins are about 3 KB each, as Graph writes them; 5 of 100 repeat the id of an earlier one.
import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";

const [folder = "bench/data", users = "200000", signIns = "300000"] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });

/** @param {number} kind @param {number} number */
const guid = (kind, number) =>
  `${kind.toString(16).padStart(8, "0")}-0000-4000-8000-${number.toString(16).padStart(12, "0")}`;

/** Writes a page with `count` records, one a line. @param {string} name @param {string} context @param {number} count @param {(index: number) => object} record */
function writePage(name, context, count, record) {
  const file = openSync(join(folder, name), "w");
  writeSync(file, `{"@odata.context":"https://graph.microsoft.us/v1.0/$metadata#${context}","value":[`);
  for (let start = 0; start < count; start += 1000) {
    const records = Array.from({ length: Math.min(1000, count - start) }, (_, index) =>
      JSON.stringify(record(start + index)),
    );
    writeSync(file, (start === 0 ? "\n" : ",\n") + records.join(",\n"));
  }
  writeSync(file, "\n]}\n");
  closeSync(file);
}

/** @param {number} day */
const dayOf = (day) => new Date(Date.UTC(2026, 8, 1) + day * 86_400_000).toISOString().slice(0, 10);

/** @param {number} index */
function user(index) {
  const skus = [guid(10, index % 7), guid(10, 7 + (index % 5))].slice(0, index % 3);
  return {
    id: guid(1, index),
    userPrincipalName: `user${index}@contoso.example`,
    displayName: `User Número ${index}`,
    givenName: "User",
    surname: `Número ${index}`,
    mail: `user${index}@contoso.example`,
    accountEnabled: index % 20 !== 0,
    userType: index % 50 === 0 ? "Guest" : "Member",
    createdDateTime: "2020-03-04T05:06:07Z",
    country: index % 4 ? "Norway" : null,
    department: `Department ${index % 40}`,
    usageLocation: "NO",
    assignedLicenses: skus.map((skuId) => ({ disabledPlans: index % 9 ? [] : [guid(11, 3)], skuId })),
    assignedPlans: skus.flatMap((_, plan) =>
      [1, 2].map((n) => ({
        assignedDateTime: "2021-01-02T03:04:05Z",
        capabilityStatus: "Enabled",
        service: "exchange",
        servicePlanId: guid(11, plan * 2 + n),
      })),
    ),
    licenseAssignmentStates: skus.map((skuId) => ({
      skuId,
      disabledPlans: [],
      assignedByGroup: index % 2 ? null : guid(12, 1),
      state: "Active",
      error: "None",
      lastUpdatedDateTime: "2022-01-02T03:04:05Z",
    })),
    signInActivity: {
      lastSignInDateTime: `${dayOf(index % 60)}T08:00:00Z`,
      lastNonInteractiveSignInDateTime: `${dayOf(index % 61)}T09:00:00Z`,
      lastSuccessfulSignInDateTime: `${dayOf(index % 60)}T08:00:00Z`,
    },
  };
}

const filler =
  "Conditional access policy that was looked at and did not apply to this sign-in because of its conditions. ".repeat(
    3,
  );

/** @param {number} index */
function signIn(index) {
  const id = index % 20 === 19 ? index - 19 : index;
  return {
    id: guid(2, id),
    createdDateTime: `${dayOf(60 - Math.floor((index * 60) / Number(signIns)))}T${String(index % 24).padStart(2, "0")}:${String(index % 60).padStart(2, "0")}:41.6195833Z`,
    userDisplayName: `User Número ${index % Number(users)}`,
    userPrincipalName: `user${index % Number(users)}@contoso.example`,
    userId: guid(1, index % Number(users)),
    appId: guid(3, index % 30),
    appDisplayName: `Application ${index % 30}`,
    ipAddress: "203.0.113.9",
    clientAppUsed: "Browser",
    correlationId: guid(4, index),
    conditionalAccessStatus: "success",
    isInteractive: index % 3 === 0,
    riskDetail: "none",
    riskEventTypes: [],
    resourceDisplayName: "Microsoft Graph",
    resourceId: guid(5, 1),
    status: { errorCode: index % 10 === 7 ? 50126 : 0, failureReason: "Other.", additionalDetails: null },
    deviceDetail: {
      deviceId: guid(6, index % 999),
      displayName: `PC-${index % 999}`,
      operatingSystem: "Windows 11",
      browser: "Edge 141.0.0",
      isCompliant: true,
      isManaged: true,
      trustType: "Hybrid Azure AD joined",
    },
    location: {
      city: "Oslo",
      state: "Oslo",
      countryOrRegion: "NO",
      geoCoordinates: { altitude: null, latitude: 59.91273, longitude: 10.74609 },
    },
    appliedConditionalAccessPolicies: [1, 2, 3, 4, 5].map((policy) => ({
      id: guid(7, policy),
      displayName: `CA00${policy} ${filler}`,
      enforcedGrantControls: ["Mfa"],
      enforcedSessionControls: [],
      result: "notApplied",
    })),
  };
}

writePage("users.json", "users", Number(users), user);
writePage("signIns.json", "auditLogs/signIns", Number(signIns), signIn);
