import { expect, test } from "vitest";
import { given } from "./given.ts";
import { upn, user } from "./people.ts";

const dotted = "İlker@contoso.example";

test("a letter whose small form Node and the engine do not agree on is known as such, all others fold alike", async () => {
  const query = await given();
  const rows = await query(
    `select range as code, macros.name_key('a' || chr(range::int) || 'a') as folded, macros.has_odd_case('a' || chr(range::int) || 'a') as is_odd
     from range(33, 1114112) where range not between 55296 and 57343`,
  );
  expect(rows.length).toBeGreaterThan(1_100_000);
  const differing = rows.filter(({ code, folded, is_odd: isOdd }) => {
    const text = `a${String.fromCodePoint(Number(code))}a`;
    return isOdd !== true && folded !== text.normalize("NFC").toLowerCase();
  });
  expect(differing.map(({ code }) => Number(code).toString(16))).toEqual([]);
  const odd = rows.filter((row) => row["is_odd"] === true).length;
  expect(odd).toBeGreaterThan(20);
  expect(odd).toBeLessThan(300);
});

test.each([
  ["ABCDEF00-1111-2222-3333-444444444444", "abcdef00-1111-2222-3333-444444444444"],
  ["{abcdef00-1111-2222-3333-444444444444}", "abcdef00-1111-2222-3333-444444444444"],
  ["ABCDEF00111122223333444444444444", "abcdef00-1111-2222-3333-444444444444"],
  [" abcdef00-1111-2222-3333-444444444444 ", "abcdef00-1111-2222-3333-444444444444"],
  ["{00000000-0000-0000-0000-000000000000}", null],
  ["00000000000000000000000000000000", null],
  ["", null],
  ["Ann", "ann"],
])("the id %s compares as %s", async (id, key) => {
  const query = await given();
  expect(await query(`select macros.guid_key('${id}') as key`)).toEqual([{ key }]);
});

test.each([
  ["0A0B0C0D0E0F0A0B0C0D0E0F0A0B0C01", true],
  ["0a0b0c0d0e0f0a0b0c0d0e0f0a0b0c01", true],
  ["(unknown)", true],
  ["<pii:H105(x)>@contoso.example", true],
  ["00000000-0000-0000-0000-000000000000", true],
  ["  ", true],
  ["unknown@contoso.example", false],
  ["0A0B0C0D0E0F0A0B0C0D0E0F0A0B0C@example", false],
])("%s names nobody: %s", async (name, isNobody) => {
  const query = await given();
  expect(await query(`select macros.names_nobody('${name}') as is_nobody`)).toEqual([
    { is_nobody: isNobody },
  ]);
});

test("a site is concealed by its owner or, where it has none, by its address, and never in doubt", async () => {
  const hidden = "0A0B0C0D0E0F0A0B0C0D0E0F0A0B0C01";
  const url = "https://contoso.example/sites/plan";
  const sites = [
    [upn("ann"), url, false],
    [upn("ann"), hidden, false],
    [hidden, url, true],
    ["(Unknown)", null, true],
    ["<PII:H105(0a)>@contoso.example", "", true],
    [null, url, false],
    [null, hidden, true],
    ["", url, false],
    ["", hidden, true],
    [" ", hidden, true],
    ["\u00a0", hidden, true],
    ["", "", false],
    ["", null, false],
    [null, null, false],
  ] as const;
  const query = await given([
    "sharepoint_site_usage_detail",
    sites.map(([ownerPrincipalName, siteUrl]) => ({ ownerPrincipalName, siteUrl, rootWebTemplate: "Group" })),
  ]);
  const rows = await query(
    "select owner_principal_name, site_url, is_concealed from staging.sharepoint_site_usage_detail order by record_number",
  );
  expect(rows.map((row) => Object.values(row))).toEqual(sites);
});

test("a name of spaces names nobody by the models and by the count at import alike", async () => {
  const query = await given();
  const blank = await query(
    `select range as code from range(1, 1114112) where range not between 55296 and 57343 and macros.names_nobody(chr(range::int))`,
  );
  const codes = blank.map(({ code }) => Number(code));
  expect(codes).toContain(0x20);
  expect(codes).toContain(0xa0);
  expect(codes.length).toBeLessThan(30);
  const others = [0x09, 0x0a, 0x85, 0x200b, 0x2028, 0xfeff];
  const names = ["", ...[...codes, ...others].map((code) => String.fromCodePoint(code))];
  const report = await given([
    "office365_active_user_detail",
    [...names, upn("ann")].map((userPrincipalName) => ({ userPrincipalName, isDeleted: false })),
  ]);
  const counted = await report(
    `select (select count(*) from staging.office365_active_user_detail where is_concealed) as by_model,
       (select records_concealed from meta.source_properties where property = 'userPrincipalName') as at_import`,
  );
  expect(counted).toEqual([{ by_model: codes.length + 1, at_import: codes.length + 1 }]);
});

test("names that only some programs would call the same are two people, and told", async () => {
  const row = (name: string, bytes: number): object => ({
    userPrincipalName: name,
    isDeleted: false,
    storageUsedInBytes: bytes,
  });
  const query = await given(
    [
      "users",
      [user("a", { userPrincipalName: dotted }), user("b", { userPrincipalName: "ilker@contoso.example" })],
    ],
    ["mailbox_usage_detail", [row(dotted, 1), row("ilker@contoso.example", 2)] as never],
  );
  expect(await query("select user_id, mailbox_storage_bytes as bytes from user_activity order by 1")).toEqual(
    [
      { user_id: "a", bytes: 1 },
      { user_id: "b", bytes: 2 },
    ],
  );
  expect(
    await query("select severity, affected_records from data_quality where finding = 'names_with_odd_case'"),
  ).toEqual([{ severity: "warning", affected_records: 1 }]);
});
