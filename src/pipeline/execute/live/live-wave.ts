import { type ErrorKind, KeyedStream, type PlannedTaskRecord } from "../../../domain/index.js";
import { predictionInPlan, type PredictAttempt } from "../attempt-prediction.js";
import type { EndedAttempt } from "../journal/attempt-journal.js";
import type { ExecutionSettings } from "../settings.js";
import type { Timekeeper } from "../timekeeper.js";
import type { SlotPlan } from "../wave-plan.js";
import { AgentHealth } from "./agent-health.js";
import { Mover } from "./mover.js";
import { Purse } from "./purse.js";
import { type Run, type Running, type Slot, SlotBoard } from "./slot-board.js";

/** Why a run does not start now: it waits, it went to another agent, or it never will. */
export type Hurdle = "wait" | "moved" | { readonly reason: string; readonly canChange: boolean };

/** A delay is longer by up to this share. */
const DELAY_JITTER = 0.2;

/** The state of a wave that changes its course: who is down, who is slow, what money is left, what waits where. */
export class LiveWave {
  readonly board: SlotBoard;
  readonly health: AgentHealth;
  readonly predict: PredictAttempt;
  readonly #purse: Purse;
  readonly #mover: Mover | null;
  /** Whether something went other than planned; until then every slot keeps to its plan. */
  #isDisturbed = false;

  constructor(
    slots: readonly SlotPlan[],
    planned: readonly PlannedTaskRecord[],
    private readonly settings: ExecutionSettings,
    private readonly time: Timekeeper,
  ) {
    const { accounts, onMove } = settings;
    this.predict = settings.predict ?? predictFromPlan(planned);
    this.board = new SlotBoard(slots, this.predict);
    this.health = settings.health ?? new AgentHealth(settings.seed ?? 0);
    this.#purse = settings.purse ?? new Purse(null);
    this.health.startWave(settings.wave);
    const { board, health, predict } = this;
    this.#mover =
      accounts === undefined
        ? null
        : new Mover({
            ...{ board, health, predict, accounts, purse: this.#purse },
            onMove: (move) => onMove?.(move),
          });
  }

  /** What keeps a ready run from starting on its slot; null where nothing does. */
  hurdleOf(slot: Slot, run: Run): Hurdle | null {
    const { agentId } = slot;
    const nowMs = this.time.nowMs();
    if (!this.health.mayStart(agentId, nowMs)) return this.#hurdleOfDown(slot, run, nowMs);
    if (this.#purse.canPay(this.predict(run.task.taskId, agentId).cost)) return null;
    const why = "what is left of the budget does not pay for it there";
    if (this.#leave(run, slot, nowMs, why) !== null) return "moved";
    if (this.#purse.hasPromises) return "wait";
    const { budget, spent } = this.#purse;
    return { reason: `the budget of ${budget} does not pay for it: ${spent} is spent`, canChange: false };
  }

  /** Gives a slot that has nothing left something to do, where something goes other than planned. */
  fill(slot: Slot, isReady: (run: Run) => boolean): void {
    const nowMs = this.time.nowMs();
    if (!this.#isDisturbed || !this.health.mayStart(slot.agentId, nowMs)) return;
    this.#mover?.fill(slot, nowMs, isReady);
  }

  bookStart(slot: Slot, run: Run, running: Running): void {
    this.board.take(slot, run);
    slot.running = running;
    this.health.start(slot.agentId);
    this.#purse.promise(running.predicted.cost);
    if (this.#mover === null) return;
    this.time.wake(this.board.overdueAtMs(running));
  }

  /** Books what an attempt that ended says of its agent and of the money. */
  bookEnd({ agentId }: Slot, { record }: EndedAttempt, expectedCost: number): void {
    this.#purse.pay(expectedCost, record.cost ?? expectedCost);
    // An attempt that was told to stop says nothing of its agent.
    if (record.fault === "aborted") return;
    const nowMs = this.time.nowMs();
    const timeoutMs = this.settings.attemptTimeoutMs ?? Infinity;
    const change = this.health.end(agentId, record.errorKind, nowMs, timeoutMs);
    if (change === null) return;
    this.#isDisturbed = true;
    const probeAtMs = this.health.probeAtMs(agentId);
    const reason = change === "up" ? "it answered again" : `${record.errorMessage ?? "it made no attempt"}`;
    this.settings.onHealth?.({ agentId, change, atMs: nowMs, probeAtMs, reason });
    if (change === "up") return;
    if (probeAtMs !== null) this.time.wake(probeAtMs);
    this.#leaveAgent(agentId, nowMs);
  }

  /** Looks for agents whose attempts take far longer than predicted, and relieves them. */
  relieveSlow(): void {
    const nowMs = this.time.nowMs();
    for (const agentId of new Set(this.board.slots.map((slot) => slot.agentId))) {
      const slowness = this.board.slowness(agentId, nowMs);
      if (slowness === 1) continue;
      this.#isDisturbed = true;
      this.#mover?.relieve(agentId, nowMs, `${agentId} takes ${slowness.toFixed(1)} times as long as predicted`);
    }
  }

  /** Where and when a failed run is tried again: where it is wanted, unless that agent cannot make it. */
  retryOn(run: Run, own: Slot, wanted: Slot, facts: RetryFacts): Slot {
    const nowMs = this.time.nowMs();
    const isStuck = wanted === own && facts.errorKind === "agent" && facts.numLeft === 1;
    if (isStuck || !this.health.isUp(wanted.agentId)) {
      this.board.put(own, run);
      return this.#leave(run, own, nowMs, "its agent could not make the attempt") ?? own;
    }
    run.notBeforeMs = wanted === own ? this.#retryAtMs(run, nowMs) : nowMs;
    this.board.put(wanted, run);
    return wanted;
  }

  #retryAtMs({ task: { taskId }, attempts }: Run, nowMs: number): number {
    const { retryDelayMs = 0, seed = 0, wave } = this.settings;
    if (retryDelayMs === 0) return nowMs;
    const luck = new KeyedStream(seed, `retry\0${wave}\0${taskId}\0${attempts.length}`).uniform();
    const atMs = nowMs + retryDelayMs * 2 ** (attempts.length - 1) * (1 + DELAY_JITTER * luck);
    this.time.wake(atMs);
    return atMs;
  }

  #hurdleOfDown(slot: Slot, run: Run, nowMs: number): Hurdle {
    const { agentId } = slot;
    if (this.#leave(run, slot, nowMs, `${agentId} is down`) !== null) return "moved";
    if (!this.health.isGivenUp(agentId)) return "wait";
    return { reason: `${agentId} is down, and no other agent can take it`, canChange: true };
  }

  #leaveAgent(agentId: string, nowMs: number): void {
    for (const slot of this.board.ofAgent(agentId)) {
      for (const run of [...slot.waiting]) this.#leave(run, slot, nowMs, `${agentId} is down`);
    }
  }

  #leave(run: Run, slot: Slot, nowMs: number, reason: string): Slot | null {
    return this.#mover === null ? null : this.#mover.leave(run, slot, nowMs, reason);
  }
}

/** What a retry depends on besides the policy. */
export interface RetryFacts {
  readonly errorKind: ErrorKind | null;
  /** Attempts that are still allowed. */
  readonly numLeft: number;
}

/** A plan without its problem knows each task on its planned agent only; elsewhere it is expected to take the same. */
function predictFromPlan(planned: readonly PlannedTaskRecord[]): PredictAttempt {
  const byTask = new Map(planned.map((task) => [task.taskId, predictionInPlan(task)]));
  return (taskId) => byTask.get(taskId)!;
}
