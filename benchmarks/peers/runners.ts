/** Every runner, by the name of its file; ours first. */
export const RUNNERS = ["ours", "glpk", "highs", "lp-solver", "yalps", "cp-sat", "cbc", "glpsol"] as const;
