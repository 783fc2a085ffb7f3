/** A part of a form of dates: one of these, or other text. */
const token = /yyyy|MM|dd|HH|mm|ss|SSS|'[^']*'|[-/:., ]/g;

/** Whether a text is a form of dates: yyyy MM dd HH mm ss SSS, marks between them, other text in quotes. */
export function isDateForm(form: string): boolean {
  return form.replaceAll(token, "") === "";
}

const dayOrTime = /^(-?\d+)-(\d\d)-(\d\d)(?:T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?Z?)?$/;

/** Makes what writes a day or a time in UTC in a form; undefined for what is none. */
export function compileDate(form: string): (value: unknown) => string | undefined {
  const parts = form.match(token) ?? [];
  return (value) => {
    const match = dayOrTime.exec(String(value));
    if (match === null) return undefined;
    const [, year = "", month = "", day = "", hour = "00", minute = "00", second = "00", fraction = ""] =
      match;
    const words: Readonly<Record<string, string>> = {
      yyyy: year,
      MM: month,
      dd: day,
      HH: hour,
      mm: minute,
      ss: second,
      SSS: fraction.padEnd(3, "0").slice(0, 3),
    };
    return parts.map((part) => words[part] ?? part.replaceAll("'", "")).join("");
  };
}

/** The digits of a decimal number with so many behind the point, a half rounded away from zero; undefined for what is none. */
export function maybeFormatNumber(value: unknown, decimals: number): string | undefined {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(value));
  if (match === null) return undefined;
  const [, sign = "", whole = "", fraction = ""] = match;
  const kept = BigInt(whole + fraction.slice(0, decimals).padEnd(decimals, "0"));
  const rounded = kept + (Number(fraction[decimals] ?? 0) >= 5 ? 1n : 0n);
  const digits = String(rounded).padStart(decimals + 1, "0");
  const head = digits.slice(0, digits.length - decimals);
  const text = decimals === 0 ? head : `${head}.${digits.slice(-decimals)}`;
  return rounded === 0n ? text : sign + text;
}
