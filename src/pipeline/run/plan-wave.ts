import {
  bestBaseline,
  type ChancePredictor,
  forecastResult,
  ineligibility,
  type PlanContext,
  type PlannedWave,
  predictInSlices,
  problemSha256,
  solveProblem,
} from "../../planner/index.js";
import { InputError } from "../../domain/index.js";
import type {
  BaselineRecord,
  FullProblem,
  GateDecision,
  GateReport,
  Heuristics,
  History,
  PlannedTaskRecord,
  Problem,
  SolveOptions,
  ResultDocument,
  StrategyName,
  WaveAgent,
  WaveForecast,
  WaveReference,
} from "../../domain/index.js";
import { referenceOf } from "../execute/wave-reference.js";
import { buildWaveProblem } from "../files/wave-problem.js";
import type { Phases } from "../files/phases.js";
import { buildPlannedTasks } from "../execute/planned-tasks.js";
import type { OpenDeferral, WaveQueue } from "./wave-queue.js";

/** What planning a wave needs to know. */
export interface WaveInputs {
  readonly wave: number;
  readonly phases: Phases;
  readonly queue: WaveQueue;
  /** Tasks the gate let through. */
  readonly approvedIds: ReadonlySet<string>;
  /** Those of them that only H16_004 let through; default none. */
  readonly relaxedIds?: ReadonlySet<string>;
  /** Tasks that the gate held back; default none. */
  readonly held?: WavePlan["held"];
  readonly agentIds: readonly string[] | undefined;
  /** Rules with the weights in force. */
  readonly heuristics: Heuristics;
  /** Rows not yet learned, and what was learned before. */
  readonly history: History;
  readonly options: SolveOptions;
  /** The plan that an earlier start of the same run chose: it stands. Default none. */
  readonly given?: ResultDocument | null;
}

/** A wave planned: problem, result, and what both mean for execution. */
export interface WavePlan {
  /** Number of the wave, from 1. */
  readonly wave: number;
  /** The strategy that made the plan. */
  readonly strategy: StrategyName;
  /** The problem with every estimate filled in. */
  readonly problem: FullProblem;
  /** The plan, with its proof. */
  readonly result: ResultDocument;
  /** Agents of the wave. */
  readonly agents: readonly WaveAgent[];
  /** Ascending by task id. */
  readonly planned: readonly PlannedTaskRecord[];
  /** Null where nothing was planned. */
  readonly forecast: WaveForecast | null;
  /** The best simple rule on the same wave; null: none found a plan, or nothing was planned. */
  readonly baseline: BaselineRecord | null;
  /** Tasks that the plan or the gate leaves out, and why. */
  readonly deferrals: readonly OpenDeferral[];
  /** Tasks that the gate held back. */
  readonly held: readonly Pick<GateReport, "task_id" | "reason" | "hold">[];
  /** Rules in force in the wave, with the tasks one is withheld from. */
  readonly heuristics: Heuristics;
  /** The chances behind the estimates. */
  readonly chances: ChancePredictor;
  /** Null where no task has an eligible agent. */
  readonly reference: WaveReference | null;
}

/** Builds the wave's problem. @throws InputError where dependencies or pins make no sense */
function buildProblem(inputs: WaveInputs): Problem {
  const { wave, phases, queue, history, heuristics } = inputs;
  return buildWaveProblem(
    // Whether an earlier task is finished is for this run to say, not for a history that may know its name.
    { ...phases, tasks: queue.view(wave), heuristics, history, finishedTaskIds: new Set() },
    { wave, agents: inputs.agentIds, taskIds: inputs.approvedIds, finishedTaskIds: queue.finished },
  );
}

