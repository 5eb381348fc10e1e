import { type ErrorKind, KeyedStream, type PlannedTaskRecord, roundShown } from "../../../domain/index.js";
import { predictionInPlan, type PredictAttempt } from "../attempt-prediction.js";
import type { EndedAttempt } from "../journal/attempt-journal.js";
import type { ExecutionSettings } from "../settings.js";
import type { Timekeeper } from "../timekeeper.js";
import type { SlotPlan } from "../wave-plan.js";
import { AgentHealth } from "./agent-health.js";
import { MOST_MOVES, type Move, Mover } from "./mover.js";
import { Progress } from "./progress.js";
import { Purse } from "./purse.js";
import { type Fates, type OnPlan, Replanner } from "./replanner.js";
import { type Run, type Running, type Slot, SlotBoard } from "./slot-board.js";

/** Why a run does not start now: it waits, it went to another agent, or it never will. */
export type Hurdle = "wait" | "moved" | { readonly reason: string; readonly canChange: boolean };

/** A budget that falls short by this share more is worth another plan. */
const SHORTFALL_STEP = 0.02;
/** A delay is longer by up to this share. */
const DELAY_JITTER = 0.2;

/** The state of a wave that changes its course: who is down, who is slow, what money is left, what waits where. */
export class LiveWave {
  readonly board: SlotBoard;
  readonly health: AgentHealth;
  readonly predict: PredictAttempt;
  readonly #purse: Purse;
  readonly #mover: Mover | null;
  readonly #replanner: Replanner | null;
  readonly #progress = new Progress();
  /** Share of the budget by which it was seen to fall short. */
  #shortfall = 0;
  #wakesAtMs = -1;
  /** Times that somebody waits for. */
  readonly #wakes = new Set<number>();
  /** Whether something went other than planned; until then every slot keeps to its plan. */
  #isDisturbed = false;

