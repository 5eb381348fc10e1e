import type { GateApproval, GateHold } from "./gate.js";
import type { HeuristicTrial, WaveReference } from "./adjustment.js";
import type { RiskLevel, StrategyName } from "./problem.js";
import type { ResultDocument } from "./result.js";

/**
 * What happened in a run, wave by wave: the records that scheduling, execution, feedback and monitoring hand on.
 * Times are milliseconds from the start of the wave, probabilities and rates fractions in [0, 1].
 */

/** `simulated`: by our own simulator. `real`: reported by a caller's executor or by outcomes that were evaluated. */
export const EXECUTION_KINDS = ["simulated", "real"] as const;
export type ExecutionKind = (typeof EXECUTION_KINDS)[number];

/** One task as the optimizer planned it, with its own predictions. */
export interface PlannedTaskRecord {
  /** The task. */
  readonly taskId: string;
  /** The agent that is to run it. */
  readonly agentId: string;
  /** From 0. */
  readonly slot: number;
  /** Planned start, milliseconds from the start of the wave. */
  readonly startMs: number;
  /** Planned end, milliseconds from the start of the wave. */
  readonly endMs: number;
  /** Predicted 5th and 95th percentile of the end. */
  readonly endIntervalMs: readonly [number, number];
  /** Risk of the task. */
  readonly riskLevel: RiskLevel;
  /** Type of the task; null: none is known. */
  readonly taskType: string | null;
  /** Confidence before the wave, in [0, 1]. */
  readonly confidence: number;
  /** What leaving it out would cost beside the others, > 0. */
  readonly weight: number;
  /** Rank in the wave, 1 = first. */
  readonly priority: number;
  /** Tasks of the wave that must have succeeded before it starts. */
  readonly dependsOn: readonly string[];
  /** When it is to have ended, milliseconds from the start of the wave; absent: it has no deadline, or nobody says. */
  readonly deadlineMs?: number;
  /** Final probability P. */
  readonly successProbability: number;
  /** p_k of each attempt on the planned agent, given that the ones before it failed; k = 0 … R. */
  readonly attemptProbabilities: readonly number[];
  /** Mean of one attempt. */
  readonly durationMs: number;
  /** Standard deviation of the natural logarithm of one attempt's time. */
  readonly durationLogSpread: number;
  /** Of it, that of the doubt about the mean, which the tasks of a wave may share; absent: there is none. */
  readonly durationLogDoubt?: number;
  /** Expected retries A − 1. */
  readonly retries: number;
  /** Predicted change of confidence. */
  readonly confidenceDelta: number;
  /** Standard deviation of the gain of one task. */
  readonly confidenceDeltaSpread: number;
  /** Predicted cost of all attempts, in the unit of the prices. */
  readonly cost: number;
  /** One line: why this agent. */
  readonly reason: string;
  /** The heuristic without which the gate would have held the task back; absent: none. */
  readonly admittedBy?: "H16_004";
}

/** Why an attempt has no outcome of its own; null where the executor gave one. */
export type AttemptFault = "threw" | "hung" | "rubbish" | "aborted";

/** Who is at fault for a failed attempt: the task, or the agent that could not make it. */
export const ERROR_KINDS = ["task", "agent"] as const;
export type ErrorKind = (typeof ERROR_KINDS)[number];

/** One attempt at a task. */
export interface AttemptRecord {
  /** The task that was attempted. */
  readonly taskId: string;
  /** The agent that made the attempt. */
  readonly agentId: string;
  /** Slot of that agent, from 0. */
  readonly slot: number;
  /** From 1. */
  readonly attempt: number;
  /** Start, milliseconds from the start of the wave. */
  readonly startMs: number;
  /** End, milliseconds from the start of the wave. */
  readonly endMs: number;
  /** Time the attempt took by its executor, ≥ 0. */
  readonly durationMs: number;
  /** Whether the attempt succeeded. */
  readonly succeeded: boolean;
  /** Confidence the attempt was made at, boosts included. */
  readonly confidenceBefore: number;
  /** Confidence after the attempt, in [0, 1]. */
  readonly confidenceAfter: number;
  /** Ids of the rules of Phase 16 that changed the attempt. */
  readonly heuristicsApplied: readonly string[];
  /** What went wrong; null of a success, and where nobody said. */
  readonly errorMessage: string | null;
  /** A fault that the dispatcher saw, such as a hang; null: none. */
  readonly fault: AttemptFault | null;
  /** Null of a success, and where nobody said. */
  readonly errorKind: ErrorKind | null;
  /** What it cost; null where neither the executor nor the agent's rate says. */
  readonly cost: number | null;
  /** What the task produced, at most 16 KiB. */
  readonly output: string | null;
}

/** How a task that was started ended. */
export interface TaskRecord {
  /** The task. */
  readonly taskId: string;
  /** The agent that the plan gave it to. */
  readonly plannedAgentId: string;
  /** Of the last attempt. */
  readonly agentId: string;
  /** Slot of the last attempt, from 0. */
  readonly slot: number;
  /** Whether its last attempt succeeded. */
  readonly succeeded: boolean;
  /** In order, at least one. */
  readonly attempts: readonly AttemptRecord[];
  /** Start of the first attempt. */
  readonly startMs: number;
  /** End of the last attempt. */
  readonly endMs: number;
  /** Final confidence, in [0, 1]. */
  readonly confidence: number;
  /** Change of confidence the task brought; null where the executor did not say. */
  readonly confidenceDelta: number | null;
  /** Null where it succeeded. */
  readonly failureReason: string | null;
}

