import { InputError } from "./errors.js";

/** Values that this program has made or looked through: they need no second look. */
const KNOWN = new WeakSet<object>();

export function markKnown<T extends object>(value: T): T {
  KNOWN.add(value);
  return value;
}

export function isKnown(value: unknown): boolean {
  return typeof value === "object" && value !== null && KNOWN.has(value);
}

/** @throws InputError where an argument is not one that this program has made */
export function requireKnown(place: string, value: unknown, cure: string): void {
  if (!isKnown(value)) throw new InputError(place, `${kindOf(value)} is not what this needs; ${cure}`);
}

/**
 * Reads an argument of a caller, which may be anything: whatever stops the reading is the argument's fault.
 *
 * @throws InputError with the place and the cure; one that the reading throws itself stays as it is
 */
export function reading<T>(place: string, cure: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(place, `cannot be read; ${cure}`, { cause: error });
  }
}

/** @throws InputError where a caller gave something else than an object of options, such as null */
export function requireOptions(place: string, options: unknown): asserts options is object {
  if (typeof options === "object" && options !== null && !Array.isArray(options)) return;
  throw new InputError(place, `${kindOf(options)} is not an object; leave it out or give one`);
}

/** An options object with none but these names. @throws InputError naming the option */
export function checkOptionNames(place: string, options: unknown, names: readonly string[]): void {
  reading(place, "give a plain object", () => {
    requireOptions(place, options);
    const stranger = Object.keys(options).find((name) => !names.includes(name));
    if (stranger !== undefined) {
      throw new InputError(place, `${JSON.stringify(stranger)} is not an option; there are ${names.join(", ")}`);
    }
  });
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  return typeof value === "object" ? "an object" : typeof value === "string" ? JSON.stringify(value) : typeof value;
}
