import { afterAll, expect, it } from "vitest";
import { goalChain } from "../../../models/strategy.js";
import { STRATEGY_MODELS } from "../../../models/strategies.js";
import { drawingRandom } from "../../support/drawing-random.js";
import { settleChain } from "../../../src/engine/goals/chain.js";
import { Session } from "../../../src/engine/goals/session.js";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { generateWave } from "../../../src/planner/bench/generate-wave.js";
import { parseProblem } from "../../../src/planner/documents/problem-document.js";
import { buildInstance } from "../../../src/planner/instance/build-instance.js";
import { resolveOptions } from "../../../src/planner/solve/options.js";
import { fillFromPrior } from "../../../src/planner/solve/solve.js";

afterAll(closeSolvers);

const CONTEXT = { now: () => 0, clock: () => performance.now(), fixedNow: true };

it("takes the multipliers of a wave that differs in little instead of a linear relaxation, and proves the same", async () => {
  const problem = parseProblem(generateWave({ numTasks: 12, numAgents: 4 }, true, drawingRandom(1)), "wave");
  const options = resolveOptions(problem.options, {});
  const instance = buildInstance(fillFromPrior(problem, options), options);
  const model = STRATEGY_MODELS.maximize_success;
  const chain = goalChain(instance, model, { withSecond: false });
  const settle = async (multipliers?: Readonly<Record<string, number>>) => {
    const session = new Session(options, CONTEXT);
    const outcome = await settleChain(session, instance, model, chain, multipliers && { multipliers });
    return { ...outcome, solvers: session.attempts.map(({ solver }) => solver) };
  };
  const cold = await settle();
  const warm = await settle(cold.certificate!.multipliers);
  expect(cold.solvers).toContain("glpk");
  expect(warm.solvers).not.toContain("glpk");
  expect(warm.steps.map(({ proof }) => proof)).not.toContain(null);
  expect(warm.steps.at(-1)!.value).toBeCloseTo(cold.steps.at(-1)!.value, 9);
});
