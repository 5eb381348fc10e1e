import { NO_HEURISTICS, type History } from "../../src/domain/history.js";
import type { WaveRecord } from "../../src/domain/run.js";
import { EMPTY_STATE, type LearnedStateDocument } from "../../src/domain/schemas/learned-state.js";
import { historyFor, learnHistory, learnWave } from "../../src/pipeline/learn/learn.js";
import type { Phases } from "../../src/pipeline/files/phases.js";
import { evidenceToDocument } from "../../src/planner/prediction/evidence-document.js";
import { recordsToEvidence } from "../../src/planner/prediction/learn-evidence.js";
import { type Change, findChanges } from "../../src/planner/prediction/remember.js";
import { planWave, type WavePlan } from "../../src/pipeline/run/plan-wave.js";
import { runPlan } from "../../src/pipeline/run/run-wave.js";
import { WaveQueue } from "../../src/pipeline/run/wave-queue.js";
import { worldExecutor } from "./outcomes.js";
import type { Plan } from "./scores.js";
import { planningOptions, solveContext } from "./solving.js";
import type { Agent, Task } from "../../src/domain/problem.js";
import { limitedAgents, visibleTask } from "./tasks.js";
import type { HiddenTask } from "./truth.js";
import type { World } from "./worlds.js";

/** Changes to a wave before it is planned: other limits, pins. Default none. */
interface WaveChange {
  readonly agents?: (agents: Agent[]) => Agent[];
  readonly tasks?: (tasks: Task[]) => Task[];
}

export interface OptimizerOptions {
  /** Last wave whose outcomes are learned; 0: none, Infinity: all. */
  readonly learnsUntil: number;
  readonly exploration: number;
  readonly change?: WaveChange;
}

export interface PlayedWave {
  readonly plan: WavePlan;
  readonly record: WaveRecord;
  /** Agents that learning took to have changed, once this wave was in. */
  readonly changes: readonly Change[];
}

/**
 * Ours, wave after wave, by the functions of the pipeline itself: the state's history → estimates → solver → executed
 * wave → record → state. Only files, the gate and our own reports are left out.
 */
export class OptimizerPolicy {
  readonly #phases: Phases;
  #state: LearnedStateDocument;

  constructor(
    private readonly world: World,
    history: History,
    private readonly options: OptimizerOptions,
  ) {
    this.#phases = phasesOf(history);
    this.#state = learnHistory(EMPTY_STATE, this.#phases, NO_HEURISTICS);
  }

  /** Plans, runs and learns one wave. */
  async play(wave: number, tasks: readonly HiddenTask[]): Promise<PlayedWave> {
    const plan = await this.#plan(wave, tasks);
    const { seed, world } = this.world;
    const ran = await runPlan(plan, {
      ...{ runId: `${world}-${seed}`, executor: worldExecutor(this.world, tasks), heuristics: NO_HEURISTICS },
      ...{ maxRetries: 0, seed, reassignment: false, clock: () => performance.now() },
    });
    const deferrals = [...plan.deferrals, ...ran.deferrals].map(({ taskId, stage, reason }) => {
      return { ...{ taskId, wave, stage, reason }, isFinal: true };
    });
    const { strategy, result, agents, planned, forecast, baseline } = plan;
    const record: WaveRecord = {
      ...{ wave, execution: "real", strategy, strategyReason: "the world's goal", agents, gate: [], result, planned },
      ...{ forecast, tasks: ran.tasks, deferrals, baseline },
    };
    const isLearned = wave <= this.options.learnsUntil;
    const changes = isLearned ? this.#changesWith(record) : [];
    if (isLearned) this.#state = learnWave(this.#state, record);
    return { plan, record, changes };
  }

  #changesWith(record: WaveRecord): Change[] {
    const { evidence, recent } = this.#state.real;
    const newest = evidenceToDocument(recordsToEvidence(record, NO_HEURISTICS));
    return findChanges({ evidence, recent: [...recent, newest] });
  }

  #plan(wave: number, hidden: readonly HiddenTask[]): Promise<WavePlan> {
    const { exploration, change } = this.options;
    const tasks = hidden.map(visibleTask);
    const agents = limitedAgents(this.world, wave);
    const phases: Phases = {
      ...this.#phases,
      agents: change?.agents?.(agents) ?? agents,
      tasks: (change?.tasks?.(tasks) ?? tasks).map((task) => ({
        ...{ task, wave, approvalStatus: null, predictedSuccessRate: null, predictedConfidenceDelta: null },
        ...{ heuristicsApplied: [], place: task.taskId, row: {} },
      })),
    };
    return planWave(
      {
        ...{ wave, phases, agentIds: undefined, heuristics: NO_HEURISTICS },
        queue: new WaveQueue(phases.tasks, [wave]),
        approvedIds: new Set(hidden.map(({ taskId }) => taskId)),
        history: historyFor(phases, this.#state, "real"),
        options: planningOptions(this.world, exploration),
      },
      solveContext(),
    );
  }
}

/** Agent of every placed task. */
export function planOf({ planned }: Pick<WavePlan, "planned">): Plan {
  return new Map(planned.map(({ taskId, agentId }) => [taskId, agentId]));
}

/** The history as if it had been read from files: rows are of one history file, which the state then learns. */
export function phasesOf(history: History): Phases {
  const rows = history.outcomes.length;
  const file = { name: "phase18/task_outcomes.jsonl", sha256: "0", bytes: rows, rows, head_sha256: "0" };
  return {
    ...{
      ...{ tasks: [], typeField: "task_type" },
      agents: [],
      pools: {},
      history,
      heuristics: NO_HEURISTICS,
      finishedTaskIds: new Set(),
      heuristicPerformance: null,
    },
    ...{ health: { phase17: null, phase18: null }, numPatterns: 0, numSignals: { phase17: 0, phase18: 0 } },
    learnedFiles: rows === 0 ? [] : [file],
    report: {
      ...{ files: [], absent: [], skipped: [], historyLines: rows, unknownFields: {}, notes: [], misspelt: [] },
      byRole: (text) => text,
    },
  };
}
