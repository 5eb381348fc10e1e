import { type AgentRecord, EMPTY_HISTORY, type History, type OutcomeRow } from "../../src/domain/history.js";
import { drawOutcome } from "./outcomes.js";
import { tasksOf } from "./tasks.js";
import { overallRate } from "./truth.js";
import { below, streamOf } from "./draws.js";
import type { World } from "./worlds.js";

/** Tasks behind each agent's aggregates. */
export const AGGREGATED_TASKS = 8;
const SPARSE_OUTCOMES = 3;
const MANY_OUTCOMES = 10_000;
const COMMON = { retryRate: 0.1, confidenceDelta: 0.02, executionTimeMs: 30 } as const;

/**
 * What is known before the first wave: a summary with the same aggregates for every agent, as Phase 18 leaves it. In
 * `sparse` three outcome rows an agent, in `nothing-to-learn` 10,000 rows. One who joins later is in none of it.
 */
export function startingHistory(world: World): History {
  const known = world.agentIds.filter((agentId) => agentId !== world.newcomer);
  const rates = known.map((agentId) =>
    overallRate(world.truth.skills[agentId]!, world.truth, world.truth.riskSkills?.[agentId]),
  );
  const successRate = Math.round((100 * rates.reduce((sum, rate) => sum + rate, 0)) / rates.length) / 100;
  const agents = known.map((agentId): AgentRecord => {
    return { agentId, successRate, ...COMMON, numTasks: AGGREGATED_TASKS, successHistory: [] };
  });
  return { ...EMPTY_HISTORY, agents, fleet: { successRate, ...COMMON }, outcomes: pastOutcomes(world, known) };
}

function pastOutcomes(world: World, agentIds: readonly string[]): OutcomeRow[] {
  if (world.world === "sparse") return drawRows(world, agentIds, SPARSE_OUTCOMES * agentIds.length);
  if (world.world === "nothing-to-learn") return drawRows(world, agentIds, MANY_OUTCOMES);
  return [];
}

/** Rows of earlier tasks, dealt to the agents in turn. */
function drawRows(world: World, agentIds: readonly string[], count: number): OutcomeRow[] {
  const stream = streamOf(world.seed, "past", world.world, world.numAgents);
  const past: World = { ...world, seed: below(stream, 2 ** 31) };
  const rows: OutcomeRow[] = [];
  for (let wave = 1; rows.length < count; wave++) {
    for (const drawn of tasksOf(past, wave)) {
      if (rows.length === count) break;
      // Before anybody changed.
      const task = { ...drawn, taskId: `past-${drawn.taskId}`, wave: 0 };
      const agentId = agentIds[rows.length % agentIds.length]!;
      const { succeeded, durationMs, confidenceDelta } = drawOutcome(past, task, agentId);
      rows.push({
        ...{ source: "phase18", taskId: task.taskId, agentId, wave, succeeded, attempts: 1, timestamp: null },
        ...{ confidenceBefore: task.confidence, confidenceDelta, executionTimeMs: durationMs },
        ...{ riskLevel: task.riskLevel, taskType: task.givenType },
      });
    }
  }
  return rows;
}
