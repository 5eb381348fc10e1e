import type { KeyedStream } from "../../src/domain/keyed-stream.js";
import { type Agent, PLAIN_AGENT, PLAIN_TASK, type RiskLevel, type Task } from "../../src/domain/problem.js";
import { typeIn } from "../../src/pipeline/files/task-types.js";
import { between, below, streamOf } from "./draws.js";
import { CONFIDENCES, type HiddenTask, RISK_SHARES } from "./truth.js";
import { agentsOf, TASKS_PER_WAVE, type World } from "./worlds.js";

/** Standard deviation, in logits, of what is peculiar to a task. */
export const TASK_NOISE = 0.2;
/** Tasks an agent may take over its even share. */
const LIMIT_FACTOR = 1.25;

/** The tasks of a wave, ascending by id. */
export function tasksOf(drawn: World, wave: number): HiddenTask[] {
  const { likeWorld, numAgents, seed, types } = drawn;
  const stream = streamOf(seed, "tasks", likeWorld, numAgents, wave);
  const faces = streamOf(seed, "faces", likeWorld, numAgents, wave);
  return Array.from({ length: TASKS_PER_WAVE }, (_, i) => {
    const taskType = types[below(stream, types.length)]!;
    return {
      taskId: `w${String(wave).padStart(2, "0")}-t${String(i).padStart(2, "0")}`,
      ...{ wave, taskType, ...faceOf(drawn, taskType, faces) },
      riskLevel: drawRisk(stream.uniform()),
      confidence: Math.round(1000 * between(stream, CONFIDENCES.from, CONFIDENCES.to)) / 1000,
      noise: TASK_NOISE * stream.normal(),
    };
  });
}

/** Verbs of titles; each type has some of its own. */
export const VERBS = [
  "add",
  "build",
  "check",
  "clean",
  "deploy",
  "fix",
  "move",
  "read",
  "remove",
  "test",
  "update",
  "write",
];
/** Share of the titles that begin with a verb of their type; the rest begin with any. */
export const HONEST_SHARE = 0.85;

/** What a planner sees of a task's type. */
function faceOf(
  { world, types }: World,
  taskType: string,
  stream: KeyedStream,
): Pick<HiddenTask, "givenType" | "title"> {
  if (world === "hidden-types") {
    const verbs = stream.uniform() < HONEST_SHARE ? verbsOf(types, taskType) : VERBS;
    return { givenType: null, title: `${verbs[below(stream, verbs.length)]!} the ${below(stream, 1000)}th module` };
  }
  const isUntyped = world.startsWith("untyped-");
  return { givenType: isUntyped ? null : taskType, title: null };
}

function verbsOf(types: readonly string[], taskType: string): string[] {
  return VERBS.filter((_, k) => k % types.length === types.indexOf(taskType));
}

/** What the title of a task tells of its type: each type with its probability, its own alone where there is no title. */
export function typesBehind(
  { types }: World,
  task: HiddenTask,
): { readonly taskType: string; readonly share: number }[] {
  if (task.title === null) return [{ taskType: task.taskType, share: 1 }];
  const word = visibleType(task)!;
  const weights = types.map((taskType) => {
    const own = verbsOf(types, taskType);
    return (own.includes(word) ? HONEST_SHARE / own.length : 0) + (1 - HONEST_SHARE) / VERBS.length;
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return types.map((taskType, k) => ({ taskType, share: weights[k]! / total }));
}

/** The type a planner goes by: what it was given, else the first word of the title. */
export function visibleType({ givenType, title }: Pick<HiddenTask, "givenType" | "title">): string | null {
  return givenType ?? (title === null ? null : typeIn({ title }, "title"));
}

/** The task as a planner sees it. */
export function visibleTask(task: HiddenTask): Task {
  const { taskId, riskLevel, confidence } = task;
  return {
    ...PLAIN_TASK,
    ...{ taskId, riskLevel, confidence, taskType: visibleType(task) },
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
