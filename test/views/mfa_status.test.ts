import { expect, test } from "vitest";
import { given, type GivenFile } from "./given.ts";

const noRegistrations: GivenFile = ["user_registration_details", []];

test("every pair of flags has its status and reason", async () => {
  const cases = [
    [true, true, "Enabled", "A strong method is registered and allowed by policy"],
    [true, false, "Enabled", "A strong method is registered and allowed by policy, although the report says that none is registered"],
    [true, null, "Enabled", "A strong method is registered and allowed by policy"],
    [false, true, "Non-compliant", "A method is registered but policy does not allow it"],
    [false, false, "Disabled", "No strong method is registered"],
    [null, false, "Disabled", "No strong method is registered"],
    [null, true, "Not Available", "A method is registered, but isMfaCapable was not exported"],
    [false, null, "Not Available", "Not capable, but isMfaRegistered was not exported"],
    [null, null, "Not Available", "Neither isMfaCapable nor isMfaRegistered was exported"],
  ] as const;
  const query = await given(
    ["users", cases.map((_case, index) => ({ id: `u${index}` }))],
    [
      "user_registration_details",
      cases.map(([isMfaCapable, isMfaRegistered], index) => ({ id: `U${index}`, isMfaCapable, isMfaRegistered })),
    ],
  );
  const rows = await query(
    "select is_mfa_capable, is_mfa_registered, mfa_status, mfa_status_reason from mfa_status order by user_id",
  );
  expect(rows.map((row) => Object.values(row))).toEqual(cases);
});
