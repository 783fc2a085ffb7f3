import { describe, expect, test } from "vitest";
import { given, type GivenFile } from "./given.ts";

const capable = { isMfaCapable: true, isMfaRegistered: true };

describe("methods that resist phishing, and certificates, are named", () => {
  const cases: (readonly [
    name: string,
    methods: readonly string[] | null | undefined,
    resistant: string | null,
    certificates: string | null,
  ])[] = [
    [
      "keys, passkeys and Windows Hello, apart from what can be phished",
      [
        "windowsHelloForBusiness",
        "mobilePhone",
        "fido2SecurityKey",
        "microsoftAuthenticatorPush",
        "microsoftAuthenticatorPasswordless",
        "passKeyDeviceBound",
        "temporaryAccessPass",
      ],
      "fido2SecurityKey; passKeyDeviceBound; windowsHelloForBusiness",
      "",
    ],
    [
      "the other passkeys and what a platform keeps",
      [
        "passKeySynced",
        "passKeyDeviceBoundAuthenticator",
        "passKeyDeviceBoundWindowsHello",
        "macOsSecureEnclaveKey",
        "platformCredential",
        "fido2",
        "externalAuthMethod",
      ],
      "fido2; macOsSecureEnclaveKey; passKeyDeviceBoundAuthenticator; passKeyDeviceBoundWindowsHello; passKeySynced; platformCredential",
      "",
    ],
    [
      "a certificate of two factors is both",
      ["x509CertificateMultiFactor"],
      "x509CertificateMultiFactor",
      "x509CertificateMultiFactor",
    ],
    [
      "a certificate of one factor, or of a kind that is not said, is no more than a certificate",
      ["x509CertificateSingleFactor", "certificateBasedAuthentication"],
      "",
      "certificateBasedAuthentication; x509CertificateSingleFactor",
    ],
    [
      "as a list of the portal words them",
      [
        "Windows Hello for Business",
        "FIDO2 security key",
        "Passkey (Microsoft Authenticator)",
        "Mobile phone",
      ],
      "FIDO2 security key; Passkey (Microsoft Authenticator); Windows Hello for Business",
      "",
    ],
    ["none where the export says that there are none", [], "", ""],
    ["unknown where the export is silent", null, null, null],
    ["unknown where methods were not exported", undefined, null, null],
  ];
  test.each(cases)("%s", async (_name, methodsRegistered, resistant, certificates) => {
    const query = await given(
      ["users", [{ id: "ann" }]],
      ["user_registration_details", [{ id: "ann", methodsRegistered, ...capable }]],
    );
    expect(await query("select phishing_resistant_methods, certificate_methods from mfa_status")).toEqual([
      { phishing_resistant_methods: resistant, certificate_methods: certificates },
    ]);
  });
});

test("the default method is as exported", async () => {
  const query = await given([
    "user_registration_details",
    [{ id: "ann", userPrincipalName: "a@x", ...capable, defaultMfaMethod: "mobilePhone" }],
  ]);
  expect(await query("select default_mfa_method from mfa_status")).toEqual([
    { default_mfa_method: "mobilePhone" },
  ]);
});

test("the older report names a security key, and of other methods it knows nothing", async () => {
  const older: GivenFile = [
    "credential_user_registration_details",
    [
      { userPrincipalName: "ann@x", isMfaRegistered: true, authMethods: ["fido", "appCode"] },
      { userPrincipalName: "bob@x", isMfaRegistered: true, authMethods: ["appCode"] },
    ],
  ];
  const query = await given(older);
  const rows = await query(
    "select user_principal_name, methods_registered, phishing_resistant_methods, certificate_methods from mfa_status order by 1",
  );
  expect(rows.map((row) => Object.values(row))).toEqual([
    ["ann@x", "appCode; fido", "fido", null],
    ["bob@x", "appCode", null, null],
  ]);
});

