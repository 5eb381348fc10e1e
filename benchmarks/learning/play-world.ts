import type { History } from "../../src/domain/history.js";
import type { Task } from "../../src/domain/problem.js";
import { addWave, type CalibrationSums, noCalibration } from "./calibration.js";
import { playControl } from "./control.js";
import { HeuristicPolicy } from "./heuristic-policy.js";
import { type OptimizerOptions, OptimizerPolicy, planOf } from "./optimizer-policy.js";
import { planOracle } from "./oracle.js";
import { InformedPolicy } from "./informed-policy.js";
import { FROZEN, HEURISTIC_NAMES, INFORMED, learningName, ORACLE, ROUTER, TOLD_NO_TYPE } from "./policies.js";
import { RouterPolicy } from "./router-policy.js";
import { scorePlan, type WaveScore } from "./scores.js";
import { startingHistory } from "./starting-history.js";
import { tasksOf } from "./tasks.js";
import type { HiddenTask } from "./truth.js";
import { type Alarm, Watch } from "./watch.js";
import { drawWorld, type World, type WorldKey } from "./worlds.js";

/** One world to be played by everybody. */
export interface Job extends WorldKey {
  readonly numWaves: number;
  readonly explorations: readonly number[];
}

/** What one policy did. */
export interface PolicyOutcome {
  /** One a wave, wave 1 first. */
  readonly scores: readonly WaveScore[];
  /** Of ours with learning only. */
  readonly alarms?: readonly Alarm[];
  readonly calibration?: CalibrationSums;
  readonly changes?: readonly FoundChange[];
}

/** An agent that learning took to have changed. */
interface FoundChange {
  readonly wave: number;
  readonly agentId: string;
  readonly what: "success" | "time";
}

export interface JobOutcome {
  readonly job: Job;
  /** Who joins or changes; null where nobody does. */
  readonly watched: string | null;
  readonly policies: Readonly<Record<string, PolicyOutcome>>;
  /** Alarms of the control with frozen plans; null in worlds that do not change. */
  readonly control: readonly Alarm[] | null;
  readonly wallMs: number;
}

/** First wave that calibration looks at. */
const CALIBRATION_WAVE = 11;

/** Plays a world: each policy on the same tasks, under the same limits, with the same luck. */
export async function playWorld(job: Job): Promise<JobOutcome> {
  const startMs = performance.now();
  const world = drawWorld(job);
  const waves = Array.from({ length: job.numWaves }, (_, k) => tasksOf(world, k + 1));
  const start: Start = { world, waves, history: startingHistory(world) };
  const policies: Record<string, PolicyOutcome> = {};
  for (const name of HEURISTIC_NAMES) policies[name] = playHeuristic(name, start);
  policies[ROUTER] = playRouter(start);
  policies[INFORMED] = await playInformed(start);
  policies[FROZEN] = await playUnwatched(start, { learnsUntil: 0, exploration: 0 });
  for (const exploration of job.explorations) {
    policies[learningName(exploration)] = await playWatched(start, { learnsUntil: Infinity, exploration });
  }
  if (job.world === "hidden-types") {
    const options: OptimizerOptions = { learnsUntil: Infinity, exploration: 0, change: { tasks: withoutTypes } };
    policies[TOLD_NO_TYPE] = await playUnwatched(start, options);
  }
  const scores: WaveScore[] = [];
  for (const [k, tasks] of waves.entries()) scores.push(scorePlan(world, tasks, await planOracle(world, k + 1, tasks)));
  policies[ORACLE] = { scores };
  return {
    job,
    watched: world.newcomer ?? world.truth.change?.agentId ?? null,
    policies,
    control: world.truth.change === null ? null : await playControl(world, waves),
    wallMs: performance.now() - startMs,
  };
}

function withoutTypes(tasks: Task[]): Task[] {
  return tasks.map((task) => ({ ...task, taskType: null }));
}

/** What everybody is given. */
interface Start {
  readonly world: World;
  readonly waves: readonly (readonly HiddenTask[])[];
  readonly history: History;
}

function playHeuristic(name: (typeof HEURISTIC_NAMES)[number], { world, waves, history }: Start): PolicyOutcome {
  const policy = new HeuristicPolicy(name, world, history);
  const scores = waves.map((tasks, k) => {
    const plan = policy.plan(k + 1, tasks);
    policy.learn(tasks, plan);
    return scorePlan(world, tasks, plan);
  });
  return { scores };
}

function playRouter({ world, waves }: Start): PolicyOutcome {
  const router = new RouterPolicy(world);
  const scores = waves.map((tasks, k) => {
    const plan = router.plan(k + 1, tasks);
    router.learn(tasks, plan);
    return scorePlan(world, tasks, plan);
  });
  return { scores };
}

async function playInformed({ world, waves, history }: Start): Promise<PolicyOutcome> {
  const informed = new InformedPolicy(world, history);
  const scores: WaveScore[] = [];
  for (const [k, tasks] of waves.entries()) {
    const plan = await informed.plan(k + 1, tasks);
    informed.learn(tasks, plan);
    scores.push(scorePlan(world, tasks, plan));
  }
  return { scores };
}

/** Ours, of whom nothing but the scores is asked. */
async function playUnwatched({ world, waves, history }: Start, options: OptimizerOptions): Promise<PolicyOutcome> {
  const policy = new OptimizerPolicy(world, history, options);
  const scores: WaveScore[] = [];
  for (const [k, tasks] of waves.entries()) {
    const { plan } = await policy.play(k + 1, tasks);
    scores.push(scorePlan(world, tasks, planOf(plan)));
  }
  return { scores };
}

/** Ours with the monitor beside it, and with what its predictions and its search for changes were worth. */
async function playWatched({ world, waves, history }: Start, options: OptimizerOptions): Promise<PolicyOutcome> {
  const policy = new OptimizerPolicy(world, history, options);
  const watch = new Watch(waves.length);
  const calibration = noCalibration();
  const scores: WaveScore[] = [];
  const changes: FoundChange[] = [];
  for (const [k, tasks] of waves.entries()) {
    const played = await policy.play(k + 1, tasks);
    for (const { agentId, what } of played.changes) changes.push({ wave: k + 1, agentId, what });
    const score = scorePlan(world, tasks, planOf(played.plan));
    scores.push(score);
    watch.observe(played.record);
    if (k + 1 >= CALIBRATION_WAVE) addWave(calibration, world, history, tasks, played, score.realisedMakespanMs);
  }
  return { scores, alarms: watch.alarms, calibration, changes };
}
