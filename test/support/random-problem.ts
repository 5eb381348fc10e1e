import type { Agent, Estimate, FullProblem, RiskLevel, Task } from "../../src/domain/problem.js";
import { PLAIN_AGENT, PLAIN_PROBLEM, PLAIN_TASK, RISK_LEVELS } from "../../src/domain/problem.js";
import type { Random } from "../../src/domain/random.js";
import { drawingRandom } from "./drawing-random.js";

export interface RandomProblemOptions {
  readonly seed: number;
  readonly maxTasks: number;
  readonly maxAgents: number;
  /** Plans a brute force would look at, at most; tasks are left out until it holds. */
  readonly maxPlans: number;
}

/**
 * A random small problem document in the shape users write, every feature in play now and then: slots, capacities,
 * max_tasks, weights, pins, deadlines, availability, skills, costs, dependencies, given and missing estimates.
 */
export function randomDocument({ seed, maxTasks, maxAgents, maxPlans }: RandomProblemOptions): Record<string, unknown> {
  const random = drawingRandom(seed);
  const chance = (probability: number): boolean => random.unit() < probability;
  const numAgents = 1 + random.below(maxAgents);
  const wholeNumbers = chance(0.3);
  const scale = chance(0.5) ? 1000 : 20;
  const time = (from: number, to: number): number => {
    const value = (from + (to - from) * random.unit()) * scale;
    return wholeNumbers ? Math.max(1, Math.round(value)) : value;
  };
  const hasSkills = chance(0.2);
  const agents = Array.from({ length: numAgents }, (_, k) => ({
    agent_id: `agent_${k}`,
    ...(chance(0.3) ? { slots: 1 + random.below(3) } : {}),
    ...(chance(0.3) ? { capacity_ms: time(1, 12) } : {}),
    ...(chance(0.2) ? { max_tasks: random.below(5) } : {}),
    ...(hasSkills ? { skills: chance(0.7) ? ["a"] : ["a", "b"] } : {}),
    ...(chance(0.2) ? { available_from_ms: time(0.5, 4) } : {}),
    ...(chance(0.5) ? { cost_per_ms: Math.round(random.unit() * 100) / 100 } : {}),
  }));
  const totalSlots = agents.reduce((sum, agent) => sum + (agent.slots ?? 1), 0);
  const mostTasks = Math.min(maxTasks, Math.floor(Math.log(maxPlans) / Math.log(totalSlots + 1)));
  const numTasks = random.below(mostTasks + 1);
  const predicts = chance(0.3);
  const tasks = Array.from({ length: numTasks }, (_, k) => {
    const estimates = Object.fromEntries(
      agents.flatMap(({ agent_id }) => (predicts && chance(0.5) ? [] : [[agent_id, randomEstimate(random, time)]])),
    );
    const skilled = agents.filter((agent) => !hasSkills || agent.skills?.includes("b"));
    const needsB = hasSkills && chance(0.3);
    return {
      task_id: `task_${k}`,
      risk_level: RISK_LEVELS[random.below(3)],
      confidence: Math.round((0.4 + 0.59 * random.unit()) * 100) / 100,
      ...(chance(0.5) ? { task_type: ["etl", "review"][random.below(2)] } : {}),
      ...(chance(0.3) ? { weight: chance(0.5) ? 1 + random.below(3) : 0.2 + random.unit() } : {}),
      ...(chance(0.2) ? { deadline_ms: time(4, 14) } : {}),
      ...(needsB ? { required_skills: ["b"] } : {}),
      ...(chance(0.1) && !needsB ? { pinned_agent: agents[random.below(numAgents)]!.agent_id } : {}),
      ...(needsB && chance(0.1) && skilled.length > 0 ? { pinned_agent: skilled[0]!.agent_id } : {}),
      ...(k > 0 && chance(0.1) ? { depends_on: [`task_${random.below(k)}`] } : {}),
      estimates,
    };
  });
  const options = {
    ...(chance(0.15) ? { budget: time(2, 20) } : {}),
    ...(chance(0.2) ? { no_defer: true } : {}),
    ...(chance(0.3) ? { load_limit: chance(0.5) ? "none" : 1 + random.unit() } : {}),
    ...(chance(0.1) ? { defer_penalty: 0.05 + random.unit() * (chance(0.5) ? 1 : scale) } : {}),
  };
  return { agents, tasks, options };
}

/** As `drawingRandom`, but differing between neighbouring seeds from the first draw on. */
export function variedRandom(seed: number): Random {
  const random = drawingRandom(seed);
  for (let k = 0; k < 24; k++) random.unit();
  return random;
}

/** The same document without an order among its tasks; some are held back, or wait for an earlier wave, or are more urgent. */
export function withoutOrder(document: Record<string, unknown>, seed: number): Record<string, unknown> {
  const random = variedRandom(seed);
  const tasks = (document.tasks as Record<string, unknown>[]).map((task) => {
    const fate = random.unit();
    return {
      ...task,
      depends_on: null,
      ...(fate < 0.06 ? { held: "a gate holds it back" } : {}),
      ...(fate > 0.88 ? { depends_on: [fate > 0.94 ? "unfinished" : "finished"] } : {}),
      ...(random.unit() < 0.5 ? { priority: 1 + random.below(3) } : {}),
      ...(random.unit() < 0.2 ? { waves_waited: 1 } : {}),
    };
  });
  return { ...document, tasks, earlier_tasks: { finished: "finished", unfinished: "unfinished" } };
}

function randomEstimate(random: Random, time: (from: number, to: number) => number): Record<string, number> {
  return {
    success_probability: Math.round(random.unit() * 1000) / 1000,
    duration_ms: time(0.5, 5),
    ...(random.unit() < 0.5 ? { retries: Math.round(random.unit() * 20) / 10 } : {}),
    confidence_delta: Math.round((random.unit() - 0.3) * 100) / 1000,
    ...(random.unit() < 0.5 ? { cost: Math.round(random.unit() * 100) / 10 } : {}),
  };
}

/** A filled problem straight from numbers, for tests that need neither the border nor the predictor. */
export function randomFullProblem(seed: number, numTasks: number, numAgents: number, slots = 1): FullProblem {
  const random = drawingRandom(seed);
  const agents = Array.from({ length: numAgents }, (_, k): Agent => ({
    ...PLAIN_AGENT,
    agentId: `agent_${String(k).padStart(2, "0")}`,
    slots,
  }));
  const speeds = agents.map(() => 0.7 + 0.8 * random.unit());
  const tasks = Array.from({ length: numTasks }, (_, k): Task<Estimate> => {
    const lengthMs = 500 + 4500 * random.unit();
    return {
      ...PLAIN_TASK,
      taskId: `task_${String(k).padStart(4, "0")}`,
      riskLevel: RISK_LEVELS[random.below(3)] as RiskLevel,
      confidence: 0.5 + 0.48 * random.unit(),
      estimates: Object.fromEntries(
        agents.map(({ agentId }, j) => [agentId, randomFullEstimate(random, lengthMs * speeds[j]!)]),
      ),
    };
  });
  return { ...PLAIN_PROBLEM, agents, tasks };
}

function randomFullEstimate(random: Random, durationMs: number): Estimate {
  const none = { successProbability: 0, durationMs: 0, retries: 0, confidenceDelta: 0, cost: 0 };
  return {
    successProbability: 0.4 + 0.59 * random.unit(),
    durationMs: durationMs * (0.8 + 0.4 * random.unit()),
    retries: 0.5 * random.unit(),
    confidenceDelta: 0.08 * random.unit(),
    cost: 10 * random.unit(),
    standardErrors: none,
  };
}
