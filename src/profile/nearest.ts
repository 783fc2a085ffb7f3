/** The known word that is least different from one, in letters to insert, drop or change; undefined where there is none. */
export function nearestWord(word: string, known: Iterable<string>): string | undefined {
  const short = word.slice(0, 64).toLowerCase();
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const name of known) {
    const distance = distanceOf(short, name.toLowerCase());
    if (best === undefined || distance < best.distance) best = { name, distance };
  }
  return best?.name;
}

/** Words for a message: what one may have meant. */
export function suggest(word: string, known: Iterable<string>): string {
  const near = nearestWord(word, known);
  return near === undefined ? "" : `; the nearest known one is "${near}"`;
}

function distanceOf(one: string, other: string): number {
  let before = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row += 1) {
    const line = [row];
    for (let at = 1; at <= other.length; at += 1) {
      const change = (before[at - 1] ?? 0) + (one[row - 1] === other[at - 1] ? 0 : 1);
      line.push(Math.min(change, (before[at] ?? 0) + 1, (line[at - 1] ?? 0) + 1));
    }
    before = line;
  }
  return before.at(-1) ?? 0;
}
