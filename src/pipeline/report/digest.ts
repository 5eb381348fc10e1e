import type {
  AlertRow,
  AnomalyRow,
  CalibrationRow,
  HeuristicUplift,
  MetricRow,
  Phase19Summary,
  SignalRow19,
  SystemHealth,
  WaveSummary,
} from "../../domain/schemas/index.js";
import type { DeferralRecord, StrategyName } from "../../domain/index.js";
import type { Adjustment } from "../learn/recommendations.js";
import type { DeferralKind } from "../measure/deferral-kinds.js";

/** Failed tasks of one wave and agent with the same cause. */
interface FailureGroup {
  readonly wave: number;
  /** Null where no agent is to blame. */
  readonly agentId: string | null;
  readonly cause: string;
  readonly count: number;
  /** Some of the task ids. */
  readonly examples: readonly string[];
}

/** Deferrals with the same reason. */
interface DeferralReason {
  readonly stage: DeferralRecord["stage"];
  readonly kind: DeferralKind;
  readonly reason: string;
  /** Tasks and waves. */
  readonly count: number;
  /** Some of the task ids. */
  readonly examples: readonly string[];
}

/** One agent over all waves; rates and utilizations are fractions, null where there was nothing to measure. */
export interface AgentDigest {
  readonly agentId: string;
  /** Tasks it ended. */
  readonly tasks: number;
  readonly plannedSuccessRate: number | null;
  readonly actualSuccessRate: number | null;
  readonly plannedUtilization: number | null;
  readonly actualUtilization: number | null;
}

/** Everything the reports of a run say, in the rows and documents that the files hold. */
export interface RunDigest {
  readonly summary: Phase19Summary;
  /** Ascending by wave. */
  readonly waves: readonly WaveSummary[];
  readonly health: SystemHealth;
  readonly metrics: readonly MetricRow[];
  readonly anomalies: readonly AnomalyRow[];
  readonly alerts: readonly AlertRow[];
  readonly signals: readonly SignalRow19[];
  readonly calibration: readonly CalibrationRow[];
  /** Decisions, one per task and wave. */
  readonly gate: {
    readonly approved: number;
    readonly deferred: number;
    /** Let through in rehearsal though the live gate would have held them back. */
    readonly liveDeferred: number;
    /** Waves in which the HIGH threshold was lowered (H16_004). */
    readonly relaxedWaves: readonly number[];
  };
  readonly deferrals: {
    /** Rows, one per task and wave. */
    readonly total: number;
    /** Tasks that never ran. */
    readonly final: number;
    /** Most frequent first. */
    readonly topReasons: readonly DeferralReason[];
  };
  /** By heuristic id. */
  readonly weights: {
    readonly before: Readonly<Record<string, number>>;
    readonly after: Readonly<Record<string, number>>;
  };
  readonly heuristicUplift: readonly HeuristicUplift[];
  /** Mean of achieved over planned. */
  readonly strategyEffectiveness: Readonly<Partial<Record<StrategyName, number>>>;
  readonly failures: readonly FailureGroup[];
  /** What the run gives reason to change, the weightiest first. */
  readonly adjustments: readonly Adjustment[];
  /** Ascending by id. */
  readonly agents: readonly AgentDigest[];
}
