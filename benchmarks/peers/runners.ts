/** Every runner, by the name of its file; ours first. */
export const RUNNERS = ["ours", "glpk", "highs", "lp-solver", "yalps", "cp-sat", "scip", "cbc", "glpsol"] as const;
