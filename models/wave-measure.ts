/**
 * How a strategy's goal is measured on a wave that was played. Whatever measures waves has one entry per measure, so that a
 * new measure does not compile before it is known everywhere; most new strategies take one that is here.
 *
 * - `successes`: tasks that succeeded, against the sum of their chances
 * - `makespan`: the latest end
 * - `largest_load`: busy time per slot of the busiest agent
 * - `retries`: attempts after the first
 * - `confidence`: mean confidence gain
 * - `cost`: cost in proportion to busy time
 */
export type WaveMeasure = "successes" | "makespan" | "largest_load" | "retries" | "confidence" | "cost";
