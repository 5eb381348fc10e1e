import type { History } from "../../src/domain/history.js";
import type { RiskLevel } from "../../src/domain/problem.js";
import { InformedChances } from "./informed/chances.js";
import type { SeenTask } from "./informed/particles.js";
import { PRIORS } from "./informed/priors.js";
import { InformedTimes } from "./informed/times.js";
import { type Belief, planByBelief } from "./oracle.js";
import { drawOutcome } from "./outcomes.js";
import type { Plan } from "./scores.js";
import { HONEST_SHARE, VERBS, visibleType } from "./tasks.js";
import type { HiddenTask } from "./truth.js";
import type { World } from "./worlds.js";

/**
 * The ceiling: one who does not know the truth, but the distribution it was drawn from, dates and losses of changes
 * included, and plans each wave by the mean of the exact posterior. It does not try anything for the sake of learning.
 * Nobody who has to learn from outcomes alone can do much better.
 */
export class InformedPolicy {
  readonly #chances: InformedChances | null;
  readonly #times: InformedTimes;
  /** Of the wave that was planned last: each task is one object, by which what was computed for it is found again. */
  #seen = new Map<HiddenTask, SeenTask>();

  constructor(
    private readonly world: World,
    history: History,
  ) {
    const prior = PRIORS[world.world];
    this.#chances = prior === null ? null : new InformedChances(world, prior);
    this.#times = new InformedTimes(world);
    for (const { agentId, taskType, riskLevel, confidenceBefore, succeeded } of history.outcomes) {
      if (agentId === null || riskLevel === null || confidenceBefore === null) continue;
      const seen = { wave: 0, riskLevel, confidence: confidenceBefore, ofType: this.#shares(taskType) };
      this.#chances?.learn(seen, agentId, succeeded);
    }
  }

  plan(wave: number, tasks: readonly HiddenTask[]): Promise<Plan> {
    this.#seen = new Map(tasks.map((task) => [task, this.#see(task)]));
    const belief: Belief = (task, agentId) => ({
      successProbability: this.#chances?.chance(this.#seen.get(task)!, agentId) ?? 0.5,
      durationMs: this.#times.meanMs(task.taskType, agentId),
    });
    return planByBelief(this.world, wave, tasks, belief);
  }

  learn(tasks: readonly HiddenTask[], plan: Plan): void {
    for (const task of tasks) {
      const agentId = plan.get(task.taskId);
      if (agentId === undefined) continue;
      const { succeeded, durationMs } = drawOutcome(this.world, task, agentId);
      this.#chances?.learn(this.#seen.get(task)!, agentId, succeeded);
      this.#times.learn(task.taskType, agentId, durationMs);
    }
  }

  #see(task: HiddenTask): SeenTask {
    const { wave, confidence } = task;
    const riskLevel: RiskLevel = task.riskLevel;
    return { wave, riskLevel, confidence, ofType: this.#shares(visibleType(task)) };
  }

  /** Chance of each type, given what is seen of it: the type, a verb of the title, or nothing (then all types are alike). */
  #shares(seen: string | null): number[] {
    const { types, world } = this.world;
    if (seen === null) return types.map((_, k) => (k === 0 ? 1 : 0));
    if (world !== "hidden-types") return types.map((type) => (type === seen ? 1 : 0));
    const place = VERBS.indexOf(seen);
    const weights = types.map((_, k) => {
      const numOwn = VERBS.filter((__, v) => v % types.length === k).length;
      return (place % types.length === k ? HONEST_SHARE / numOwn : 0) + (1 - HONEST_SHARE) / VERBS.length;
    });
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return weights.map((weight) => weight / total);
  }
}
