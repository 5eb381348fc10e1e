import { Pace, type PaceObservation } from "../../../planner/index.js";
import type { EndedAttempt } from "../journal/attempt-journal.js";
import type { Running } from "./slot-board.js";

/** Weight of "as expected" beside what attempts really cost, in attempts. */
const PRIOR_ATTEMPTS = 1;
/** Weight of what an attempt cost beside the next one: prices may have changed. */
const FADING = 0.8;
/** What an agent did before its last attempts says nothing of its pace any more. */
const PACE_ATTEMPTS = 60;

/** What the attempts of a wave say of its agents and of its costs. */
export class Progress {
  /** By agent, in the order of time. */
  readonly #pace = new Map<string, PaceObservation[]>();
  readonly #used = new Map<string, { busyMs: number; numTasks: number }>();
  readonly #paces = new Map<string, Pace>();
  /** By agent: how long attempts took beyond their 95th percentiles, which luck alone seldom explains (Page's CUSUM, 1954). */
  readonly #behindMs = new Map<string, number>();
  readonly #costs = { paid: 0, expected: 0, count: 0 };

  /** Of each agent in the order of time. */
  get observations(): readonly PaceObservation[] {
    return [...this.#pace.values()].flat();
  }

  /** Of attempts that ended, by agent: time and tasks. */
  get used(): ReadonlyMap<string, { readonly busyMs: number; readonly numTasks: number }> {
    return this.#used;
  }

  /** What attempts cost, times what they were expected to. */
  get priceFactor(): number {
    const { paid, expected, count } = this.#costs;
    if (expected <= 0) return 1;
    const prior = (PRIOR_ATTEMPTS * expected) / count;
    return (paid + prior) / (expected + prior);
  }

  /** How many times as long as predicted the agent takes, at least 1. */
  paceOf(agentId: string): number {
    return this.#paces.get(agentId)?.factor ?? 1;
  }

  /** Whether the agent is behind by more than a task of that time; what it is behind counts once. */
  takeBehind(agentId: string, taskMs: number): boolean {
    if ((this.#behindMs.get(agentId) ?? 0) <= taskMs) return false;
    return this.#behindMs.delete(agentId);
  }

  /** @param predicted null of an attempt of an earlier start, whose prediction nobody knows */
  book({ record }: EndedAttempt, predicted: Running["predicted"] | null): void {
    const { agentId, durationMs, cost, errorKind } = record;
    const { busyMs = 0, numTasks = 0 } = this.#used.get(agentId) ?? {};
    this.#used.set(agentId, { busyMs: busyMs + durationMs, numTasks: numTasks + 1 });
    if (predicted === null) return;
    if (cost !== null && predicted.cost > 0) {
      const { paid, expected, count } = this.#costs;
      this.#costs.paid = FADING * paid + cost;
      this.#costs.expected = FADING * expected + predicted.cost;
      this.#costs.count = FADING * count + 1;
    }
    // An attempt that the agent did not make says nothing of how long its work takes.
    if (errorKind === "agent") return;
    const behindMs = (this.#behindMs.get(agentId) ?? 0) + durationMs - predicted.p95Ms;
    this.#behindMs.set(agentId, Math.max(0, behindMs));
    const own = this.#pace.get(agentId) ?? [];
    const observation = { agentId, tookMs: durationMs, predictedMs: predicted.durationMs };
    own.push(observation);
    if (own.length > PACE_ATTEMPTS) own.shift();
    this.#pace.set(agentId, own);
    const pace = this.#paces.get(agentId) ?? new Pace();
    pace.add(observation);
    this.#paces.set(agentId, pace);
  }
}
