import {
  compareIds,
  type Heuristics,
  isRiskLevel,
  KeyedStream,
  type RiskLevel,
  type SolveOptions,
  type WaveRecord,
} from "../../domain/index.js";
import type { PlannedTask } from "../files/phase16.js";
import { attemptConfidences, retriesAllowed } from "../../planner/index.js";

/** Share of the tasks H16_002 would raise from which an exploring run withholds it. */
export const HOLD_OUT_SHARE = 0.1;
/** The lots are drawn apart from search, forecast, execution and choice of strategy. */
const HOLD_OUT_SALT = 0x401d0;

/** How much a run explores, in [0, 1]: 0 means that nothing is withheld and no strategy is drawn. */
export function explorationOf(planning: SolveOptions): number {
  return planning.exploration;
}

/** Share of tasks to withhold H16_002 from: none without exploration. */
export function holdOutShare(exploration: number): number {
  return exploration > 0 ? HOLD_OUT_SHARE : 0;
}

/**
 * The rules of a wave: H16_002 is withheld, in prediction and execution alike, from this share of the tasks it would
 * raise, never from HIGH risk. Each task's lot depends on seed, wave and task alone. O(tasks).
 *
 * @returns the heuristics themselves where the lot falls on no task
 */
export function withholdBoost(
  tasks: readonly Pick<PlannedTask["task"], "taskId" | "riskLevel" | "confidence">[],
  approvedIds: ReadonlySet<string>,
  heuristics: Heuristics,
  lot: { readonly share: number; readonly seed: number; readonly wave: number; readonly maxRetries: number },
): Heuristics {
  const { boost } = heuristics;
  if (boost === null || lot.share === 0) return heuristics;
  const withheldFrom = new Set<string>();
  for (const { taskId, riskLevel, confidence } of tasks) {
    if (!approvedIds.has(taskId) || !isRiskLevel(riskLevel) || riskLevel === "HIGH") continue;
    if (!isRaised(riskLevel, confidence, heuristics, lot.maxRetries)) continue;
    const stream = new KeyedStream((lot.seed ^ HOLD_OUT_SALT) >>> 0, `hold-out\0${lot.wave}\0${taskId}`);
    if (stream.uniform() < lot.share) withheldFrom.add(taskId);
  }
  return withheldFrom.size === 0 ? heuristics : { ...heuristics, boost: { ...boost, withheldFrom } };
}

/** Whether any attempt at a task would be made at a raised confidence. */
function isRaised(riskLevel: RiskLevel, confidence: number, heuristics: Heuristics, maxRetries: number): boolean {
  const numRetries = retriesAllowed(riskLevel, heuristics, maxRetries);
  const raised = attemptConfidences(confidence, riskLevel, heuristics, numRetries);
  const plain = attemptConfidences(confidence, riskLevel, { ...heuristics, boost: null }, numRetries);
  return raised.some((value, k) => value > plain[k]!);
}

/** The tasks of a wave that were planned without H16_002, as its record names them. */
export function withheldIn(heuristics: Heuristics): Pick<WaveRecord, "heuristicsWithheld"> {
  const withheld = heuristics.boost?.withheldFrom;
  return withheld === undefined ? {} : { heuristicsWithheld: { H16_002: [...withheld].sort(compareIds) } };
}
