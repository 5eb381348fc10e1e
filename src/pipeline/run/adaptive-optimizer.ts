import {
  checkOptionNames,
  type FullProblem,
  type Heuristics,
  InputError,
  markKnown,
  MAX_SEED,
  reading,
  requireKnown,
  type ResultDocument,
  type SolveResult,
  STRATEGIES,
  type StrategyName,
} from "../../domain/index.js";
import { showValue } from "../../domain/schemas/index.js";
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
  whileHeard,
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
  /** What was read, skipped and noticed. */
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

/** A result of the optimizer; `problem`, with every estimate, is what `AdaptiveScheduler` takes beside it. */
export type PlannedSchedule = SolveResult & {
  /** The problem with every estimate filled in. */
  readonly problem: FullProblem;
};

/** A task's confidence before its wave and what the plan makes of it. */
export interface ConfidenceUpdate {
  /** The task. */
  readonly task_id: string;
  /** The agent that the plan gives it to. */
  readonly agent_id: string;
  /** Confidence before the wave, in [0, 1]. */
  readonly confidence_before: number;
  /** clamp(before + expected gain on that agent, 0, 1). */
  readonly confidence_after: number;
}

/** The optimizer of the specification: a thin face over loaders, predictor and solve chain. */
export class AdaptiveOptimizer {
  #phases: Phases | null = null;
  readonly #defaults: SolveCallOptions;

  /**
   * @param defaults options of every schedule this optimizer calculates; a call's own options override them
   * @throws InputError naming the option that breaks a rule
   */
  constructor(defaults: SolveCallOptions = {}) {
    reading("options", "give a plain object", () => readCallOptions(defaults));
    this.#defaults = defaults;
  }

  /** Reads the files of Phases 16, 17 and 18. @throws InputError where a required file is missing or malformed */
  async loadPhase18Data(sources: PhaseSources): Promise<LoadCounts> {
    checkSources(sources);
    const phases = await loadPhases(sources);
    this.#phases = phases;
    return { ...countInputs(phases), report: phases.report };
  }

