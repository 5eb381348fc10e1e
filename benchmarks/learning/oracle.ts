import { DEFERRED } from "../../models/instance.js";
import { STRATEGY_MODELS } from "../../models/strategies.js";
import { type Agent, type Estimate, type FullProblem, PLAIN_PROBLEM, type Task } from "../../src/domain/problem.js";
import { buildInstance } from "../../src/planner/instance/build-instance.js";
import { runChain } from "../../src/engine/wave/run-chain.js";
import { Session } from "../../src/engine/goals/session.js";
import type { Plan } from "./scores.js";
import { planningOptions, solveContext } from "./solving.js";
import { limitedAgents, visibleTask } from "./tasks.js";
import { chanceOf, type HiddenTask, meanTimeMs } from "./truth.js";
import type { World } from "./worlds.js";

/** Units of work for a plan of the oracle that is to be proven; nearly all need a hundredth of it. */
const WORK_LIMIT = 2_000_000;

const NO_ERRORS = { successProbability: 0, durationMs: 0, retries: 0, confidenceDelta: 0, cost: 0 } as const;

/** Chance and mean time of a task on an agent, as somebody believes them. */
export type Belief = (task: HiddenTask, agentId: string) => Pick<Estimate, "successProbability" | "durationMs">;

/** The plan of one who knows every true chance and mean time. */
export function planOracle(world: World, wave: number, tasks: readonly HiddenTask[]): Promise<Plan> {
  return planByBelief(world, wave, tasks, (task, agentId) => ({
    successProbability: chanceOf(world.truth, task, agentId),
    durationMs: meanTimeMs(world.truth, task, agentId),
  }));
}

/**
 * The best plan for what is believed: our own solver, same limits, first goal only. In the success worlds it is proven
 * optimal, and said so on standard error where it is not. @throws where there is no plan
 */
export async function planByBelief(
  world: World,
  wave: number,
  tasks: readonly HiddenTask[],
  belief: Belief,
): Promise<Plan> {
  const problem = problemOf(limitedAgents(world, wave), tasks, (task, agentId) => ({
    ...belief(task, agentId),
    ...{ retries: 0, confidenceDelta: 0, cost: 0, standardErrors: NO_ERRORS },
  }));
  const options = {
    ...planningOptions(world),
    ...(world.strategy === "maximize_success" && { workLimit: WORK_LIMIT }),
  };
  const instance = buildInstance(problem, options);
  const session = new Session(options, solveContext());
  const { plan, steps, firstIndex } = await runChain(session, instance, STRATEGY_MODELS[world.strategy], {
    withSecond: false,
  });
  const isProven = steps[firstIndex] !== undefined && steps[firstIndex].proof !== null;
  const where = `a best plan of ${world.world}, ${world.numAgents} agents, seed ${world.seed}, wave ${wave}`;
  if (plan === null) throw new Error(`${where} has no plan`);
  if (world.strategy === "maximize_success" && !isProven) console.error(`${where} has a plan that is not proven`);
  const placed = tasks.flatMap(({ taskId }, task): [string, string][] => {
    const agent = plan.agentOf[task]!;
    return agent === DEFERRED ? [] : [[taskId, instance.agentIds[agent]!]];
  });
  return new Map(placed);
}

/** A problem with every estimate given. */
export function problemOf(
  agents: readonly Agent[],
  tasks: readonly HiddenTask[],
  estimateOf: (task: HiddenTask, agentId: string) => Estimate,
): FullProblem {
  return {
    ...PLAIN_PROBLEM,
    agents,
    tasks: tasks.map((task): Task<Estimate> => {
      const estimates = agents.map(({ agentId }): [string, Estimate] => [agentId, estimateOf(task, agentId)]);
      return { ...visibleTask(task), estimates: Object.fromEntries(estimates) };
    }),
  };
}