describe("who signs in outside Entra keeps the status, and the reason says what cannot be seen", () => {
  const phrase = "No Entra method; MFA outside Entra is not visible";
  const absent = "Not in the registration details; MFA outside Entra is not visible";
  const federated = "the user signs in through a federated domain";
  const home = "the user signs in at home, in another tenant";
  const none = { isMfaCapable: false, isMfaRegistered: false };
  const domains: GivenFile = [
    "domains",
    [
      { id: "Fed.Example", authenticationType: "Federated" },
      { id: "contoso.example", authenticationType: "Managed" },
    ],
  ];
  const one = (userPrincipalName: string, more: object = {}): GivenFile => [
    "users",
    [{ id: "ann", userPrincipalName, accountEnabled: true, ...more }],
  ];
  const record = (more: object): GivenFile => ["user_registration_details", [{ id: "ann", ...more }]];
  const others: GivenFile = ["user_registration_details", [{ id: "bob", ...capable }]];
  const cases: (readonly [name: string, files: readonly GivenFile[], status: string, reason: string])[] = [
    [
      "a user of a federated domain without a method",
      [one("Ann@FED.example"), domains, record(none)],
      "Disabled",
      `${phrase}: ${federated}`,
    ],
    [
      "one who is not in the report",
      [one("ann@fed.example"), domains, others],
      "Not Available",
      `${absent}: ${federated}`,
    ],
    [
      "but with a method it is the method that counts",
      [one("ann@fed.example"), domains, record(capable)],
      "Enabled",
      "A strong method is registered and allowed by policy",
    ],
    [
      "and with one that policy does not allow too",
      [one("ann@fed.example"), domains, record({ isMfaCapable: false, isMfaRegistered: true })],
      "Non-compliant",
      "A method is registered but policy does not allow it",
    ],
    [
      "a user of a managed domain",
      [one("ann@contoso.example"), domains, record(none)],
      "Disabled",
      "No strong method is registered",
    ],
    [
      "a user of a domain below a federated one, which the export does not list",
      [one("ann@sub.fed.example"), domains, record(none)],
      "Disabled",
      "No strong method is registered",
    ],
    [
      "a federated domain that nobody exported",
      [one("ann@fed.example"), record(none)],
      "Disabled",
      "No strong method is registered",
    ],
    [
      "a guest from another tenant",
      [one("ann_fabrikam.example#EXT#@contoso.example", { userType: "Guest" }), record(none)],
      "Disabled",
      `${phrase}: ${home}`,
    ],
    [
      "a member from another tenant",
      [one("ann_fabrikam.example#EXT#@contoso.example", { userType: "Member" }), others],
      "Not Available",
      `${absent}: ${home}`,
    ],
    [
      "a guest whose account is in this tenant",
      [one("ann@contoso.example", { userType: "Guest" }), record(none)],
      "Disabled",
      "No strong method is registered",
    ],
    [
      "a disabled account that the report leaves out: nobody knows its methods",
      [one("ann@fed.example", { accountEnabled: false }), domains, others],
      "Not Available",
      "Not in the registration details, which leave out disabled accounts",
    ],
    [
      "an account of which nobody knows whether it is disabled, and so left out",
      [one("ann@fed.example", { accountEnabled: null }), domains, others],
      "Not Available",
      "Not in the registration details",
    ],
    [
      "a report with rejected records, of which one may be hers",
      [one("ann@fed.example"), domains, ["user_registration_details", others[1], { rejected: 1 }]],
      "Not Available",
      "Not in the registration details",
    ],
    [
      "a report that is cut: nobody knows the methods",
      [
        one("ann@fed.example"),
        domains,
        ["user_registration_details", others[1], { completeness: "Incomplete", reason: "it is cut" }],
      ],
      "Not Available",
      "Not in the registration details, which are incomplete: it is cut",
    ],
    [
      "no report at all: nobody knows the methods",
      [one("ann@fed.example"), domains],
      "Not Available",
      "No registration details were supplied",
    ],
    [
      "the older report, which lists who has no method",
      [
        one("ann@fed.example"),
        domains,
        [
          "credential_user_registration_details",
          [{ userPrincipalName: "ann@fed.example", isMfaRegistered: false }],
        ],
      ],
      "Disabled",
      `${phrase}: ${federated}`,
    ],
  ];
  test.each(cases)("%s", async (_name, files, status, reason) => {
    const query = await given(...files);
    expect(await query("select mfa_status, mfa_status_reason from mfa_status where user_id = 'ann'")).toEqual(
      [{ mfa_status: status, mfa_status_reason: reason }],
    );
  });
});
