import type { WaveState } from "../../../planner/index.js";
import type { AgentAccounts } from "./accounts.js";
import type { AgentHealth } from "./agent-health.js";
import { numTaskFailures } from "../attempt-outcome.js";
import { MOST_MOVES, type Move } from "./mover.js";
import type { Progress } from "./progress.js";
import type { Purse } from "./purse.js";
import type { PlanRest, RestPlace } from "./rest-planner.js";
import type { ExpectedEnd, Run, Slot, SlotBoard } from "./slot-board.js";

/** What the dispatcher knows of tasks that wait no more. */
export interface Fates {
  readonly finished: ReadonlySet<string>;
  /** Tasks that will not be tried again. */
  readonly lost: ReadonlySet<string>;
  /** Tasks that came and have no place yet. */
  readonly unplaced: ReadonlySet<string>;
}

export interface ReplannerTools extends OnPlan {
  readonly board: SlotBoard;
  readonly accounts: AgentAccounts;
  readonly health: AgentHealth;
  readonly progress: Progress;
  readonly purse: Purse;
  readonly planRest: PlanRest;
  readonly onMove: (move: Move) => void;
}

/** What a new plan brings about beside moves. */
export interface OnPlan {
  /** A task that came while the wave runs has a place. */
  readonly onPlaced: (place: RestPlace, orderMs: number) => void;
  /** A task has no place in the plan, nor can its agent take it any more. */
  readonly onNoRoom: (run: Run, slot: Slot, reason: string) => void;
}

type Waiting = [run: Run, slot: Slot];

interface Applied {
  readonly nowMs: number;
  readonly reason: string;
  /** Place in the order of what comes after everything that was planned again. */
  readonly endOrder: number;
}

/** Pairs that are planned at a time: what comes later stays where it is, and its turn comes. */
const MOST_PAIRS = 8_000;

/** Plans what has not started again, and moves it to where the new plan has it. */
export class Replanner {
  /** Why the rest is to be planned again; null where it need not be. */
  #reason: string | null = null;
  /** No plan is made earlier: one in the time of the shortest task at most. */
  #notBeforeMs = 0;

  constructor(private readonly tools: ReplannerTools) {}

  /** The rest is to be planned again. What was asked first names the reason. */
  ask(reason: string): void {
    this.#reason ??= reason;
  }

  /** When a plan that was asked for may be made; null where none was. */
  get dueAtMs(): number | null {
    return this.#reason === null ? null : this.#notBeforeMs;
  }

  /** Makes the plan that was asked for, where its time has come. */
  async replan(nowMs: number, fates: Fates): Promise<void> {
    const reason = this.#reason;
    if (reason === null || nowMs < this.#notBeforeMs) return;
    this.#reason = null;
    const { board, planRest } = this.tools;
    const all = this.#waiting().sort(([a], [b]) => a.orderMs - b.orderMs);
    const numAgents = new Set(board.slots.map(({ agentId }) => agentId)).size;
    const near = all.slice(0, Math.max(1, Math.floor(MOST_PAIRS / numAgents)));
    const shortestMs = near.reduce((least, [run, slot]) => Math.min(least, board.expectedMs(slot, run)), Infinity);
    this.#notBeforeMs = nowMs + (Number.isFinite(shortestMs) ? shortestMs : 0);
    const places = await planRest(this.#state(nowMs, near, fates), this.#present(nowMs, near), fates.unplaced);
    if (places !== null) this.#apply(places, near, { nowMs, reason, endOrder: all[near.length]?.[0].orderMs ?? nowMs });
  }

  #waiting(): Waiting[] {
    return this.tools.board.slots.flatMap((slot) => slot.waiting.map((run): Waiting => [run, slot]));
  }

  #state(nowMs: number, near: readonly Waiting[], { finished, lost }: Fates): WaveState {
    const { board, health, progress, purse } = this.tools;
    const running = board.slots.flatMap((slot) => (slot.running === null ? [] : [{ ...slot.running, slot }]));
    const overdue = running
      .filter(({ startMs, predicted }) => nowMs - startMs > predicted.p95Ms)
      .map(({ startMs, predicted, slot }) => {
        // One that is late is taken to need as long again as it has taken.
        return { agentId: slot.agentId, tookMs: 2 * (nowMs - startMs), predictedMs: predicted.durationMs };
      });
    const tried = [...near.map(([run]) => run), ...running.map(({ run }) => run)];
    return {
      ...{ nowMs, finished, lost, used: progress.used, spent: purse.spent, priceFactor: progress.priceFactor },
      // What is not wanted any more is no task of the run.
      withdrawn: new Set(),
      running: new Map(running.map(({ run, startMs, slot }) => [run.task.taskId, { agentId: slot.agentId, startMs }])),
      failures: new Map(tried.map(({ task, attempts }) => [task.taskId, numTaskFailures(attempts)])),
      // What waits behind an attempt that is far too late may wait for ever: its agent gets nothing until that has ended.
      down: new Set(
        board.slots.map(({ agentId }) => agentId).filter((id) => !health.isUp(id) || board.isLate(id, nowMs)),
      ),
      kept: this.#kept(nowMs, near),
      pace: [...progress.observations, ...overdue],
    };
  }

