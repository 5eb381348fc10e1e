/** Kinds of text that are given in the place of JSON, each by how it begins. */
const KINDS: readonly (readonly [begins: RegExp, name: string])[] = [
  [/^\s*</, "HTML or XML"],
  // The names of columns, or one row of values.
  [/^\s*"?[\w ./-]+"?(?:[,;\t]"?[\w ./-]*"?)+\r?(?:\n|$)/, "CSV"],
  [/^(?:---\s|\s*[\w-]+:(?:\s|$)|\s*- )/, "YAML"],
];

/**
 * What a text that is not JSON is instead, and what to do about it, to put behind the fault; "" where nobody can tell.
 *
 * @param found what stands where the text stops being JSON
 */
export function foreignTextHint(text: string, found: string, kind: "document" | "line"): string {
  if (text.includes("\0")) return "; it looks like UTF-16: save it as UTF-8";
  if (found.startsWith("/") || found.startsWith("#")) return "; JSON has no comments: leave them out";
  if (found.startsWith("'")) return "; JSON puts names and texts between double quotes";
  const name = KINDS.find(([begins]) => begins.test(text))?.[1];
  if (name === undefined) return "";
  const target = kind === "line" ? "one JSON object per line" : "JSON";
  return `; it looks like ${name}: convert it to ${target} first`;
}
