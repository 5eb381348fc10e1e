import type { SequencingProblem } from "./sequencing-problem.js";

/** Lists of refuted windows and of pricings that would take longer to check than this, about a second, are not kept. */
const MAX_CHECKING = 4e6;
/** Work of a check for each pair and each refuted window or pricing, where tasks² · agents / 10 is the rest of it. Measured. */
const PER_PAIR = 50;
/** More pricings than this add nothing, and a certificate has many numbers for each. */
const MAX_PRICINGS = 24;

/** Most intervals of time of a pricing that are worth their check. */
export const MOST_INTERVALS = 1_000;

/** Whether a list of so many refuted windows is checked soon enough. */
export function isCheckable(problem: SequencingProblem, numRefuted: number): boolean {
  return (1 + numRefuted) * workOfPass(problem) <= MAX_CHECKING;
}

/** How many pricings one after another are checked soon enough, one in any case. */
export function mostPricings(problem: SequencingProblem): number {
  return Math.max(1, Math.min(MAX_PRICINGS, Math.floor(MAX_CHECKING / workOfPass(problem)) - 1));
}

function workOfPass({ numTasks, numAgents, busyMs }: SequencingProblem): number {
  return (numTasks ** 2 * numAgents) / 10 + PER_PAIR * busyMs.length;
}
