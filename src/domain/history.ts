import type { KindEvidence } from "./evidence.js";
import type { PriorityBucket, RiskLevel } from "./problem.js";

/** One row of a neighbouring phase's outcome files, words and units converted. */
export interface OutcomeRow {
  readonly source: "phase17" | "phase18";
  readonly taskId: string;
  /** Phase 17 knows no agents. */
  readonly agentId: string | null;
  readonly wave: number;
  readonly succeeded: boolean;
  /** Attempts this row stands for: 1 in Phase 17; in Phase 18 `attempts` − 1 failures and then the final status. */
  readonly attempts: number;
  readonly confidenceBefore: number | null;
  readonly confidenceDelta: number | null;
  /** Of all attempts of the row together. */
  readonly executionTimeMs: number | null;
  readonly riskLevel: RiskLevel | null;
  readonly taskType: string | null;
  readonly timestamp: string | null;
}

/** Aggregates of one agent in `multi_agent_summary.json`; null where the summary is silent. */
export interface AgentRecord {
  readonly agentId: string;
  readonly successRate: number | null;
  /** Retries a task. */
  readonly retryRate: number | null;
  readonly confidenceDelta: number | null;
  readonly executionTimeMs: number | null;
  readonly numTasks: number | null;
  readonly successHistory: readonly boolean[];
}

/** The same aggregates over all agents; null where the summary is silent. */
export type FleetRecord = Omit<AgentRecord, "agentId" | "numTasks" | "successHistory">;

/** An `agent_specialization` pattern: this agent reached this success rate on these kinds of task. */
export interface Specialization {
  readonly agentId: string;
  /** Task types (or task ids) the pattern lists for the agent. */
  readonly labels: readonly string[];
  readonly successRate: number | null;
  /** Trust in the pattern, in [0, 1]. */
  readonly confidence: number;
  /** The run of ours that found it in real outcomes; absent: somebody else's pattern. */
  readonly runId?: string;
}

/** What is known of the past. */
export interface History {
  /** Outcomes learned earlier, which `outcomes` does not list again; one entry a kind. */
  readonly learned: readonly KindEvidence[];
  /** Agents whose outcome rows in history files are among what was learned: their aggregates restate those. */
  readonly restatedAgents: readonly string[];
  /** Waves among what was learned; those of `outcomes` come on top. */
  readonly learnedWaves: number;
  readonly outcomes: readonly OutcomeRow[];
  readonly agents: readonly AgentRecord[];
  readonly fleet: FleetRecord;
  readonly specializations: readonly Specialization[];
}

export const EMPTY_HISTORY: History = {
  learned: [],
  restatedAgents: [],
  learnedWaves: 0,
  outcomes: [],
  agents: [],
  fleet: { successRate: null, retryRate: null, confidenceDelta: null, executionTimeMs: null },
  specializations: [],
};

/** The rules of `heuristics.jsonl` that ours applies; null where the file does not hold one. */
export interface Heuristics {
  /** H16_001. */
  readonly priorityOrder: readonly PriorityBucket[];
  /** H16_002: before an attempt, confidence in [from, to] (both inclusive) at this risk rises by `amount`. */
  readonly boost: {
    /** Risks it applies to. */
    readonly riskLevels: readonly RiskLevel[];
    /** Least confidence it applies to, in [0, 1]. */
    readonly from: number;
    /** Greatest confidence it applies to, in [0, 1]. */
    readonly to: number;
    /** What it adds to the confidence. */
    readonly amount: number;
    /** Ids of tasks it is withheld from by lot; default none. */
    readonly withheldFrom?: ReadonlySet<string>;
  } | null;
  /** H16_003: failed tasks of these risks are tried at most `maxAttempts` times; each failure changes confidence by the (negative) penalty. */
  readonly retry: {
    /** Risks it applies to. */
    readonly riskLevels: readonly RiskLevel[];
    /** Attempts of a task, the first included, ≥ 1. */
    readonly maxAttempts: number;
    /** What a failure adds to the confidence, ≤ 0. */
    readonly confidencePenalty: number;
  } | null;
  /** H16_004: after a wave with at least this success rate the HIGH threshold becomes `highRiskThreshold`. */
  readonly relaxation: {
    /** Success rate that a wave must have reached, in [0, 1]. */
    readonly successRateMin: number;
    /** Confidence that then lets a task of HIGH risk through the gate, in [0, 1]. */
    readonly highRiskThreshold: number;
  } | null;
  /** Ids in the file that ours does not know; kept, reported, not applied. */
  readonly unknownIds: readonly string[];
  /** Weight of a heuristic by id, 1 where absent; scales boosts and penalties. */
  readonly weights: Readonly<Record<string, number>>;
}

export const NO_HEURISTICS: Heuristics = {
  priorityOrder: [],
  boost: null,
  retry: null,
  relaxation: null,
  unknownIds: [],
  weights: {},
};