/** Solves one wave and forecasts its plan. Limits, aborts and infeasibility are results. */
export async function planWave(inputs: WaveInputs, context: PlanContext): Promise<WavePlan> {
  const { wave, options, heuristics, history } = inputs;
  const {
    full: problem,
    sample,
    chances,
    timeDoubt,
  } = await predictInSlices(buildProblem(inputs), history, heuristics, options);
  const { result, forecast, baseline } =
    inputs.given === undefined || inputs.given === null
      ? await findPlan(problem, inputs, { ...context, heuristics, sample, wave, typeFrom: inputs.phases.typeField })
      : takePlan(problem, inputs.given, inputs);
  return {
    wave,
    strategy: options.strategy,
    problem,
    result,
    agents: problem.agents.map(({ agentId, slots, availableFromMs }) => ({ agentId, slots, availableFromMs })),
    planned: buildPlannedTasks(problem, result, { maxRetries: options.maxRetries, heuristics }).map((task) => ({
      ...task,
      durationLogDoubt: timeDoubt(task.taskId, task.agentId),
      ...(inputs.relaxedIds?.has(task.taskId) === true && { admittedBy: "H16_004" as const }),
    })),
    ...{ forecast, baseline },
    deferrals: planDeferrals(problem, result, wave),
    held: inputs.held ?? [],
    heuristics,
    chances,
    reference: referenceOf(problem),
  };
}

type FoundPlan = Pick<WavePlan, "result" | "forecast" | "baseline">;

async function findPlan(problem: FullProblem, { options }: WaveInputs, context: PlanContext): Promise<FoundPlan> {
  const found: PlannedWave[] = [];
  const onPlanned = (wavePlan: PlannedWave): void => void found.push(wavePlan);
  const result = await solveProblem(problem, options, { ...context, onPlanned });
  const [planned] = found;
  return {
    result,
    forecast: planned?.forecast ?? null,
    baseline: planned === undefined ? null : bestBaseline(problem, result, planned),
  };
}

/** @throws InputError where the plan is of another problem: then this is not the program, or not the data, that chose it */
function takePlan(problem: FullProblem, result: ResultDocument, { wave, heuristics }: WaveInputs): FoundPlan {
  if (problemSha256(problem) !== result.problem_sha256) {
    throw new InputError(
      `wave ${wave}`,
      "has a plan in the journal that is of another problem, as another version makes it; --abandon sets the journal aside",
    );
  }
  if (result.schedule.length === 0) return { result, forecast: null, baseline: null };
  return {
    result,
    forecast: forecastResult(problem, result, { seed: result.seed, heuristics }).forecast,
    baseline: bestBaseline(problem, result),
  };
}

/** Tasks the plan left out. Without a plan those are all tasks, with the reason there is none. */
function planDeferrals(problem: FullProblem, result: ResultDocument, wave: number): OpenDeferral[] {
  const isPlaced = new Set(result.schedule.map((entry) => entry.task_id));
  const reasons = new Map(result.deferred_tasks.map(({ task_id, reason }) => [task_id, reason]));
  return problem.tasks
    .filter(({ taskId }) => !isPlaced.has(taskId))
    .map((task) => ({
      taskId: task.taskId,
      wave,
      stage: "plan",
      reason: reasons.get(task.taskId) ?? whyNoPlan(result),
      canChange: problem.agents.some((agent) => ineligibility(task, agent) === null),
    }));
}

function whyNoPlan({ termination, limit, error }: ResultDocument): string {
  const cause = error ?? (limit === null ? null : `limit: ${limit}`);
  return `the wave has no plan (${termination}${cause === null ? "" : `, ${cause}`})`;
}

/** Tasks the gate held back, `open` those it may let through in a later wave. */
export function gateDeferrals(decisions: readonly GateDecision[], open: ReadonlySet<string>): OpenDeferral[] {
  return decisions
    .filter(({ approval }) => approval === "deferred")
    .map(({ taskId, wave, reason, hold }) => ({
      ...{ taskId, wave, stage: "gate", reason, canChange: open.has(taskId) },
      ...(hold !== undefined && { hold }),
    }));
}

/** The same tasks as a journal has them. */
export function heldRows(decisions: readonly GateDecision[]): WavePlan["held"] {
  return gateDeferrals(decisions, new Set()).map(({ taskId, reason, hold }) => ({
    ...{ task_id: taskId, reason },
    ...(hold !== undefined && { hold }),
  }));
}
