import type { Assignment, Instance } from "../../../models/index.js";
import {
  CUSTOM_STRATEGY,
  type Estimate,
  type FullProblem,
  type Heuristics,
  InputError,
  NO_HEURISTICS,
  type PlannedTaskRecord,
  recordOf,
  markKnown,
  reading,
  type ProblemInput,
  requireNamed,
  type ResultDocument,
  type SolveOptions,
  type Task,
  type TaskRecord,
  type WaveRecord,
} from "../../domain/index.js";
import { showValue } from "../../domain/schemas/index.js";
import type { AttemptRules } from "./predicted-world.js";
import type { ExecutionSettings, WaveExecution } from "./settings.js";
import type { Executor } from "./executor.js";
import type { FailureDecision, FailureSituation } from "./failure-decision.js";
import {
  bestBaseline,
  buildInstance,
  CheckList,
  fillFromPrior,
  forecastResult,
  instanceOptionsOf,
  parseProblem,
  problemToDocument,
  readPlan,
  resolveOptions,
  scheduleWave,
} from "../../planner/index.js";
import { DEFAULT_LOAD_FACTOR } from "../../engine/index.js";
import { type ScheduleAdherence, scheduleAdherence } from "./adherence.js";
import { referenceOf } from "./wave-reference.js";
import { createFailurePolicy } from "./failure-policy.js";
import { buildPlannedTasks, planSchedule } from "./planned-tasks.js";
import { PRIORITY_STRATEGIES, type PrioritizedTask, prioritizeTasks, type PriorityStrategy } from "./prioritize.js";
import { rebalance, type Rebalanced, type RebalanceOptions } from "./rebalance.js";
import { executePlan } from "./execute-plan.js";
import {
  checkExecution,
  checkProblem,
  checkRebalance,
  checkResult,
  checkSchedulerOptions,
} from "./scheduler-arguments.js";

export interface SchedulerOptions {
  /** Default: none apply. */
  readonly heuristics?: Heuristics;
  /** Default: the result's. */
  readonly maxRetries?: number;
  /** Whether a failed task may go to another agent; default true. */
  readonly reassignment?: boolean;
  /** Seed of everything simulated; default the result's. */
  readonly seed?: number;
  /** Default 1. */
  readonly wave?: number;
  /** Default `schedule`. */
  readonly runId?: string;
}

/** What one execution may have of its own. */
export interface ScheduleExecution extends Partial<
  Pick<ExecutionSettings, "attemptTimeoutMs" | "signal" | "onAttempt" | "onDecision" | "onMove" | "clock" | "inbox">
> {
  /** Default: our simulator, playing what the estimates say. */
  readonly executor?: Executor;
  /** Default: what the result planned. */
  readonly planned?: readonly PlannedTaskRecord[];
}

/** A rebalanced wave, ready to execute. */
export interface AdjustedSchedule extends Rebalanced {
  /** The tasks as they are planned now. */
  readonly planned: readonly PlannedTaskRecord[];
}

/** The scheduler of the specification: a thin face over one wave's problem and the plan for it. */
export class AdaptiveScheduler {
  readonly #problem: FullProblem;
  readonly #result: ResultDocument;
  readonly #instance: Instance;
  readonly #rules: AttemptRules & { readonly seed: number };
  readonly #options: SchedulerOptions;
  readonly #planning: SolveOptions;
  /** What was executed, and by whom. */
  readonly #executions = new WeakMap<WaveExecution, Pick<WaveRecord, "execution" | "planned">>();

