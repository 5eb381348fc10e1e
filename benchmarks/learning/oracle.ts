import { DEFERRED } from "../../models/instance.js";
import { STRATEGY_MODELS } from "../../models/strategies.js";
import type { Agent, Estimate, FullProblem, Task } from "../../src/domain/problem.js";
import { buildInstance } from "../../src/instance/build-instance.js";
import { runChain } from "../../src/optimizer/chain.js";
import { Session } from "../../src/optimizer/session.js";
import type { Plan } from "./scores.js";
import { planningOptions, solveContext } from "./solving.js";
import { limitedAgents, visibleTask } from "./tasks.js";
import { chanceOf, type HiddenTask, meanTimeMs } from "./truth.js";
import type { World } from "./worlds.js";

const NO_ERRORS = { successProbability: 0, durationMs: 0, retries: 0, confidenceDelta: 0, cost: 0 } as const;

/**
 * The plan of one who knows every true chance and mean time: our own solver, same limits, first goal only. In the success
 * worlds it is proven optimal. @throws where it is not
 */
export async function planOracle(world: World, wave: number, tasks: readonly HiddenTask[]): Promise<Plan> {
  const problem = trueProblem(world, tasks, limitedAgents(world, wave));
  const options = planningOptions(world);
  const instance = buildInstance(problem, options);
  const session = new Session(options, solveContext());
  const { plan, steps, firstIndex } = await runChain(session, instance, STRATEGY_MODELS[world.strategy], {
    withSecond: false,
  });
  const isProven = steps[firstIndex] !== undefined && steps[firstIndex].proof !== null;
  if (plan === null || (world.strategy === "maximize_success" && !isProven))
    throw new Error(`the oracle of ${world.world}, seed ${world.seed}, wave ${wave} has no proven plan`);
  const placed = tasks.flatMap(({ taskId }, task): [string, string][] => {
    const agent = plan.agentOf[task]!;
    return agent === DEFERRED ? [] : [[taskId, instance.agentIds[agent]!]];
  });
  return new Map(placed);
}

/** The wave with the truth for its estimates. */
export function trueProblem(world: World, tasks: readonly HiddenTask[], agents: readonly Agent[]): FullProblem {
  const estimateOf = (task: HiddenTask, agentId: string): Estimate => ({
    successProbability: chanceOf(world.truth, task, agentId),
    durationMs: meanTimeMs(world.truth, task, agentId),
    ...{ retries: 0, confidenceDelta: 0, cost: 0, standardErrors: NO_ERRORS },
  });
  return problemOf(agents, tasks, estimateOf);
}

/** A problem with every estimate given. */
export function problemOf(
  agents: readonly Agent[],
  tasks: readonly HiddenTask[],
  estimateOf: (task: HiddenTask, agentId: string) => Estimate,
): FullProblem {
  return {
    ...{ agents, earlierTasks: {}, priorityOrder: [], options: {}, usesHistory: false },
    tasks: tasks.map((task): Task<Estimate> => {
      const estimates = agents.map(({ agentId }): [string, Estimate] => [agentId, estimateOf(task, agentId)]);
      return { ...visibleTask(task), estimates: Object.fromEntries(estimates) };
    }),
  };
}
