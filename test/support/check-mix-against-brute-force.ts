import { GOAL_KEYS } from "../../models/strategies.js";
import type { SolverChoice } from "../../src/domain/index.js";
import { solveProblem } from "../../src/planner/solve/solve-problem.js";
import { verifyResult } from "../../src/planner/verify/verify-result.js";
import { type BruteMix, bruteMix } from "./brute-mix.js";
import { smallProblem } from "./check-against-brute-force.js";
import { variedRandom } from "./random-problem.js";

/** What exact solvers give away, and the tolerance of a settled goal on top. */
const TOLERANCE = 2e-6;

export interface MixCheck {
  readonly numSolves: number;
  readonly numProven: number;
  readonly mistakes: readonly string[];
}

/** A random problem and a mix of random goals: value, ideals and nadirs against every plan there is. */
export async function checkMixAgainstBruteForce(
  seed: number,
  solvers: readonly SolverChoice[],
  maxPlans?: number,
): Promise<MixCheck> {
  const mistakes: string[] = [];
  const counts = { numSolves: 0, numProven: 0 };
  const small = smallProblem(seed, maxPlans);
  if (small === null) return { ...counts, mistakes };
  const random = variedRandom(seed);
  const drawn = GOAL_KEYS.map((key) => [key, random.unit() < 0.6 ? 0.1 + random.unit() : 0] as const);
  const weights = Object.fromEntries(drawn.some(([, weight]) => weight > 0) ? drawn : [["success", 1] as const]);
  const brute = bruteMix(small.instance, weights);
  for (const solver of solvers) {
    const options = { ...small.options, strategy: "mix", weights, solver } as const;
    const context = { now: () => 0, clock: () => performance.now(), fixedNow: true };
    const result = await solveProblem(small.full, options, context);
    const complain = (text: string): void => void mistakes.push(`seed ${seed}, mix, ${solver}: ${text}`);
    counts.numSolves += 1;
    if (brute === null) {
      if (result.termination !== "infeasible") complain(`${result.termination}, but no plan exists`);
      continue;
    }
    if (result.termination !== "optimal") {
      complain(`${result.termination}, limit ${result.limit}: ${JSON.stringify(result.attempts)}`);
      continue;
    }
    counts.numProven += 1;
    const report = verifyResult(result, small.full, options);
    if (report.verdict === "invalid") complain(`verify: ${report.message}`);
    compare(result.objective, brute, complain);
  }
  return { ...counts, mistakes };
}

type MixObjective = Awaited<ReturnType<typeof solveProblem>>["objective"];

function compare({ value, terms = [] }: MixObjective, brute: BruteMix, complain: (text: string) => void): void {
  const isNear = (a: number, b: number): boolean => Math.abs(a - b) <= TOLERANCE * Math.max(1, Math.abs(b));
  const stated = new Map(terms.map((term) => [term.name as (typeof GOAL_KEYS)[number], term]));
  for (const [key, { ideal, nadir }] of brute.table) {
    const term = stated.get(key);
    if (term === undefined) complain(`no term of ${key}`);
    else if (!isNear(term.ideal, ideal)) complain(`ideal of ${key} is ${term.ideal}, brute force ${ideal}`);
    else if (!isNear(term.nadir, nadir)) complain(`nadir of ${key} is ${term.nadir}, brute force ${nadir}`);
  }
  const least = brute.leastSum(stated);
  if (!isNear(value!, least)) complain(`value ${value}, brute force ${least}`);
}
