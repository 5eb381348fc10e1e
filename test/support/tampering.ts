import type { Instance } from "../../models/instance.js";
import type { Random } from "../../src/domain/random.js";
import type { ResultDocument } from "../../src/domain/result.js";

type Mutable<T> = T extends object ? { -readonly [K in keyof T]: Mutable<T[K]> } : T;
export type Draft = Mutable<ResultDocument>;

/** What a tampered result is judged by: the problem as an instance, and the result before. */
interface Scene {
  readonly instance: Instance;
  readonly before: ResultDocument;
  readonly random: Random;
}

/**
 * One way to falsify a result. Changes the draft and says whether what it states is still true, by a criterion of its own:
 * "false" must be rejected, "true" must pass, "undecided" lies within rounding. null where it does not apply.
 */
export type Tampering = (draft: Draft, scene: Scene) => "false" | "true" | "undecided" | null;

/** Multiplies or shifts a number by something between a millionth and a lot. */
export function nudge(value: number, random: Random): number {
  const size = 10 ** (-6 + 6 * random.unit()) * (random.unit() < 0.5 ? -1 : 1);
  return value + size * Math.max(1, Math.abs(value)) * (1 + random.unit());
}

export function pick<T>(items: readonly T[], random: Random): T | undefined {
  return items.length === 0 ? undefined : items[random.below(items.length)];
}

/** Falsifies one number of a record, or pretends it is unknown. */
export function falsify(record: Record<string, unknown>, key: string | undefined, random: Random): "false" | null {
  if (key === undefined) return null;
  const value = record[key];
  record[key] = typeof value !== "number" ? 1 + random.unit() : random.unit() < 0.2 ? null : nudge(value, random);
  return "false";
}

export function nudgeNumber<K extends string>(
  record: Record<K, number | null>,
  key: K,
  random: Random,
): "false" | null {
  const value = record[key];
  if (value === null) return null;
  record[key] = nudge(value, random);
  return "false";
}
