import { InputError } from "../../domain/index.js";
import { unknownValue } from "./unknown-words.js";

/** Reads the text of an option; `place` is the option's name, for the error. */
export type ValueReader<T> = (text: string, place: string) => T;

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Any text but the empty one. */
export const readText: ValueReader<string> = (text, place) => {
  if (text === "") throw new InputError(place, "needs a value that is not empty");
  if (text.includes("\0")) throw new InputError(place, "must not contain NUL");
  return text;
};

/** A finite decimal number in [min, max]. */
export function readNumber(min: number, max = Infinity): ValueReader<number> {
  return (text, place) => {
    const value = DECIMAL.test(text) ? Number(text) : NaN;
    if (!Number.isFinite(value) || value < min || value > max) {
      throw new InputError(place, `"${text}" is not a number ${describeRange(min, max)}`);
    }
    return value;
  };
}

/** A whole number in [min, max]. */
export function readInteger(min: number, max = Number.MAX_SAFE_INTEGER): ValueReader<number> {
  return (text, place) => {
    const value = DECIMAL.test(text) ? Number(text) : NaN;
    if (!Number.isSafeInteger(value) || value < min || value > max) {
      throw new InputError(place, `"${text}" is not a whole number ${describeRange(min, max)}`);
    }
    return value;
  };
}

function describeRange(min: number, max: number): string {
  return max === Infinity || max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
}

/** One of the choices, spelt as they are, or with `anyCase` in capitals. */
export function readChoice<T extends string>(choices: readonly T[], anyCase = false): ValueReader<T> {
  return (text, place) => {
    const word = anyCase ? text.toLowerCase() : text;
    const found = choices.find((choice) => choice === word);
    if (found === undefined) throw unknownValue(place, text, choices);
    return found;
  };
}

/** Different non-empty ids between commas. */
export const readList: ValueReader<readonly string[]> = (text, place) => {
  const ids = readText(text, place)
    .split(",")
    .map((id) => id.trim());
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  if (ids.includes("")) throw new InputError(place, `"${text}" is not a list of ids between commas`);
  if (repeated !== undefined) throw new InputError(place, `names "${repeated}" twice`);
  return ids;
};

const INSTANT = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/** An ISO-8601 instant with its zone, as epoch milliseconds. Without a zone it would mean another instant on another machine. */
export const readInstant: ValueReader<number> = (text, place) => {
  const day = INSTANT.exec(text)?.[1];
  const isRealDay = day !== undefined && !Number.isNaN(Date.parse(day)) && new Date(day).toISOString().startsWith(day);
  const instant = isRealDay ? Date.parse(text) : NaN;
  if (Number.isNaN(instant)) {
    throw new InputError(place, `"${text}" is not an instant; write it like 2026-01-31T09:30:00Z`);
  }
  return instant;
};
