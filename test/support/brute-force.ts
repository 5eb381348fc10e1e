import type { Instance } from "../../models/instance.js";
import type { StrategyName } from "../../src/domain/problem.js";

/**
 * Looks at every plan of a tiny instance, with arithmetic of its own: nothing here calls the models, the feasibility check
 * or the measures it is used to test. Slots of an agent are interchangeable, so a task opens at most one new slot.
 */
export type PlainStrategy = Exclude<StrategyName, "mix">;

/** Lexicographic values, all minimised: deferred weight (or 0 where it is priced), goals before the first, the first goal. */
export type Best = Readonly<Record<PlainStrategy, readonly number[] | null>>;

/** The least value of the second goal, minimised, among plans whose settled goals are as good as the best. */
export interface SecondGoal {
  /** Settled goals equal up to rounding. */
  readonly strict: number;
  /** Settled goals within `LOOSE` of the best, relative: no exact solver may find a smaller value. */
  readonly loose: number;
}

interface Totals {
  deferred: number;
  numDeferred: number;
  success: number;
  retries: number;
  belowGate: number;
  delta: number;
  cost: number;
}

/** One plan: the goals up to the first and the second goal of every strategy, all minimised. */
interface Leaf {
  readonly values: Readonly<Record<PlainStrategy, readonly number[]>>;
  readonly second: Readonly<Record<PlainStrategy, number>>;
  readonly agentOf: readonly number[];
  readonly slotOf: readonly number[];
}

const SLACK = 1e-9;
/** The goal tolerance of 1e-7 and a solver's own tolerances on top. */
const LOOSE = 3e-6;

export function bruteForce(instance: Instance): Best {
  const best: Record<PlainStrategy, readonly number[] | null> = {
    maximize_success: null,
    maximize_throughput: null,
    balance_load: null,
    minimize_retries: null,
    confidence_optimization: null,
    minimize_cost: null,
  };
  forEachPlan(instance, ({ values }) => {
    for (const strategy of Object.keys(best) as PlainStrategy[]) {
      const known = best[strategy];
      if (known === null || isBefore(values[strategy], known)) best[strategy] = values[strategy];
    }
  });
  return best;
}

/** The second goal of every strategy that has a plan. Looks at every plan once more. */
export function bruteForceSecond(instance: Instance, best: Best): Partial<Record<PlainStrategy, SecondGoal>> {
  const found: Partial<Record<PlainStrategy, SecondGoal>> = {};
  forEachPlan(instance, ({ values, second }) => {
    for (const strategy of Object.keys(values) as PlainStrategy[]) {
      const settled = best[strategy]!;
      const known = found[strategy] ?? { strict: Infinity, loose: Infinity };
      const value = second[strategy];
      const strict = isAsGood(values[strategy], settled, SLACK) ? Math.min(known.strict, value) : known.strict;
      const loose = isAsGood(values[strategy], settled, LOOSE) ? Math.min(known.loose, value) : known.loose;
      found[strategy] = { strict, loose };
    }
  });
  return found;
}

/** Every feasible plan, for tests that want the plans themselves; slots are those of the first symmetric copy. */
export function forEachPlan(instance: Instance, visit: (leaf: Leaf) => void): void {
  new Enumeration(instance, visit).run();
}

class Enumeration {
  readonly #agent: number[];
  readonly #slot: number[];
  readonly #busy: number[];
  readonly #loads: number[][];
  readonly #count: number[];
  /** Agents that can take a task at all: only they have a share in the spread. */
  readonly #takesTasks: boolean[];

  constructor(
    private readonly instance: Instance,
    private readonly visitLeaf: (leaf: Leaf) => void,
  ) {
    this.#agent = new Array<number>(instance.numTasks).fill(-1);
    this.#slot = new Array<number>(instance.numTasks).fill(-1);
    this.#busy = new Array<number>(instance.numTasks).fill(0);
    this.#loads = [...instance.slots].map((slots) => new Array<number>(slots).fill(0));
    this.#count = new Array<number>(instance.numAgents).fill(0);
    this.#takesTasks = [...instance.maxTasks].map((most, agent) => most >= 1 && instance.pairAgent.includes(agent));
  }

  run(): void {
    this.#visit(0, { deferred: 0, numDeferred: 0, success: 0, retries: 0, belowGate: 0, delta: 0, cost: 0 });
  }

