import { type Assignment, DEFERRED, findPair, type Instance } from "../../../models/index.js";
import {
  type FullProblem,
  type Heuristics,
  NO_HEURISTICS,
  RISK_LEVELS,
  type RiskLevel,
  type SolveOptions,
  type ResultDocument,
} from "../../domain/index.js";
import { LEAST_DRAWS } from "../forecast/draws-in-time.js";
import { forecastReport } from "../forecast/forecast-report.js";
import type { PlacedEntry } from "../forecast/schedule-wave.js";
import {
  type PlayedSchedule,
  predecessorsOf,
  replicationsFor,
  simulateSchedule,
  type SimulationResult,
} from "../forecast/simulate-schedule.js";
import { depthsOf, topologicalOrder } from "../instance/topological-order.js";
import { agrees, type CheckList } from "./report.js";

/** A sound plan with its start times, and what it was asked for. */
interface PlayedPlan {
  readonly problem: FullProblem;
  readonly instance: Instance;
  readonly plan: Assignment & { readonly startMs: Float64Array };
  readonly asked: SolveOptions;
}

/**
 * Plays the plan again, by the seed that the result states: its forecast and the intervals of its ends have to be those. How often a task may
 * be tried again is a rule of history (H16_003) that documents do not hold; where history was used, one such rule has to give the numbers.
 */
export function checkForecast(result: ResultDocument, played: PlayedPlan, list: CheckList): void {
  const { forecast, schedule, expected_throughput: pace } = result;
  const isDue = schedule.length > 0;
  list.check("forecast", (forecast !== null) === isDue, isDue ? "of the placed tasks" : "none");
  list.equal("expected_throughput", pace, forecast?.throughput_per_s.mean ?? null);
  if (forecast === null || !isDue) return;
  const usual = replicationsFor(schedule.length);
  const { draws: replications = usual } = forecast;
  if (forecast.draws !== undefined) {
    const isAllowed = replications >= LEAST_DRAWS && replications < usual && !result.reproducible;
    list.check("forecast.draws", isAllowed, `${replications} of ${usual}, which only a time limit shortens`);
    if (!isAllowed) return;
  }
  const laidOut = layOut(result, played);
  let faults: string[] = [];
  for (const heuristics of possibleRules(played)) {
    const options = { seed: result.seed, maxRetries: played.asked.maxRetries, replications, heuristics };
    const found = differences(
      result,
      played,
      simulateSchedule(played.problem, played.instance, played.plan, laidOut, options),
    );
    if (found.length === 0) faults = [];
    else if (faults.length === 0) faults = found;
    if (found.length === 0) break;
  }
  const first = faults.slice(0, MAX_NAMED).join("; ");
  list.check("forecast and end_interval_ms, played again", faults.length === 0, first || "the same");
}

/** Most differences that a check lists. */
const MAX_NAMED = 3;

/** The schedule of the result as it was played, by start. */
function layOut({ schedule }: ResultDocument, { instance, plan }: PlayedPlan): PlayedSchedule {
  const taskOf = new Map(instance.taskIds.map((id, task) => [id, task]));
  const entries = schedule.map(({ task_id }): PlacedEntry => {
    const task = taskOf.get(task_id)!;
    const [agent, slot, startMs] = [plan.agentOf[task]!, plan.slotOf[task]!, plan.startMs[task]!];
    return { task, agent, slot, startMs, endMs: startMs + instance.busyMs[findPair(instance, task, agent)!]! };
  });
  const [depths, fromMs] = [depthsOf(instance), plan.startMs.slice()];
  // A start may be earlier than that of a predecessor by what rounding allows.
  for (const task of topologicalOrder(instance)) {
    for (const before of predecessorsOf(task, instance, plan)) fromMs[task] = Math.max(fromMs[task]!, fromMs[before]!);
  }
  const inOrder = (a: PlacedEntry, b: PlacedEntry): number =>
    fromMs[a.task]! - fromMs[b.task]! || depths[a.task]! - depths[b.task]! || a.task - b.task;
  return { entries: entries.sort(inOrder) };
}

/** Rules for retries that may have held: none, and with history those that differ on the placed tasks. */
function* possibleRules({ problem, plan, asked }: PlayedPlan): Generator<Heuristics> {
  yield NO_HEURISTICS;
  if (!problem.usesHistory) return;
  const placed = problem.tasks.filter((_, task) => plan.agentOf[task] !== DEFERRED);
  const present = RISK_LEVELS.filter((level) => placed.some(({ riskLevel }) => riskLevel === level));
  for (const riskLevels of subsetsOf(present)) {
    for (let cap = asked.maxRetries; cap >= 0; cap--) {
      if (cap === asked.maxRetries && riskLevels.length === present.length) continue;
      yield { ...NO_HEURISTICS, retry: { riskLevels, maxAttempts: cap + 1, confidencePenalty: 0 } };
    }
  }
}

function subsetsOf(levels: readonly RiskLevel[]): RiskLevel[][] {
  const all = levels.reduce<RiskLevel[][]>(
    (subsets, level) => subsets.flatMap((subset) => [[...subset, level], subset]),
    [[]],
  );
  return all.filter((subset) => subset.length > 0);
}

function differences(result: ResultDocument, { instance }: PlayedPlan, simulated: SimulationResult): string[] {
  const again = forecastReport(simulated);
  if (again === null) return ["nothing was played"];
  const faults: string[] = [];
  for (const name of ["makespan_ms", "success_rate", "throughput_per_s", "confidence_delta"] as const) {
    for (const part of ["mean", "p5", "p95"] as const) {
      const [stated, due] = [result.forecast![name][part], again[name][part]];
      if (!agrees(stated, due)) faults.push(`${name}.${part} stated ${stated}, played ${due}`);
    }
  }
  const intervals = new Map(simulated.tasks.map(({ task, endMs }) => [instance.taskIds[task]!, endMs?.interval]));
  for (const { task_id, end_ms, end_interval_ms: stated } of result.schedule) {
    const due = intervals.get(task_id) ?? [end_ms, end_ms];
    const isSame = agrees(stated[0], due[0]!) && agrees(stated[1], due[1]!);
    if (!isSame) faults.push(`${task_id}: end_interval_ms stated ${stated.join(" to ")}, played ${due.join(" to ")}`);
  }
  return faults;
}
