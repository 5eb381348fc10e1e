import {
  attemptChances,
  attemptDistribution,
  attemptTime,
  bestBaseline,
  forecastResult,
  GAIN_SPREAD,
  problemSha256,
  retriesAllowed,
} from "../../planner/index.js";
import {
  requireNamed,
  type Agent,
  compareIds,
  type FullProblem,
  type Heuristics,
  InputError,
  isRiskLevel,
  type PlannedTaskRecord,
  type RiskLevel,
  type ScheduledEntry,
  type ResultDocument,
  type WaveRecord,
  PLAIN_AGENT,
} from "../../domain/index.js";
import { referenceOf } from "../execute/wave-reference.js";
import type { Outcomes } from "../files/reported-outcomes.js";
import type { Phases } from "../files/phases.js";
import { buildPlannedTasks } from "../execute/planned-tasks.js";
import { joinOutcomes, type ReportedTask } from "./join-outcomes.js";
import { askGateAgain } from "./real-gate.js";
import { layOut } from "./lay-out.js";

/** A wave that somebody else has run, as a record of ours. */
export interface RealWave {
  readonly record: WaveRecord;
  readonly agents: readonly Agent[];
  /** Tasks of the wave, from the task file where there is one. */
  readonly tasks: Phases["tasks"];
}

/**
 * Joins a plan with its reported outcomes.
 *
 * @param problem the full problem of the plan, null where it was not saved: then attempts' times have the default spread,
 * and there is neither forecast nor baseline
 * @returns what a user should hear besides: outcomes of tasks that were not in the plan
 * @throws InputError where a task has two outcomes, an agent is unknown, risk or confidence of a task is nowhere to be
 * found, or the problem is not that of the plan
 */
export function readRealWave(
  result: ResultDocument,
  outcomes: Outcomes,
  problem: FullProblem | null,
): { readonly wave: RealWave; readonly warnings: readonly string[] } {
  if (problem !== null && problemSha256(problem) !== result.problem_sha256) {
    throw new InputError(
      "options.problem",
      "is not the problem this result was found for; give the one solve saved with it",
    );
  }
  const wave = waveOf(result, outcomes);
  const { byTask, strangers } = joinOutcomes(result, outcomes.rows, wave);
  const { heuristics } = outcomes;
  const maxRetries = result.options.max_retries;
  const kinds = new Map(outcomes.tasks.map(({ task }) => [task.taskId, task]));
  const planned =
    problem === null
      ? result.schedule
          .map((entry) =>
            plannedFromResult(entry, result, byTask.get(entry.task_id), kinds.get(entry.task_id), heuristics),
          )
          .sort((a, b) => compareIds(a.taskId, b.taskId))
      : buildPlannedTasks(problem, result, { maxRetries, heuristics });
  const agents = problem?.agents ?? agentsOf(result);
  const ran = layOut(planned, agents, byTask, heuristics);
  const ranIds = new Set(outcomes.rows.map(({ taskId }) => taskId));
  const gate = askGateAgain({ result, planned, tasks: outcomes.tasks, problem, wave, ranIds });
  const reference = problem !== null && byTask.size === planned.length ? referenceOf(problem) : null;
  const strategy = requireNamed(result, "evaluated");
  const record: WaveRecord = {
    ...{ wave, execution: "real", strategy, result, planned },
    strategyReason: "the plan was made for it",
    agents: agents.map(({ agentId, slots, availableFromMs }) => ({ agentId, slots, availableFromMs })),
    gate: gate.decisions,
    forecast: problem && forecastResult(problem, result, { seed: result.seed, heuristics }).forecast,
    tasks: ran,
    deferrals: withWaiting(deferralsOf(result, planned, byTask, wave), problem),
    baseline: problem && bestBaseline(problem, result),
    ...(reference && { reference }),
  };
  const ids = new Set(planned.map(({ taskId }) => taskId));
  const tasks = outcomes.tasks.filter(({ task }) => ids.has(task.taskId));
  return { wave: { record, agents, tasks }, warnings: [...strangers, ...gate.warnings] };
}