  /** What has moved often enough stays, and so does a retry, whose place is the policy's; but not on an agent that is down. */
  #kept(nowMs: number, near: readonly Waiting[]): Map<string, string> {
    const { health, board } = this.tools;
    const kept = near.filter(([run, { agentId }]) => {
      if (!health.isUp(agentId)) return false;
      return run.numMoves >= MOST_MOVES || (run.attempts.length > 0 && !board.isLate(agentId, nowMs));
    });
    return new Map(kept.map(([{ task }, { agentId }]) => [task.taskId, agentId]));
  }

  #present(nowMs: number, near: readonly Waiting[]): Omit<RestPlace, "endMs">[] {
    const running = this.tools.board.slots.flatMap(({ agentId, slot, running }) =>
      running === null ? [] : [{ taskId: running.run.task.taskId, agentId, slot, startMs: running.startMs }],
    );
    const waiting = near.map(([{ task }, { agentId, slot }], k) => {
      return { taskId: task.taskId, agentId, slot, startMs: nowMs + k + 1 };
    });
    return [...running, ...waiting];
  }

  /** What has no place in the plan stays where it is, behind everything that has one, as far as there is room. */
  #apply(places: readonly RestPlace[], near: readonly Waiting[], { nowMs, reason, endOrder }: Applied): void {
    const { board, health, onPlaced, onMove } = this.tools;
    const placeOf = new Map(relabelled(places, board).map((place) => [place.taskId, place]));
    const startOf = ([{ task }]: Waiting): number => placeOf.get(task.taskId)?.startMs ?? Infinity;
    const before = this.#expectedEnds(nowMs);
    const moved: { readonly run: Run; readonly from: Slot; readonly to: Slot }[] = [];
    // Infinity − Infinity is not a number: then the order of before decides.
    const inOrder = near.toSorted((a, b) => startOf(a) - startOf(b) || a[0].orderMs - b[0].orderMs);
    for (const [rank, [run, from]] of inOrder.entries()) {
      const place = placeOf.get(run.task.taskId);
      const to = place === undefined ? from : (board.at(place) ?? from);
      board.take(from, run);
      run.orderMs = endOrder - 1 + rank / inOrder.length;
      board.put(to, run);
      if (to.agentId === from.agentId) continue;
      this.#book(run, from, to);
      moved.push({ run, from, to });
    }
    const come = [...placeOf.values()].filter(({ taskId }) => !board.holds(taskId));
    for (const place of come) {
      const rank = inOrder.filter((one) => startOf(one) <= place.startMs).length;
      onPlaced(place, endOrder - 1 + (rank - 0.5) / Math.max(1, inOrder.length));
    }
    const after = this.#expectedEnds(nowMs);
    for (const { run, from, to } of moved) {
      const own = before.get(run)!;
      const couldStay = health.isUp(from.agentId) && own.isInTime;
      const gainMs = couldStay ? own.endMs - after.get(run)!.endMs : null;
      onMove({ taskId: run.task.taskId, from, to, atMs: nowMs, gainMs, reason });
    }
    this.#makeRoom((run) => {
      if (placeOf.has(run.task.taskId)) return false;
      const deadlineMs = this.tools.accounts.task(run.task.taskId).deadlineMs ?? Infinity;
      return come.length > 0 && before.get(run)!.endMs <= deadlineMs && after.get(run)!.endMs > deadlineMs;
    }, placeOf);
  }

  /** What the plan leaves out goes where its agent was given too much, or where it would be too late behind what came. */
  #makeRoom(isTooLate: (run: Run) => boolean, placeOf: ReadonlyMap<string, RestPlace>): void {
    const { accounts, board, onNoRoom } = this.tools;
    const left = this.#waiting().filter(([run]) => run.attempts.length === 0 && !placeOf.has(run.task.taskId));
    for (const [run, slot] of left.sort(([a], [b]) => b.orderMs - a.orderMs)) {
      // It may have waited for one that has just gone.
      if (!board.holds(run.task.taskId)) continue;
      const { agentId } = slot;
      if (accounts.isOver(agentId))
        onNoRoom(run, slot, `${agentId} has no room for it beside what is planned there now`);
      else if (isTooLate(run)) onNoRoom(run, slot, "it would be too late behind tasks that came while the wave ran");
    }
  }

  #expectedEnds(nowMs: number): Map<Run, ExpectedEnd> {
    const { board } = this.tools;
    return new Map(board.slots.flatMap((slot) => [...board.expectedEnds(slot, nowMs)]));
  }

  #book(run: Run, from: Slot, to: Slot): void {
    const { accounts } = this.tools;
    const { taskId } = run.task;
    if (run.attempts.length === 0) accounts.remove(from.agentId, taskId);
    accounts.add(to.agentId, taskId);
    run.numMoves++;
  }
}

/** Slots of an agent are alike: the one on which a plan lets a running task end is the one on which it runs. */
function relabelled(places: readonly RestPlace[], { slots }: SlotBoard): RestPlace[] {
  const planned = new Map(places.map((place) => [place.taskId, place]));
  const numbers = new Map<string, Map<number, number>>();
  for (const { agentId, slot, running } of slots) {
    const place = running === null ? undefined : planned.get(running.run.task.taskId);
    if (place === undefined) continue;
    const own = numbers.get(agentId) ?? new Map<number, number>();
    numbers.set(agentId, own.set(place.slot, slot));
  }
  const numberFor = ({ agentId, slot }: RestPlace, taken: ReadonlySet<number>): number => {
    const free = slots.filter((one) => one.agentId === agentId && !taken.has(one.slot)).map((one) => one.slot);
    return free.includes(slot) ? slot : (free[0] ?? slot);
  };
  return places.map((place) => {
    const own = numbers.get(place.agentId) ?? new Map<number, number>();
    numbers.set(place.agentId, own);
    if (!own.has(place.slot)) own.set(place.slot, numberFor(place, new Set(own.values())));
    return { ...place, slot: own.get(place.slot)! };
  });
}
