import type { Limit } from "../../domain/index.js";

/** Shares of what is left when a stage begins: of the moves, and of the time. */
export interface Share {
  /** Of the moves that are left, in [0, 1]. */
  readonly moves: number;
  /** Of the time that is left, in [0, 1]. */
  readonly time: number;
}

const share = (moves: number, time: number): Share => ({ moves, time });

/**
 * How a solve's moves and time are dealt out. A move is the one unit of work: about one try of the search, 1.5 µs on an
 * ordinary machine. The engine's inner loops count looks (a pair, a cell of a table); so many looks are a move.
 */
export const LOOKS_PER_MOVE = 250;

/** Moves that an ordinary machine makes in a millisecond, about. Measured. */
const MOVES_PER_MS = 750;
/** Of the time that is left, what the work that is left may take on such a machine where there is time enough for a far slower one. */
const AMPLE_TIME = 0.25;

/** The same on large instances, whose pairs no cache holds. Measured. */
const LARGE_MOVES_PER_MS = 320;

/** Moves that a step of HiGHS counts as, about so many as an ordinary machine makes meanwhile; more for larger programs. Measured. */
const MOVES_PER_STEP = 200;
/** Variables of a program whose steps take twice as long as those of a small one. */
const VARIABLES_OF_DOUBLE = 10_000;

/** Shares that stages take, in the order in which they run. */
export const SHARES = {
  /** Of the time limit, whose usual work is the default work limit: ordinary machines end before the clock does. */
  defaultWork: 0.8,
  /** Of the time limit, at most, kept for the closing work. */
  closing: 0.5,
  /** Of the time of a package, at most, to hand over what it has. */
  handOver: 0.2,
  /** Of the time limit: a search that a clock ended with less than this left was ended by the time limit. */
  lastOfTime: 0.05,
  /** Nothing at all. */
  none: share(0, 0),
  /** The search for a first good plan. */
  quickSearch: share(0.2, 1),
  /** The engine's first plan of a large instance. */
  firstAssignment: share(0.2, 0.3),
  /** Where no proof follows. */
  fullSearch: share(0.8, 1),
  /** Of a search: what looks at the goals up to the first only; the rest breaks their ties by the second. */
  firstGoalOfSearch: 0.75,
  /** The bound by multipliers. */
  relaxation: share(1, 0.5),
  /** The tree that proves goals which need no order of tasks. */
  branching: share(1, 1),
  /** The engine, on goals before the first, on the first and on what follows. */
  engine: {
    /** Before the first goal. */
    before: share(0.4, 1),
    /** On the first goal. */
    first: share(0.875, 1),
    /** On what follows the first goal. */
    after: share(0.1, 1),
    /** Where it prices rows: HiGHS may have to follow. */
    priced: share(0.25, 0.4),
    /** The same behind a plan of the core, which HiGHS goes on from. Measured. */
    pricedBehindCore: share(0.1, 0.15),
    /** The same before the first goal: HiGHS proves there in a second what the engine does not in ten. Measured. */
    pricedBefore: share(0.06, 0.15),
  },
  /**
   * Of the engine's moves: after them, an open time goes to HiGHS where it is the last one. HiGHS takes 3 to 12 seconds for a core of
   * a thousand pairs. Measured. With more than one time open the engine goes on to its own end.
   */
  engineBeforeHandOver: 0.3,
  /** Of the engine's time on a large instance, whose usual work its stages reckon with. */
  largeWork: 0.9,
  /** Of the engine's moves: the search that takes every slot for an agent. */
  slotSearch: 0.35,
  /** Of the engine's moves: contents of slots where tasks are alike, and further choices among them. */
  likeContents: 0.6,
  /** Of the engine's moves: the repairs. */
  repairs: 0.15,
  /** Of the engine's moves: the prices of a goal of times. */
  timePrices: 0.05,
  /** The same: the knapsacks that rule times out on a large instance. */
  timeKnapsacks: 0.3,
  /** The same, of the search for a large makespan that knows no other rows, where there are some. */
  timesWithoutRows: 0.5,
  /** Of a wave with timing: kept for schedules while its goals are settled without order. */
  keptForOrder: share(0.6, 0.5),
  /** The same where the first goal is a sum with a time: its bound without order is far from any plan. */
  keptForMixedOrder: share(0.9, 0.9),
  /** Kept for the search near a plan to stay near, which knows more of what is wanted than the search for the best plan. */
  keptToStay: share(0.15, 0.15),
  /** The engine for a moment: no more moves than are made at once. */
  atOnce: share(0, 1),
  /** HiGHS on a core while no plan is known. Measured. */
  coreWithoutPlan: share(0.4, 0.5),
  /** HiGHS on a core, to better a plan. Measured. */
  core: share(0.25, 0.25),
  /** HiGHS on numbers of like tasks. */
  likeTasks: share(0.5, 0.5),
  /** An exact solver on a whole program. */
  exact: share(1, 1),
  /** HiGHS after the engine, before the first goal. */
  highsBefore: share(0.6, 0.6),
  /** The same on the first goal; the rest is for what follows. */
  highsFirst: share(0.9, 0.9),
  /** What breaks the ties of the goals up to the first. */
  ties: share(1, 1),
} as const;

