import type { Instance } from "../../models/instance.js";
import type { StrategyName } from "../../src/domain/problem.js";

/**
 * Looks at every plan of a tiny instance, with arithmetic of its own: nothing here calls the models, the feasibility check
 * or the measures it is used to test. Slots of an agent are interchangeable, so a task opens at most one new slot.
 */
export type PlainStrategy = Exclude<StrategyName, "mix">;

/** Lexicographic values, all minimised: deferred weight (or 0 where it is priced), goals before the first, the first goal. */
export type Best = Readonly<Record<PlainStrategy, readonly number[] | null>>;

interface Totals {
  deferred: number;
  numDeferred: number;
  success: number;
  retries: number;
  belowGate: number;
  delta: number;
  cost: number;
}

const SLACK = 1e-9;

export function bruteForce(instance: Instance): Best {
  return new Enumeration(instance).run();
}

class Enumeration {
  readonly #best: Record<PlainStrategy, number[] | null> = {
    maximize_success: null,
    maximize_throughput: null,
    balance_load: null,
    minimize_retries: null,
    confidence_optimization: null,
    minimize_cost: null,
  };
  readonly #agent: number[];
  readonly #slot: number[];
  readonly #busy: number[];
  readonly #loads: number[][];
  readonly #count: number[];

  constructor(private readonly instance: Instance) {
    this.#agent = new Array<number>(instance.numTasks).fill(-1);
    this.#slot = new Array<number>(instance.numTasks).fill(-1);
    this.#busy = new Array<number>(instance.numTasks).fill(0);
    this.#loads = [...instance.slots].map((slots) => new Array<number>(slots).fill(0));
    this.#count = new Array<number>(instance.numAgents).fill(0);
  }

  run(): Best {
    const totals = { deferred: 0, numDeferred: 0, success: 0, retries: 0, belowGate: 0, delta: 0, cost: 0 };
    this.#visit(0, totals);
    return this.#best;
  }

  #visit(task: number, totals: Totals): void {
    const { instance } = this;
    if (task === instance.numTasks) return this.#leaf(totals);
    const weight = instance.weight[task]!;
    if (instance.deferral.kind !== "forbidden") {
      this.#agent[task] = -1;
      this.#visit(task + 1, {
        ...totals,
        deferred: totals.deferred + weight,
        numDeferred: totals.numDeferred + 1,
      });
    }
    if (instance.isBlocked[task]) return;
    for (let pair = instance.pairStart[task]!; pair < instance.pairStart[task + 1]!; pair++) {
      const agent = instance.pairAgent[pair]!;
      const loads = this.#loads[agent]!;
      const busy = instance.busyMs[pair]!;
      const limit = instance.slots[agent]! * instance.loadLimitMs[agent]!;
      if (this.#count[agent]! + 1 > instance.maxTasks[agent]!) continue;
      if (exceeds(loads.reduce((a, b) => a + b, 0) + busy, limit)) continue;
      if (exceeds(totals.cost + instance.cost[pair]!, instance.budget)) continue;
      const firstIdle = loads.findIndex((load) => load === 0);
      const lastSlot = firstIdle < 0 ? loads.length - 1 : firstIdle;
      this.#agent[task] = agent;
      this.#busy[task] = busy;
      this.#count[agent]! += 1;
      for (let slot = 0; slot <= lastSlot; slot++) {
        const before = loads[slot]!;
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
    }
  }

  #leaf(totals: Totals): void {
    if (!this.#keepsDependencies() || !this.#keepsDeadlines()) return;
    let [makespan, maxLoad] = [0, 0];
    this.#loads.forEach((loads, agent) =>
      loads.forEach((load) => {
        if (load > 0) makespan = Math.max(makespan, this.instance.availableFromMs[agent]! + load);
        maxLoad = Math.max(maxLoad, load);
      }),
    );
    const { deferral } = this.instance;
    const price = deferral.kind === "priced" ? deferral.penalty * totals.numDeferred : 0;
    const zero = deferral.kind === "priced" ? 0 : totals.deferred;
    this.#offer("maximize_success", [zero, -totals.success + price]);
    this.#offer("maximize_throughput", [zero, makespan + price]);
    this.#offer("balance_load", [zero, maxLoad + price]);
    this.#offer("minimize_retries", [zero, totals.belowGate, totals.retries + price]);
    this.#offer("confidence_optimization", [zero, -totals.delta + price]);
    this.#offer("minimize_cost", [zero, totals.cost + price]);
  }

  #offer(strategy: PlainStrategy, values: number[]): void {
    const best = this.#best[strategy];
    if (best === null || isBefore(values, best)) this.#best[strategy] = values;
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
