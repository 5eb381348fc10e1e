import type { Random } from "../../domain/index.js";
import { AnnealingRuns, type AnnealingOptions } from "./annealing-runs.js";
import { MemeticSearch } from "./memetic-search.js";
import type { SearchRecord } from "./search-record.js";
import type { SequencingProblem } from "./sequencing-problem.js";

/** Moves of the memetic search before annealing begins: it ends at once where the first schedules are best. */
const FIRST_MOVES = 60_000;
/** The same while no schedule keeps the deadlines: paths lead to late tasks sooner. */
const MOVES_FOR_A_PLAN = 3e6;
/** Share of the moves that go to annealing, and the tasks from which on a schedule takes too long to decode for it. */
const ANNEALING_SHARE = 0.7;
const MAX_ANNEALED_TASKS = 400;
/** Annealing takes at least so many moves per square of the tasks, or it is too short to be of use. */
const LEAST_MOVES = 100;
/** Annealing pays where at least this share of all pairs is eligible: with fewer, sequences count more than agents, and critical paths show them. */
const LEAST_ELIGIBLE_SHARE = 0.5;

/**
 * The search for schedules: critical paths lead the memetic search, and annealing finds what they do not lead to; each end of an annealing
 * is where a memetic search begins. With absences or pools it is annealing alone. Endless: the caller stops it, and finds plans in the record.
 */
export class ScheduleSearch {
  readonly #memetic: MemeticSearch | null;
  readonly #annealing: AnnealingRuns | null;

  constructor(
    private readonly problem: SequencingProblem,
    private readonly record: SearchRecord,
    prices: Float64Array,
    random: Random,
    private readonly options: AnnealingOptions,
  ) {
    const { given, movesLeft } = options;
    const hasProfiles = problem.absences !== null || problem.pools !== null;
    const share = hasProfiles ? 1 : ANNEALING_SHARE;
    this.#memetic = hasProfiles ? null : new MemeticSearch(problem, record, prices, random, { given, movesLeft });
    this.#annealing =
      hasProfiles || isForAnnealing(problem)
        ? new AnnealingRuns(problem, record, prices, random, { given, movesLeft: () => share * movesLeft() })
        : null;
  }

  get numMoves(): number {
    return (this.#memetic?.numMoves ?? 0) + (this.#annealing?.numMoves ?? 0);
  }

  /** Whether the first searches have stalled: what follows finds less. */
  get isFirstOver(): boolean {
    return this.#memetic?.isPoolFull ?? (this.#annealing?.numRuns ?? 0) > 0;
  }

  /** Yields after every slice of moves; ends only where the plan on record is proven best. */
  *run(): Generator<void, void, void> {
    const memetic = this.#memetic;
    const annealing = this.#annealing;
    if (annealing === null) return yield* memetic!.run();
    if (memetic === null) return yield* annealing.run();
    const [paths, anneals] = [memetic.run(), annealing.run()];
    let numInvited = 0;
    let isWorthwhile: boolean | null = null;
    while (!this.record.isDone) {
      const first = this.record.plan === null ? MOVES_FOR_A_PLAN : FIRST_MOVES;
      const isDue = annealing.numMoves < ANNEALING_SHARE * (this.numMoves - first);
      if (isDue)
        isWorthwhile ??= ANNEALING_SHARE * this.options.movesLeft() >= LEAST_MOVES * this.problem.numTasks ** 2;
      (isDue && isWorthwhile === true ? anneals : paths).next();
      if (annealing.numRuns > numInvited) {
        numInvited = annealing.numRuns;
        memetic.invite(annealing.best);
      }
      yield;
    }
  }
}

function isForAnnealing({ numTasks, numAgents, busyMs }: SequencingProblem): boolean {
  return numTasks <= MAX_ANNEALED_TASKS && busyMs.length >= LEAST_ELIGIBLE_SHARE * numTasks * numAgents;
}