/** Milliseconds kept back, or granted beyond a limit. */
export const GRACES = {
  /** A thread of the engine may take so long past its deadline to hand over what it has. */
  engineThreadMs: 20,
  /** The same on a large instance. */
  largeThreadMs: 250,
  /** The same for a package's thread, before it is killed. */
  solverThreadMs: 200,
  /** So much before the end of the search a package is told to end, at most, to hand over what it has; a share of short times. */
  handOverMs: 100,
  /** HiGHS looks at its clock only now and then. */
  highsClockMs: 100,
  /** The engine's certificate after its search, for each pair. Measured, with a margin. */
  certificateMsPerPair: 1e-3,
  /** The same on a large instance, whose bound is counted in one pass. */
  largeCertificateMsPerPair: 6e-5,
} as const;

/** Pairs up to which the event loop is held for the engine's first try, and the moves of that: about 15 ms at most. Measured. */
export const AT_ONCE = { pairs: 600, moves: 8_000 } as const;

/** Without so many moves left HiGHS is not asked: it would hardly have read the program. */
export const LEAST_FOR_HIGHS = 200_000;

interface Limits {
  readonly timeLimitMs: number;
  /** In moves; null: what ordinary machines do in most of the time. */
  readonly workLimit: number | null;
}

interface Clock {
  readonly signal?: AbortSignal;
  /** Monotonic, milliseconds. */
  readonly clock: () => number;
  /** When the solve was asked for. Default: now. */
  readonly startMs?: number;
}

/** What one solve may still spend, moves and time, and what has ended it. */
export class Budget {
  /** Share of the default efforts that each goal may use: less than 1 where many goals are to be settled. */
  effort = 1;
  /** Whether the caller set the work limit, and asks for the same bytes from any machine. */
  readonly isWorkLimited: boolean;
  readonly #limits: Limits;
  readonly #clock: Clock;
  readonly #workLimit: number;
  readonly #startMs: number;
  #movesUsed = 0;
  #closingMs = 0;
  #heldMoves = 0;
  #heldMs = 0;
  #endedByClock = false;

  constructor(limits: Limits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
    this.#startMs = clock.startMs ?? clock.clock();
    this.isWorkLimited = limits.workLimit !== null;
    this.#workLimit = limits.workLimit ?? Math.ceil(SHARES.defaultWork * MOVES_PER_MS * limits.timeLimitMs);
  }

  elapsedMs(): number {
    return this.#clock.clock() - this.#startMs;
  }

