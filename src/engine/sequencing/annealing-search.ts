import type { Random } from "../../domain/index.js";
import { Cooling, TRIES_PER_STEP } from "./cooling.js";
import { ListChanges } from "./list-changes.js";
import { ListSchedule } from "./list-schedule.js";
import { PairOdds } from "./pair-odds.js";
import type { SearchRecord } from "./search-record.js";
import type { TaskOrder } from "./sequence-state.js";
import { SerialDecoder } from "./serial-decoder.js";
import type { SequencingProblem } from "./sequencing-problem.js";
import { TaskList } from "./task-list.js";

/**
 * Simulated annealing over lists that a `ListSchedule` turns into schedules: shifts in the order,
 * changes of agent, and exchanges of agents. Where agents differ and all of them are busy to the end, no critical path leads to what must change,
 * and this finds it.
 */
export class AnnealingSearch {
  /** The best list of the last run. */
  best: TaskOrder;
  readonly #list: TaskList;
  readonly #changes: ListChanges;
  readonly #schedule: ListSchedule;
  readonly #closing: SerialDecoder;
  readonly #cooling: Cooling;
  #numVain = 0;

  constructor(
    problem: SequencingProblem,
    private readonly record: SearchRecord,
    prices: Float64Array,
    private readonly random: Random,
  ) {
    this.best = { order: new Int32Array(0), pairOf: new Int32Array(0), slotOf: new Int32Array(0) };
    this.#list = new TaskList(problem.numTasks);
    this.#changes = new ListChanges(problem, this.#list, new PairOdds(problem, prices), random);
    this.#schedule = new ListSchedule(problem, this.#list, prices);
    this.#closing = new SerialDecoder(problem);
    this.#cooling = new Cooling(problem);
  }

  /** Moves of schedules, and changes that were none, so that a problem without choices ends too. */
  get numMoves(): number {
    return this.#schedule.numMoves + this.#numVain;
  }

  /**
   * One run of about so many moves from a list, the temperature falling with them; yields between its steps.
   *
   * @param firstTemperature in mean busy times of a task
   */
  *run(start: TaskOrder, numMoves: number, firstTemperature: number): Generator<void, void, void> {
    const { random, record } = this;
    const [changes, schedule] = [this.#changes, this.#schedule];
    this.#list.load(start);
    changes.reset();
    let value = schedule.begin();
    let bestValue = value;
    this.#keep();
    const from = this.numMoves;
    for (let done = 0; done < 1 && !record.isDone; done = (this.numMoves - from) / numMoves) {
      const temperature = this.#cooling.at(done, firstTemperature);
      for (let k = 0; k < TRIES_PER_STEP; k++) {
        if (!changes.draw()) {
          this.#numVain++;
          continue;
        }
        if (changes.isNeutral) {
          schedule.relocate(changes.first, changes.last);
          this.#numVain++;
          continue;
        }
        const highest = value - temperature * Math.log(1 - random.unit());
        const tried = schedule.evaluate(changes.first, changes.last, highest);
        if (tried === Infinity) {
          schedule.reject();
          changes.undo();
          continue;
        }
        value = tried;
        schedule.accept();
        changes.keep();
        if (schedule.makespanMs < record.makespanMs) this.#offer();
        if (value >= bestValue) continue;
        bestValue = value;
        this.#keep();
      }
      yield;
    }
  }

  #keep(): void {
    const { order, pairOf } = this.#list;
    this.best = { order: order.slice(), pairOf: pairOf.slice(), slotOf: this.#schedule.slotOf.slice() };
  }

  /** Offers the accepted schedule, with its gaps filled. */
  #offer(): void {
    const { order, pairOf, position } = this.#list;
    const { startMs } = this.#schedule;
    const byStart = order.slice().sort((a, b) => startMs[a]! - startMs[b]! || position[a]! - position[b]!);
    this.#closing.decode(byStart, pairOf);
    if (this.#closing.length <= this.#closing.horizonMs) this.record.offerPlan(this.#closing.toPlan(pairOf));
  }
}