  /**
   * @param problem a wave with every estimate, such as `problem` of the optimizer's result; `fromDocument` takes a problem
   * document instead
   * @param result what `solve` made of it
   * @throws InputError where one of them is not what it should be
   */
  constructor(problem: FullProblem, result: ResultDocument, options: SchedulerOptions = {}) {
    checkProblem(problem);
    checkResult(result);
    checkSchedulerOptions(options);
    this.#problem = problem;
    this.#result = result;
    this.#options = options;
    this.#instance = reading("result", "pass what solve made of this problem", () => instanceOf(problem, result));
    // What is left of a wave is never planned by a goal of the caller's own: then the strategy of the document counts.
    const own = resolveOptions(problem.options, {});
    this.#planning = result.strategy === CUSTOM_STRATEGY ? own : { ...own, strategy: result.strategy };
    this.#rules = {
      heuristics: options.heuristics ?? NO_HEURISTICS,
      maxRetries: options.maxRetries ?? result.options.max_retries,
      seed: options.seed ?? result.seed,
    };
  }

  /** A scheduler for the document that was given to `solve`. @throws InputError where it breaks a rule */
  static fromDocument(
    document: ProblemInput,
    result: ResultDocument,
    options: SchedulerOptions = {},
  ): AdaptiveScheduler {
    checkResult(result);
    const problem = reading("problem", "pass the problem document", () => parseProblem(document, "problem"));
    const full = fillFromPrior(problem, { maxRetries: result.options.max_retries });
    return new AdaptiveScheduler(markKnown(full), result, options);
  }

  /**
   * A task that may come while this wave runs, from its row of a problem document: for `add` of a `WaveInbox`.
   *
   * @throws InputError where the row breaks a rule
   */
  readTask(row: unknown): Task<Estimate> {
    const document = problemToDocument(this.#problem);
    const { maxRetries } = this.#rules;
    const problem = parseProblem({ ...document, tasks: [...document.tasks, row] }, "problem");
    const known = new Set(this.#problem.tasks.map(({ taskId }) => taskId));
    // Tasks are in the order of their ids.
    const filled = fillFromPrior({ ...problem, usesHistory: false }, { maxRetries });
    return filled.tasks.find(({ taskId }) => !known.has(taskId))!;
  }

  /** The planned tasks, ascending by id, with agent, times and predictions. @throws InputError where the result is of another problem */
  assignTasksToAgents(): PlannedTaskRecord[] {
    return reading("result", "pass what solve made of this problem", () =>
      buildPlannedTasks(this.#problem, this.#result, this.#rules),
    );
  }

  /** The tasks of the wave, most urgent first. */
  prioritizeTasks(strategy: PriorityStrategy): PrioritizedTask[] {
    if (!PRIORITY_STRATEGIES.includes(strategy)) {
      throw new InputError("strategy", `${showValue(strategy)} is not one of ${PRIORITY_STRATEGIES.join(", ")}`);
    }
    return prioritizeTasks(this.#problem, strategy);
  }

  /**
   * The plan with less work on overloaded or unavailable agents, re-timed.
   *
   * @param options.loadBoundMs default 1.25 × the mean busy time of a slot
   * @throws InputError where the result holds no plan for this problem
   */
  adjustForAgentLoad(options: RebalanceOptions = {}): AdjustedSchedule {
    checkRebalance(options, this.#instance);
    const loadBoundMs = options.loadBoundMs ?? DEFAULT_LOAD_FACTOR * this.#meanSlotLoadMs();
    const adjusted = rebalance(this.#problem, this.#instance, this.#plan(), { ...options, loadBoundMs });
    return { ...adjusted, planned: planSchedule(this.#problem, this.#instance, adjusted, this.#rules) };
  }

  /** Executes the plan; by default simulated, in virtual time. @throws ModelError where the plan is contradictory */
  async executeSchedule(own: ScheduleExecution = {}): Promise<WaveExecution> {
    checkExecution(own);
    const { executor, planned: given, clock, ...settings } = own;
    const planned = given ?? this.assignTasksToAgents();
    const ran = await executePlan(this.#problem, planned, {
      ...{ ...settings, ...this.#rules, reassignment: this.#options.reassignment ?? true },
      ...{ runId: this.#options.runId ?? "schedule", wave: this.#options.wave ?? 1 },
      executor: executor ?? null,
      planning: this.#planning,
      clock: clock ?? (() => performance.now()),
    });
    const all = [...planned, ...ran.added];
    this.#executions.set(ran, { execution: executor?.execution ?? "simulated", planned: all });
    return markKnown(ran);
  }

  /**
   * What was planned and what came of it, as the feedback loop and the monitor take it. Tasks that did not run are deferred.
   *
   * @param ran what `executeSchedule` of this scheduler returned
   * @throws InputError where it is something else
   */
  recordWave(ran: WaveExecution): WaveRecord {
    const known = this.#executions.get(ran);
    if (known === undefined) {
      throw new InputError("ran", "is not an execution of this scheduler; pass what executeSchedule returned");
    }
    const [problem, result, { heuristics, seed }] = [this.#problem, this.#result, this.#rules];
    const wave = this.#options.wave ?? 1;
    const strategy = requireNamed(result, "recorded for feedback and monitor");
    const left = [
      ...result.deferred_tasks.map(({ task_id: taskId, reason }) => ({ taskId, reason, stage: "plan" as const })),
      ...ran.notStarted.map(({ taskId, reason }) => ({ taskId, reason, stage: "execution" as const })),
    ];
    const reference = referenceOf(problem);
    return markKnown({
      ...{ wave, execution: known.execution, strategy, result, gate: [], tasks: ran.tasks },
      strategyReason: "the plan was made for it",
      agents: problem.agents.map(({ agentId, slots, availableFromMs }) => ({ agentId, slots, availableFromMs })),
      planned: known.planned,
      forecast: forecastResult(problem, result, { seed, heuristics }).forecast,
      deferrals: left.map((deferral) => ({ ...deferral, wave, isFinal: true })),
      baseline: bestBaseline(problem, result),
      ...(reference !== null && { reference }),
    });
  }

  /** Plays one planned task alone, retries included. @throws InputError where it is not in the plan */
  async simulateTaskExecution(taskId: string): Promise<TaskRecord> {
    const task = this.assignTasksToAgents().find((planned) => planned.taskId === taskId);
    if (task === undefined) {
      throw new InputError("taskId", `${showValue(taskId)} is not in the plan; pass the id of a task in schedule`);
    }
    const { tasks } = await this.executeSchedule({ planned: [{ ...task, dependsOn: [] }] });
    return tasks[0]!;
  }

  /** How far an execution kept to the plan. */
  calculateScheduleAdherence(
    ran: Pick<WaveExecution, "tasks">,
    planned: readonly PlannedTaskRecord[] = this.assignTasksToAgents(),
  ): ScheduleAdherence {
    const agentIds = this.#problem.agents.map(({ agentId }) => agentId);
    return reading("ran", "pass what executeSchedule returned", () => {
      const execution = this.#executions.get(ran as WaveExecution)?.execution ?? "simulated";
      return scheduleAdherence(planned, ran.tasks, execution, agentIds);
    });
  }

  /** Retry, reassign or give up, looked at on its own: nothing is accounted for but the plan. */
  handleTaskFailure(situation: FailureSituation): FailureDecision {
    const planned = this.assignTasksToAgents();
    const reassignment = this.#options.reassignment ?? true;
    const decide = createFailurePolicy({ ...this.#rules, problem: this.#problem, planned, reassignment });
    const cure = "give task (of assignTasksToAgents), attempts, retryable, nowMs and idleSlots";
    return reading("situation", cure, () => decide(situation));
  }

  /**
   * Task ids by agent and slot in their best order: dependencies, H16_001 buckets, deadlines (EDD), then weight over duration
   * (WSPT), as far as hard deadlines allow. Deferred tasks are left out. O(n log n).
   *
   * @throws InputError where the result holds no plan for this problem
   */
  optimizeTaskOrdering(): Record<string, readonly (readonly string[])[]> {
    const { agentIds, taskIds } = this.#instance;
    const { slotSequences } = scheduleWave(this.#problem, this.#instance, this.#plan());
    return recordOf(
      agentIds.map((agentId, agent) => [
        agentId,
        slotSequences[agent]!.map((tasks) => tasks.map((task) => taskIds[task]!)),
      ]),
    );
  }

  #plan(): Assignment {
    const list = new CheckList();
    const plan = readPlan(this.#result, this.#instance, list);
    if (plan === null)
      throw new InputError("result", `holds no plan for this problem: ${list.failed[0]?.detail ?? "none"}`);
    return plan;
  }

  #meanSlotLoadMs(): number {
    const busyMs = this.#result.schedule.reduce((sum, { start_ms, end_ms }) => sum + end_ms - start_ms, 0);
    return busyMs / this.#instance.slots.reduce((sum, slots) => sum + slots, 0);
  }
}

/** The instance the result was solved on, its load limits included. */
function instanceOf(problem: FullProblem, { options, limits }: ResultDocument): Instance {
  const instance = buildInstance(problem, instanceOptionsOf(options));
  const loadLimitMs = Float64Array.from(instance.agentIds, (agentId) => limits.per_agent_ms[agentId] ?? Infinity);
  return { ...instance, loadLimitMs };
}
