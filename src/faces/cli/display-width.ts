import stringWidth from "string-width";

/** Places that a terminal gives to a text: two for CJK and emoji, none for what only joins. */
export function widthOf(text: string): number {
  return isPlain(text) ? text.length : stringWidth(text);
}

/** The characters that a person sees as one each: a flag or a family is not cut apart. */
export function charactersOf(text: string): string[] {
  if (isPlain(text)) return [...text];
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** As many characters as fit, from the beginning. */
export function takeWidth(characters: readonly string[], width: number): string {
  let [taken, used] = ["", 0];
  for (const character of characters) {
    used += widthOf(character);
    if (used > width) break;
    taken += character;
  }
  return taken;
}

/** Made when first used: it loads data that plain text never needs. */
let segmenter: Intl.Segmenter | undefined;

function isPlain(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}
