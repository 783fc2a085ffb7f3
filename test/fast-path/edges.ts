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
      assignedLicenses: [{ skuId: "AAAAAAAA-0000-4000-8000-00000000000A", disabledPlans: [] }],
      signInActivity: index % 4 ? null : { lastSignInDateTime: times[(index >> 2) % times.length] },
    })),
  };
}
