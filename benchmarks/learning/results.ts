import type { JobOutcome } from "./play-world.js";
import { HEURISTIC_NAMES, INFORMED, ORACLE, ROUND_ROBIN } from "./policies.js";
import type { WaveScore } from "./scores.js";
import { FLEET_SIZES, WORLD_NAMES, type WorldName } from "./worlds.js";
import { type MeanInterval, meanInterval } from "./intervals.js";

/** All seeds of one world and fleet. */
export interface Cell {
  readonly world: WorldName;
  readonly numAgents: number;
  /** Ascending by seed. */
  readonly outcomes: readonly JobOutcome[];
}

/** Waves from..to, both inclusive, counted from 1. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** From here on learning has to pay. */
export const LEARNED: Window = { from: 10, to: Infinity };

/** Cells in the order of the worlds; those nobody played are left out. */
export function cellsOf(outcomes: readonly JobOutcome[]): Cell[] {
  return WORLD_NAMES.flatMap((world) =>
    FLEET_SIZES.map((numAgents): Cell => {
      const own = outcomes.filter(({ job }) => job.world === world && job.numAgents === numAgents);
      return { world, numAgents, outcomes: own.sort((a, b) => a.job.seed - b.job.seed) };
    }),
  ).filter((cell) => cell.outcomes.length > 0);
}

/** Mean over the waves of a window of what is to be made large: expected completed tasks, or minus the expected makespan. */
export function scoreOf(outcome: JobOutcome, policy: string, window: Window): number {
  const sign = outcome.job.world === "throughput" ? -1 : 1;
  const figure = outcome.job.world === "throughput" ? "expectedMakespanMs" : "success";
  return sign * meanOf(outcome, policy, window, (score) => score[figure]);
}

export function meanOf(
  outcome: JobOutcome,
  policy: string,
  { from, to }: Window,
  figure: (score: WaveScore) => number,
): number {
  const scores = outcome.policies[policy]!.scores.slice(from - 1, to);
  return scores.reduce((sum, score) => sum + figure(score), 0) / scores.length;
}

/** (policy − round robin) / (oracle − round robin); null where the oracle has no advantage. */
export function advantageShare(outcome: JobOutcome, policy: string, window: Window): number | null {
  const base = scoreOf(outcome, ROUND_ROBIN, window);
  const advantage = scoreOf(outcome, ORACLE, window) - base;
  return advantage <= 1e-9 ? null : (scoreOf(outcome, policy, window) - base) / advantage;
}

/** What a policy wins over round robin, of what the informed Bayesian wins. Null where nothing is to be won. */
export function ceilingShare(cell: Cell, policy: string, window: Window): MeanInterval | null {
  return leadQuotient(cell, policy, INFORMED, window);
}

/**
 * What a policy wins over round robin, of what another wins: the quotient of the means over the seeds, its interval by the
 * delta method. Null where the other wins nothing.
 */
export function leadQuotient({ outcomes }: Cell, policy: string, other: string, window: Window): MeanInterval | null {
  const lead = (name: string): number[] =>
    outcomes.map((one) => scoreOf(one, name, window) - scoreOf(one, ROUND_ROBIN, window));
  const [own, base] = [lead(policy), lead(other)];
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  if (mean(base) <= 1e-9) return null;
  const share = mean(own) / mean(base);
  const { halfWidth } = meanInterval(own.map((value, k) => (value - share * base[k]!) / mean(base)));
  return { count: own.length, mean: share, halfWidth, least: Math.min(...own.map((value, k) => value / base[k]!)) };
}

/** The heuristic with the best mean over the seeds. */
export function bestHeuristic({ outcomes }: Cell, window: Window): string {
  const mean = (name: string): number => meanInterval(outcomes.map((one) => scoreOf(one, name, window))).mean;
  return HEURISTIC_NAMES.reduce((best, name) => (mean(name) > mean(best) ? name : best));
}
