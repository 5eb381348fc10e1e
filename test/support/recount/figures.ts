import type { Scheduled, WaveRows } from "./rows.js";

/** What the rows alone do not say: from the inputs of the run. */
export interface Inputs {
  /** Predecessors by task. */
  readonly dependsOn: ReadonlyMap<string, readonly string[]>;
  /** Slots by agent; one where absent. */
  readonly slots: ReadonlyMap<string, number>;
  readonly isReal: boolean;
}

/** The figures of one wave, counted from its rows. */
export interface WaveFigures {
  readonly wave: number;
  readonly total: number;
  readonly completed: number;
  readonly failed: number;
  readonly deferred: number;
  readonly retries: number;
  readonly reassigned: number;
  /** Tasks that the success rates are of, their Σ of chances, and their completed ones. */
  readonly assigned: { readonly tasks: number; readonly planned: number; readonly completed: number };
  readonly plannedRate: number | null;
  readonly actualRate: number | null;
  readonly plannedGain: number | null;
  readonly actualGain: number | null;
  readonly makespanMs: number | null;
  readonly throughputPerS: number | null;
  readonly adherence: number | null;
  readonly judged: { readonly tasks: number; readonly kept: number };
  readonly utilization: number | null;
  readonly hasGuess: boolean;
  /** Planned tasks with a deadline, and the ids of those that were to end, and did end, after it. */
  readonly late: { readonly timed: number; readonly planned: readonly string[]; readonly actual: readonly string[] };
}

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
export const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : sum(values) / values.length;

export function figuresOf(rows: WaveRows, inputs: Inputs): WaveFigures {
  const { planned, scheduled, deferred, gate } = rows;
  const completed = scheduled.filter(({ status }) => status === "completed").length;
  const isWhole = deferred.every(({ stage }) => stage !== "unreported");
  const isCutOff = deferred.some(({ stage, reason }) => stage === "execution" && reason === "the run was interrupted");
  const endMs = Math.max(0, ...scheduled.map((row) => row.actual_end_time));
  const planOf = new Map(planned.map((plan) => [plan.task_id, plan]));
  const told = scheduled.filter((row) => row.confidence_delta !== null);
  const compared = told.length > 0 ? told : scheduled;
  const timed = scheduled.filter((row) => planOf.get(row.task_id)!.duration_is_default !== true);
  const kept = timed.filter((row) => keptToSchedule(row, rows));
  const ids = new Set([...planned, ...deferred, ...gate].map(({ task_id }) => task_id));
  const assigned = assignedOf(rows, inputs);
  const slots = sum(rows.agentIds.map((id) => inputs.slots.get(id) ?? 1));
  const heldMs = sum(rows.attempts.map((one) => Math.max(0, one.actual_end_time - one.actual_start_time)));
  return {
    wave: rows.wave,
    ...{ total: ids.size, completed, failed: scheduled.length - completed, deferred: deferred.length },
    retries: sum(scheduled.map(({ retry_count }) => retry_count)),
    reassigned: scheduled.filter((row) => row.agent_id !== row.planned_agent_id).length,
    assigned,
    plannedRate: assigned.tasks === 0 ? null : assigned.planned / assigned.tasks,
    actualRate: assigned.tasks === 0 ? null : assigned.completed / assigned.tasks,
    plannedGain: mean(compared.map((row) => planOf.get(row.task_id)!.predicted_confidence_delta)),
    actualGain: mean(told.map((row) => row.confidence_delta!)),
    makespanMs: isWhole && !isCutOff && scheduled.length > 0 ? endMs : null,
    throughputPerS: isWhole && endMs > 0 ? (1000 * completed) / endMs : null,
    adherence: timed.length === 0 ? null : kept.length / timed.length,
    judged: { tasks: timed.length, kept: kept.length },
    utilization: isWhole && endMs > 0 ? Math.min(1, heldMs / (slots * endMs)) : null,
    hasGuess: planned.some((plan) => plan.duration_is_default === true),
    late: lateOf(rows),
  };
}

function lateOf({ planned, scheduled }: WaveRows): WaveFigures["late"] {
  const timed = planned.filter(({ deadline_ms: deadline }) => deadline !== undefined);
  const after = (endOf: (plan: WaveRows["planned"][number]) => number | undefined): string[] =>
    timed
      .filter((plan) => (endOf(plan) ?? 0) > plan.deadline_ms! + 1e-6 * Math.max(1, plan.deadline_ms!))
      .map(({ task_id }) => task_id)
      .sort();
  const endOf = new Map(scheduled.map((row) => [row.task_id, row.actual_end_time]));
  return {
    timed: timed.length,
    planned: after((plan) => plan.planned_end_time),
    actual: after((plan) => endOf.get(plan.task_id)),
  };
}

