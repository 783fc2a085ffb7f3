/** C0 and C1 controls, and the marks that turn or hide text: a terminal would act on them. */
const controls =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** The text with every character that a terminal would act on written as `\u{…}`. */
export function escapeControls(text: string): string {
  return text.replaceAll(controls, (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ""}}`);
}

/** Like `escapeControls`, but line ends stay; only for text whose line ends are all ours, or whose lines mean nothing. */
export function escapeLines(text: string): string {
  return text.split("\n").map(escapeControls).join("\n");
}

function toUnits(character: string): string {
  return character.replaceAll(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** JSON of one value: the data is exact, yet holds no character that a terminal would act on but our line ends. */
export function toJson(value: unknown, indent?: number): string {
  // What is below a space in the JSON itself is the indentation.
  return JSON.stringify(value, null, indent).replaceAll(controls, (character) =>
    character === "\n" ? character : toUnits(character),
  );
}