  /** Until the search must end, so that the closing work ends within the limit. */
  remainingMs(): number {
    return Math.max(0, this.#limits.timeLimitMs - this.#closingMs - this.#heldMs - this.elapsedMs());
  }

  /**
   * What a stage may take of the time left. Moves alone end the stages of a solve whose work the caller limits: a share of a time that
   * passes faster on a busy machine would end one there and not elsewhere.
   */
  timeFor(share: number): number {
    return (this.isWorkLimited ? 1 : share) * this.remainingMs();
  }

  /**
   * What a package may take of the time left, and when its thread is ended the hard way: by the end of the search, for what it does
   * after that would pass the time limit. Before it there is time to hand over what it has.
   */
  packageTime(share: number): { readonly timeLimitMs: number; readonly killAfterMs: number } {
    const leftMs = this.remainingMs();
    const handOverMs = Math.min(GRACES.handOverMs, SHARES.handOver * leftMs);
    const timeLimitMs = Math.min(this.timeFor(share), leftMs - handOverMs);
    return { timeLimitMs, killAfterMs: Math.min(timeLimitMs + GRACES.solverThreadMs, leftMs) };
  }

  /**
   * Keeps a share of the moves and of the time that are left for later; the function that it returns gives them free. Of a solve whose work the
   * caller limits no time is kept where its work should end long before: a share of it would end a stage on a busy machine and not elsewhere.
   */
  holdBack({ moves, time }: Share): () => void {
    const isAmple = this.isWorkLimited && this.movesLeft() <= AMPLE_TIME * MOVES_PER_MS * this.remainingMs();
    const [heldMoves, heldMs] = [moves * this.movesLeft(), isAmple ? 0 : time * this.remainingMs()];
    this.#heldMoves += heldMoves;
    this.#heldMs += heldMs;
    return () => {
      this.#heldMoves -= heldMoves;
      this.#heldMs -= heldMs;
    };
  }

  /** Keeps time for what is to be done after the search: simulation, hash, document. */
  reserveClosing(closingMs: number): void {
    this.#closingMs = Math.min(closingMs, SHARES.closing * this.#limits.timeLimitMs);
  }

  /** Steps that a package may take on a program of so many variables, for a share of the moves left. */
  packageSteps(share: number, numVariables: number): number {
    return Math.max(1, Math.floor((share * this.movesLeft()) / movesPerStep(numVariables)));
  }

  /** Counts steps of a package as moves. */
  spendSteps(numSteps: number, numVariables: number): void {
    this.spend(numSteps * movesPerStep(numVariables));
  }

  spend(moves: number): void {
    this.#movesUsed += moves;
  }

  get movesUsed(): number {
    return this.#movesUsed;
  }

  movesLeft(): number {
    return Math.max(0, this.#workLimit - this.#heldMoves - this.#movesUsed);
  }

  /** Moves to reckon with in so many milliseconds on a large instance; all that are left where the caller limited them. */
  largeMovesIn(timeMs: number): number {
    if (this.isWorkLimited) return this.movesLeft();
    return Math.min(this.movesLeft(), SHARES.largeWork * timeMs * LARGE_MOVES_PER_MS);
  }

  /** The limit that has struck by now, null while none has. Who asks acts on it, so that a repeat may differ. */
  struckLimit(): Limit | null {
    const limit = this.#clock.signal?.aborted ? "abort" : this.remainingMs() <= 0 ? "time" : null;
    if (limit !== null) this.#endedByClock = true;
    return limit;
  }

  /** Which limit ended a search that is over: a clock that ended only a part of it is not what ended the whole. */
  endOfSearch(): Limit {
    if (!this.#endedByClock) return "work";
    const last = Math.max(GRACES.solverThreadMs, SHARES.lastOfTime * this.#limits.timeLimitMs);
    return this.struckLimit() ?? (this.remainingMs() <= last ? "time" : "work");
  }

  /** The same of the closing work, which ends with the time limit itself. */
  closingLimit(): Limit | null {
    const isOver = this.elapsedMs() >= this.#limits.timeLimitMs;
    const limit = this.#clock.signal?.aborted ? "abort" : isOver ? "time" : null;
    if (limit !== null) this.#endedByClock = true;
    return limit;
  }

  /** Until the time limit itself; nothing once the solve was aborted. */
  closingLeftMs(): number {
    if (this.#clock.signal?.aborted) return 0;
    return Math.max(0, this.#limits.timeLimitMs - this.elapsedMs());
  }

  /** True once a clock or a signal shaped the outcome, so that a repeat may differ. */
  get endedByClock(): boolean {
    return this.#endedByClock;
  }

  /** For a decision that a clock or a signal made without an attempt of its own. */
  noteClock(): void {
    this.#endedByClock = true;
  }
}

function movesPerStep(numVariables: number): number {
  return MOVES_PER_STEP * (1 + numVariables / VARIABLES_OF_DOUBLE);
}
