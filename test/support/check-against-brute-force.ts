import { goalChain } from "../../models/strategy.js";
import { STRATEGY_MODELS } from "../../models/strategies.js";
import { InputError } from "../../src/domain/errors.js";
import type { SolverChoice } from "../../src/domain/problem.js";
import type { SolveResult } from "../../src/domain/result.js";
import { parseProblem } from "../../src/files/index.js";
import { applyLoadLimit } from "../../src/heuristics/load-limit.js";
import { buildInstance } from "../../src/instance/build-instance.js";
import { fillFromPrior, resolveOptions, solveProblem } from "../../src/optimizer/index.js";
import { verifyResult } from "../../src/verify/index.js";
import { bruteForce, type PlainStrategy } from "./brute-force.js";
import { randomDocument } from "./random-problem.js";

export const PLAIN_STRATEGIES = Object.keys(STRATEGY_MODELS) as PlainStrategy[];

/** GLPK prunes within 1e-7 of its incumbent, relative; nothing further off is the optimum. */
const TOLERANCE = 1e-6;

export interface BruteCheck {
  readonly numSolves: number;
  readonly numInfeasible: number;
  readonly numUnproven: number;
  readonly mistakes: readonly string[];
}

/** One random problem, every strategy: deferred weight, goals before the first, first goal and verdict against brute force. */
export async function checkAgainstBruteForce(seed: number, solvers: readonly SolverChoice[]): Promise<BruteCheck> {
  const document = randomDocument({ seed, maxTasks: 8, maxAgents: 3, maxPlans: 100_000 });
  const counts = { numSolves: 0, numInfeasible: 0, numUnproven: 0 };
  const mistakes: string[] = [];
  let problem;
  try {
    problem = parseProblem(document, "random");
  } catch (error) {
    // A random pin may ask for what its deadline forbids: refused at the border, as it should be.
    if (error instanceof InputError && error.place.includes("pinned_agent")) return { ...counts, mistakes };
    throw error;
  }
  const options = resolveOptions(problem.options, { timeLimitMs: 20_000 });
  const full = fillFromPrior(problem, options);
  const { instance } = applyLoadLimit(buildInstance(full, options), options.loadLimit);
  const best = bruteForce(instance);
  const context = { now: () => 0, clock: () => performance.now(), fixedNow: true };
  for (const strategy of PLAIN_STRATEGIES) {
    const { goals, firstIndex } = goalChain(instance, STRATEGY_MODELS[strategy]);
    for (const solver of solvers) {
      const complain = (text: string): void => void mistakes.push(`seed ${seed}, ${strategy}, ${solver}: ${text}`);
      let result: SolveResult;
      try {
        result = await solveProblem(full, { ...options, strategy, solver }, context);
      } catch (error) {
        if (error instanceof InputError && error.message.includes("pin")) return { ...counts, mistakes };
        throw error;
      }
      counts.numSolves += 1;
      const expected = best[strategy];
      if (expected === null) {
        counts.numInfeasible += 1;
        if (result.termination !== "infeasible") complain(`${result.termination}, but no plan exists`);
        continue;
      }
      if (result.termination !== "optimal") {
        counts.numUnproven += 1;
        complain(`${result.termination}, limit ${result.limit}: ${JSON.stringify(result.attempts)}`);
        continue;
      }
      const report = verifyResult(result, full);
      if (report.verdict === "invalid") complain(`verify: ${report.message}`);
      const plan = readAgents(result, instance.taskIds, instance.agentIds);
      const values = goals
        .slice(0, firstIndex + 1)
        .map((goal) => (goal.sense === "min" ? 1 : -1) * goal.evaluate(plan));
      const reference = instance.deferral.kind === "first" ? expected : expected.slice(1);
      values.forEach((value, k) => {
        if (Math.abs(value - reference[k]!) > TOLERANCE * Math.max(1, Math.abs(value))) {
          complain(
            `goal ${goals[k]!.name} is ${value}, brute force ${reference[k]}: ${JSON.stringify(result.attempts)}`,
          );
        }
      });
    }
  }
  return { ...counts, mistakes };
}

function readAgents(result: SolveResult, taskIds: readonly string[], agentIds: readonly string[]) {
  const agentOf = new Int32Array(taskIds.length).fill(-1);
  const slotOf = new Int32Array(taskIds.length).fill(-1);
  for (const entry of result.schedule) {
    agentOf[taskIds.indexOf(entry.task_id)] = agentIds.indexOf(entry.agent_id);
    slotOf[taskIds.indexOf(entry.task_id)] = entry.slot;
  }
  return { agentOf, slotOf };
}
