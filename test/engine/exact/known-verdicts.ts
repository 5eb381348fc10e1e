import type { Program } from "../../../models/program.js";
import { makeProgram } from "./programs.js";

/** A program with its optimum or status, worked out by hand; every backend must agree. */
export interface KnownVerdict {
  readonly what: string;
  readonly program: Program;
  readonly verdict: number | "infeasible" | "unbounded";
}

const INF = Infinity;
const knapsack = makeProgram(
  "max",
  [
    [5, 0, 1, "int"],
    [4, 0, 1, "int"],
    [3, 0, 1, "int"],
  ],
  [[-INF, [2, 3, 1], 5]],
);

function known(
  what: string,
  verdict: KnownVerdict["verdict"],
  ...program: Parameters<typeof makeProgram>
): KnownVerdict {
  return { what, verdict, program: makeProgram(...program) };
}

// prettier-ignore
export const KNOWN_VERDICTS: readonly KnownVerdict[] = [
  { what: "a knapsack", program: knapsack, verdict: 9 },
  { what: "names with odd characters", verdict: 9, program: { ...knapsack, variableNames: ["x1[a b]", "__proto__", "-\n;ö\u{1F600}"], rows: knapsack.rows.map((row) => ({ ...row, name: "z >= 3" })) } },
  { what: "the constant of the objective", verdict: 49, program: { ...knapsack, objectiveConstant: 40 } },
  known("a minimum", 2, "min", [[1, 0, INF, "real"], [1, 0, INF, "real"]], [[2, [1, 1], INF]]),
  known("a linear program", 36, "max", [[3, 0, INF, "real"], [5, 0, INF, "real"]], [[-INF, [1, 0], 4], [-INF, [0, 2], 12], [-INF, [3, 2], 18]]),
  known("an infeasible linear program", "infeasible", "min", [[1, 0, INF, "real"], [1, 0, INF, "real"]], [[3, [1, 1], INF], [-INF, [1, 1], 2]]),
  known("an infeasible integer program with a feasible relaxation", "infeasible", "min", [[1, 0, 1, "int"], [1, 0, 1, "int"]], [[1, [2, 2], 1]]),
  known("an integer program without feasible relaxation", "infeasible", "max", [[1, 0, 9, "int"], [1, 0, 9, "int"]], [[3, [1, 1], INF], [-INF, [1, 1], 2]]),
  known("an unbounded linear program", "unbounded", "max", [[1, 0, INF, "real"], [1, 0, INF, "real"]], [[-INF, [1, -1], 2]]),
  known("an unbounded integer program", "unbounded", "max", [[1, 0, INF, "int"], [1, 0, INF, "int"]], [[-INF, [1, -1], 2]]),
  known("an infeasible program with an unbounded direction", "infeasible", "max", [[1, 0, INF, "real"], [0, 0, 1, "real"]], [[2, [0, 1], 3]]),
  known("an infeasible integer program with an unbounded relaxation", "infeasible", "max", [[1, 0, INF, "real"], [0, 0, 1, "int"], [0, 0, 1, "int"]], [[1, [0, 2, 2], 1]]),
  known("unbounded without rows", "unbounded", "max", [[1, 0, INF, "int"]], []),
  known("the empty program", 7, "min", [], [], 7),
  known("no variables and a row that holds", 0, "min", [], [[-1, [], 1]]),
  known("no variables and a row that does not", "infeasible", "min", [], [[1, [], 2]]),
  known("a row without variables that holds", 3, "max", [[1, 0, 3, "int"]], [[0, [0], 0]]),
  known("a row without variables that does not", "infeasible", "max", [[1, 0, 3, "int"]], [[1, [0], INF]]),
  known("no rows", 7, "max", [[1, 0, 3, "int"], [-1, -4, 3, "real"]], []),
  known("a variable in no row", 11, "max", [[1, 0, INF, "int"], [2, 0, 4, "int"]], [[-INF, [1, 0], 3.5]]),
  known("all variables fixed", 7, "min", [[1, 3, 3, "int"], [2, 2, 2, "real"]], [[5, [1, 1], 5]]),
  known("all variables fixed against a row", "infeasible", "min", [[1, 3, 3, "int"], [2, 2, 2, "real"]], [[6, [1, 1], INF]]),
  known("one variable fixed", 8, "max", [[1, 2, 2, "int"], [2, 0, INF, "int"]], [[-INF, [1, 1], 5.5]]),
  known("equality rows", 14, "min", [[2, 0, INF, "int"], [3, 0, INF, "int"]], [[5, [1, 1], 5], [-INF, [1, -1], -3 + 0.5]]),
  known("negative lower bounds", -9, "min", [[1, -5, 5, "int"], [2, -2, 2, "real"]], [[-8, [1, 1], INF]]),
  known("free variables", -4, "min", [[1, -INF, INF, "real"], [0, -INF, INF, "real"]], [[-4, [1, 1], INF], [-INF, [0, 1], 0]]),
  known("an upper bound only", 6, "max", [[1, -INF, 6.5, "int"]], [[-INF, [1], 20]]),
  known("general integers above 1", 20, "max", [[5, 0, 10, "int"], [4, 0, 10, "int"]], [[-INF, [6, 4], 24], [-INF, [1, 2], 6]]),
  known("fractional bounds of integers", 2, "max", [[1, 0.5, 2.5, "int"]], [[0, [1], 9]]),
  known("integer bounds with no integer between", "infeasible", "max", [[1, 0.2, 0.8, "int"]], []),
  known("range rows", 4, "max", [[1, 0, 9, "int"], [1, 0, 9, "int"]], [[2.5, [1, 1], 4.5]]),
  known("a degenerate vertex", 1, "max", [[1, 0, INF, "real"], [1, 0, INF, "real"]], [[-INF, [1, 1], 1], [-INF, [2, 1], 2], [-INF, [1, 2], 2], [-INF, [1, 0], 1], [-INF, [3, 2], 3]]),
  known("Beale's cycling example", -1.25, "min", [[-0.75, 0, INF, "real"], [150, 0, INF, "real"], [-0.02, 0, INF, "real"], [6, 0, INF, "real"]].map(([c, l, u]) => [(c as number) * 25, l as number, u as number, "real"] as const), [[-INF, [0.25, -60, -0.04, 9], 0], [-INF, [0.5, -90, -0.02, 3], 0], [-INF, [0, 0, 1, 0], 1]]),
  known("rows of 1e5 beside rows of 1e-5", 2.5e5, "max", [[1e5, 0, 1, "int"], [1.5e5, 0, 1, "int"], [0.9e5, 0, 1, "int"]], [[-INF, [1e5, 2e5, 2.9e5], 3e5], [1e-5, [1e-5, 1e-5, 1e-5], 2e-5]]),
  known("a makespan in milliseconds", 300_000, "min", [[0, 0, 1, "int"], [0, 0, 1, "int"], [0, 0, 1, "int"], [0, 0, 1, "int"], [1, 0, INF, "real"]], [[1, [1, 1, 0, 0, 0], 1], [1, [0, 0, 1, 1, 0], 1], [-INF, [1e5, 0, 3e5, 0, -1], 0], [-INF, [0, 4e5, 0, 3e5, -1], 0]]),
  // GLPK 5.0 calls a point optimal whose last row has activity −22529.8, when that row is given with two sides.
  known("a range row GLPK's presolve breaks", "infeasible", "min", [[-12378.5, -3, 10, "real"], [0, 0, 1, "int"], [-50356, -INF, 8, "int"], [80000, 0, 4, "int"]], [[92, [0, 18, 17, -7], 92], [0.236772, [0.07, 0, 0, 0], 0.236772], [-22479.76, [-4000, -9000, 0, 0], -22126.59]]),
  // GLPK's presolve lets a side be missed by a thousandth.
  known("a load a little above every capacity", "infeasible", "min", [[1, 0, 1, "int"], [2, 0, 1, "int"]], [[1, [1, 1], 1], [-INF, [1719, 0], 1718.75], [-INF, [0, 1800], 1799.5]]),
  known("a linear load a little above its capacity", "infeasible", "min", [[1, 1, 3, "real"]], [[-INF, [1719], 1718.75]]),
  // GLPK's presolve takes the cost of x2, scaled to 1e-7, for none and fixes x2.
  known("a tiny cost on an unbounded variable", "unbounded", "min", [[8000, 0, 1, "int"], [-2000, 0, 6, "int"], [0.002, -INF, 9, "int"]], [[-26400, [-1460, -4890, 0], INF]]),
  known("tiny costs decide", -6000.004, "min", [[-2000, 0, 3, "int"], [0.001, -4, 5, "int"]], [[-INF, [1, 0], 3]]),
];
