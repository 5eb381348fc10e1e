import { CUSTOM_STRATEGY, type ResultDocument } from "../../../domain/index.js";
import type { PageDocument, PageTask, PageWave } from "../../../domain/schemas/index.js";
import { agentsOf, costsOf, countsOf, endWithoutOrder, lateOf } from "./page-wave.js";
import { pickWords } from "./page-of-tree.js";
import { describePlan } from "./plain-words.js";
import { troubleOf } from "./trouble.js";

type Figures = PageWave["actual"];

const NO_FIGURES: Figures = {
  ...{ success_rate: null, throughput_per_s: null, confidence_delta: null, makespan_ms: null, cost: null },
};

/** The page of a plan that nobody has run. O(tasks). */
export function pageOfResult(result: ResultDocument): PageDocument {
  const wave = waveOfResult(result, { wave: result.wave ?? 1, tasks: plannedTasks(result), state: "planned" });
  const { total, deferred } = wave.counts;
  const document: Omit<PageDocument, "headline"> = {
    ...EMPTY_PAGE,
    ...{ kind: "plan", state: "finished", strategy: result.strategy, version: result.solver.version },
    ...{ seed: result.seed, ended_at: result.timestamp, duration_ms: result.wall_ms },
    tasks: { total, completed: 0, failed: 0, deferred, open: total - deferred, reassigned: 0, retries: 0 },
    waves: [wave],
    ...(result.conflict !== null && {
      advice: [GIVE_WAY],
      issues: [
        {
          ...{ issue: "The wave has no plan", analysis: result.conflict.explanation },
          ...{ recommendation: GIVE_WAY, timestamp: result.timestamp },
        },
      ],
    }),
  };
  return { ...document, headline: describePlan(document) };
}

const GIVE_WAY = "Give way in one of the limits named, or let tasks be deferred.";

/** What every page has before anything is known. */
export const EMPTY_PAGE = {
  ...{ schema_version: 1, run_id: null, execution: null, gate: null, seed: null },
  ...{ started_at: null, ended_at: null, duration_ms: null, health: null, calibration: null, inputs: null },
  ...{
    metrics: [],
    strategy_effectiveness: {},
    alerts: [],
    issues: [],
    advice: [],
    audit: [],
    hidden_audit: 0,
    history: [],
    answers: null,
  },
} satisfies Partial<PageDocument>;

/** The tasks of a result, before anything ran. */
export function plannedTasks({ schedule }: ResultDocument): PageTask[] {
  return schedule.map((entry) => ({
    ...{ task_id: entry.task_id, agent_id: entry.agent_id, slot: entry.slot },
    ...{ start_ms: entry.start_ms, end_ms: entry.end_ms, end_interval_ms: [...entry.end_interval_ms] },
    ...{ success_probability: entry.success_probability, risk_level: null, task_type: null, depends_on: [] },
    ...{ reason: null, cost: null, state: "planned", attempts: [] },
  }));
}

/** A goal of the caller has no words but its name. */
function wordsOfResult({ strategy, objective: { name, sense } }: ResultDocument): PageWave["strategy_words"] {
  if (strategy !== CUSTOM_STRATEGY) return pickWords(strategy);
  const goal = `${sense === "min" ? "least" : "most"} ${name}`;
  return { title: name, unit: "the caller's unit", goal, adjective: "best" };
}

/** A wave as its result plans it, with what its tasks say of the run so far. */
export function waveOfResult(
  result: ResultDocument,
  { wave, tasks, state }: Pick<PageWave, "wave" | "state"> & { readonly tasks: PageTask[] },
): PageWave {
  const { expected, forecast, limits, objective } = result;
  const costs = costsOf(tasks);
  const agents = agentsOf(Object.keys(result.agent_assignments), tasks, limits.per_agent_ms);
  return {
    ...{
      wave,
      name: state === "planned" && result.wave === undefined ? "the wave" : `wave ${wave}`,
      state,
      strategy: result.strategy,
      strategy_words: wordsOfResult(result),
    },
    ...{ strategy_reason: null, termination: result.termination, baseline: null },
    objective: {
      ...{ name: objective.name, sense: objective.sense },
      ...{ value: objective.value, bound: objective.bound, gap: objective.gap },
    },
    counts: countsOf(tasks, result.deferred_tasks.length),
    planned: {
      success_rate: expected.success_rate,
      throughput_per_s: forecast?.throughput_per_s.mean ?? expected.throughput_per_s,
      ...{ confidence_delta: expected.confidence_delta, cost: expected.cost || null },
      makespan_ms: forecast?.makespan_ms.mean ?? expected.makespan_ms,
    },
    planned_makespan_of: expected.makespan_ms === null ? null : forecast === null ? "schedule" : "forecast",
    actual: { ...NO_FIGURES, cost: costs.actual },
    schedule_adherence: null,
    late: lateOf(tasks),
    agents,
    stages: result.attempts.map((stage) => ({ ...stage })),
    ...{ tasks, hidden_tasks: 0, ...endWithoutOrder(tasks), problem_file: null },
    deferred: result.deferred_tasks.map(({ task_id, reason }) => ({ task_id, stage: "plan", reason, final: false })),
    ...{ down_agents: [], trouble: troubleOf(tasks, agents) },
  };
}
