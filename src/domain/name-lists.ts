/** The first of some names and how many more there are: "t1, t2 and 5 more". */
export function nameSome(names: readonly string[], most: number, separator = ", "): string {
  const rest = names.length - most;
  return names.slice(0, most).join(separator) + (rest > 0 ? ` and ${rest} more` : "");
}

/** "a", "a and b", "a, b and c". */
export function joinWords(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)!}`;
}

/** The name of a metric, an anomaly or a source as a sentence has it: "schedule drift". */
export function spellOut(name: string): string {
  return name.replaceAll("_", " ");
}

/** The first letter large, as a sentence begins. */
export function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** "1 task", "2 tasks". */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
