/** Where a text stops being JSON: offset from 0, and what stands there. */
export interface SyntaxFault {
  readonly offset: number;
  readonly found: string;
}

type Expected = "value" | "value or ]" | "key" | "key or }" | "colon" | "comma or end";

const SPACE = new Set([" ", "\t", "\n", "\r"]);
const WORD = /[^\s,:[\]{}"]+/y;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * The first place where a text breaks the grammar of JSON, or null where it does not.
 * The runtime's own parser keeps most positions to itself. O(length), without recursion.
 */
export function findSyntaxFault(text: string): SyntaxFault | null {
  const open: ("{" | "[")[] = [];
  let expected: Expected = "value";
  let offset = 0;
  for (;;) {
    while (SPACE.has(text[offset]!)) offset++;
    if (offset >= text.length) {
      return open.length === 0 && expected === "comma or end" ? null : { offset, found: "the end of the text" };
    }
    const end = endOfToken(text, offset);
    if (typeof end !== "number") return end;
    const next = advance(text[offset]!, expected, open);
    if (next === null) return { offset, found: text.slice(offset, Math.min(end, offset + 20)) };
    expected = next;
    offset = end;
  }
}

/** What may follow a token, or null where the token may not stand here. Opens and closes brackets on the way. */
function advance(first: string, expected: Expected, open: ("{" | "[")[]): Expected | null {
  const isValuePlace = expected === "value" || expected === "value or ]";
  switch (first) {
    case "{":
    case "[":
      if (!isValuePlace) return null;
      open.push(first);
      return first === "{" ? "key or }" : "value or ]";
    case "}":
      return closes("{", expected === "key or }" || expected === "comma or end", open);
    case "]":
      return closes("[", expected === "value or ]" || expected === "comma or end", open);
    case ":":
      return expected === "colon" ? "value" : null;
    case ",":
      if (expected !== "comma or end" || open.length === 0) return null;
      return open[open.length - 1] === "{" ? "key" : "value";
    case '"':
      if (expected === "key" || expected === "key or }") return "colon";
      return isValuePlace ? "comma or end" : null;
    default:
      return isValuePlace ? "comma or end" : null;
  }
}

function closes(bracket: "{" | "[", isAllowed: boolean, open: ("{" | "[")[]): Expected | null {
  return isAllowed && open.pop() === bracket ? "comma or end" : null;
}

/** Offset behind the token that begins here, or the fault inside it. */
function endOfToken(text: string, start: number): number | SyntaxFault {
  const first = text[start]!;
  if ("{}[],:".includes(first)) return start + 1;
  if (first === '"') return endOfString(text, start);
  WORD.lastIndex = start;
  const word = WORD.exec(text)?.[0] ?? first;
  const isLiteral = word === "true" || word === "false" || word === "null" || NUMBER.test(word);
  return isLiteral ? start + word.length : { offset: start, found: word.slice(0, 20) };
}

function endOfString(text: string, start: number): number | SyntaxFault {
  for (let k = start + 1; k < text.length; k++) {
    const character = text[k]!;
    if (character === '"') return k + 1;
    if (character < " ") return { offset: k, found: "a control character inside a string" };
    if (character !== "\\") continue;
    const escape = /^(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.exec(text.slice(k + 1, k + 6))?.[0];
    if (escape === undefined) return { offset: k, found: text.slice(k, k + 2) };
    k += escape.length;
  }
  return { offset: text.length, found: "the end of the text inside a string" };
}
