import { rmSync } from "node:fs";
import { NO_HEURISTICS } from "../src/domain/history.js";
import { recordOf } from "../src/domain/ids.js";
import type { FullProblem, StrategyName } from "../src/domain/problem.js";
import type { AnomalyRow } from "../src/domain/schemas/phase19-run.js";
import type { Executor } from "../src/pipeline/execute/executor.js";
import { predictedWorld } from "../src/pipeline/execute/predicted-world.js";
import { SimulatedExecutor } from "../src/pipeline/execute/simulated-executor.js";
import { Phase19Harness } from "../src/pipeline/run/harness.js";
import { type RandomOutputs, writeRandomOutputs } from "./random-outputs.js";

/** A kind of run through the real pipeline. */
export interface PipelineWorld extends Omit<RandomOutputs, "seed" | "withHeuristics"> {
  /** Default `maximize_success`. */
  readonly strategy?: StrategyName;
  /** How far below its predictions final success of an agent lies; default: everything goes as predicted. */
  readonly weak?: { readonly agentId: string; readonly drop: number };
}

/** A run's anomalies, and how many tasks each agent was given. */
export interface PlayedRun {
  readonly anomalies: readonly AnomalyRow[];
  readonly numTasks: ReadonlyMap<string, number>;
}

const MAX_RETRIES = 2;
/** The world draws apart from the plan. */
const WORLD_SALT = 0x5a17;

/** Plans, plays and watches one run, wave by wave; predictions stay as they are, and nothing is reassigned or written. */
export async function playPipeline(world: PipelineWorld, seed: number): Promise<PlayedRun> {
  const outputsDir = writeRandomOutputs({ ...world, seed });
  const player = new WeakenedWorld(seed);
  const harness = new Phase19Harness({
    ...{ outputsDir, solver: "greedy", timeLimitMs: 2_000, seed, maxRetries: MAX_RETRIES, now: new Date(0) },
    ...{ learnBetweenWaves: false, reassignment: false, strategy: world.strategy ?? "maximize_success" },
    ...(world.weak !== undefined && { executor: player }),
  });
  const anomalies: AnomalyRow[] = [];
  const numTasks = new Map<string, number>();
  try {
    await harness.loadPhase18Data();
    for (const wave of await harness.initializeOptimizer()) {
      const chosen = harness.chooseStrategy(wave);
      const gated = harness.applySafetyGates(wave);
      const plan = await harness.optimizeWave(gated, chosen);
      if (world.weak !== undefined) player.enter(plan.problem, world.weak);
      const ran = await harness.executeWave(plan);
      const record = harness.settle(plan, gated, ran, chosen.reason);
      for (const { agentId } of record.tasks) numTasks.set(agentId, (numTasks.get(agentId) ?? 0) + 1);
      anomalies.push(...harness.monitorOptimization(record).newAnomalies);
    }
    return { anomalies, numTasks };
  } finally {
    await harness.close();
    rmSync(outputsDir, { recursive: true, force: true });
  }
}

/** Plays the predictions of the wave it is in, those of one agent's success lowered. */
class WeakenedWorld implements Executor {
  readonly name = "weakened";
  readonly execution = "simulated";
  readonly time = "virtual";
  #player: Executor | null = null;

  constructor(readonly seed: number) {}

  enter(problem: FullProblem, weak: NonNullable<PipelineWorld["weak"]>): void {
    const rules = { maxRetries: MAX_RETRIES, heuristics: NO_HEURISTICS };
    const world = predictedWorld(weaken(problem, weak), rules);
    this.#player = new SimulatedExecutor({ seed: (this.seed ^ WORLD_SALT) >>> 0, world });
  }

  execute: Executor["execute"] = (request, signal) => {
    if (this.#player === null) throw new Error("no wave has been entered");
    return this.#player.execute(request, signal);
  };
}

function weaken(problem: FullProblem, { agentId, drop }: NonNullable<PipelineWorld["weak"]>): FullProblem {
  const tasks = problem.tasks.map((task) => ({
    ...task,
    estimates: recordOf(
      Object.entries(task.estimates).map(([id, estimate]) => {
        const successProbability = Math.max(0.01, estimate.successProbability - drop);
        return [id, id === agentId ? { ...estimate, successProbability } : estimate];
      }),
    ),
  }));
  return { ...problem, tasks };
}
