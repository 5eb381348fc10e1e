import type { PredictAttempt } from "../attempt-prediction.js";
import type { AgentAccounts } from "./accounts.js";
import type { AgentHealth } from "./agent-health.js";
import type { Purse } from "./purse.js";
import type { Run, Slot, SlotBoard } from "./slot-board.js";

/** A task is not moved more often before an attempt of it starts. */
export const MOST_MOVES = 2;
/** A better place must save more than this share of the task's time there: less is not worth leaving the plan. */
const MOVE_PRICE = 0.5;
/** A place for the sake of time may cost this much chance of success, and no more. */
const CHANCE_MARGIN = 0.05;

/** A task that leaves its slot before an attempt of it starts there. */
export interface Move {
  readonly taskId: string;
  readonly from: Slot;
  readonly to: Slot;
  readonly atMs: number;
  /** How much earlier it is expected to end, below 0 where the plan gains otherwise; null where it could not have run in time. */
  readonly gainMs: number | null;
  readonly reason: string;
}

interface Place {
  readonly slot: Slot;
  readonly endMs: number;
  readonly chance: number;
}

/** What looking for a better place needs to know of a wave. */
export interface MoverTools {
  readonly board: SlotBoard;
  readonly accounts: AgentAccounts;
  readonly health: AgentHealth;
  readonly purse: Purse;
  readonly predict: PredictAttempt;
  /** Whether the budget pays for all that waits, and for this much more. */
  readonly canSpare: (moreCost: number) => boolean;
  readonly onMove: (move: Move) => void;
}

/**
 * Gives one task to another agent, where nobody waits for a whole plan: one that cannot start where it is, one that an agent with
 * nothing left can take. A move keeps eligibility, deadline, capacity, max_tasks and the budget. O(slots) a look.
 */
export class Mover {
  constructor(private readonly tools: MoverTools) {}

  /**
   * A place on another agent for a run that must leave its slot; null where there is none.
   *
   * @param ownEndMs of a run that could stay: when it would end there; a place that saves too little is none
   */
  leave(run: Run, from: Slot, nowMs: number, reason: string, ownEndMs: number | null = null): Slot | null {
    const best = this.#best(run, from, nowMs);
    if (best === null) return null;
    const gainMs = ownEndMs === null ? null : ownEndMs - best.endMs;
    if (gainMs !== null && gainMs <= this.#priceMs(run, best.slot)) return null;
    this.#move({ taskId: run.task.taskId, from, to: best.slot, atMs: nowMs, gainMs, reason }, run);
    return best.slot;
  }

  /** Fills a slot that has nothing left with the waiting run that gains most; false where none gains enough. */
  fill(idle: Slot, nowMs: number, isReady: (run: Run) => boolean): boolean {
    const { board, health, predict } = this.tools;
    let best: { readonly run: Run; readonly from: Slot; readonly gainMs: number } | null = null;
    for (const from of board.slots) {
      if (from.agentId === idle.agentId) continue;
      // A probe may have to leave again.
      const most = health.isUp(idle.agentId) ? MOST_MOVES : MOST_MOVES - 1;
      const run = from.waiting.findLast((one) => one.numMoves < most && one.attempts.length === 0 && isReady(one));
      const place = run === undefined ? null : this.#placeOn(run, idle, nowMs);
      if (run === undefined || place === null) continue;
      const { taskId } = run.task;
      // A plan that makes do with the money left is not to be undone for time.
      const moreCost = predict(taskId, idle.agentId).cost - predict(taskId, from.agentId).cost;
      if (moreCost > 0 && !this.tools.canSpare(moreCost)) continue;
      const ownEndMs = this.#endMs(run, from, board.freeAtMs(from, nowMs, run), nowMs);
      const gainMs = ownEndMs - place.endMs;
      if (this.#isWorthIt(run, from, place, ownEndMs) && gainMs > (best?.gainMs ?? 0)) best = { run, from, gainMs };
    }
    if (best === null) return false;
    const { run, from, gainMs } = best;
    const reason = `${idle.agentId} has nothing left and ${from.agentId} is behind`;
    this.#move({ taskId: run.task.taskId, from, to: idle, atMs: nowMs, gainMs, reason }, run);
    return true;
  }

  /** The best chance among the places that do not prolong the wave; where all do, the least expected time for a success. */
  #best(run: Run, from: Slot, nowMs: number): Place | null {
    const { board, health } = this.tools;
    const up = board.slots.filter((slot) => slot.agentId !== from.agentId && health.isUp(slot.agentId));
    const places = up.map((slot) => this.#placeOn(run, slot, nowMs)).filter((place) => place !== null);
    const horizonMs = up.reduce((latest, slot) => Math.max(latest, board.freeAtMs(slot, nowMs)), 0);
    const early = places.filter(({ endMs }) => endMs <= horizonMs);
    if (early.length > 0) return early.reduce((a, b) => ((b.chance - a.chance || a.endMs - b.endMs) > 0 ? b : a));
    const price = ({ endMs, chance }: Place): number => (endMs - nowMs) / Math.max(chance, Number.EPSILON);
    return places.length === 0 ? null : places.reduce((a, b) => (price(b) < price(a) ? b : a));
  }

  /** Where the run would go on a slot; null where it may not or cannot be paid. */
  #placeOn(run: Run, slot: Slot, nowMs: number): Place | null {
    const { accounts, board, purse, predict } = this.tools;
    const { taskId } = run.task;
    const freeAtMs = board.freeAtMs(slot, nowMs);
    const startMs = accounts.calendar.startMs(taskId, slot.agentId, freeAtMs, run.attempts.length > 0);
    if (!accounts.canTake(slot.agentId, taskId, startMs)) return null;
    const { cost, successProbability } = predict(taskId, slot.agentId);
    if (!purse.canPay(cost)) return null;
    return { slot, endMs: this.#endMs(run, slot, freeAtMs, nowMs), chance: successProbability };
  }

  /** When the run is expected to end on a slot that is free for it at `freeAtMs`. */
  #endMs({ task: { taskId }, attempts }: Run, { agentId }: Slot, freeAtMs: number, nowMs: number): number {
    const { accounts, board, predict } = this.tools;
    const startMs = accounts.calendar.startMs(taskId, agentId, freeAtMs, attempts.length > 0);
    return startMs + predict(taskId, agentId).durationMs * board.slowness(agentId, nowMs);
  }

  #priceMs({ task: { taskId } }: Run, { agentId }: Slot): number {
    return MOVE_PRICE * this.tools.predict(taskId, agentId).durationMs;
  }

  #isWorthIt(run: Run, from: Slot, place: Place, ownEndMs: number): boolean {
    const own = this.tools.predict(run.task.taskId, from.agentId);
    return (
      ownEndMs - place.endMs > this.#priceMs(run, place.slot) && place.chance >= own.successProbability - CHANCE_MARGIN
    );
  }

  #move(move: Move, run: Run): void {
    const { board, accounts, onMove } = this.tools;
    board.take(move.from, run);
    if (run.attempts.length === 0) accounts.remove(move.from.agentId, move.taskId);
    accounts.add(move.to.agentId, move.taskId);
    run.numMoves++;
    board.put(move.to, run);
    onMove(move);
  }
}