  constructor(
    slots: readonly SlotPlan[],
    planned: readonly PlannedTaskRecord[],
    private readonly settings: ExecutionSettings,
    private readonly time: Timekeeper,
    onPlan: OnPlan,
  ) {
    const { accounts, onMove, planRest } = settings;
    this.predict = settings.predict ?? predictFromPlan(planned);
    const calendar = settings.calendar ?? null;
    this.board = new SlotBoard(slots, this.predict, calendar, (agentId) => this.#progress.paceOf(agentId));
    this.health = settings.health ?? new AgentHealth(settings.seed ?? 0);
    this.#purse = settings.purse ?? new Purse(null);
    this.health.startWave(settings.wave);
    this.#mover = null;
    this.#replanner = null;
    if (accounts === undefined) return;
    const tools = {
      ...{ board: this.board, health: this.health, purse: this.#purse, predict: this.predict, accounts },
      canSpare: (moreCost: number) => (this.#shortfallNow(moreCost) ?? 0) <= 0,
      onMove: (move: Move) => onMove?.(move),
    };
    this.#mover = new Mover(tools);
    if (planRest === undefined) return;
    const onNoRoom: OnPlan["onNoRoom"] = (run, slot, reason) => {
      const canMove = run.numMoves < MOST_MOVES;
      if (!canMove || this.#leave(run, slot, time.nowMs(), reason) === null) onPlan.onNoRoom(run, slot, reason);
    };
    this.#replanner = new Replanner({ ...tools, ...onPlan, onNoRoom, progress: this.#progress, planRest });
  }

  /** Plans what has not started again, where something happened that asks for it and its time has come. */
  async adapt(fates: () => Fates): Promise<void> {
    const dueAtMs = this.#replanner?.dueAtMs ?? null;
    if (dueAtMs === null) return;
    const nowMs = this.time.nowMs();
    if (nowMs >= dueAtMs) {
      await this.#replanner?.replan(nowMs, fates());
      this.#shortfall = Math.max(0, this.#shortfallNow() ?? 0);
    } else if (this.#wakesAtMs !== dueAtMs) this.time.wake((this.#wakesAtMs = dueAtMs));
  }

  /** Whether a plan is still to be made. */
  get isPlanAsked(): boolean {
    return (this.#replanner?.dueAtMs ?? null) !== null;
  }

  /** What has not started is to be planned again. */
  askForPlan(reason: string): void {
    this.#isDisturbed = true;
    this.#replanner?.ask(reason);
  }

  /** What keeps a ready run from starting on its slot; null where nothing does. */
  hurdleOf(slot: Slot, run: Run, nowMs: number, isReady: (run: Run) => boolean): Hurdle | null {
    const { agentId } = slot;
    if (!this.health.mayStart(agentId, nowMs)) return this.#hurdleOfDown(slot, run, nowMs);
    const untimely = this.#hurdleOfTime(slot, run, nowMs) ?? this.#hurdleOfPools(run, nowMs, isReady);
    if (untimely !== null) return untimely;
    if (this.#purse.canPay(this.predict(run.task.taskId, agentId).cost)) return null;
    const why = "what is left of the budget does not pay for it there";
    if (run.numMoves < MOST_MOVES && this.#leave(run, slot, nowMs, why) !== null) return "moved";
    if (this.#purse.hasPromises) return "wait";
    const { budget, spent } = this.#purse;
    const spentOf = `the budget of ${budget} does not pay for it: ${roundShown(spent)} is spent`;
    return { reason: spentOf, canChange: false };
  }

  /** Gives a slot that has nothing left something to do, where something goes other than planned. */
  fill(slot: Slot, isReady: (run: Run) => boolean): void {
    if (!this.#isDisturbed) return;
    const nowMs = this.time.nowMs();
    if (!this.health.mayStart(slot.agentId, nowMs)) return;
    this.#mover?.fill(slot, nowMs, isReady);
  }

  bookStart(slot: Slot, run: Run, started: Omit<Running, "alarmMs">): void {
    const running = { ...started, alarmMs: this.board.overdueAtMs(started) };
    this.board.take(slot, run);
    slot.running = running;
    this.health.start(slot.agentId);
    this.#purse.promise(running.predicted.cost);
    if (this.#mover !== null) this.time.wake(running.alarmMs);
  }

  /**
   * Books what an attempt that ended says of its agent and of the money.
   *
   * @param predicted null of an attempt of an earlier start
   */
  bookEnd({ agentId }: Slot, ended: EndedAttempt, predicted: Running["predicted"] | null): void {
    const { record } = ended;
    this.#purse.pay(predicted?.cost ?? null, record.cost ?? predicted?.cost ?? 0);
    this.#progress.book(ended, predicted);
    this.#watchMoney();
    if (predicted !== null) {
      this.board.bookEnd(agentId, record.durationMs, predicted, this.time.nowMs());
      const isBehind = this.#progress.takeBehind(agentId, predicted.durationMs);
      if (isBehind || record.durationMs >= this.board.lateAfterMs(predicted)) this.#noticeLate(record, predicted);
    }
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
    this.askForPlan(change === "up" ? `${agentId} is back` : `${agentId} is down`);
    if (change === "down" && probeAtMs !== null) this.time.wake(probeAtMs);
  }

  /** Looks for attempts that take far longer than predicted, and asks for a plan that knows it. */
  watchLate(): void {
    const nowMs = this.time.nowMs();
    for (const { agentId, running } of this.board.takeLate(nowMs)) {
      this.#noticeLate({ agentId, durationMs: nowMs - running!.startMs }, running!.predicted);
      this.time.wake(running!.alarmMs);
    }
  }

  #noticeLate(
    attempt: { readonly agentId: string; readonly durationMs: number },
    predicted: Running["predicted"],
  ): void {
    const times = attempt.durationMs / predicted.durationMs;
    this.askForPlan(`${attempt.agentId} takes ${times.toFixed(1)} times as long as predicted`);
  }

  /** Asks for a plan where what is left of the budget does not pay for what waits, and again where it falls further short. */
  #watchMoney(): void {
    const shortfall = this.#shortfallNow();
    if (shortfall === null || shortfall <= this.#shortfall + SHORTFALL_STEP) return;
    this.#shortfall = shortfall;
    const percent = (100 * shortfall).toFixed(0);
    this.askForPlan(`the budget falls short of what waits by about ${percent} % of it`);
  }

  /** What is missing to pay for what waits, a share of the budget, below 0 where it suffices; null where there is no limit. */
  #shortfallNow(moreCost = 0): number | null {
    const { left, budget } = this.#purse;
    if (left === null || budget === null || budget <= 0) return null;
    return ((this.board.waitingCost() + moreCost) * this.#progress.priceFactor - left) / budget;
  }

  /** Where and when a failed run is tried again: where it is wanted, unless that agent cannot make it. */
  retryOn(run: Run, own: Slot, wanted: Slot, errorKind: ErrorKind | null): Slot {
    const nowMs = this.time.nowMs();
    // Whether an agent that could not make an attempt can make the next one is not for the same task to find out.
    const isDoubtful = wanted === own && errorKind === "agent";
    if (isDoubtful || !this.health.isUp(wanted.agentId)) {
      this.board.put(own, run);
      const other = this.#leave(run, own, nowMs, "its agent could not make the attempt");
      if (other === null) run.notBeforeMs = this.#retryAtMs(run, nowMs);
      return other ?? own;
    }
    if (wanted === own) {
      const other = this.#escape(run, own, nowMs);
      if (other !== null) return other;
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

  /** Waits for the release and for the agent to be there; one that would leave first keeps the run only where no other can take it. */
  #hurdleOfTime(slot: Slot, run: Run, nowMs: number): Hurdle | null {
    const { calendar } = this.settings;
    if (calendar === undefined) return null;
    const [{ agentId }, { taskId }] = [slot, run.task];
    const departureMs = calendar.departureMs(agentId);
    const startMs = calendar.startMs(taskId, agentId, nowMs, run.attempts.length > 0);
    if (startMs < departureMs && calendar.endsInTime(taskId, agentId, startMs)) return this.#waitUntil(startMs, nowMs);
    // Whoever has left is like one that is down: what waits there moves, however often it has moved before.
    const mayMove = startMs >= departureMs || run.numMoves < MOST_MOVES;
    if (mayMove && this.#leave(run, slot, nowMs, `${agentId} leaves before it would end`) !== null) return "moved";
    if (startMs < departureMs) return this.#waitUntil(startMs, nowMs);
    const left = `${agentId} ${nowMs < departureMs ? "leaves" : "left"} at ${Math.round(departureMs)} ms`;
    return { reason: `${left}, and no other agent can take it`, canChange: true };
  }

  #waitUntil(startMs: number, nowMs: number): "wait" | null {
    if (startMs <= nowMs) return null;
    if (!this.#wakes.has(startMs)) {
      this.#wakes.add(startMs);
      this.time.wake(startMs);
    }
    return "wait";
  }

  /** Waits for room in its pools, and lets what comes first in the plan have it: a large user would else wait for ever. */
  #hurdleOfPools(run: Run, nowMs: number, isReady: (run: Run) => boolean): "wait" | null {
    const { calendar } = this.settings;
    const { taskId } = run.task;
    const pools = calendar?.poolsOf(taskId) ?? [];
    if (calendar === undefined || pools.length === 0) return null;
    const running = this.board.slots.flatMap((slot) => (slot.running === null ? [] : [slot.running.run.task.taskId]));
    if (!pools.every((pool) => calendar.hasRoom(pool, taskId, running))) return "wait";
    const isFirst = this.board.slots.every((slot) => {
      const isFree = slot.running === null && slot.availableFromMs <= nowMs;
      const rival = isFree && this.health.mayStart(slot.agentId, nowMs) ? this.board.next(slot, nowMs) : null;
      if (rival === null || rival === run || rival.orderMs >= run.orderMs || !isReady(rival)) return true;
      const [other, isRetry] = [rival.task.taskId, rival.attempts.length > 0];
      if (calendar.startMs(other, slot.agentId, nowMs, isRetry) > nowMs) return true;
      return !calendar.poolsOf(other).some((pool) => pools.includes(pool));
    });
    return isFirst ? null : "wait";
  }

  #hurdleOfDown(slot: Slot, run: Run, nowMs: number): Hurdle {
    const { agentId } = slot;
    if (this.#leave(run, slot, nowMs, `${agentId} is down`) !== null) return "moved";
    if (!this.health.isGivenUp(agentId)) return "wait";
    return { reason: `${agentId} is down, and no other agent can take it`, canChange: true };
  }

  /** A place for a retry whose own agent is slow; null where that is not so, or no other agent would end it sooner. */
  #escape(run: Run, own: Slot, nowMs: number): Slot | null {
    const { agentId } = own;
    if (!this.board.isLate(agentId, nowMs)) return null;
    this.board.put(own, run);
    const other = this.#leave(
      run,
      own,
      nowMs,
      `${agentId} is slow`,
      this.board.expectedEnds(own, nowMs).get(run)!.endMs,
    );
    if (other === null) this.board.take(own, run);
    return other;
  }

  #leave(run: Run, slot: Slot, nowMs: number, reason: string, ownEndMs: number | null = null): Slot | null {
    return this.#mover === null ? null : this.#mover.leave(run, slot, nowMs, reason, ownEndMs);
  }
}

/** A plan without its problem knows each task on its planned agent only; elsewhere it is expected to take the same. */
function predictFromPlan(planned: readonly PlannedTaskRecord[]): PredictAttempt {
  const byTask = new Map(planned.map((task) => [task.taskId, predictionInPlan(task)]));
  return (taskId) => byTask.get(taskId)!;
}
