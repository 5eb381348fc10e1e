import { parseArgs } from "node:util";

/** Random waves to look at: how many, and the seed of the first. */
export interface WaveRange {
  readonly count: number;
  readonly first: number;
}

/**
 * Reads `--count N --first N`, or the two numbers alone in this order.
 *
 * @throws Error where a number is none: a loop to NaN looks at nothing, and all of it passes
 */
export function readWaveRange(args: readonly string[], defaults: WaveRange): WaveRange {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { count: { type: "string" }, first: { type: "string" } },
    allowPositionals: true,
  });
  const [count = positionals[0], first = positionals[1]] = [values.count, values.first];
  const extra = positionals[2];
  if (extra !== undefined) throw new Error(`"${extra}" is one number too many; give a count and a first seed`);
  return {
    count: count === undefined ? defaults.count : wholeNumber("count", count),
    first: first === undefined ? defaults.first : wholeNumber("first", first),
  };
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name}: "${text}" is no whole number above 0`);
  return value;
}
