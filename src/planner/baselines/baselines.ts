import { type Assignment, findPair, type Goal } from "../../../models/index.js";
import type { StrategyName } from "../../domain/index.js";
import {
  earliestEndMs,
  earliestIdleMs,
  easiestFirst,
  longestFirst,
  rankAgentsBy,
  rankAgentsByMean,
  riskiestFirst,
  tasksAsGiven,
} from "./orders.js";
import { type AgentPreference, type LimitedWave, placeInOrder } from "./place-in-order.js";
import { bestRandomPlan } from "./random-plans.js";

/** A way to plan without an optimizer, under the same limits as ours. */
export interface Baseline {
  readonly name: string;
  /** Whose own algorithm it is in the specification of the strategies; null for the general ones. */
  readonly strategy: StrategyName | null;
  /** The rule in one sentence. */
  readonly rule: string;
  /** `goals` is the strategy's lexicographic chain: only a baseline that chooses among several plans looks at it. */
  plan(wave: LimitedWave, goals: readonly Goal[], seed: number): Assignment;
}

const GENERAL: readonly Baseline[] = [
  {
    name: "round robin",
    strategy: null,
    rule: "tasks by id, each to the agent after the last one used",
    plan: (wave) => placeInOrder(wave, tasksAsGiven(wave), ({ agentOf }) => roundRobin(wave, agentOf)),
  },
  {
    name: "least loaded",
    strategy: null,
    rule: "tasks by id, each to the agent with the fewest tasks a slot",
    plan: (wave) =>
      placeInOrder(
        wave,
        tasksAsGiven(wave),
        ({ instance, agentCount }) =>
          () =>
            rankAgentsBy(instance, (agent) => agentCount[agent]! / instance.slots[agent]!),
      ),
  },
  {
    name: "longest first",
    strategy: null,
    rule: "the longest mean busy time first, each to the slot that ends first (Graham, SIAM J. Appl. Math. 17, 1969)",
    plan: (wave) =>
      placeInOrder(
        wave,
        longestFirst(wave),
        (state) => () => rankAgentsBy(state.instance, (agent) => earliestIdleMs(state, agent)),
      ),
  },
  {
    name: "best of 100 random",
    strategy: null,
    rule: "tasks and agents in random order, a hundred times; the best plan by the strategy's own goals",
    plan: bestRandomPlan,
  },
];

const OF_STRATEGIES: readonly Baseline[] = [
  {
    name: "best agents",
    strategy: "maximize_success",
    rule: "agents by mean success, tasks by risk and confidence: the easiest tasks to the best agents",
    plan: (wave) => byMean(wave, easiestFirst(wave), wave.instance.success, "max"),
  },
  {
    name: "earliest end",
    strategy: "maximize_throughput",
    rule: "the longest first, each to the slot that would end it first (Ibarra & Kim, J. ACM 24, 1977)",
    plan: (wave) =>
      placeInOrder(
        wave,
        longestFirst(wave),
        (state) => (task) => rankAgentsBy(state.instance, (agent) => earliestEndMs(state, task, agent)),
      ),
  },
  {
    name: "even workload",
    strategy: "balance_load",
    rule: "tasks by id, each to the agent with the least busy time a slot",
    plan: (wave) =>
      placeInOrder(
        wave,
        tasksAsGiven(wave),
        ({ instance, agentBusyMs }) =>
          () =>
            rankAgentsBy(instance, (agent) => agentBusyMs[agent]! / instance.slots[agent]!),
      ),
  },
  {
    name: "fewest retries",
    strategy: "minimize_retries",
    rule: "agents by mean retries, the riskiest tasks first, pairs below the gate's bound last",
    plan: planFewestRetries,
  },
  {
    name: "most growth",
    strategy: "confidence_optimization",
    rule: "tasks by id, agents by mean confidence gain",
    plan: (wave) => byMean(wave, tasksAsGiven(wave), wave.instance.confidenceDelta, "max"),
  },
  {
    name: "cheapest agents",
    strategy: "minimize_cost",
    rule: "tasks by id, agents by mean cost (the specification has no such strategy; the same idea)",
    plan: (wave) => byMean(wave, tasksAsGiven(wave), wave.instance.cost, "min"),
  },
];

/** Every baseline: four general ones, then the heuristic of each strategy. */
export const BASELINES: readonly Baseline[] = [...GENERAL, ...OF_STRATEGIES];

/** One ranking of the agents for all tasks: the first is filled up to its limits, then the second, and so on. */
function byMean(wave: LimitedWave, order: readonly number[], values: Float64Array, sense: "min" | "max"): Assignment {
  const ranked = rankAgentsByMean(wave.instance, values, sense);
  return placeInOrder(wave, order, () => () => ranked);
}

function planFewestRetries(wave: LimitedWave): Assignment {
  const { instance } = wave;
  const ranked = rankAgentsByMean(instance, instance.retries, "min");
  const isBelowGate = (task: number, agent: number): boolean => {
    const pair = findPair(instance, task, agent);
    return pair !== undefined && instance.belowGate[pair] === 1;
  };
  return placeInOrder(wave, riskiestFirst(wave), () => (task) => [
    ...ranked.filter((agent) => !isBelowGate(task, agent)),
    ...ranked.filter((agent) => isBelowGate(task, agent)),
  ]);
}

/** The turn goes on from the agent that took the task before, so that agents passed over lose nothing but that turn. */
function roundRobin({ instance: { numAgents } }: LimitedWave, agentOf: Int32Array): AgentPreference {
  let [next, last] = [0, -1];
  return (task) => {
    if (last >= 0 && agentOf[last]! >= 0) next = (agentOf[last]! + 1) % numAgents;
    last = task;
    return Array.from({ length: numAgents }, (_, k) => (next + k) % numAgents);
  };
}