  /** The rules of Phase 16 as they were read. @throws InputError before `loadPhase18Data` */
  get heuristics(): Heuristics {
    return markKnown(this.#loaded().heuristics);
  }

  /**
   * The best plan of a wave under a strategy, with the problem it was made from.
   *
   * @throws InputError before `loadPhase18Data`, or for a wave that is not there
   */
  async calculateOptimalSchedule(strategy: StrategyName, request: ScheduleRequest = {}): Promise<PlannedSchedule> {
    const { wave, agents, call } = this.#readRequest(strategy, request);
    const options = resolveOptions({}, readCallOptions(call));
    const phases = this.#loaded();
    const problem = buildWaveProblem(phases, { wave, agents });
    const { full, sample } = await predictInSlices(problem, phases.history, phases.heuristics, options);
    const given = { heuristics: phases.heuristics, sample, ...(wave !== undefined && { wave }) };
    const result = await whileHeard(contextOf(call), (context) =>
      solveProblem(full, options, { ...context, ...given }),
    );
    return withProblem(result, full);
  }

  /** `calculateOptimalSchedule` under `maximize_success`. */
  optimizeForSuccess(request: ScheduleRequest = {}): Promise<PlannedSchedule> {
    return this.calculateOptimalSchedule("maximize_success", request);
  }

  /** `calculateOptimalSchedule` under `maximize_throughput`. */
  optimizeForThroughput(request: ScheduleRequest = {}): Promise<PlannedSchedule> {
    return this.calculateOptimalSchedule("maximize_throughput", request);
  }

  /** `calculateOptimalSchedule` under `confidence_optimization`. */
  optimizeForConfidence(request: ScheduleRequest = {}): Promise<PlannedSchedule> {
    return this.calculateOptimalSchedule("confidence_optimization", request);
  }

  /**
   * Plays a plan of this optimizer many times: mean and 5–95 % interval of success rate, makespan and confidence gain.
   *
   * @param options.replications default 400
   */
  simulateSchedule(result: ResultDocument, options: { seed?: number; replications?: number } = {}): SimulationResult {
    const problem = this.#problemOf(result);
    checkOptionNames("options", options, ["seed", "replications"]);
    for (const [name, most] of [
      ["seed", MAX_SEED],
      ["replications", MAX_REPLICATIONS],
    ] as const) {
      const value: unknown = options[name];
      const isWhole =
        Number.isSafeInteger(value) && Number(value) >= (name === "seed" ? 0 : 1) && Number(value) <= most;
      if (value !== undefined && !isWhole) {
        throw new InputError(`options.${name}`, `${showValue(value)} is not a whole number of at most ${most}`);
      }
    }
    return forecastResult(problem, result, {
      seed: options.seed ?? result.seed,
      heuristics: this.#loaded().heuristics,
      ...(options.replications === undefined ? {} : { replications: options.replications }),
    });
  }

  /** What the plan is expected to do to the confidence of every placed task, by the history of its agent. */
  updateConfidenceEstimates(result: ResultDocument): ConfidenceUpdate[] {
    const before = new Map(this.#problemOf(result).tasks.map((task) => [task.taskId, task.confidence]));
    return result.schedule.map(({ task_id, agent_id, confidence_delta }) => ({
      task_id,
      agent_id,
      confidence_before: before.get(task_id)!,
      confidence_after: clampShare(before.get(task_id)! + confidence_delta),
    }));
  }

  /** One recommendation an agent, with a reason for each of its tasks. */
  generateScheduleRecommendations(result: ResultDocument): ScheduleRecommendation[] {
    return recommend(this.#problemOf(result), result);
  }

  #loaded(): Phases {
    if (this.#phases === null) throw new InputError("AdaptiveOptimizer", "has no data yet; call loadPhase18Data first");
    return this.#phases;
  }

  #readRequest(strategy: StrategyName, request: ScheduleRequest) {
    return reading("request", "give a plain object such as { wave: 1 }", () => {
      if (typeof request !== "object" || request === null) {
        throw new InputError("request", `${showValue(request)} is not an object such as { wave: 1 }`);
      }
      const { wave, agents, ...own } = request;
      if (wave !== undefined && !Number.isSafeInteger(wave)) {
        throw new InputError("request.wave", `${showValue(wave)} is not a whole number`);
      }
      if (agents !== undefined && !(Array.isArray(agents) && agents.every((id) => typeof id === "string"))) {
        throw new InputError("request.agents", `${showValue(agents)} is not a list of agent ids`);
      }
      if (typeof strategy !== "string") {
        throw new InputError("strategy", `${showValue(strategy)} is not one of ${STRATEGIES.join(", ")}`);
      }
      return { wave, agents, call: { ...this.#defaults, ...own, strategy } };
    });
  }

  #problemOf(result: ResultDocument): FullProblem {
    requireKnown("result", result, "pass what calculateOptimalSchedule returned");
    return (result as PlannedSchedule).problem;
  }
}

/** The most replications of a forecast. */
const MAX_REPLICATIONS = 100_000;

/** The problem goes along without being a part of the document: it is neither listed nor written. */
function withProblem(result: SolveResult, problem: FullProblem): PlannedSchedule {
  markKnown(problem);
  return markKnown(Object.defineProperty(result, "problem", { value: problem }) as PlannedSchedule);
}

const SOURCE_NAMES = "tasksFile phase16Dir phase17Dir phase18Dir agentsFile agents priorityOrder".split(" ");

function checkSources(sources: PhaseSources): void {
  checkOptionNames("sources", sources, SOURCE_NAMES);
  reading("sources", "give folders and files by name", () => {
    const { agents, priorityOrder, ...paths } = sources;
    for (const [name, path] of Object.entries(paths)) {
      const isPath = path === undefined || (typeof path === "string" && path !== "" && !path.includes("\0"));
      if (!isPath) throw new InputError(`sources.${name}`, `${showValue(path)} is not a path`);
    }
    if (agents !== undefined && !(Array.isArray(agents) && agents.every((id) => typeof id === "string"))) {
      throw new InputError("sources.agents", `${showValue(agents)} is not a list of agent ids`);
    }
    if (priorityOrder !== undefined && priorityOrder !== "ascending" && priorityOrder !== "descending") {
      throw new InputError("sources.priorityOrder", `${showValue(priorityOrder)} is not ascending or descending`);
    }
  });
}
