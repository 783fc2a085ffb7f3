import stringWidth from "fast-string-width";

/** How wide the screen is that everything fits. */
export const screenWidth = 80;

/** A text in lines of at most a width, broken at blanks, else behind a sign, else anywhere; all lines but the first begin with an indent. */
export function wrapText(text: string, width = screenWidth, indent = "  "): string[] {
  const pieces = text.split(/(?<= )/u).flatMap((word) => breakWord(word, width - indent.length));
  const lines: string[] = [];
  for (const piece of pieces) {
    const last = lines.at(-1);
    if (last !== undefined && stringWidth((last + piece).trimEnd()) <= width)
      lines[lines.length - 1] = last + piece;
    else lines.push(last === undefined ? piece : indent + piece);
  }
  return lines.length === 0 ? [""] : lines.map((line) => line.trimEnd());
}

/** A word that is too long for a line in parts. */
function breakWord(word: string, width: number): string[] {
  if (stringWidth(word.trimEnd()) <= width) return [word];
  return word.split(/(?<=[\\/_.,-])/u).flatMap((part) => {
    if (stringWidth(part.trimEnd()) <= width) return [part];
    const parts = [""];
    for (const sign of part) {
      const last = parts.at(-1) ?? "";
      if (stringWidth(last + sign) <= width) parts[parts.length - 1] = last + sign;
      else parts.push(sign);
    }
    return parts;
  });
}
