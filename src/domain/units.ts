import { InputError } from "./errors.js";
import { suggestNearest } from "./nearest.js";
import { GOAL_KEYS, type GoalKey, type GoalWeights, type LoadLimit } from "./problem.js";

const DURATION = /^(\d+(?:\.\d+)?(?:e[+-]?\d+)?)\s*(ms|s|m|h)$/i;
const NUMBER = /^\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/**
 * Milliseconds of a duration text: `500ms`, `5s`, `1.5 s`, `2m`, `1h`.
 *
 * @returns a finite number > 0
 * @throws InputError naming `place` where the text is anything else
 */
export function parseDuration(text: string, place: string): number {
  const match = DURATION.exec(text.trim());
  const durationMs = match === null ? Number.NaN : Number(match[1]) * UNIT_MS[match[2]!.toLowerCase()]!;
  if (!(durationMs > 0) || !Number.isFinite(durationMs)) {
    throw new InputError(place, `"${text}" is not a duration greater than 0; write it like 500ms, 5s or 2m`);
  }
  return durationMs;
}

/**
 * A load limit: a factor of the reference makespan (number, or text such as `1.25`), `none`, or a duration per slot (`2500ms`).
 *
 * @throws InputError naming `place` where it is none of them or not greater than 0
 */
export function parseLoadLimit(value: number | string, place: string): LoadLimit {
  const text = String(value).trim();
  if (text === "none") return { kind: "none" };
  if (DURATION.test(text)) return { kind: "absolute", limitMs: parseDuration(text, place) };
  const factor = NUMBER.test(text) ? Number(text) : Number.NaN;
  if (factor > 0 && Number.isFinite(factor)) return { kind: "factor", factor };
  const shown = typeof value === "string" ? `"${value}"` : text;
  throw new InputError(
    place,
    `${shown} is not a load limit; give a factor such as 1.25, "none" or a duration such as "2500ms"`,
  );
}

/** The inverse of `parseLoadLimit`, as the problem document holds it. */
export function formatLoadLimit(limit: LoadLimit): number | string {
  switch (limit.kind) {
    case "none":
      return "none";
    case "factor":
      return limit.factor;
    case "absolute":
      return `${limit.limitMs}ms`;
  }
}

/**
 * Goal weights written `success=0.6,throughput=0.4`; keys as in `GOAL_KEYS`, each at most once.
 *
 * @returns the weights named, each ≥ 0, of sum 1
 * @throws InputError naming `place` with the offending part
 */
export function parseWeights(text: string, place: string): GoalWeights {
  const weights: Partial<Record<GoalKey, number>> = {};
  for (const part of text.split(",")) {
    const [key = "", value = "", ...rest] = part.split("=").map((side) => side.trim());
    if (!isGoalKey(key)) {
      throw new InputError(place, `"${key}" is not one of ${GOAL_KEYS.join(", ")}; ${suggestNearest(key, GOAL_KEYS)}`);
    }
    if (rest.length > 0 || !NUMBER.test(value) || !Number.isFinite(Number(value))) {
      throw new InputError(
        place,
        `"${part.trim()}" is not a weight; write it like success=0.6 with a number of at least 0`,
      );
    }
    if (weights[key] !== undefined) throw new InputError(place, `"${key}" is given twice; give each key once`);
    weights[key] = Number(value);
  }
  return checkWeights(weights, place);
}

/** Weights whose sum is this close to 1 stay as they were given. */
const SUM_TOLERANCE = 1e-9;

/**
 * The weights, scaled so that their sum is 1: only their shares count, and tolerances are meant for values near 1.
 *
 * @throws InputError naming `place` where all are 0 or none is given
 */
export function checkWeights(weights: GoalWeights, place: string): GoalWeights {
  const largest = Object.values(weights).reduce((most, weight) => Math.max(most, weight), 0);
  if (largest === 0) {
    throw new InputError(place, "no weight is greater than 0; give at least one such as success=0.6");
  }
  // By the largest first: the sum of huge weights is not finite, and that of tiny ones not exact.
  const scaled = mapValues(weights, (weight) => weight / largest);
  const sum = Object.values(scaled).reduce((total, weight) => total + weight, 0);
  if (Math.abs(largest * sum - 1) <= SUM_TOLERANCE) return weights;
  return mapValues(scaled, (weight) => weight / sum);
}

function mapValues(weights: GoalWeights, change: (weight: number) => number): GoalWeights {
  return Object.fromEntries(Object.entries(weights).map(([key, weight]) => [key, change(weight)]));
}

function isGoalKey(key: string): key is GoalKey {
  return (GOAL_KEYS as readonly string[]).includes(key);
}
