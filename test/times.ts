/** The times of a file, which all have six digits behind the point, as a query says them. */
export function shortenTimes(text: string): string {
  return text.replaceAll(/(?:\.0+|(\.\d*[1-9])0*)Z/g, "$1Z");
}
