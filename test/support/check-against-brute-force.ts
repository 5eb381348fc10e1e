import type { Instance } from "../../models/instance.js";
import { goalChain } from "../../models/strategy.js";
import { STRATEGY_MODELS } from "../../models/strategies.js";
import { InputError } from "../../src/domain/errors.js";
import type { FullProblem, SolveOptions, SolverChoice } from "../../src/domain/index.js";
import type { ResultDocument } from "../../src/domain/result.js";
import { parseProblem } from "../../src/planner/documents/problem-document.js";
import { applyLoadLimit } from "../../src/engine/wave/load-limit.js";
import { buildInstance } from "../../src/planner/instance/build-instance.js";
import { fillFromPrior } from "../../src/planner/solve/solve.js";
import { resolveOptions } from "../../src/planner/solve/options.js";
import { solveProblem } from "../../src/planner/solve/solve-problem.js";
import { verifyResult } from "../../src/planner/verify/verify-result.js";
import { type Best, bruteForce, bruteForceSecond, type PlainStrategy, type SecondGoal } from "./brute-force.js";
import { randomDocument, withoutOrder } from "./random-problem.js";

export const PLAIN_STRATEGIES = Object.keys(STRATEGY_MODELS) as PlainStrategy[];

/** GLPK prunes within 1e-7 of its incumbent, relative; nothing further off is the optimum. */
const TOLERANCE = 1e-6;

export interface BruteCheck {
  readonly numSolves: number;
  readonly numInfeasible: number;
  readonly numUnproven: number;
  /** Second goals that were stated as proven and checked. */
  readonly numSecond: number;
  readonly mistakes: readonly string[];
}

export interface BruteOptions {
  /** Also looks for the best second goal among the plans that keep the others: twice the enumeration. */
  readonly withSecond?: boolean;
}

export interface SmallProblem {
  readonly full: FullProblem;
  readonly options: SolveOptions;
  /** With the load limits in force. */
  readonly instance: Instance;
}

/** A random filled problem, without dependencies unless they are asked for, small enough for brute force; null where a random pin asks for what its deadline forbids. */
export function smallProblem(seed: number, maxPlans = 100_000, hasDependencies = false): SmallProblem | null {
  try {
    const drawn = randomDocument({ seed, maxTasks: 8, maxAgents: 3, maxPlans });
    const problem = parseProblem(hasDependencies ? drawn : withoutOrder(drawn, seed), "random");
    const options = resolveOptions(problem.options, { timeLimitMs: 20_000 });
    const full = fillFromPrior(problem, options);
    return { full, options, instance: applyLoadLimit(buildInstance(full, options), options.loadLimit).instance };
  } catch (error) {
    if (error instanceof InputError && error.place.includes("pinned_agent")) return null;
    throw error;
  }
}

/** One random problem, every strategy: deferred weight, goals before the first, first goal and verdict against brute force. */
export async function checkAgainstBruteForce(
  seed: number,
  solvers: readonly SolverChoice[],
  { withSecond = false }: BruteOptions = {},
): Promise<BruteCheck> {
  const counts = { numSolves: 0, numInfeasible: 0, numUnproven: 0, numSecond: 0 };
  const mistakes: string[] = [];
  const small = smallProblem(seed);
  if (small === null) return { ...counts, mistakes };
  const best = bruteForce(small.instance);
  const second = withSecond ? bruteForceSecond(small.instance, best) : {};
  const context = { now: () => 0, clock: () => performance.now(), fixedNow: true };
  for (const strategy of PLAIN_STRATEGIES) {
    for (const solver of solvers) {
      const complain = (text: string): void => void mistakes.push(`seed ${seed}, ${strategy}, ${solver}: ${text}`);
      const result = await solveProblem(small.full, { ...small.options, strategy, solver }, context);
      counts.numSolves += 1;
      if (best[strategy] === null) counts.numInfeasible += 1;
      else if (result.termination !== "optimal") counts.numUnproven += 1;
      else if (compareSecond(result, second[strategy], complain)) counts.numSecond += 1;
      compareFirst(small, strategy, best, result, complain);
    }
  }
  return { ...counts, mistakes };
}

function compareFirst(
  { full, instance, options }: SmallProblem,
  strategy: PlainStrategy,
  best: Best,
  result: ResultDocument,
  complain: (text: string) => void,
): void {
  const expected = best[strategy];
  if (expected === null) {
    if (result.termination !== "infeasible") complain(`${result.termination}, but no plan exists`);
    return;
  }
  if (result.termination !== "optimal") {
    return complain(`${result.termination}, limit ${result.limit}: ${JSON.stringify(result.attempts)}`);
  }
  const report = verifyResult(result, full, { ...options, strategy });
  if (report.verdict === "invalid") complain(`verify: ${report.message}`);
  const { goals, firstIndex } = goalChain(instance, STRATEGY_MODELS[strategy]);
  const plan = readAgents(result, instance);
  const values = goals.slice(0, firstIndex + 1).map((goal) => (goal.sense === "min" ? 1 : -1) * goal.evaluate(plan));
  const reference = instance.deferral.kind === "first" ? expected : expected.slice(1);
  values.forEach((value, k) => {
    if (Math.abs(value - reference[k]!) > TOLERANCE * Math.max(1, Math.abs(value))) {
      complain(`goal ${goals[k]!.name} is ${value}, brute force ${reference[k]}: ${JSON.stringify(result.attempts)}`);
    }
  });
}

/** Whether there was a proven second goal to compare. */
function compareSecond(
  { objective }: ResultDocument,
  expected: SecondGoal | undefined,
  complain: (text: string) => void,
): boolean {
  if (expected === undefined || objective.secondary?.proven !== true) return false;
  const { name, value } = objective.secondary;
  const least = name === "success" ? -value : value;
  const slack = TOLERANCE * Math.max(1, Math.abs(least));
  const isBest = least <= expected.strict + slack && least >= expected.loose - slack;
  if (!isBest) complain(`second goal ${name} is ${value}, brute force ${expected.strict} (loosely ${expected.loose})`);
  return true;
}

export function readAgents(result: ResultDocument, { taskIds, agentIds }: Instance) {
  const agentOf = new Int32Array(taskIds.length).fill(-1);
  const slotOf = new Int32Array(taskIds.length).fill(-1);
  for (const entry of result.schedule) {
    agentOf[taskIds.indexOf(entry.task_id)] = agentIds.indexOf(entry.agent_id);
    slotOf[taskIds.indexOf(entry.task_id)] = entry.slot;
  }
  return { agentOf, slotOf };
}
