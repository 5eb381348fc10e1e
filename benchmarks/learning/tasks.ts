import { type Agent, PLAIN_AGENT, PLAIN_TASK, type RiskLevel, type Task } from "../../src/domain/problem.js";
import { between, below, streamOf } from "./draws.js";
import { CONFIDENCES, type HiddenTask, RISK_SHARES } from "./truth.js";
import { agentsOf, TASKS_PER_WAVE, type World } from "./worlds.js";

/** Standard deviation, in logits, of what is peculiar to a task. */
const TASK_NOISE = 0.2;
/** Tasks an agent may take over its even share. */
const LIMIT_FACTOR = 1.25;

/** The tasks of a wave, ascending by id. */
export function tasksOf({ world, numAgents, seed, types }: World, wave: number): HiddenTask[] {
  const stream = streamOf(seed, "tasks", world, numAgents, wave);
  return Array.from({ length: TASKS_PER_WAVE }, (_, i) => ({
    taskId: `w${String(wave).padStart(2, "0")}-t${String(i).padStart(2, "0")}`,
    wave,
    taskType: types[below(stream, types.length)]!,
    riskLevel: drawRisk(stream.uniform()),
    confidence: Math.round(1000 * between(stream, CONFIDENCES.from, CONFIDENCES.to)) / 1000,
    noise: TASK_NOISE * stream.normal(),
  }));
}

/** The task as a planner sees it. */
export function visibleTask(task: HiddenTask): Task {
  const { taskId, riskLevel, confidence, taskType } = task;
  return {
    ...PLAIN_TASK,
    ...{ taskId, riskLevel, confidence, taskType },
  };
}

/**
 * The agents of a wave under the one limit that everybody obeys: ⌈1.25 · 40 / agents⌉ tasks each. It depends on no
 * prediction, so that no policy plans under other limits than the rest.
 */
export function limitedAgents(world: World, wave: number): Agent[] {
  const agentIds = agentsOf(world, wave);
  const maxTasks = Math.ceil((LIMIT_FACTOR * TASKS_PER_WAVE) / agentIds.length);
  return agentIds.map((agentId) => ({ ...PLAIN_AGENT, agentId, maxTasks }));
}

function drawRisk(luck: number): RiskLevel {
  if (luck < RISK_SHARES.LOW) return "LOW";
  return luck < RISK_SHARES.LOW + RISK_SHARES.MEDIUM ? "MEDIUM" : "HIGH";
}
