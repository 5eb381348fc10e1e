import type { PlanContext } from "./plan-context.js";
import { type Assignment, type Instance, mixGoal, type MixPart, violationSteps } from "../../../models/index.js";
import {
  type AppliedLimits,
  breathe,
  type ChainOutcome,
  type LimitCost,
  relativeGap,
  round,
  runInSlices,
  type Session,
} from "../../engine/index.js";
import {
  type Conflict,
  CUSTOM_STRATEGY,
  type ExplorationReport,
  type ForecastReport,
  type FullProblem,
  isSolveResult,
  type MixTerm,
  ModelError,
  type ObjectiveReport,
  optionsToDocument,
  type ResultDocument,
  type ScheduledEntry,
  type SolveResult,
  type StayReport,
  type Termination,
} from "../../domain/index.js";
import { expectedSteps, planConfidence } from "../instance/expected.js";
import { forecastReport } from "../forecast/forecast-report.js";
import { drawsInTimeSteps } from "../forecast/draws-in-time.js";
import { replicationsFor, type SimulationResult, simulationSteps } from "../forecast/simulate-schedule.js";
import { type ScheduledPlan, schedulePlanSteps } from "../forecast/schedule-plan.js";
import type { Schedule } from "../forecast/schedule-wave.js";
import { deferralReasonSteps } from "../explain/deferral-reasons.js";
import { documentMs } from "./closing-time.js";
import { boundBy, boundOf, limitOf, terminationOf } from "./outcome-facts.js";

/** Everything one solve came to, before it becomes a document. */
export interface SolveFacts {
  readonly problem: FullProblem;
  readonly limits: AppliedLimits;
  /** What the load limit costs; null where that is next to nothing. */
  readonly limitCost: LimitCost | null;
  readonly outcome: ChainOutcome;
  readonly context: Pick<PlanContext, "heuristics" | "onPlanned" | "wave" | "typeFrom" | "custom">;
  readonly exploration: ExplorationReport | null;
  /** Null where no plan to stay near was given, or none was found. */
  readonly stay: StayReport | null;
  /** `mix` only. */
  readonly mixParts: readonly MixPart[] | null;
  readonly conflict: Conflict | null;
  /** Waits for the hash of the problem. */
  readonly sha256: () => Promise<string>;
  readonly solverVersions: Readonly<Record<string, string>>;
}

/** The result document. Schedules the plan and simulates it for the intervals of the ends. */
export async function buildResult(session: Session, facts: SolveFacts): Promise<SolveResult> {
  const { problem, outcome: found } = facts;
  const { options, context } = session;
  const termination = terminationOf(found);
  const { instance } = found;
  if (found.plan !== null) await runInSlices(assertFeasible(instance, found.plan));
  await breathe();
  const scheduled = found.plan === null ? null : await runInSlices(schedulePlanSteps(problem, instance, found.plan));
  const { plan = null, schedule = null } = scheduled ?? {};
  const outcome = { ...found, plan };
  // Of the search: what follows may be shortened by the clock too.
  const limit = limitOf(session, outcome, termination);
  await breathe();
  const makespanMs = schedule?.makespanMs ?? 0;
  const expected = await runInSlices(expectedSteps(problem, instance, plan ?? emptyPlan(problem), makespanMs));
  await breathe();
  const { entries, forecast } = scheduled === null ? NOTHING_SCHEDULED : await playSchedule(session, facts, scheduled);
  const deferred = plan === null ? [] : await runInSlices(deferralReasonSteps(problem, instance, plan));
  const priorities = schedule === null ? {} : await runInSlices(prioritySteps(problem, schedule));
  const assignments = assignmentsOf(problem, entries);
  const sha256 = await facts.sha256();
  const document: ResultDocument = {
    schema_version: 1,
    strategy: facts.context.custom === undefined ? options.strategy : CUSTOM_STRATEGY,
    termination,
    limit,
    reproducible: !session.budget.endedByClock,
    objective: objectiveReport({ ...facts, outcome }, termination),
    agent_assignments: assignments,
    schedule: entries,
    deferred_tasks: deferred,
    task_priorities: priorities,
    limits: limitsReport(facts),
    gate: [],
    expected,
    expected_success_rate: expected.success_rate,
    expected_throughput: forecast?.throughput_per_s.mean ?? null,
    expected_confidence_delta: expected.confidence_delta,
    confidence: planConfidence(expected.success_rate),
    forecast,
    certificate: plan === null ? null : outcome.certificate,
    conflict: facts.conflict,
    exploration: facts.exploration,
    ...(facts.stay !== null && { stay: facts.stay }),
    options: optionsToDocument(options),
    ...(facts.context.wave !== undefined && { wave: facts.context.wave }),
    ...(facts.context.typeFrom !== undefined && { type_from: facts.context.typeFrom }),
    problem_sha256: sha256,
    solver: { name: outcome.decidedBy, version: facts.solverVersions[outcome.decidedBy] ?? "unknown" },
    attempts: session.attempts,
    wall_ms: context.fixedNow ? null : round(session.budget.elapsedMs()),
    seed: options.seed,
    timestamp: new Date(context.now()).toISOString(),
    error: null,
  };
  if (!isSolveResult(document)) throw new ModelError(`a result that is ${termination} lacks what goes with that`);
  return document;
}

