import { countOf, type ExecutionKind } from "../../domain/index.js";
import type { ComparisonRow, HeuristicUplift, SignalRow19 } from "../../domain/schemas/index.js";
import { meanOf } from "../measure/accuracy.js";
import type { HeuristicCounts } from "../measure/heuristic-weights.js";
import { PREDICTION_ERROR_ALPHA, testPrediction } from "../measure/prediction-error.js";
import { type AgentStats, utilizationOf } from "../measure/agent-stats.js";
import type { WaveStats } from "../measure/measured-wave.js";
import { percent } from "./percent.js";

/** A weight of the run and what moved it. */
export interface WeightMove {
  readonly heuristicId: string;
  readonly before: number;
  readonly after: number;
}

export type SignalBody = Omit<SignalRow19, "execution" | "timestamp">;

/** Applications that make a heuristic's success rate half trusted. */
const APPLICATIONS_SCALE = 10;

/** The one verdict on the run: mean accuracy over the waves that ran; 0 where none did. */
export function strategyValidation(comparisons: readonly ComparisonRow[], execution: ExecutionKind): SignalBody {
  const judged = comparisons.filter(({ accuracy_score: score }) => score !== null);
  const accuracy = meanOf(judged.map(({ accuracy_score: score }) => score));
  const strategies = [...new Set(judged.map(({ strategy }) => strategy))].join(", ");
  const common = { feedback_id: "P19_LS_STRATEGY_VALIDATION", feedback_type: "strategy_validation" } as const;
  if (accuracy === null) {
    return {
      ...common,
      confidence: 0,
      description: "Nothing ran, so no strategy could be validated; the confidence is 0 for want of evidence",
      recommendation: "See deferred_tasks.jsonl for why nothing ran",
      supporting_evidence: [`${comparisons.length} waves, none of which ran a task`],
    };
  }
  return {
    ...common,
    confidence: accuracy,
    description: `Plans under ${strategies} came true with accuracy ${accuracy.toFixed(3)} (${execution})`,
    recommendation:
      accuracy >= 0.85
        ? "Keep planning on these predictions"
        : "Let the predictions follow the outcomes before relying on them",
    supporting_evidence: judged.map(describeWave),
  };
}

/** Which weights moved and why; null where none did. */
export function heuristicUpdate(
  moves: readonly WeightMove[],
  counts: HeuristicCounts,
  uplifts: readonly HeuristicUplift[],
): SignalBody | null {
  if (moves.length === 0) return null;
  const of = (id: string) => (Object.hasOwn(counts, id) ? counts[id]! : { applications: 0, successes: 0 });
  const applications = moves.reduce((sum, { heuristicId }) => sum + of(heuristicId).applications, 0);
  const words = moves.map(
    ({ heuristicId, before, after }) => `${heuristicId} ${before.toFixed(2)} → ${after.toFixed(2)}`,
  );
  return {
    feedback_id: "P19_LS_HEURISTIC_UPDATE",
    feedback_type: "heuristic_update",
    confidence: applications / (applications + APPLICATIONS_SCALE),
    description: `Weights moved by measured success: ${words.join(", ")}`,
    recommendation: "Plan the next wave with these weights",
    supporting_evidence: [
      ...moves.map(({ heuristicId, before, after }) => {
        const { applications: applied, successes } = of(heuristicId);
        const rate = applied === 0 ? "no applications" : `${((100 * successes) / applied).toFixed(1)} %`;
        return `${heuristicId}: ${successes} of ${applied} applications succeeded (${rate}), weight ${before} → ${after}`;
      }),
      ...uplifts.filter(({ uplift }) => uplift !== null).map(describeUplift),
    ],
  };
}

/** One estimate in words. */
function describeUplift(row: HeuristicUplift): string {
  const { heuristic_id: id, basis, uplift, standard_error: error, attempts, note } = row;
  if (uplift === null || error === null || basis === null) return `${id}: ${note}`;
  const points = `${(100 * uplift).toFixed(1)} ± ${(100 * error).toFixed(1)} points`;
  return `${id}: ${points} of success over ${attempts} applications (${basis}: ${note})`;
}

/** The planned success rate is off beyond its own uncertainty; null where it is not. */
export function predictionError(waves: readonly WaveStats[]): SignalBody | null {
  const error = testPrediction(waves);
  if (error === null || error.pValue > PREDICTION_ERROR_ALPHA) return null;
  const { tasks, plannedRate, actualRate, z, pValue } = error;
  const word = z < 0 ? "too high" : "too low";
  return {
    feedback_id: "P19_LS_PREDICTION_ERROR",
    feedback_type: "schedule_adjustment",
    confidence: 1 - pValue,
    description: `Predicted success is ${word}: ${percent(plannedRate)} planned, ${percent(actualRate)} achieved over ${countOf(tasks, "task")}`,
    recommendation:
      z < 0
        ? "Plan with more risk aversion or more retries until the predictions have followed"
        : "Plan with less risk aversion until the predictions have followed",
    supporting_evidence: [
      `z = ${z.toFixed(2)}, two-sided p = ${pValue.toExponential(1)}, threshold ${PREDICTION_ERROR_ALPHA}`,
      ...waves
        .filter(({ ended }) => ended.tasks > 0)
        .map(
          ({ wave, ended: { tasks: count, successes } }) =>
            `wave ${wave}: ${successes.actual} of ${count} succeeded, ${successes.planned.toFixed(2)} predicted`,
        ),
    ],
  };
}

/** One row an agent that ran something, in the shape of a signal. */
export function agentPerformance(agent: AgentStats, score: number | null): SignalBody[] {
  const { agentId, tasks, successes, plannedTasks, plannedSuccesses, busyMs, plannedBusyMs } = agent;
  if (tasks === 0) return [];
  const utilization = utilizationOf(agent);
  const planned = plannedTasks === 0 ? "none planned" : `${percent(plannedSuccesses / plannedTasks)} planned`;
  const isShort = plannedTasks > 0 && plannedSuccesses / plannedTasks - successes / tasks >= 0.1;
  return [
    {
      feedback_id: `P19_AGENT_${agentId}`,
      feedback_type: "agent_performance",
      confidence: score ?? 0,
      description: `${agentId} ended ${countOf(tasks, "task")}, ${percent(successes / tasks)} with success (${planned})`,
      recommendation: isShort ? "Give it fewer of the tasks it fails at" : "Keep its share of the work",
      supporting_evidence: [
        `${successes} of ${countOf(tasks, "task")} succeeded`,
        `busy ${busyMs.toFixed(0)} ms, ${plannedBusyMs.toFixed(0)} ms planned`,
        utilization === null ? "no time passed" : `utilization ${percent(utilization)}`,
      ],
    },
  ];
}

function describeWave({ wave, accuracy_score, planned_success_rate, actual_success_rate }: ComparisonRow): string {
  const rates = `success ${(planned_success_rate ?? 0).toFixed(3)} planned, ${(actual_success_rate ?? 0).toFixed(3)} achieved`;
  return `wave ${wave}: accuracy ${accuracy_score!.toFixed(3)}, ${rates}`;
}
