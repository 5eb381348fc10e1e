import { RISK_LEVELS } from "../../../src/domain/problem.js";
import type { Random } from "../../../src/domain/random.js";
import { drawingRandom } from "../drawing-random.js";
import type { AgentDocument, ProblemDocument, TaskDocument } from "../../../src/domain/schemas/index.js";

/** Most tasks by number of slots, so that every plan and every order can be looked at. */
const MOST_TASKS = [0, 7, 6, 5, 5, 4];

/** Draws of one wave: its features are chosen first, so that each is absent from many waves. */
interface Draws {
  readonly chance: (probability: number) => boolean;
  readonly below: (count: number) => number;
  /** Milliseconds: whole numbers in some waves, real ones in the others. */
  readonly time: (from: number, to: number) => number;
}

/**
 * A small wave in which time binds, every feature in play now and then: dependencies, releases, deadlines, arrivals, departures, absences,
 * several slots, pools, eligible agents, pins, skills, held tasks, earlier tasks, weights, capacities, numbers of tasks, a budget, a price
 * of deferral or none allowed. The same seed gives the same wave.
 */
export function randomTimedDocument(seed: number): ProblemDocument {
  const random = drawingRandom(seed);
  const draws = drawsOf(random);
  const { chance, below } = draws;
  const numAgents = 1 + below(3);
  const hasSkills = chance(0.15);
  const agents = Array.from({ length: numAgents }, (_, k) => drawAgent(k, hasSkills, draws));
  const numSlots = agents.reduce((sum, { slots }) => sum + (slots ?? 1), 0);
  const numTasks = 2 + below(MOST_TASKS[Math.min(numSlots, 5)]! - 1);
  const pools = Object.fromEntries(
    chance(0.3) ? ["gpu", "repo"].slice(below(2)).map((name) => [name, 1 + below(3)]) : [],
  );
  const shape = { numTasks, density: chance(0.3) ? 0 : 0.15 + 0.4 * random.unit(), hasSkills, hasHeld: chance(0.1) };
  const tasks = Array.from({ length: numTasks }, (_, k) => drawTask(k, agents, pools, shape, draws));
  const hasEarlier = chance(0.1);
  return {
    schema_version: 1,
    agents,
    tasks: hasEarlier ? tasks.map((task) => waitForEarlier(task, draws)) : tasks,
    ...(hasEarlier ? { earlier_tasks: { done: "finished" as const, open: "unfinished" as const } } : {}),
    ...(Object.keys(pools).length > 0 ? { pools } : {}),
    options: drawOptions(draws),
  };
}

function drawsOf(random: Random): Draws {
  const isWhole = random.unit() < 0.5;
  const scale = isWhole ? 2 : 1_000;
  return {
    chance: (probability) => random.unit() < probability,
    below: (count) => random.below(count),
    time: (from, to) => {
      const value = (from + (to - from) * random.unit()) * scale;
      return isWhole ? Math.max(1, Math.round(value)) : value;
    },
  };
}

function drawAgent(k: number, hasSkills: boolean, { chance, below, time }: Draws): AgentDocument {
  const awayFrom = time(1, 6);
  return {
    agent_id: `agent_${k}`,
    ...(chance(0.25) ? { slots: 2 + below(2) } : {}),
    ...(chance(0.15) ? { capacity_ms: time(3, 12) } : {}),
    ...(chance(0.1) ? { max_tasks: 1 + below(4) } : {}),
    ...(hasSkills ? { skills: chance(0.6) ? ["a"] : ["a", "b"] } : {}),
    ...(chance(0.2) ? { available_from_ms: time(0.5, 3) } : {}),
    ...(chance(0.15) ? { available_until_ms: time(6, 14) } : {}),
    ...(chance(0.25) ? { unavailable: [[awayFrom, awayFrom + time(0.5, 3)] as [number, number]] } : {}),
  };
}

function drawTask(
  k: number,
  agents: readonly AgentDocument[],
  pools: Readonly<Record<string, number>>,
  shape: {
    readonly density: number;
    readonly numTasks: number;
    readonly hasSkills: boolean;
    readonly hasHeld: boolean;
  },
  { chance, below, time }: Draws,
): TaskDocument {
  const before = Array.from({ length: k }, (_, other) => `task_${other}`).filter(() => chance(shape.density));
  const uses = Object.entries(pools).flatMap(([name, limit]) => (chance(0.6) ? [[name, 1 + below(limit)]] : []));
  const some = agents.filter(() => chance(0.6)).map(({ agent_id }) => agent_id);
  const needsSkill = shape.hasSkills && chance(0.3);
  return {
    task_id: `task_${k}`,
    risk_level: RISK_LEVELS[below(3)]!,
    confidence: 0.8,
    ...(chance(0.3) ? { weight: 1 + below(4) / 2 } : {}),
    ...(before.length > 0 ? { depends_on: before } : {}),
    ...(chance(0.2) ? { release_ms: time(0.5, 5) } : {}),
    ...(chance(0.3) ? { deadline_ms: time(5, 16) } : {}),
    ...(uses.length > 0 ? { uses: Object.fromEntries(uses) as Record<string, number> } : {}),
    ...(chance(0.1) && some.length > 0 ? { eligible_agents: some } : {}),
    ...(needsSkill ? { required_skills: ["b"] } : {}),
    ...(shape.hasHeld && chance(0.3) ? { held: "waits for a person" } : {}),
    estimates: Object.fromEntries(
      agents.map(({ agent_id }) => [
        agent_id,
        {
          success_probability: (1 + below(100)) / 100,
          duration_ms: time(0.5, 5),
          retries: chance(0.5) ? 0 : below(20) / 10,
          confidence_delta: (below(100) - 30) / 1000,
          cost: below(100) / 10,
        },
      ]),
    ),
  };
}

function waitForEarlier(task: TaskDocument, { chance }: Draws): TaskDocument {
  const others = [...(chance(0.4) ? ["done"] : []), ...(chance(0.2) ? ["open"] : [])];
  return others.length === 0 ? task : { ...task, depends_on: [...(task.depends_on ?? []), ...others] };
}

function drawOptions({ chance, time, below }: Draws): NonNullable<ProblemDocument["options"]> {
  const limit = chance(0.6) ? { load_limit: "none" } : chance(0.5) ? { load_limit: `${time(4, 14)}ms` } : {};
  return {
    ...limit,
    ...(chance(0.1) ? { budget: 5 + below(25) } : {}),
    ...(chance(0.2) ? { no_defer: true } : chance(0.1) ? { defer_penalty: 0.1 + below(30) / 10 } : {}),
  };
}
