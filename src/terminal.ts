/** C0 and C1 controls, and the marks that turn or hide text: a terminal would act on them. */
// oxlint-disable-next-line no-control-regex
const controls = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** The text with every character that a terminal would act on written as `\u{…}`. */
export function escapeControls(text: string): string {
  return text.replaceAll(controls, (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ""}}`);
}

/** Like `escapeControls`, but line ends stay. */
export function escapeLines(text: string): string {
  return text.split("\n").map(escapeControls).join("\n");
}