/** The last look before anyone sees a plan. @throws ModelError where it breaks a row: a bug of ours, whoever found it */
function* assertFeasible(instance: Instance, plan: Assignment): Generator<void, void> {
  const [violation] = yield* violationSteps(instance, plan);
  if (violation !== undefined) throw new ModelError(`the final plan breaks ${violation.row}: ${violation.message}`);
}

function objectiveReport({ outcome, mixParts }: SolveFacts, termination: Termination): ObjectiveReport {
  const { goals, steps, firstIndex, plan, certificate } = outcome;
  const goal = goals[firstIndex]!;
  const value = plan === null ? null : goal.evaluate(plan);
  const bound = boundOf(outcome, termination);
  const second = steps[firstIndex + 1];
  return {
    name: goal.name,
    sense: goal.sense,
    value,
    bound,
    bound_by: boundBy(outcome, bound, certificate),
    gap: value === null || bound === null ? null : relativeGap(goal, value, bound),
    secondary:
      second === undefined || plan === null
        ? null
        : { name: second.goal.name, value: second.goal.evaluate(plan), proven: second.proof !== null },
    ...(mixParts === null ? {} : { terms: mixParts.map((part) => termOf(part, outcome.instance, plan)) }),
  };
}

function termOf({ key, weight, ideal, nadir }: MixPart, instance: Instance, plan: Assignment | null): MixTerm {
  return { name: key, weight, ideal, nadir, value: plan === null ? null : mixGoal(key).on(instance).evaluate(plan) };
}

interface PlayedSchedule {
  readonly entries: readonly ScheduledEntry[];
  readonly forecast: ForecastReport | null;
}

const NOTHING_SCHEDULED: PlayedSchedule = { entries: [], forecast: null };

/** Plays the schedule for the intervals of its ends and for the forecast. */
async function playSchedule(
  session: Session,
  facts: SolveFacts,
  { plan, schedule }: ScheduledPlan,
): Promise<PlayedSchedule> {
  const { problem, outcome } = facts;
  const { seed, maxRetries } = session.options;
  const { heuristics, onPlanned } = facts.context;
  const play = (part: Schedule, replications: number): Generator<void, SimulationResult> =>
    simulationSteps(problem, outcome.instance, plan, part, {
      ...{ seed, maxRetries, replications },
      ...(heuristics && { heuristics }),
    });
  const timeLeftMs = session.budget.closingLeftMs() - documentMs(schedule.entries.length);
  const draws = await runInSlices(drawsInTimeSteps(schedule, { timeLeftMs, clock: session.context.clock, play }));
  if (draws < replicationsFor(schedule.entries.length)) session.budget.noteClock();
  const simulated = await runInSlices(play(schedule, draws));
  const { forecast } = simulated;
  if (forecast !== null) onPlanned?.({ instance: outcome.instance, plan, forecast });
  const entries = await runInSlices(listEntries(problem, schedule, simulated));
  return { entries, forecast: forecastReport(simulated) };
}

/** The entries of the schedule with the intervals of their ends; the simulation lists the same tasks in the same order. */
function* listEntries(
  problem: FullProblem,
  schedule: Schedule,
  simulated: SimulationResult,
): Generator<void, ScheduledEntry[]> {
  const entries: ScheduledEntry[] = [];
  for (const [k, { task, agent, slot, startMs, endMs }] of schedule.entries.entries()) {
    const estimate = problem.tasks[task]!.estimates[problem.agents[agent]!.agentId]!;
    const interval = simulated.tasks[k]!.endMs;
    entries.push({
      task_id: problem.tasks[task]!.taskId,
      agent_id: problem.agents[agent]!.agentId,
      slot,
      start_ms: startMs,
      end_ms: endMs,
      end_interval_ms: interval?.interval ?? ([endMs, endMs] as const),
      success_probability: estimate.successProbability,
      retries: estimate.retries,
      confidence_delta: estimate.confidenceDelta,
    });
    yield;
  }
  return entries;
}

function assignmentsOf(problem: FullProblem, entries: readonly ScheduledEntry[]): Record<string, string[]> {
  const assignments: Record<string, string[]> = Object.fromEntries(problem.agents.map(({ agentId }) => [agentId, []]));
  for (const { agent_id, task_id } of entries) assignments[agent_id]!.push(task_id);
  return assignments;
}

function* prioritySteps(problem: FullProblem, { rank }: Schedule): Generator<void, Record<string, number>> {
  const priorities: Record<string, number> = {};
  for (const [task, { taskId }] of problem.tasks.entries()) {
    // Defined, not assigned: an id may be `__proto__`.
    Object.defineProperty(priorities, taskId, {
      value: rank[task]!,
      writable: true,
      enumerable: true,
      configurable: true,
    });
    yield;
  }
  return priorities;
}

function limitsReport({ limits, limitCost, problem }: SolveFacts): SolveResult["limits"] {
  const { factor, referenceMakespanMs, instance } = limits;
  const perAgent = problem.agents.map(({ agentId }, agent): [string, number | null] => {
    const limit = instance.loadLimitMs[agent]!;
    return [agentId, limit === Infinity ? null : limit];
  });
  return {
    factor,
    reference_makespan_ms: referenceMakespanMs,
    per_agent_ms: Object.fromEntries(perAgent),
    costs: limitCost,
  };
}

function emptyPlan(problem: FullProblem): Assignment {
  const nobody = new Int32Array(problem.tasks.length).fill(-1);
  return { agentOf: nobody, slotOf: nobody };
}
