/** More rows than a vector of the engine takes, with days, sizes and gaps at the edges of what there can be. */
export function oneDriveRows(): string {
  const days =
    "0001-01-01 0004-02-29 1582-10-10 1900-02-28 1969-12-31 1970-01-01 2000-02-29 2000-03-01 2100-03-01 9999-12-31 ";
  const sizes =
    "0 1 4294967295 4294967296 9007199254740991 999999999999999 9223372036854775807  18014398509481985";
  const at = (texts: string, row: number): string => texts.split(" ")[row % texts.split(" ").length] ?? "";
  const head =
    "Report Refresh Date,Site Id,Site URL,Owner Display Name,Is Deleted,Last Activity Date,File Count,Active File Count,Storage Used (Byte),Storage Allocated (Byte),Owner Principal Name,Report Period";
  const rows = Array.from({ length: 5000 }, (_, row) => {
    const name = row % 7 === 0 ? '"Lee, ""Ann"""' : row % 13 === 0 ? "" : `Número ${row}`;
    const size = at(sizes, row);
    return `2026-10-30,00000000-0000-4000-8000-${String(row).padStart(12, "0")},https://x/${row},${name},${row % 3 ? "False" : "True"},${at(days, row)},${row % 5 ? row : ""},${row % 11},${size},${size},u${row}@contoso.example,180`;
  });
  return `${[head, ...rows].join("\r\n")}\r\n`;
}

const times = [
  "0001-01-01T00:00:00Z",
  "1582-10-10T23:59:59.9999999Z",
  "1969-12-31T23:59:59.999999Z",
  "1969-12-31T23:59:59.9999999Z",
  "2024-02-29T12:00:00.1234567Z",
  "9999-12-31T23:59:59.9999999Z",
] as const;

/** UUIDs whose halves are at the edges of numbers. */
const uuids = [
  "00000000-0000-0000-0000-000000000000",
  "7FFFFFFF-ffff-4fff-ffff-ffffffffffff",
  "80000000-0000-4000-8000-000000000000",
  "ffffffff-FFFF-ffff-ffff-FFFFFFFFFFFF",
  "01234567-89ab-CDEF-7fff-fedcba987654",
] as const;

const uuidAt = (index: number): string => uuids[index % uuids.length] ?? "";
const many = <Item>(length: number, item: (index: number) => Item): Item[] =>
  Array.from({ length }, (_, index) => item(index));

/** Lists of many lengths, some of more elements than a vector of the engine, of objects that lack this and that. */
function edgeLists(user: number): object {
  return {
    assignedLicenses: many(user % 6, (at) => ({
      ...(at === 4 ? {} : { skuId: uuidAt(user + at) }),
      ...(at === 2 ? {} : { disabledPlans: at === 3 ? null : many((user + at) % 5, uuidAt) }),
    })),
    ...(user % 11 === 0
      ? {}
      : {
          assignedPlans: many(user % 700 === 1 ? 500 : user % 9, (at) => ({
            servicePlanId: at % 3 ? uuidAt(at) : null,
            unknown: [{ a: at }, []],
            service: at % 2 ? "s".repeat(at % 20) : "é\n".repeat(at % 9),
            assignedDateTime: at % 4 ? times[at % times.length] : null,
          })),
        }),
    licenseAssignmentStates: user % 4 ? many(user % 3, (at) => ({ skuId: uuidAt(at), error: "None" })) : null,
    licenseNames: user % 5 ? many(user % 4, (at) => "n".repeat(10 + at)) : [],
  };
}

/** Users with texts of all lengths around what the engine keeps in place, of characters of all widths, and with escapes. */
export function edgeUsers(): object {
  const characters = ["a", "é", "€", "😀", '"', "\n", "\\"] as const;
  return {
    "@odata.context": "https://graph.microsoft.us/v1.0/$metadata#users",
    value: Array.from({ length: 5000 }, (_, index) => ({
      id: `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
      userPrincipalName: `${"u".repeat(index % 30)}${index}@contoso.example`,
      displayName: (characters[index % characters.length] ?? "").repeat(index % 41),
      department: index % 3 ? "d".repeat(index % 17) : null,
      ...(index % 5 ? { country: "x".repeat(8 + (index % 9)) } : {}),
      createdDateTime: times[index % times.length],
      accountEnabled: index % 2 === 0,
      ...edgeLists(index),
      signInActivity: index % 4 ? null : { lastSignInDateTime: times[(index >> 2) % times.length] },
    })),
  };
}
