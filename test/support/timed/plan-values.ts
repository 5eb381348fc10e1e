import type { SmallPlan } from "./every-plan.js";
import type { TimedOption, TimedWave } from "./wave.js";

/** Everything a plan is worth, counted from the document's numbers. */
export interface PlanValues {
  readonly deferredWeight: number;
  readonly numDeferred: number;
  /** Σ w P Π P over ancestors: a task runs only where all of them succeeded. */
  readonly success: number;
  /** Σ w δ Π P over ancestors. */
  readonly confidence_delta: number;
  readonly belowGate: number;
  readonly retries: number;
  readonly cost: number;
  readonly makespan_ms: number;
  readonly max_load_ms: number;
  readonly spread_ms: number;
}

/** The strategies with one first goal: before it, in order; first; second. */
export const PLAIN_GOALS = {
  maximize_success: { before: [], first: "success", second: "makespan_ms" },
  maximize_throughput: { before: [], first: "makespan_ms", second: "success" },
  balance_load: { before: [], first: "max_load_ms", second: "spread_ms" },
  minimize_retries: { before: ["belowGate"], first: "retries", second: "makespan_ms" },
  confidence_optimization: { before: [], first: "confidence_delta", second: "makespan_ms" },
  minimize_cost: { before: [], first: "cost", second: "makespan_ms" },
} as const;
export type TimedStrategy = keyof typeof PLAIN_GOALS;

/** The makespan is that of the plan: the end of its last task. `sharesSpread`: agents whose slots count in the spread. */
export function valuesOf(wave: TimedWave, plan: SmallPlan, sharesSpread: readonly boolean[]): PlanValues {
  const { tasks } = wave;
  const chosen = tasks.map(({ options }, task) => options.find(({ agent }) => agent === plan.agentOf[task]));
  const sum = (term: (option: TimedOption, task: number) => number): number =>
    chosen.reduce((total, option, task) => (option === undefined ? total : total + term(option, task)), 0);
  const chance = (task: number): number =>
    tasks[task]!.ancestors.reduce((product, other) => product * chosen[other]!.success, 1);
  const loads = wave.agents.map(({ slots }) => new Array<number>(slots).fill(0));
  chosen.forEach((option, task) => {
    if (option !== undefined) loads[option.agent]![plan.slotOf[task]!]! += option.busyMs;
  });
  const shared = loads.filter((_, agent) => sharesSpread[agent]).flat();
  return {
    deferredWeight: tasks.reduce((total, { weight }, task) => total + (chosen[task] === undefined ? weight : 0), 0),
    numDeferred: chosen.filter((option) => option === undefined).length,
    success: sum(({ success }, task) => tasks[task]!.weight * success * chance(task)),
    confidence_delta: sum(({ delta }, task) => tasks[task]!.weight * delta * chance(task)),
    belowGate: sum(({ isBelowGate }, task) => (isBelowGate ? tasks[task]!.weight : 0)),
    retries: sum(({ retries }, task) => tasks[task]!.weight * retries),
    cost: sum(({ cost }) => cost),
    makespan_ms: plan.makespanMs,
    max_load_ms: Math.max(0, ...loads.flat()),
    spread_ms: shared.length === 0 ? 0 : Math.max(...shared) - Math.min(...shared),
  };
}

/** Goals up to the first, all minimised: deferred weight (0 where it is priced), those before the first, the first with its price. */
export function settledValues(wave: TimedWave, strategy: TimedStrategy, values: PlanValues): number[] {
  const { before, first } = PLAIN_GOALS[strategy];
  const price = (wave.penalty ?? 0) * values.numDeferred;
  const zero = wave.penalty === null ? values.deferredWeight : 0;
  return [zero, ...before.map((name) => values[name]), minimised(first, values) + price];
}

/** The second goal, minimised. */
export function secondValue(strategy: TimedStrategy, values: PlanValues): number {
  return minimised(PLAIN_GOALS[strategy].second, values);
}

type GoalName = (typeof PLAIN_GOALS)[TimedStrategy]["first" | "second"];

function minimised(name: GoalName, values: PlanValues): number {
  return name === "success" || name === "confidence_delta" ? -values[name] : values[name];
}
