import { type Draft, pick, type Tampering } from "./tampering.js";

/** A lie is told where the number moves by more than rounding. */
const differs = (a: number | null | undefined, b: number | null | undefined): boolean =>
  typeof a === "number" && typeof b === "number" && Math.abs(a - b) > 1e-5 * Math.max(1, Math.abs(a), Math.abs(b));

/** Puts another number into every place that states a bound. */
function claimBound(draft: Draft, bound: number): void {
  draft.objective.bound = bound;
  draft.objective.gap = 0;
  if (draft.certificate !== null) draft.certificate.bound = bound;
}

function claimOptimal(draft: Draft): void {
  draft.termination = "optimal";
  draft.limit = null;
}

function shiftTimes(draft: Draft, change: (timeMs: number) => number): void {
  for (const row of draft.schedule) {
    [row.start_ms, row.end_ms] = [change(row.start_ms), change(row.end_ms)];
    row.end_interval_ms = [change(row.end_interval_ms[0]), change(row.end_interval_ms[1])];
  }
}

/**
 * Lies told in every place at once, so that nothing in the result contradicts anything else in it: only the problem knows better. Each
 * changes several fields; `"false"` only where a number that it states is wrong beyond rounding.
 */
export const CLEVER_TAMPERINGS: Record<string, Tampering> = {
  "an open gap closed, certificate and all": (draft, { before }) => {
    const { value } = draft.objective;
    if (value === null || draft.certificate === null || !differs(before.certificate?.bound, value)) return null;
    claimBound(draft, value);
    claimOptimal(draft);
    draft.objective.bound_by = "certificate";
    // An optimum by search is one: its multipliers may prove it too, once the goals before it are taken as settled.
    return before.termination === "optimal" ? "undecided" : "false";
  },
  "value, bound and certificate improved alike": (draft, { before }) => {
    const { value, sense } = draft.objective;
    if (value === null || draft.certificate === null) return null;
    const better = value + (sense === "max" ? 1 : -1) * 1e-3 * Math.max(1, Math.abs(value));
    draft.objective.value = better;
    claimBound(draft, better);
    claimOptimal(draft);
    return differs(better, before.objective.value) ? "false" : null;
  },
  "everything twice as much": (draft, { before }) => {
    const { objective, certificate } = draft;
    if (objective.value === null || !differs(objective.value, 2 * objective.value)) return null;
    objective.value *= 2;
    if (objective.bound !== null) objective.bound *= 2;
    if (certificate !== null) certificate.bound *= 2;
    return before.objective.value === 0 ? null : "false";
  },
  "two tasks exchanged everywhere": (draft, { instance, random }) => {
    const [one, other] = [pick(draft.schedule, random), pick(draft.schedule, random)];
    if (one === undefined || other === undefined || one.agent_id === other.agent_id) return null;
    const [first, second] = [one.task_id, other.task_id];
    const renamed = (id: string): string => (id === first ? second : id === second ? first : id);
    for (const row of draft.schedule) row.task_id = renamed(row.task_id);
    for (const id of Object.keys(draft.agent_assignments))
      draft.agent_assignments[id] = draft.agent_assignments[id]!.map(renamed);
    const pairs = [first, second].map((id) => instance.pairStart[instance.taskIds.indexOf(id)]!);
    const [a, b] = pairs.map((pair) => instance.busyMs[pair]);
    return differs(a, b) ? "false" : "undecided";
  },
  "all times doubled": (draft) => {
    if (!(draft.schedule.at(-1)?.end_ms ?? 0)) return null;
    shiftTimes(draft, (timeMs) => 2 * timeMs);
    if (draft.expected.makespan_ms !== null) draft.expected.makespan_ms *= 2;
    const { forecast } = draft;
    if (forecast !== null) {
      for (const part of ["mean", "p5", "p95"] as const) forecast.makespan_ms[part] *= 2;
    }
    return "false";
  },
  "all starts before the wave": (draft) => {
    if (draft.schedule.length === 0) return null;
    shiftTimes(draft, (timeMs) => timeMs - 1);
    return "false";
  },
  "success promised everywhere": (draft) => {
    if (draft.schedule.every((row) => row.success_probability === 1)) return null;
    for (const row of draft.schedule) row.success_probability = 1;
    [draft.expected.success_rate, draft.expected_success_rate, draft.confidence] = [1, 1, 0.99];
    if (draft.forecast !== null) draft.forecast.success_rate = { mean: 1, p5: 1, p95: 1 };
    return "false";
  },
  "nothing deferred": (draft) => {
    if (draft.deferred_tasks.length === 0) return null;
    for (const { task_id } of draft.deferred_tasks) delete draft.task_priorities[task_id];
    draft.deferred_tasks = [];
    return "false";
  },
  "infeasible, and why": (draft, { instance, before }) => {
    if (instance.deferral.kind === "forbidden" || before.objective.value === null) return null;
    emptyPlan(draft);
    draft.termination = "infeasible";
    draft.limit = null;
    draft.conflict = { tasks: [], agents: [], limits: ["budget"], explanation: "none", verified: true, minimal: true };
    return "false";
  },
  "an agent named like a prototype": (draft) => {
    const [id] = Object.keys(draft.agent_assignments);
    if (id === undefined || draft.agent_assignments[id]!.length === 0) return null;
    Object.defineProperty(draft.agent_assignments, "__proto__", {
      ...{ value: draft.agent_assignments[id], enumerable: true, configurable: true, writable: true },
    });
    delete draft.agent_assignments[id];
    return "false";
  },
  "two ids as one text": (draft) => {
    const long = Object.entries(draft.agent_assignments).find(([, ids]) => ids.length > 1);
    if (long === undefined) return null;
    draft.agent_assignments[long[0]] = [long[1].join("\n")];
    return "false";
  },
  "another problem's hash": (draft) => {
    draft.problem_sha256 = draft.problem_sha256.replace(/^./, (digit) => (digit === "0" ? "1" : "0"));
    return "false";
  },
  "an option of what is solved": (draft, { random }) => {
    const { options } = draft;
    const change = pick(
      [
        () => (options.no_defer = !options.no_defer),
        () => (options.budget = options.budget === null ? 1e9 : options.budget + 1),
        () => (options.max_retries += 1),
        () => (options.risk_aversion += 0.25),
        () => (options.defer_penalty = options.defer_penalty === null ? 1 : options.defer_penalty * 2),
      ],
      random,
    )!;
    change();
    return "false";
  },
  "fewer draws of a solve that a clock ended": (draft) => {
    if (draft.forecast === null || draft.forecast.draws !== undefined) return null;
    draft.reproducible = false;
    draft.forecast.draws = 40;
    const { p5, p95 } = draft.forecast.makespan_ms;
    return differs(p5, p95) ? "false" : "undecided";
  },
  "a cost of the load limit": (draft, { before }) => {
    const { value } = draft.objective;
    if (value === null || before.limits.costs !== null) return null;
    draft.limits.costs = { without: value, by: 0.5 };
    return "false";
  },
  "a schedule twice": (draft) => {
    if (draft.schedule.length === 0) return null;
    draft.schedule.push({ ...draft.schedule[0]! });
    return "false";
  },
};

function emptyPlan(draft: Draft): void {
  const { objective } = draft;
  [draft.schedule, draft.deferred_tasks, draft.task_priorities] = [[], [], {}];
  for (const id of Object.keys(draft.agent_assignments)) draft.agent_assignments[id] = [];
  Object.assign(objective, { value: null, bound: null, bound_by: null, gap: null, secondary: null });
  delete objective.terms;
  Object.assign(draft, { certificate: null, forecast: null, exploration: null, confidence: 0.1 });
  Object.assign(draft, { expected_success_rate: null, expected_throughput: null, expected_confidence_delta: null });
  const utilization = Object.fromEntries(Object.keys(draft.expected.utilization).map((id) => [id, null]));
  for (const key of Object.keys(draft.expected)) Object.assign(draft.expected, { [key]: null });
  draft.expected.utilization = utilization;
}
