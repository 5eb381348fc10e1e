import { type FullProblem, InputError, type SolveResult, type StrategyName } from "../../domain/index.js";
import { buildWaveProblem } from "../files/wave-problem.js";
import { loadPhases, type Phases, type PhaseSources } from "../files/phases.js";
import type { PhaseReport } from "../files/phase-report.js";
import {
  contextOf,
  forecastResult,
  predictInSlices,
  readCallOptions,
  recommend,
  resolveOptions,
  type ScheduleRecommendation,
  type SimulationResult,
  type SolveCallOptions,
  solveProblem,
} from "../../planner/index.js";
import { clampShare } from "../execute/attempt-confidence.js";

/** How much the loaders found. */
export interface InputCounts {
  readonly agents_loaded: number;
  readonly tasks_loaded: number;
  readonly outcomes_loaded: number;
  readonly patterns_loaded: number;
  readonly signals_loaded: number;
}

/** What `loadPhase18Data` found. */
export interface LoadCounts extends InputCounts {
  readonly report: PhaseReport;
}

/** The counts of what was loaded. */
export function countInputs(phases: Phases): InputCounts {
  return {
    agents_loaded: phases.agents.length,
    tasks_loaded: phases.tasks.length,
    outcomes_loaded: phases.history.outcomes.length,
    patterns_loaded: phases.numPatterns,
    signals_loaded: phases.numSignals.phase18,
  };
}

/** Which wave to plan, and how. */
export interface ScheduleRequest extends Omit<SolveCallOptions, "strategy"> {
  /** May be left out where the task file has a single wave. */
  readonly wave?: number;
  /** Agent ids; default all. */
  readonly agents?: readonly string[];
}

/** A task's confidence before its wave and what the plan makes of it. */
export interface ConfidenceUpdate {
  readonly task_id: string;
  readonly agent_id: string;
  readonly confidence_before: number;
  /** clamp(before + expected gain on that agent, 0, 1). */
  readonly confidence_after: number;
}

/** The optimizer of the specification: a thin face over loaders, predictor and solve chain. */
export class AdaptiveOptimizer {
  #phases: Phases | null = null;
  readonly #problems = new WeakMap<SolveResult, FullProblem>();

  /** @param defaults options of every schedule this optimizer calculates; a call's own options override them */
  constructor(private readonly defaults: SolveCallOptions = {}) {}

  /** Reads the files of Phases 16, 17 and 18. @throws InputError where a required file is missing or malformed */
  async loadPhase18Data(sources: PhaseSources): Promise<LoadCounts> {
    const phases = await loadPhases(sources);
    this.#phases = phases;
    return { ...countInputs(phases), report: phases.report };
  }

  /** The best plan of a wave under a strategy. @throws InputError before `loadPhase18Data`, or for a wave that is not there */
  async calculateOptimalSchedule(strategy: StrategyName, request: ScheduleRequest = {}): Promise<SolveResult> {
    const { wave, agents, ...own } = request;
    const call = { ...this.defaults, ...own, strategy };
    const options = resolveOptions({}, readCallOptions(call));
    const phases = this.#loaded();
    const problem = buildWaveProblem(phases, { wave, agents });
    const { full, sample } = await predictInSlices(problem, phases.history, phases.heuristics, options);
    const result = await solveProblem(full, options, {
      ...{ ...contextOf(call), heuristics: phases.heuristics, sample },
      ...(wave !== undefined && { wave }),
    });
    this.#problems.set(result, full);
    return result;
  }

  /** `calculateOptimalSchedule` under `maximize_success`. */
  optimizeForSuccess(request: ScheduleRequest = {}): Promise<SolveResult> {
    return this.calculateOptimalSchedule("maximize_success", request);
  }

  /** `calculateOptimalSchedule` under `maximize_throughput`. */
  optimizeForThroughput(request: ScheduleRequest = {}): Promise<SolveResult> {
    return this.calculateOptimalSchedule("maximize_throughput", request);
  }

  /** `calculateOptimalSchedule` under `confidence_optimization`. */
  optimizeForConfidence(request: ScheduleRequest = {}): Promise<SolveResult> {
    return this.calculateOptimalSchedule("confidence_optimization", request);
  }

  /**
   * Plays a plan of this optimizer many times: mean and 5–95 % interval of success rate, makespan and confidence gain.
   *
   * @param options.replications default 400
   */
  simulateSchedule(result: SolveResult, options: { seed?: number; replications?: number } = {}): SimulationResult {
    return forecastResult(this.#problemOf(result), result, {
      seed: options.seed ?? result.seed,
      heuristics: this.#loaded().heuristics,
      ...(options.replications === undefined ? {} : { replications: options.replications }),
    });
  }

  /** What the plan is expected to do to the confidence of every placed task, by the history of its agent. */
  updateConfidenceEstimates(result: SolveResult): ConfidenceUpdate[] {
    const before = new Map(this.#problemOf(result).tasks.map((task) => [task.taskId, task.confidence]));
    return result.schedule.map(({ task_id, agent_id, confidence_delta }) => ({
      task_id,
      agent_id,
      confidence_before: before.get(task_id)!,
      confidence_after: clampShare(before.get(task_id)! + confidence_delta),
    }));
  }

  /** One recommendation an agent, with a reason for each of its tasks. */
  generateScheduleRecommendations(result: SolveResult): ScheduleRecommendation[] {
    return recommend(this.#problemOf(result), result);
  }

  #loaded(): Phases {
    if (this.#phases === null) throw new InputError("AdaptiveOptimizer", "has no data yet; call loadPhase18Data first");
    return this.#phases;
  }

  #problemOf(result: SolveResult): FullProblem {
    const problem = this.#problems.get(result);
    if (problem === undefined) {
      throw new InputError(
        "result",
        "was not calculated by this optimizer; pass what calculateOptimalSchedule returned",
      );
    }
    return problem;
  }
}
