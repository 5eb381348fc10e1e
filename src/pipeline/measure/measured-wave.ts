import {
  compareIds,
  type GoalWeights,
  InputError,
  type MetricName,
  type StrategyName,
  type Termination,
  type WaveRecord,
} from "../../domain/index.js";
import { isEnded } from "../../planner/index.js";
import { type ScheduleAdherence, scheduleAdherence } from "../execute/adherence.js";
import { isTimeGuessed } from "../execute/guessed-time.js";
import { type DeferralKind, deferralKinds } from "./deferral-kinds.js";
import { type LateTasks, lateTasks } from "./late-tasks.js";
import { checkRecord } from "./check-record.js";
import { meanOf } from "./accuracy.js";
import { type AssignedOutcome, assignedOutcome } from "./assigned-outcome.js";
import { type AgentStats, measureAgents } from "./agent-stats.js";
import { waveMetrics } from "./wave-metrics.js";
import { measureOutcome, type StartedTask, type WaveOutcome } from "./wave-outcome.js";

/** A wave that has ended, measured: what feedback, monitor, learning and documents read. */
export interface MeasuredWave {
  readonly record: WaveRecord;
  readonly started: readonly StartedTask[];
  /** Those of them that no interruption cut off. */
  readonly ended: readonly StartedTask[];
  readonly adherence: ScheduleAdherence;
  readonly stats: WaveStats;
}

/** What is kept of a wave once its record is let go: numbers, and no task. */
export interface WaveStats {
  readonly wave: number;
  readonly strategy: StrategyName;
  /** Of `mix`. */
  readonly weights: GoalWeights;
  readonly agentIds: readonly string[];
  readonly termination: Termination;
  /** Of the objective to its bound. */
  readonly gap: number | null;
  /** The wave had approved tasks and the solver gave no plan for them. */
  readonly lacksPlan: boolean;
  /** Tasks the wave had to do with, each once. A plan that somebody else ran has passed no gate of ours. */
  readonly numTasks: number;
  /** Deferrals that are final, tasks that nobody reported on among them. */
  readonly numFinalDeferrals: number;
  /** The same by what would have to change; kinds without any are absent. */
  readonly finalDeferrals: Readonly<Partial<Record<DeferralKind, number>>>;
  /** Tasks that nobody reported on. */
  readonly numUnreported: number;
  /** Tasks put off in this wave and in at least two before it, those that wait longest first. */
  readonly starving: readonly { readonly taskId: string; readonly wavesWaited: number; readonly kind: DeferralKind }[];
  /** Started tasks that kept to their schedule, of those whose time was no guess. */
  readonly numAdhered: number;
  readonly numTimed: number;
  /** Planned times were a guess, so that the pace of the wave says nothing of the plan. */
  readonly hasGuessedTimes: boolean;
  /** Tasks whose last attempt was not made by the planned agent. */
  readonly numReassigned: number;
  readonly late: LateTasks;
  /**
   * Of the tasks that ran to their end: read by feedback, rewards and goals. Differs from `started` where an interruption
   * cut tasks off; these say nothing of an agent.
   */
  readonly ended: WaveOutcome;
  /** Of every task that was started: read by the monitor and by the wave's summary. */
  readonly started: WaveOutcome;
  /** Of every task of the plan whose end is known: what the success rates of the wave are of. */
  readonly assigned: AssignedOutcome;
  /**
   * Mean end of the forecast, else what the result expects of all planned tasks, as the wave's summary has it. Differs from
   * `makespanMs.planned`, which looks at the schedule of the tasks that ran where there is no forecast.
   */
  readonly expectedMakespanMs: number | null;
  readonly metrics: Readonly<Record<MetricName, number | null>>;
  readonly agents: readonly AgentStats[];
}

/** Records do not change, and whoever asks for a figure of a wave asks with its record. */
const MEASURED = new WeakMap<WaveRecord, MeasuredWave>();