  #visit(task: number, totals: Totals): void {
    const { instance } = this;
    if (task === instance.numTasks) return this.#leaf(totals);
    const weight = instance.weight[task]!;
    const isHopeless = instance.pairStart[task] === instance.pairStart[task + 1];
    if (instance.deferral.kind !== "forbidden") {
      this.#agent[task] = -1;
      this.#slot[task] = -1;
      this.#visit(task + 1, {
        ...totals,
        // A task that no plan can place weighs the same in all of them.
        deferred: totals.deferred + (isHopeless ? 0 : weight),
        numDeferred: totals.numDeferred + 1,
      });
    }
    for (let pair = instance.pairStart[task]!; pair < instance.pairStart[task + 1]!; pair++) {
      this.#place(task, pair, totals);
    }
  }

  #place(task: number, pair: number, totals: Totals): void {
    const { instance } = this;
    const weight = instance.weight[task]!;
    const agent = instance.pairAgent[pair]!;
    const loads = this.#loads[agent]!;
    const busy = instance.busyMs[pair]!;
    if (this.#count[agent]! + 1 > instance.maxTasks[agent]!) return;
    if (exceeds(totals.cost + instance.cost[pair]!, instance.budget)) return;
    const firstIdle = loads.findIndex((load) => load === 0);
    const lastSlot = firstIdle < 0 ? loads.length - 1 : firstIdle;
    this.#agent[task] = agent;
    this.#busy[task] = busy;
    this.#count[agent]! += 1;
    for (let slot = 0; slot <= lastSlot; slot++) {
      const before = loads[slot]!;
      if (exceeds(before + busy, instance.loadLimitMs[agent]!)) continue;
      loads[slot] = before + busy;
      this.#slot[task] = slot;
      this.#visit(task + 1, {
        ...totals,
        success: totals.success + weight * instance.success[pair]!,
        retries: totals.retries + weight * instance.retries[pair]!,
        belowGate: totals.belowGate + (instance.belowGate[pair] ? weight : 0),
        delta: totals.delta + weight * instance.confidenceDelta[pair]!,
        cost: totals.cost + instance.cost[pair]!,
      });
      loads[slot] = before;
    }
    this.#count[agent]! -= 1;
    this.#agent[task] = -1;
    this.#slot[task] = -1;
  }

  #leaf(totals: Totals): void {
    if (!this.#keepsDependencies() || !this.#keepsDeadlines()) return;
    let [makespan, maxLoad, minLoad] = [0, 0, Infinity];
    this.#loads.forEach((loads, agent) =>
      loads.forEach((load) => {
        if (load > 0) makespan = Math.max(makespan, this.instance.availableFromMs[agent]! + load);
        maxLoad = Math.max(maxLoad, load);
        if (this.#takesTasks[agent]) minLoad = Math.min(minLoad, load);
      }),
    );
    const { deferral } = this.instance;
    const price = deferral.kind === "priced" ? deferral.penalty * totals.numDeferred : 0;
    const zero = deferral.kind === "priced" ? 0 : totals.deferred;
    this.visitLeaf({
      values: {
        maximize_success: [zero, -totals.success + price],
        maximize_throughput: [zero, makespan + price],
        balance_load: [zero, maxLoad + price],
        minimize_retries: [zero, totals.belowGate, totals.retries + price],
        confidence_optimization: [zero, -totals.delta + price],
        minimize_cost: [zero, totals.cost + price],
      },
      second: {
        maximize_success: makespan,
        maximize_throughput: -totals.success,
        balance_load: minLoad === Infinity ? 0 : maxLoad - minLoad,
        minimize_retries: makespan,
        confidence_optimization: makespan,
        minimize_cost: makespan,
      },
      agentOf: this.#agent,
      slotOf: this.#slot,
    });
  }

  #keepsDependencies(): boolean {
    const { instance } = this;
    return this.#agent.every((agent, task) => {
      if (agent < 0) return true;
      const before = instance.dependsOn.subarray(instance.dependsStart[task], instance.dependsStart[task + 1]);
      return before.every((other) => this.#agent[other]! >= 0);
    });
  }

  #keepsDeadlines(): boolean {
    const { instance } = this;
    for (let task = 0; task < instance.numTasks; task++) {
      const deadline = instance.deadlineMs[task]!;
      if (this.#agent[task]! < 0 || deadline === Infinity) continue;
      let due = 0;
      for (let other = 0; other < instance.numTasks; other++) {
        const isSame = this.#agent[other] === this.#agent[task] && this.#slot[other] === this.#slot[task];
        if (isSame && instance.deadlineMs[other]! <= deadline) due += this.#busy[other]!;
      }
      if (exceeds(due, Math.max(0, deadline - instance.availableFromMs[this.#agent[task]!]!))) return false;
    }
    return true;
  }
}

function exceeds(value: number, limit: number): boolean {
  return value > limit + SLACK * Math.max(1, Math.abs(limit));
}

function isBefore(a: readonly number[], b: readonly number[]): boolean {
  for (let k = 0; k < a.length; k++) {
    const difference = a[k]! - b[k]!;
    if (Math.abs(difference) > SLACK * Math.max(1, Math.abs(b[k]!))) return difference < 0;
  }
  return false;
}

function isAsGood(values: readonly number[], best: readonly number[], tolerance: number): boolean {
  return values.every((value, k) => value <= best[k]! + tolerance * Math.max(1, Math.abs(best[k]!)));
}