/** Every attempt by the planned agent, the end within the task's own interval. */
function keptToSchedule(row: Scheduled, { planned, attempts }: WaveRows): boolean {
  const plan = planned.find(({ task_id }) => task_id === row.task_id)!;
  const [low, high] = plan.end_interval_ms;
  const slack = 1e-9 * Math.max(1, high);
  const own = attempts.filter(({ task_id }) => task_id === row.task_id);
  return (
    own.every(({ agent_id }) => agent_id === plan.agent_id) &&
    row.actual_end_time >= low - slack &&
    row.actual_end_time <= high + slack
  );
}

/** Planned tasks whose end is known: run to their end, or not started for good for a reason of the wave. */
function assignedOf({ planned, scheduled, deferred }: WaveRows, { dependsOn }: Inputs): WaveFigures["assigned"] {
  const known = new Set([
    ...scheduled.map(({ task_id }) => task_id),
    ...deferred
      .filter(
        ({ stage, reason, final }) => final && stage === "execution" && !reason.startsWith("the run was interrupted"),
      )
      .map(({ task_id }) => task_id),
  ]);
  const chances = chancesOf(planned, dependsOn, known);
  return {
    tasks: chances.length,
    planned: sum(chances),
    completed: scheduled.filter(({ status }) => status === "completed").length,
  };
}

/** The chance of each of these planned tasks that it and all it waits for in the wave succeed. */
function chancesOf(planned: WaveRows["planned"], dependsOn: Inputs["dependsOn"], of: ReadonlySet<string>): number[] {
  const chanceOf = new Map(planned.map((plan) => [plan.task_id, plan.predicted_success_probability]));
  const ancestorsOf = (taskId: string, found = new Set<string>()): Set<string> => {
    for (const before of dependsOn.get(taskId) ?? []) {
      if (!chanceOf.has(before) || found.has(before)) continue;
      found.add(before);
      ancestorsOf(before, found);
    }
    return found;
  };
  return planned
    .filter(({ task_id }) => of.has(task_id))
    .map(({ task_id }) => [task_id, ...ancestorsOf(task_id)].reduce((product, id) => product * chanceOf.get(id)!, 1));
}

/** The five metrics: means over the waves that could measure them. */
export function metricsOf(
  waves: readonly WaveFigures[],
  plannedThroughput: (wave: number) => number | null,
): Readonly<Record<string, { readonly value: number | null; readonly waves: number }>> {
  const over = (measure: (wave: WaveFigures) => number | null): { value: number | null; waves: number } => {
    const values = waves.flatMap((wave) => measure(wave) ?? []);
    return { value: mean(values), waves: values.length };
  };
  return {
    schedule_accuracy: over((w) =>
      w.plannedRate === null || w.actualRate === null ? null : 1 - Math.abs(w.plannedRate - w.actualRate),
    ),
    throughput_efficiency: over((w) => (w.hasGuess ? null : efficiencyOf(plannedThroughput(w.wave), w.throughputPerS))),
    agent_utilization: over((w) => w.utilization),
    confidence_trajectory: over((w) => {
      if (w.plannedGain === null || w.actualGain === null) return null;
      const change = (w.actualGain - w.plannedGain) / Math.max(Math.abs(w.plannedGain), 0.01);
      return Math.min(2, Math.max(0, 1 + change));
    }),
    schedule_adherence: over((w) => w.adherence),
  };
}

export function efficiencyOf(planned: number | null, actual: number | null): number | null {
  if (planned === null || actual === null) return null;
  return planned <= 0 || actual <= 0 ? 0 : Math.min(planned / actual, actual / planned);
}

/** Health by the weights of the file contract, over what was measured. */
export function healthOf(metrics: ReturnType<typeof metricsOf>, numAnomalies: number): number {
  const parts = [
    [0.4, metrics["schedule_accuracy"]!.value],
    [0.3, metrics["schedule_adherence"]!.value],
    [0.2, metrics["throughput_efficiency"]!.value],
  ] as const;
  const stability = Math.max(0, 1 - 0.1 * numAnomalies);
  if (parts[0][1] === null) return 10 * stability;
  const measured = parts.flatMap(([weight, value]) => (value === null ? [] : [[weight, value] as const]));
  const total = sum(measured.map(([weight, value]) => weight * value)) + 0.1 * stability;
  return (100 * total) / (sum(measured.map(([weight]) => weight)) + 0.1);
}
