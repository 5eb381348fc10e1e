/** Who plans. The first seven are the rules ours is measured against; `frozen` is ours without learning. */
export const HEURISTIC_NAMES = [
  "round robin",
  "least loaded",
  "best agents",
  "earliest end",
  "even workload",
  "fewest retries",
  "most growth",
] as const;
export type HeuristicName = (typeof HEURISTIC_NAMES)[number];

export const ROUND_ROBIN: HeuristicName = "round robin";
export const LEAST_LOADED: HeuristicName = "least loaded";
export const FROZEN = "ours, frozen";
/** A router that learns by request type: Beta cells and Thompson sampling. */
export const ROUTER = "router by type";
/** Knows the distribution the world was drawn from, and learns: the ceiling. */
export const INFORMED = "informed Bayesian";
export const ORACLE = "oracle";
/** Ours with learning, told no type: what a stand-in for the type is compared with in `hidden-types`. */
export const TOLD_NO_TYPE = "ours, learning, told no type";

/** Name of ours with learning, at an exploration. */
export function learningName(exploration: number): string {
  return `ours, learning, exploration ${exploration}`;
}
