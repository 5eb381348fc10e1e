import {
  type AgentOrder,
  type Assignment,
  findPair,
  type Goal,
  type Instance,
  PLAIN_STRATEGIES,
  STRATEGY_MODELS,
  type TaskOrder,
  runAtOnce,
} from "../../../models/index.js";
import type { StrategyName } from "../../domain/index.js";
import { planByHeft, planByTails, type PlanState } from "../../engine/index.js";
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

const TASK_ORDERS: Readonly<Record<TaskOrder, (wave: LimitedWave) => number[]>> = {
  given: tasksAsGiven,
  easiest: easiestFirst,
  riskiest: riskiestFirst,
  longest: longestFirst,
};

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

/** The baseline of each strategy, by the rule in the table of strategies. */
const OF_STRATEGIES: readonly Baseline[] = PLAIN_STRATEGIES.map((strategy) => {
  const { name, rule, tasks, agents } = STRATEGY_MODELS[strategy].baseline;
  const plan = (wave: LimitedWave): Assignment =>
    placeInOrder(wave, TASK_ORDERS[tasks](wave), agentPreference(wave.instance, agents));
  return { name, strategy, rule, plan };
});

/** For every wave: four general ones, then the heuristic of each strategy. */
export const BASELINES: readonly Baseline[] = [...GENERAL, ...OF_STRATEGIES];

/** For waves in which time binds: the list heuristics of scheduling. */
export const ORDER_BASELINES: readonly Baseline[] = [
  {
    name: "HEFT",
    strategy: null,
    rule: "the longest path of mean busy times to an end first, each on the slot that ends it first (Topcuoglu, Hariri & Wu, IEEE TPDS 13, 2002)",
    plan: ({ instance }) => runAtOnce(planByHeft(instance)),
  },
  {
    name: "critical path first",
    strategy: null,
    rule: "in order of time, of the tasks that can start the one with the longest path of least busy times behind it, on the slot that ends it first",
    plan: ({ instance }) => runAtOnce(planByTails(instance)),
  },
];

/** The baselines that make sense for a wave. */
export function baselinesFor({ timing }: Instance): readonly Baseline[] {
  return timing === null ? BASELINES : [...BASELINES, ...ORDER_BASELINES];
}

/** The order of the agents for each task, read from the plan so far where the rule looks at it. */
function agentPreference(instance: Instance, order: AgentOrder): (state: PlanState) => AgentPreference {
  switch (order.by) {
    case "mean":
      return preferByMean(instance, order);
    case "earliest_end":
      return (state) => (task) => rankAgentsBy(instance, (agent) => earliestEndMs(state, task, agent));
    case "least_busy":
      return ({ agentBusyMs }) =>
        () =>
          rankAgentsBy(instance, (agent) => agentBusyMs[agent]! / instance.slots[agent]!);
  }
}

/** One ranking of the agents for all tasks: the first is filled up to its limits, then the second, and so on. */
function preferByMean(
  instance: Instance,
  { of, sense, gateFirst }: Extract<AgentOrder, { by: "mean" }>,
): () => AgentPreference {
  const ranked = rankAgentsByMean(instance, instance[of], sense);
  if (!gateFirst) return () => () => ranked;
  const isBelowGate = (task: number, agent: number): boolean => {
    const pair = findPair(instance, task, agent);
    return pair !== undefined && instance.belowGate[pair] === 1;
  };
  return () => (task) => [
    ...ranked.filter((agent) => !isBelowGate(task, agent)),
    ...ranked.filter((agent) => isBelowGate(task, agent)),
  ];
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
