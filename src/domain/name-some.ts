/** The first of some names and how many more there are: "t1, t2 and 5 more". */
export function nameSome(names: readonly string[], most: number, separator = ", "): string {
  const rest = names.length - most;
  return names.slice(0, most).join(separator) + (rest > 0 ? ` and ${rest} more` : "");
}
