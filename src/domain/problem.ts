/**
 * One wave as records: what `solve` is asked to plan. Field names follow the problem document in camelCase.
 * Times are milliseconds from the start of the wave, probabilities fractions in [0, 1].
 */
import { BACKEND_NAMES } from "./backends.js";
import type { GoalKey } from "../../models/index.js";
import type { SolveOptions } from "./options/solve-options.js";

export { GOAL_KEYS, type GoalKey, STRATEGIES, type StrategyName } from "../../models/index.js";

/** What results call a strategy that their caller defined. */
export const CUSTOM_STRATEGY = "custom";

export const RISK_LEVELS = ["LOW", "MEDIUM", "HIGH"] as const;
export type RiskLevel = (typeof RISK_LEVELS)[number];

/** Whether a word of a file is a risk level. */
export function isRiskLevel(word: string): word is RiskLevel {
  return (RISK_LEVELS as readonly string[]).includes(word);
}

export interface Agent {
  /** Unique in the wave. */
  readonly agentId: string;
  /** Tasks it can run in parallel, ≥ 1. */
  readonly slots: number;
  /** Busy time that each slot may have. */
  readonly capacityMs: number | null;
  /** Tasks of the wave that it may get, ≥ 0; null: no limit. */
  readonly maxTasks: number | null;
  /** What it can do; a task may require some of them. Default none. */
  readonly skills: readonly string[];
  /** Earliest start on its slots, milliseconds from the start of the wave, ≥ 0. Default 0. */
  readonly availableFromMs: number;
  /** Its tasks must have ended by then; null: it stays. */
  readonly availableUntilMs: number | null;
  /** When it is away, [from, to] each, ascending and disjoint; no task spans an absence. */
  readonly unavailable: readonly (readonly [number, number])[];
  /** Price of one millisecond of work, ≥ 0; null: it has none. */
  readonly costPerMs: number | null;
}

/** Numbers of one (task, agent) pair; what is absent is predicted. */
export interface GivenEstimate {
  /** Final probability P, after all attempts. */
  readonly successProbability?: number;
  /** One attempt. */
  readonly durationMs?: number;
  /** Expected retries A − 1. */
  readonly retries?: number;
  readonly confidenceDelta?: number;
  readonly cost?: number;
  readonly standardErrors?: Partial<StandardErrors>;
  /** What goals and bounds use in the place of the estimates; absent: the estimates. */
  readonly planning?: PlanningNumbers;
}

/** Estimates that lean towards what is little known, for goals and bounds alone. */
export interface PlanningNumbers {
  readonly successProbability: number;
  readonly retries: number;
}

export interface StandardErrors {
  readonly successProbability: number;
  readonly durationMs: number;
  /** What of it is doubt about the agent's mean time, the same for all its tasks of a type; absent: none is told apart. */
  readonly meanDurationMs?: number;
  readonly retries: number;
  readonly confidenceDelta: number;
  readonly cost: number;
}

export interface Estimate extends Required<Omit<GivenEstimate, "standardErrors" | "planning">> {
  /** How far each estimate may be from the truth, one standard deviation. */
  readonly standardErrors: StandardErrors;
  /** What goals and bounds use in the place of the estimates; absent: the estimates. */
  readonly planning?: PlanningNumbers;
}

