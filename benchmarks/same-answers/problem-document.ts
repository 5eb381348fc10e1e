import { Random, round } from "../../fixtures/random.js";

/** What a generated problem has besides agents, tasks, risk and confidence. */
export type Feature =
  | "capacities"
  | "costs"
  | "deadlines"
  | "dependencies"
  | "due dates"
  | "max tasks"
  | "partly predicted"
  | "pins"
  | "predicted"
  | "priorities"
  | "releases"
  | "skills"
  | "slots"
  | "standard errors"
  | "types"
  | "weights"
  | "whole numbers";

export interface ProblemShape {
  readonly seed: number;
  readonly numTasks: number;
  readonly numAgents: number;
  readonly features: readonly Feature[];
  /** The document's own options, in its own words. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** Without a feature of times, an attempt takes between these two, times the agent's speed. */
const DURATIONS_MS = [500, 4_000] as const;
/** Whole numbers are few, so that many plans have the same value. */
const WHOLE_UNIT_MS = 250;
const TYPES = ["code", "data", "docs"] as const;
const RISKS = ["LOW", "LOW", "MEDIUM", "HIGH"] as const;
/** How much room capacities leave over the mean load. */
const CAPACITY_ROOM = [0.8, 1.4] as const;

interface Draft {
  readonly random: Random;
  readonly shape: ProblemShape;
  /** Mean busy time of an agent if all tasks are placed. */
  readonly meanLoadMs: number;
  readonly has: (feature: Feature) => boolean;
}

/** A problem document as users write it; the same shape gives the same document. */
export function buildProblemDocument(shape: ProblemShape): object {
  const { numTasks, numAgents, features, options } = shape;
  const draft: Draft = {
    random: new Random(shape.seed),
    shape,
    meanLoadMs: (numTasks / numAgents) * ((DURATIONS_MS[0] + DURATIONS_MS[1]) / 2),
    has: (feature) => features.includes(feature),
  };
  const agents = Array.from({ length: numAgents }, (_, k) => buildAgent(draft, k));
  const speeds = agents.map(() => draft.random.between(0.7, 1.5));
  const tasks = Array.from({ length: numTasks }, (_, k) => buildTask(draft, k, speeds));
  return { schema_version: 1, agents, tasks, options };
}

function buildAgent({ random, has, meanLoadMs }: Draft, k: number): object {
  return {
    agent_id: agentId(k),
    ...(has("slots") && { slots: random.integer(1, 3) }),
    ...(has("capacities") && { capacity_ms: round(meanLoadMs * random.between(...CAPACITY_ROOM), 1) }),
    ...(has("max tasks") && { max_tasks: random.integer(2, 6) }),
    ...(has("skills") && { skills: k % 2 === 0 ? ["sql"] : ["sql", "shell"] }),
    ...(has("releases") && { available_from_ms: round(random.between(0, 2_000), 1) }),
    ...(has("costs") && { cost_per_ms: round(random.between(0.001, 0.01), 5) }),
  };
}

function buildTask(draft: Draft, k: number, speeds: readonly number[]): object {
  const { random, has, meanLoadMs } = draft;
  const needsShell = has("skills") && random.chance(0.3);
  const isPinned = has("pins") && random.chance(0.15);
  // Odd agents have every skill, so a pin never contradicts one.
  const pinned = agentId(Math.min(speeds.length - 1, 2 * random.integer(0, Math.ceil(speeds.length / 2) - 1) + 1));
  return {
    task_id: taskId(k),
    risk_level: random.pick(RISKS),
    confidence: round(random.between(0.4, 0.99), 2),
    ...(has("types") && { task_type: random.pick(TYPES) }),
    ...(has("weights") && { weight: round(random.between(0.2, 3), 2) }),
    ...(has("priorities") && { priority: random.integer(1, 5) }),
    ...(has("deadlines") && random.chance(0.4) && { deadline_ms: round(meanLoadMs * random.between(0.4, 2), 1) }),
    ...(has("due dates") && random.chance(0.5) && { due_ms: round(meanLoadMs * random.between(0.3, 1.5), 1) }),
    ...(needsShell && { required_skills: ["shell"] }),
    ...(has("dependencies") && k > 0 && random.chance(0.25) && { depends_on: [taskId(random.integer(0, k - 1))] }),
    ...(isPinned && { pinned_agent: pinned }),
    ...(!has("predicted") && { estimates: buildEstimates(draft, speeds) }),
  };
}

function buildEstimates({ random, has }: Draft, speeds: readonly number[]): object {
  const lengthMs = random.between(...DURATIONS_MS);
  const pairs = speeds.flatMap((speed, k) => {
    if (has("partly predicted") && random.chance(0.5)) return [];
    const durationMs = lengthMs * speed * random.between(0.8, 1.2);
    const estimate = {
      success_probability: round(random.between(0.3, 0.99)),
      duration_ms: has("whole numbers") ? Math.ceil(durationMs / WHOLE_UNIT_MS) : round(durationMs, 1),
      retries: has("whole numbers") ? 0 : round(random.between(0, 0.8)),
      confidence_delta: round(random.between(-0.02, 0.08)),
      cost: round(random.between(0, 10), 2),
      ...(has("standard errors") && { standard_errors: { success_probability: round(random.between(0, 0.1)) } }),
    };
    return [[agentId(k), estimate] as const];
  });
  return Object.fromEntries(pairs);
}

function agentId(k: number): string {
  return `agent_${k}`;
}

function taskId(k: number): string {
  return `task_${String(k).padStart(2, "0")}`;
}
