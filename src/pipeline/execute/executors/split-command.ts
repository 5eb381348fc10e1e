import { InputError } from "../../../domain/index.js";

/** Characters that mean something to a shell, and that nothing here would give a meaning to. */
const SHELL_WORDS = /^(?:[|&;<>()]|&&|\|\||>>|<<|2>)$/;

/**
 * Splits a command line into words as a POSIX shell does: blanks separate, single quotes keep everything, double quotes keep
 * all but a backslash before `"`, `\`, `$` and `` ` ``, a backslash keeps the next character. Nothing is expanded.
 *
 * @param place what the command line belongs to, for messages
 * @throws InputError where it is empty, a quote is not closed, or it is written for a shell
 */
export function splitCommand(text: string, place: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let at = 0;
  while (at < text.length) {
    const character = text[at]!;
    if (/\s/.test(character)) {
      if (word !== null) words.push(checkWord(word, place));
      word = null;
      at++;
      continue;
    }
    const [piece, next, isPlain] = readPiece(text, at, place);
    if (isPlain && word === null && /^[|&;<>]/.test(piece)) throw needsShell(piece, place);
    word = (word ?? "") + piece;
    at = next;
  }
  if (word !== null) words.push(checkWord(word, place));
  if (words.length === 0) throw new InputError(place, "names no command");
  return words;
}

/** One quoted part or one character, and where the next one begins. */
function readPiece(text: string, at: number, place: string): [piece: string, next: number, isPlain: boolean] {
  const character = text[at]!;
  if (character === "\\") {
    if (at + 1 === text.length) throw new InputError(place, "ends with a backslash");
    return [text[at + 1]!, at + 2, false];
  }
  if (character !== "'" && character !== '"') return [character, at + 1, true];
  let piece = "";
  for (let k = at + 1; k < text.length; k++) {
    const inside = text[k]!;
    if (inside === character) return [piece, k + 1, false];
    const isEscape = character === '"' && inside === "\\" && '"\\$`'.includes(text[k + 1] ?? " ");
    piece += isEscape ? text[++k]! : inside;
  }
  throw new InputError(place, `has a ${character === "'" ? "single" : "double"} quote that is not closed`);
}

function checkWord(word: string, place: string): string {
  if (SHELL_WORDS.test(word)) throw needsShell(word, place);
  if (word.includes("\0")) throw new InputError(place, "holds a NUL character");
  return word;
}

function needsShell(word: string, place: string): InputError {
  return new InputError(place, `has ${JSON.stringify(word)}, which only a shell understands; quote it, or use shell:`);
}