/** The gate's decision on one task in one wave. */
export interface GateDecision {
  /** The task that the gate judged. */
  readonly taskId: string;
  /** The wave it was judged in, from 1. */
  readonly wave: number;
  /** The word in the file, whatever it is. */
  readonly riskLevel: string;
  /** Confidence that was judged, in [0, 1]. */
  readonly confidence: number;
  /** What the gate of this run says. */
  readonly approval: GateApproval;
  /** Why, one sentence. */
  readonly reason: string;
  /** What the live gate says; the same as `approval` where it is the live gate that decides. */
  readonly liveApproval: GateApproval;
  /** What the live gate holds it back for; absent: it lets it through, or nobody knows. */
  readonly hold?: GateHold;
}

export const DEFERRAL_STAGES = ["gate", "plan", "execution", "unreported"] as const;

/** A task that did not run in a wave, or of which nobody said that it did. */
export interface DeferralRecord {
  /** The task that was put off. */
  readonly taskId: string;
  /** The wave it was put off in, from 1. */
  readonly wave: number;
  /** Who held it back: the gate, the plan, or a predecessor that failed while the wave ran. `unreported`: nobody knows what came of it. */
  readonly stage: (typeof DEFERRAL_STAGES)[number];
  /** Why, one sentence. */
  readonly reason: string;
  /** What the gate holds it back for; absent: it is not the gate, or a record of an earlier version. */
  readonly hold?: GateHold;
  /** False: it goes to the next wave, where something can change. */
  readonly isFinal: boolean;
  /** Waves that have put the task off so far, this one among them; absent: not known. */
  readonly wavesWaited?: number;
}

export interface SpreadRecord {
  /** The mean. */
  readonly mean: number;
  /** 5th and 95th percentile. */
  readonly interval: readonly [number, number];
}

/** What the simulator says of the whole plan before it runs; each array has one value a replication, ascending. */
export interface WaveForecast {
  /** Share of started tasks that succeed. */
  readonly successRate: Float64Array;
  /** Latest end of started tasks, milliseconds from the start of the wave. */
  readonly makespanMs: Float64Array;
  /** Mean gain of started tasks. */
  readonly confidenceDelta: Float64Array;
  /** Attempts after the first of all tasks together. */
  readonly retries: Float64Array;
  /** Successes a second. */
  readonly throughputPerS: Float64Array;
}

/** The best heuristic on the strategy's first goal; `isBetter` would be a fault of ours. */
export interface BaselineRecord {
  /** The best simple rule. */
  readonly name: string;
  /** The goal by which plans are compared. */
  readonly goal: string;
  /** Whether that goal is minimized or maximized. */
  readonly sense: "min" | "max";
  /** Value of the plan of the rule. */
  readonly value: number;
  /** Value of the plan that was chosen. */
  readonly ownValue: number;
  /** Weight of the tasks each plan leaves out. */
  readonly deferredWeight: number;
  /** Weight of the tasks that the chosen plan leaves out. */
  readonly ownDeferredWeight: number;
  /** Mean chance of success in the plan of the rule; null where it places nothing. */
  readonly successRate: number | null;
  /** Latest end in the plan of the rule, milliseconds; null where it places nothing. */
  readonly makespanMs: number | null;
}

export interface WaveAgent {
  /** Unique in the wave. */
  readonly agentId: string;
  /** Tasks it runs in parallel, ≥ 1. */
  readonly slots: number;
  /** Earliest start on its slots, milliseconds from the start of the wave. */
  readonly availableFromMs: number;
}

/** One wave from gate to last attempt. */
export interface WaveRecord {
  /** Number of the wave, from 1. */
  readonly wave: number;
  /** Whether agents or the simulator ran it. */
  readonly execution: ExecutionKind;
  /** The strategy that planned it. */
  readonly strategy: StrategyName;
  /** Why this strategy, one sentence. */
  readonly strategyReason: string;
  /** Agents of the wave. */
  readonly agents: readonly WaveAgent[];
  /** What the gate said of each task. */
  readonly gate: readonly GateDecision[];
  /** The plan, with its proof. */
  readonly result: ResultDocument;
  /** Ascending by task id. */
  readonly planned: readonly PlannedTaskRecord[];
  /** Null where nothing was planned. */
  readonly forecast: WaveForecast | null;
  /** Tasks that were started, ascending by task id. */
  readonly tasks: readonly TaskRecord[];
  /** Tasks that were put off, and why. */
  readonly deferrals: readonly DeferralRecord[];
  /** Null where nothing was planned or no heuristic found a plan. */
  readonly baseline: BaselineRecord | null;
  /** Outcomes beside what the model says of them without a heuristic; absent where its predictor was not at hand. */
  readonly heuristicTrials?: readonly HeuristicTrial[];
  /** Tasks a heuristic was withheld from, in prediction and execution, by heuristic id; absent: none. */
  readonly heuristicsWithheld?: Readonly<Record<string, readonly string[]>>;
  /** Absent where the problem was not at hand, or outcomes are missing: then the strategy earns no reward. */
  readonly reference?: WaveReference;
}