/**
 * The figures of a wave, computed once a record. O(agents + tasks + attempts).
 * @throws InputError where the record is none, or a task was started that was not planned
 */
export function measureWave(record: WaveRecord): MeasuredWave {
  checkRecord(record);
  const known = MEASURED.get(record);
  if (known !== undefined) return known;
  const started = joinPlans(record);
  const ended = started.filter(({ task }) => isEnded(task));
  const adherence = scheduleAdherence(record.planned, record.tasks, record.execution);
  const measured = { record, started, ended, adherence, stats: statsOf(record, started, ended, adherence) };
  MEASURED.set(record, measured);
  return measured;
}

function joinPlans(record: WaveRecord): StartedTask[] {
  const plans = new Map(record.planned.map((plan) => [plan.taskId, plan]));
  return record.tasks.map((task) => {
    const plan = plans.get(task.taskId);
    if (plan === undefined) {
      throw new InputError(
        "record.tasks",
        `"${task.taskId}" was started in wave ${record.wave} and is not in record.planned`,
      );
    }
    return { plan, task };
  });
}

/** Deferrals of one task from which on it starves. */
const STARVING_DEFERRALS = 3;

function starvingOf(record: WaveRecord): WaveStats["starving"] {
  const kindOf = deferralKinds(record);
  return record.deferrals
    .map((deferral) => ({ taskId: deferral.taskId, wavesWaited: deferral.wavesWaited ?? 0, kind: kindOf(deferral) }))
    .filter(({ wavesWaited }) => wavesWaited >= STARVING_DEFERRALS)
    .sort((a, b) => b.wavesWaited - a.wavesWaited || compareIds(a.taskId, b.taskId));
}

function countKinds(record: WaveRecord): WaveStats["finalDeferrals"] {
  const kindOf = deferralKinds(record);
  const counts: Partial<Record<DeferralKind, number>> = {};
  for (const deferral of record.deferrals) {
    if (deferral.isFinal) counts[kindOf(deferral)] = (counts[kindOf(deferral)] ?? 0) + 1;
  }
  return counts;
}

function statsOf(
  record: WaveRecord,
  started: readonly StartedTask[],
  ended: readonly StartedTask[],
  adherence: ScheduleAdherence,
): WaveStats {
  const { gate, planned, deferrals, forecast, result } = record;
  const { termination, objective, expected } = result;
  const hasNoPlan = termination === "infeasible" || termination === "no_solution" || termination === "error";
  const assigned = assignedOutcome(record, ended);
  const [ofStarted, ofEnded] = [measureOutcome(record, started), measureOutcome(record, ended)];
  return {
    wave: record.wave,
    strategy: record.strategy,
    weights: result.options.weights,
    agentIds: record.agents.map(({ agentId }) => agentId),
    termination,
    gap: objective.gap,
    lacksPlan: hasNoPlan && gate.some(({ approval }) => approval === "approved"),
    numTasks: new Set([...gate, ...planned, ...deferrals].map(({ taskId }) => taskId)).size,
    numFinalDeferrals: deferrals.filter(({ isFinal }) => isFinal).length,
    finalDeferrals: countKinds(record),
    starving: starvingOf(record),
    numUnreported: deferrals.filter(({ stage }) => stage === "unreported").length,
    numAdhered: adherence.numKept,
    numTimed: adherence.numJudged,
    hasGuessedTimes: planned.some((plan) => isTimeGuessed(plan, record.execution)),
    late: lateTasks(planned, record.tasks),
    numReassigned: started.filter(({ task }) => task.agentId !== task.plannedAgentId).length,
    ended: ofEnded,
    started: ofStarted,
    assigned,
    expectedMakespanMs: forecast === null ? expected.makespan_ms : meanOf(forecast.makespanMs),
    metrics: waveMetrics(record, { started: ofStarted, assigned }, adherence.overall),
    agents: measureAgents(record, started, ended, {
      endedMs: ofEnded.makespanMs.actual,
      startedMs: ofStarted.makespanMs.actual,
    }),
  };
}
