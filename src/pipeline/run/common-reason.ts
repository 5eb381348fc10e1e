const DIFFERS = "…";
/** What ids and numbers are made of. */
const WORD_END = /[\p{L}\p{M}\p{N}_.-]+$/u;

/** What two reasons begin with; `…` stands for where they differ. A reason of several tasks quotes no name and no number of a single one. */
export function commonReason(a: string, b: string): string {
  if (a === b) return a;
  const known = a.endsWith(DIFFERS) ? a.slice(0, -DIFFERS.length) : a;
  let length = 0;
  while (length < known.length && known[length] === b[length]) length++;
  const isWithinWord = [known[length], b[length]].some((next) => next !== undefined && WORD_END.test(next));
  // A name or a number is left out as a whole.
  const common = isWithinWord ? known.slice(0, length).replace(WORD_END, "") : known.slice(0, length);
  return common.trimEnd() + (common.endsWith(" ") ? " " : "") + DIFFERS;
}
