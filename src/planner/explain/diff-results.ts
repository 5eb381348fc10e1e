import { compareIds, type ExpectedReport, type ScheduledEntry, type ResultDocument } from "../../domain/index.js";
import type { DiffReport } from "../../domain/schemas/index.js";

type DiffedResult = DiffReport["results"][number];
type ObjectiveDiff = NonNullable<DiffReport["objective"]>;
type TaskDiff = DiffReport["tasks"];
type AgentDiff = DiffReport["agents"][number];
type FigureDiff = DiffReport["figures"][number];

const FIGURES = {
  success_rate: "max",
  throughput_per_s: "max",
  makespan_ms: "min",
  confidence_delta: "max",
  retries: "min",
  cost: "min",
} as const satisfies Partial<Record<keyof ExpectedReport, "min" | "max">>;

/** Compares two results of `solve`. O(tasks + agents). */
export function diffResults(first: ResultDocument, other: ResultDocument): DiffReport {
  return {
    schema_version: 1,
    same_problem: first.problem_sha256 === other.problem_sha256,
    objective: objectiveDiff(first, other),
    results: [summaryOf("first", first), summaryOf("other", other)],
    tasks: taskDiff(first, other),
    agents: agentDiffs(first, other),
    figures: (Object.keys(FIGURES) as (keyof typeof FIGURES)[]).map((name) => {
      const values = [first.expected[name], other.expected[name]] as const;
      return { name, values, ...compareValues(...values, FIGURES[name]) };
    }),
  };
}

function summaryOf(name: string, result: ResultDocument): DiffedResult {
  const { strategy, termination, limit, objective, deferred_tasks, what_if = [] } = result;
  const { value, bound, gap } = objective;
  const num_deferred = value === null ? null : deferred_tasks.length;
  return { name, strategy, termination, limit, value, bound, gap, num_deferred, what_if };
}

function objectiveDiff(
  { objective: first }: ResultDocument,
  { objective: other }: ResultDocument,
): ObjectiveDiff | null {
  if (first.name !== other.name || first.name === "mix") return null;
  const { name, sense } = first;
  const known = first.bound !== null && first.value !== null && other.bound !== null && other.value !== null;
  // The best value of either lies between its plan and its bound.
  const [low, high] = sense === "max" ? (["value", "bound"] as const) : (["bound", "value"] as const);
  return {
    ...{ name, sense },
    ...compareValues(first.value, other.value, sense),
    difference_of_best: known ? [other[low]! - first[high]!, other[high]! - first[low]!] : null,
  };
}

/** Difference below which two values are the same, relative. */
const SAME = 1e-9;

function compareValues(
  first: number | null,
  other: number | null,
  sense: "min" | "max",
): Pick<FigureDiff, "difference" | "better"> {
  if (first === null || other === null) return { difference: null, better: null };
  const difference = other - first;
  const isSame = Math.abs(difference) <= SAME * Math.max(1, Math.abs(first), Math.abs(other));
  const isOther = sense === "max" ? difference > 0 : difference < 0;
  return { difference, better: isSame ? "same" : isOther ? "other" : "first" };
}

function taskDiff(first: ResultDocument, other: ResultDocument): TaskDiff {
  const [before, after] = [placesOf(first), placesOf(other)];
  const ids = [...new Set([...before.keys(), ...after.keys()])].sort(compareIds);
  const reasons = new Map(other.deferred_tasks.map(({ task_id, reason }) => [task_id, reason]));
  const pairs = ids.flatMap((task_id) => {
    const [was, is] = [before.get(task_id), after.get(task_id)];
    return was === undefined || is === undefined ? [] : [{ task_id, was, is }];
  });
  const both = pairs.flatMap(({ task_id, was, is }) => (was === null || is === null ? [] : [{ task_id, was, is }]));
  const moved = both.filter(({ was, is }) => was.agent_id !== is.agent_id);
  const retimed = both.filter(({ was, is }) => was.agent_id === is.agent_id && was.start_ms !== is.start_ms);
  const placed = pairs.flatMap(({ task_id, was, is }) =>
    was === null && is !== null ? [{ task_id, to: is.agent_id }] : [],
  );
  const deferred = pairs.flatMap(({ task_id, was, is }) =>
    was !== null && is === null ? [{ task_id, from: was.agent_id, reason: reasons.get(task_id) ?? "" }] : [],
  );
  return {
    unchanged: pairs.length - moved.length - retimed.length - placed.length - deferred.length,
    moved: moved.map(({ task_id, was, is }) => ({ task_id, from: was.agent_id, to: is.agent_id })),
    placed,
    deferred,
    retimed: retimed.map(({ task_id, was, is }) => ({ task_id, start_ms: [was.start_ms, is.start_ms] as const })),
    only_in_first: ids.filter((id) => !after.has(id)),
    only_in_other: ids.filter((id) => !before.has(id)),
  };
}

/** Where each task is; null: it is deferred. */
function placesOf({ schedule, deferred_tasks }: ResultDocument): Map<string, ScheduledEntry | null> {
  return new Map<string, ScheduledEntry | null>([
    ...deferred_tasks.map(({ task_id }): [string, null] => [task_id, null]),
    ...schedule.map((entry): [string, ScheduledEntry] => [entry.task_id, entry]),
  ]);
}

function agentDiffs(first: ResultDocument, other: ResultDocument): AgentDiff[] {
  const ids = new Set([...Object.keys(first.agent_assignments), ...Object.keys(other.agent_assignments)]);
  const loads = [first, other].map(({ schedule }) => {
    const sums = new Map<string, number>();
    for (const { agent_id, start_ms, end_ms } of schedule)
      sums.set(agent_id, (sums.get(agent_id) ?? 0) + end_ms - start_ms);
    return sums;
  });
  const of = (agentId: string, k: 0 | 1): [number | null, number | null] => {
    const tasks = [first, other][k]!.agent_assignments[agentId];
    return tasks === undefined ? [null, null] : [tasks.length, loads[k]!.get(agentId) ?? 0];
  };
  return [...ids].sort(compareIds).map((agent_id) => {
    const [[numFirst, loadFirst], [numOther, loadOther]] = [of(agent_id, 0), of(agent_id, 1)];
    const limits = [first, other].map(({ limits }) => limits.per_agent_ms[agent_id] ?? null);
    return {
      ...{ agent_id, tasks: [numFirst, numOther], load_ms: [loadFirst, loadOther] },
      load_limit_ms: [limits[0]!, limits[1]!],
    };
  });
}
