import type { Random } from "../../domain/index.js";
import { AnnealingRuns, type AnnealingOptions } from "./annealing-runs.js";
import { MemeticSearch } from "./memetic-search.js";
import type { SearchRecord } from "./search-record.js";
import { orderOf } from "./sequenced-plan.js";
import type { TaskOrder } from "./sequence-state.js";
import type { SequencingProblem } from "./sequencing-problem.js";
import { WindowSearch } from "./window-search.js";

/** Moves of the memetic search before annealing begins: it ends at once where the first schedules are best. */
const FIRST_MOVES = 60_000;
/** The same while no schedule keeps the deadlines: paths lead to late tasks sooner. */
const MOVES_FOR_A_PLAN = 3e6;
/** Share of the moves that go to annealing, and the tasks from which on a schedule takes too long to decode for it, and windows for their moves. */
const ANNEALING_SHARE = 0.7;
const MAX_ANNEALED_TASKS = 400;
/** Annealing takes at least so many moves per square of the tasks, or it is too short to be of use. */
const LEAST_MOVES = 100;
/** Annealing pays where at least this share of all pairs is eligible: with fewer, sequences count more than agents, and critical paths show them. */
const LEAST_ELIGIBLE_SHARE = 0.5;
/** Share of the moves that go to windows at first and while they lead to better plans, and the same when they do not. */
const WINDOW_SHARE = 0.3;
const WINDOW_SHARE_WHEN_VAIN = 0.05;
const FIRST_WINDOW_MOVES = 1.5e6;
/** They led to a better plan of late where no more than so many times the moves were made since the start. */
const LATELY = 2;
/**
 * Tasks from which on windows are searched, since fewer are searched exhaustively as a whole, and up to which where schedules are annealed too: longer annealing gains
 * more beyond (layers of 200 tasks on 20 agents end .4 % later with windows, 2e7 moves).
 */
const LEAST_TASKS_FOR_WINDOWS = 41;
const MOST_TASKS_FOR_WINDOWS = 150;
/** Moves after which the search of a window is given up, and by what that grows where a plan has been searched so. */
const WINDOW_MOVES = 1e5;
const MORE_MOVES = 4;

/**
 * The search for schedules: critical paths lead the memetic search, and annealing finds what they do not lead to; each end of an annealing
 * is where a memetic search begins. With absences or pools it is annealing alone. Elsewhere the ends of annealing and the best plan are shortened
 * window by window. Endless: the caller stops it, and finds plans in the record.
 */
export class ScheduleSearch {
  readonly #memetic: MemeticSearch | null;
  readonly #annealing: AnnealingRuns | null;
  readonly #windows: WindowSearch | null;
  /** The end of an annealing that is still to be shortened. */
  #ended: TaskOrder | null = null;

  constructor(
    private readonly problem: SequencingProblem,
    private readonly record: SearchRecord,
    prices: Float64Array,
    random: Random,
    private readonly options: AnnealingOptions,
  ) {
    const { given } = options;
    const hasProfiles = problem.absences !== null || problem.pools !== null;
    this.#windows = isForWindows(problem) ? new WindowSearch(problem, record, prices) : null;
    const movesLeft = (): number => (1 - this.#windowShare) * options.movesLeft();
    const share = hasProfiles ? 1 : ANNEALING_SHARE;
    this.#memetic = hasProfiles ? null : new MemeticSearch(problem, record, prices, random, { given, movesLeft });
    this.#annealing =
      hasProfiles || isForAnnealing(problem)
        ? new AnnealingRuns(problem, record, prices, random, { given, movesLeft: () => share * movesLeft() })
        : null;
  }

  get numMoves(): number {
    return this.#movesOfFinders + (this.#windows?.numMoves ?? 0);
  }

  get #movesOfFinders(): number {
    return (this.#memetic?.numMoves ?? 0) + (this.#annealing?.numMoves ?? 0);
  }

  get #windowShare(): number {
    if (this.#windows === null) return 0;
    const { numMoves, movesAtGain } = this.#windows;
    return numMoves <= Math.max(FIRST_WINDOW_MOVES, LATELY * movesAtGain) ? WINDOW_SHARE : WINDOW_SHARE_WHEN_VAIN;
  }

  /** Whether the first searches have stalled: what follows finds less. */
  get isFirstOver(): boolean {
    return this.#memetic?.isPoolFull ?? (this.#annealing?.numRuns ?? 0) > 0;
  }

  /** Yields after every slice of moves; ends only where the plan on record is proven best. */
  *run(): Generator<void, void, void> {
    const { record } = this;
    const windows = this.#windows;
    const finding = this.#find();
    if (windows === null) return yield* finding;
    const shortening = this.#shorten(windows);
    while (!record.isDone) {
      const isDue = record.plan !== null && windows.numMoves < this.#windowShare * (this.numMoves - FIRST_MOVES);
      (isDue ? shortening : finding).next();
      yield;
    }
  }

  /** Critical paths and annealing in turn. */
  *#find(): Generator<void, void, void> {
    const memetic = this.#memetic;
    const annealing = this.#annealing;
    if (annealing === null) return yield* memetic!.run();
    if (memetic === null) return yield* annealing.run();
    const [paths, anneals] = [memetic.run(), annealing.run()];
    let numEnded = 0;
    let isWorthwhile: boolean | null = null;
    while (!this.record.isDone) {
      const first = this.record.plan === null ? MOVES_FOR_A_PLAN : FIRST_MOVES;
      const isDue = annealing.numMoves < ANNEALING_SHARE * (this.#movesOfFinders - first);
      if (isDue)
        isWorthwhile ??= ANNEALING_SHARE * this.options.movesLeft() >= LEAST_MOVES * this.problem.numTasks ** 2;
      (isDue && isWorthwhile === true ? anneals : paths).next();
      if (annealing.numRuns > numEnded) {
        numEnded = annealing.numRuns;
        memetic.invite(annealing.best);
        this.#ended = annealing.best;
      }
      yield;
    }
  }

  /** Each end of an annealing, and else the best plan, window by window; a plan that was searched so already with more moves for each. */
  *#shorten(windows: WindowSearch): Generator<void, never, void> {
    const { record, problem } = this;
    let [searchedMs, maxMoves] = [Infinity, WINDOW_MOVES];
    for (;;) {
      const ended = this.#ended;
      this.#ended = null;
      if (ended !== null) {
        this.#memetic?.invite(yield* windows.run(ended, WINDOW_MOVES));
        continue;
      }
      maxMoves = record.makespanMs < searchedMs ? WINDOW_MOVES : MORE_MOVES * maxMoves;
      yield* windows.run(orderOf(problem, record.plan!), maxMoves);
      searchedMs = record.makespanMs;
    }
  }
}

function isForWindows(problem: SequencingProblem): boolean {
  const { numTasks, absences, pools, hasDeadlines, limits } = problem;
  const isPlain = absences === null && pools === null && !hasDeadlines && limits === null;
  const most = isForAnnealing(problem) ? MOST_TASKS_FOR_WINDOWS : MAX_ANNEALED_TASKS;
  return isPlain && numTasks >= LEAST_TASKS_FOR_WINDOWS && numTasks <= most;
}

function isForAnnealing({ numTasks, numAgents, busyMs }: SequencingProblem): boolean {
  return numTasks <= MAX_ANNEALED_TASKS && busyMs.length >= LEAST_ELIGIBLE_SHARE * numTasks * numAgents;
}
