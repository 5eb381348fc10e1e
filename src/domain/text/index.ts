/** What a browser needs as well: nothing here knows Node. */

/** Control, zero-width and bidirectional characters: nobody sees them, and a terminal may obey them. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Text from outside, safe to print as part of one line: what nobody sees becomes `\u001b` and the like, a line break `\n`. */
export function showUnseen(text: string): string {
  return text.replace(UNSEEN, (character) => {
    if (character === "\n") return "\\n";
    const code = character.codePointAt(0)!.toString(16);
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`;
  });
}

/** A text as a shell takes it for one word, in quotes only where it needs them. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : inShellQuotes(text);
}

/** A text as a shell takes it for one word, always in quotes. */
export function inShellQuotes(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
export { describeUnknownWorths, sortWorths } from "./limit-worths.js";