export interface Task<E = GivenEstimate> {
  /** Unique in the wave. */
  readonly taskId: string;
  /** What the gate and the rules of Phase 16 go by. */
  readonly riskLevel: RiskLevel;
  /** How sure the earlier phases are of the task, in [0, 1]. */
  readonly confidence: number;
  /** What history is kept by; null: none is known. */
  readonly taskType: string | null;
  /** What leaving it out costs beside the others, > 0. Default 1. */
  readonly weight: number;
  /** 1 = first. */
  readonly priority: number | null;
  /** Earliest start. */
  readonly releaseMs: number;
  /** Latest end, milliseconds from the start of the wave; null: none. */
  readonly deadlineMs: number | null;
  /** End that is wished for, milliseconds from the start of the wave; null: none. */
  readonly dueMs: number | null;
  /** Skills that its agent must have, all of them. Default none. */
  readonly requiredSkills: readonly string[];
  /** The only agents that may take it; null: all. */
  readonly eligibleAgents: readonly string[] | null;
  /** Task ids of this wave, or keys of `earlierTasks`. */
  readonly dependsOn: readonly string[];
  /** The agent that must take it; null: any. */
  readonly pinnedAgent: string | null;
  /** What it uses of each pool while it runs. */
  readonly uses: Readonly<Record<string, number>>;
  /** Why a gate holds it back; null: it does not. A held task is deferred, and so is what waits for it. */
  readonly held: string | null;
  /** Waves that have deferred it so far. */
  readonly wavesWaited: number;
  /** By agent id. */
  readonly estimates: Readonly<Record<string, E>>;
}

/** An agent without limits, free from start to end. */
export const PLAIN_AGENT: Omit<Agent, "agentId"> = {
  ...{ slots: 1, capacityMs: null, maxTasks: null, skills: [], costPerMs: null },
  ...{ availableFromMs: 0, availableUntilMs: null, unavailable: [] },
};

/** A task without wishes, to be predicted. */
export const PLAIN_TASK: Omit<Task, "taskId" | "riskLevel" | "confidence"> = {
  ...{ taskType: null, weight: 1, priority: null, releaseMs: 0, deadlineMs: null, dueMs: null },
  ...{ requiredSkills: [], eligibleAgents: null, dependsOn: [], pinnedAgent: null, uses: {} },
  ...{ held: null, wavesWaited: 0, estimates: {} },
};

export const SOLVER_CHOICES = ["auto", ...BACKEND_NAMES, "greedy"] as const;
export type SolverChoice = (typeof SOLVER_CHOICES)[number];

export type GoalWeights = Readonly<Partial<Record<GoalKey, number>>>;

/** A factor of the reference makespan, an absolute busy time per slot, or no limit at all. */
export type LoadLimit =
  | { readonly kind: "factor"; readonly factor: number }
  | { readonly kind: "absolute"; readonly limitMs: number }
  | { readonly kind: "none" };

/** Most threads one solve may be given. */
export const MAX_THREADS = 64;

/** H16_001: tasks of this risk and at least this confidence form one bucket; earlier buckets come first. */
export interface PriorityBucket {
  readonly riskLevel: RiskLevel;
  readonly confidenceMin: number;
}

/** Whether a task that is over, named in `dependsOn`, has been completed. */
export type EarlierTaskState = "finished" | "unfinished" | "withdrawn";

/** A wave as given: estimates may be missing, options may be partial. */
export interface Problem<E = GivenEstimate> {
  /** Ascending by agent id. */
  readonly agents: readonly Agent[];
  /** Ascending by task id. */
  readonly tasks: readonly Task<E>[];
  readonly earlierTasks: Readonly<Record<string, EarlierTaskState>>;
  /** What running tasks may use together at any moment, by name of the pool. */
  readonly pools: Readonly<Record<string, number>>;
  /** H16_001: buckets that order tasks; empty where no such heuristic applies. */
  readonly priorityOrder: readonly PriorityBucket[];
  /** Options found in the document; options of the call override them. */
  readonly options: Partial<SolveOptions>;
  /** Whether estimates came from history or a learned state, so that the prior alone cannot rebuild them. */
  readonly usesHistory: boolean;
}

/** A wave in which every eligible pair has all its numbers. */
export type FullProblem = Problem<Estimate>;

/** A wave of its own: no earlier tasks, no pools, no options. */
export const PLAIN_PROBLEM: Omit<Problem, "agents" | "tasks"> = {
  ...{ earlierTasks: {}, pools: {}, priorityOrder: [], options: {}, usesHistory: false },
};
