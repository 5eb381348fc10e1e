import { InputError } from "../../domain/index.js";
import { findDuplicateKey } from "./duplicate-keys.js";
import { foreignTextHint } from "./foreign-text.js";
import { findSyntaxFault } from "./json-syntax.js";

/**
 * Any JSON text as a value.
 *
 * @param place file, or file and line, for the messages
 * @param kind a `line` of a JSONL file has columns only; default `document`
 * @throws InputError: empty; not JSON, or a key twice in one object, with line and column (both from 1); an object with the key `__proto__`
 */
export function parseJson(text: string, place: string, kind: "document" | "line" = "document"): unknown {
  if (text.trim() === "") throw new InputError(place, "is empty; give a JSON document");
  const value = parse(text, place, kind);
  const duplicate = findDuplicateKey(text);
  if (duplicate === null) return value;
  const where = describePlace(text, duplicate.offset, kind);
  throw new InputError(
    place,
    `has the key ${JSON.stringify(duplicate.key)} twice in one object, at ${where}; keep one`,
  );
}

function parse(text: string, place: string, kind: "document" | "line"): unknown {
  try {
    // Objects swallow this key without a word, so where it may occur every key is looked at.
    return mayHoldPrototypeKey(text) ? JSON.parse(text, refusePrototypeKey(place)) : JSON.parse(text);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(place, describeFault(text, kind), { cause: error });
  }
}

function describeFault(text: string, kind: "document" | "line"): string {
  const fault = findSyntaxFault(text);
  if (fault === null) return "is nested too deeply to be read";
  const rule = /^[+-]?(NaN|Infinity)/i.test(fault.found)
    ? "; numbers must be finite"
    : foreignTextHint(text, fault.found, kind);
  return `is not JSON: unexpected ${fault.found.replace(/^the /, "")} at ${describePlace(text, fault.offset, kind)}${rule}`;
}

function describePlace(text: string, offset: number, kind: "document" | "line"): string {
  const before = text.slice(0, offset);
  const line = kind === "line" ? "" : `line ${countLines(before)}, `;
  return `${line}column ${offset - before.lastIndexOf("\n")}`;
}

function countLines(text: string): number {
  let line = 1;
  for (let k = text.indexOf("\n"); k !== -1; k = text.indexOf("\n", k + 1)) line++;
  return line;
}

function mayHoldPrototypeKey(text: string): boolean {
  return text.includes("__proto__") || (text.includes("\\u00") && /\\u00(?:5f|70|72|6f|74)/i.test(text));
}

function refusePrototypeKey(place: string): (key: string, value: unknown) => unknown {
  return (key, value) => {
    if (key === "__proto__") throw new InputError(place, '"__proto__" is a reserved word; use another name');
    return value;
  };
}