/** What the result itself, the task file and the outcome say of a task. */
function plannedFromResult(
  entry: ScheduledEntry,
  result: ResultDocument,
  outcome: ReportedTask | undefined,
  task: Phases["tasks"][number]["task"] | undefined,
  heuristics: Heuristics,
): PlannedTaskRecord {
  const riskLevel = riskOf(entry.task_id, outcome, task?.riskLevel);
  const confidence = task?.confidence ?? outcome?.confidenceBefore ?? null;
  if (confidence === null) throw unknownTask(entry.task_id, "confidence", "confidence_before");
  const attempts = 1 + entry.retries;
  const numRetries = retriesAllowed(riskLevel, heuristics, result.options.max_retries);
  const durationMs = (entry.end_ms - entry.start_ms) / attempts;
  return {
    taskId: entry.task_id,
    agentId: entry.agent_id,
    ...{ slot: entry.slot, startMs: entry.start_ms, endMs: entry.end_ms, endIntervalMs: entry.end_interval_ms },
    ...{ riskLevel, confidence, taskType: task?.taskType ?? outcome?.taskType ?? null },
    weight: task?.weight ?? 1,
    priority: result.task_priorities[entry.task_id] ?? 1,
    dependsOn: (task?.dependsOn ?? []).filter((before) => result.schedule.some(({ task_id }) => task_id === before)),
    ...(task !== undefined && task.deadlineMs !== null && { deadlineMs: task.deadlineMs }),
    successProbability: entry.success_probability,
    attemptProbabilities: attemptChances(attemptDistribution(entry.success_probability, attempts, numRetries)).success,
    durationMs,
    durationLogSpread: attemptTime({ durationMs, standardErrors: NO_ERRORS }).sigma,
    retries: entry.retries,
    confidenceDelta: entry.confidence_delta,
    confidenceDeltaSpread: GAIN_SPREAD.noise,
    cost: 0,
    reason: "as the result says",
  };
}

const NO_ERRORS = { successProbability: 0, durationMs: 0, retries: 0, confidenceDelta: 0, cost: 0 };

function riskOf(taskId: string, outcome: ReportedTask | undefined, word: string | undefined): RiskLevel {
  if (word !== undefined && isRiskLevel(word)) return word;
  const reported = outcome?.riskLevel ?? null;
  if (reported !== null) return reported;
  throw unknownTask(taskId, "risk", "risk_level");
}

function unknownTask(taskId: string, what: string, field: string): InputError {
  return new InputError(
    `task "${taskId}"`,
    `its ${what} is not known; give the task file with --tasks or --phase16, the saved problem with --problem, or ${field} in its outcome`,
  );
}

/** Slots and availability as far as the schedule shows them. */
function agentsOf({ agent_assignments, schedule }: ResultDocument): Agent[] {
  return Object.keys(agent_assignments)
    .sort(compareIds)
    .map((agentId) => {
      const entries = schedule.filter((entry) => entry.agent_id === agentId);
      return {
        ...PLAIN_AGENT,
        agentId,
        slots: entries.reduce((most, { slot }) => Math.max(most, slot + 1), 1),
        availableFromMs: entries.length === 0 ? 0 : Math.min(...entries.map(({ start_ms }) => start_ms)),
      };
    });
}

/** A plan may hold tasks that earlier waves put off; its own wave is the last of them. */
function waveOf(result: ResultDocument, { tasks, rows }: Outcomes): number {
  const ids = new Set([...result.schedule, ...result.deferred_tasks].map(({ task_id }) => task_id));
  const ofTasks = tasks.filter(({ task }) => ids.has(task.taskId)).map(({ wave }) => wave);
  if (ofTasks.length > 0) return ofTasks.reduce((last, wave) => Math.max(last, wave));
  return rows.find(({ taskId }) => ids.has(taskId))?.wave ?? 1;
}

/** Only the saved problem knows how often a task was put off before. */
function withWaiting(deferrals: WaveRecord["deferrals"], problem: FullProblem | null): WaveRecord["deferrals"] {
  const before = new Map((problem?.tasks ?? []).map(({ taskId, wavesWaited }) => [taskId, wavesWaited]));
  return deferrals.map((deferral) => {
    const waited = before.get(deferral.taskId);
    return waited === undefined || deferral.stage === "unreported"
      ? deferral
      : { ...deferral, wavesWaited: waited + 1 };
  });
}

/** What the plan deferred, and planned tasks nobody reported on. */
function deferralsOf(
  result: ResultDocument,
  planned: readonly PlannedTaskRecord[],
  byTask: ReadonlyMap<string, ReportedTask>,
  wave: number,
): WaveRecord["deferrals"] {
  const held = new Map(result.gate.filter(({ approval }) => approval === "deferred").map((row) => [row.task_id, row]));
  return [
    ...result.deferred_tasks.map(({ task_id, reason }) => {
      const hold = held.get(task_id)?.hold;
      return {
        ...{ taskId: task_id, wave, reason, isFinal: true, ...(hold !== undefined && { hold }) },
        stage: held.has(task_id) ? ("gate" as const) : ("plan" as const),
      };
    }),
    ...planned
      .filter(({ taskId }) => !byTask.has(taskId))
      .map(({ taskId }) => ({
        ...{ taskId, wave, isFinal: true, reason: "no outcome was reported" },
        stage: "unreported" as const,
      })),
  ];
}
