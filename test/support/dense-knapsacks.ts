import type { Instance } from "../../models/instance.js";
import type { PlainStrategy } from "./brute-force.js";
import { costOf, deferralSlack, parseRow, type Settled } from "./lagrangian.js";

/** What the relaxation without assignment rows comes to, and how often each task is taken in it. */
export interface DenseValue {
  readonly value: number;
  readonly chosen: readonly number[];
}

/** What a plan may exceed a load by, as in `findViolations`. */
const FEASIBILITY_TOLERANCE = 1e-9;
const SLACK = 1e-9;

/**
 * Σ λ − Σ u rhs and the least of every agent's knapsack and of the deferral's, written down a second time: all subsets,
 * straight from the formula, sharing no code with src/engine/bounds. For tiny instances.
 *
 * @param settled weights of deferred tasks that some plan could place, and of tasks below their gate
 * @param atMs for certificates of times: the threshold, else null
 */
export function denseKnapsacks(
  instance: Instance,
  strategy: PlainStrategy,
  settled: Settled,
  multipliers: Readonly<Record<string, number>>,
  atMs: number | null,
): DenseValue {
  const view = new View(instance, strategy, settled, multipliers, atMs);
  const tasks = instance.taskIds.map((_, task) => task);
  const chosen = tasks.map(() => 0);
  const free = tasks.filter((task) => view.isTakeable(task));
  const forced = tasks.filter((task) => !view.isTakeable(task));
  if (forced.some((task) => !view.mayDefer(task))) return { value: Infinity, chosen };
  let value = free.reduce((sum, task) => sum + view.lambda(task), -view.rhsTotal());
  for (const task of forced) value += view.deferralPrice(task);
  const room = view.deferralRoom(forced);
  if (room < -SLACK) return { value: Infinity, chosen };
  const take = (subset: Subset): void => {
    value += subset.value;
    for (const task of subset.tasks) chosen[task]! += 1;
  };
  take(
    leastSubset(
      free.filter((task) => view.mayDefer(task)),
      (task) => view.deferralPrice(task) - view.lambda(task),
      (task) => view.deferralWeight(task),
      room,
    ),
  );
  instance.agentIds.forEach((_, agent) => {
    const price = (task: number): number => view.pairPrice(view.pair(task, agent)) - view.lambda(task);
    const items = free.filter((task) => view.pair(task, agent) >= 0 && view.fits(view.pair(task, agent)));
    const busy = (task: number): number => instance.busyMs[view.pair(task, agent)]!;
    const whole = leastSubset(items, price, busy, view.capacity(agent));
    const bySlot = repeated(leastSubset(items, price, busy, view.slotCapacity(agent)), instance.slots[agent]!);
    take(bySlot.value > whole.value ? bySlot : whole);
  });
  return { value, chosen };
}

interface Subset {
  readonly value: number;
  readonly tasks: readonly number[];
}

/** The same subset in every slot: none can take less, whatever the others take. */
function repeated({ value, tasks }: Subset, slots: number): Subset {
  return { value: slots * value, tasks: Array.from({ length: slots }, () => tasks).flat() };
}

function leastSubset(
  items: readonly number[],
  price: (task: number) => number,
  weight: (task: number) => number,
  capacity: number,
): Subset {
  let best: Subset = { value: 0, tasks: [] };
  for (let bits = 0; bits < 2 ** items.length; bits++) {
    const tasks = items.filter((_, k) => Math.floor(bits / 2 ** k) % 2 === 1);
    if (tasks.reduce((sum, task) => sum + weight(task), 0) > capacity * (1 + SLACK)) continue;
    const value = tasks.reduce((sum, task) => sum + price(task), 0);
    if (value < best.value) best = { value, tasks };
  }
  return best;
}

/** Coefficients of the relaxation, each looked up where it is needed. */
class View {
  readonly #rows: readonly {
    readonly multiplier: number;
    readonly rhs: number;
    ofPair(pair: number): number;
    ofDeferral(task: number): number;
  }[];

  constructor(
    private readonly instance: Instance,
    private readonly strategy: PlainStrategy,
    private readonly settled: Settled,
    private readonly multipliers: Readonly<Record<string, number>>,
    private readonly atMs: number | null,
  ) {
    const entries = Object.entries(multipliers).filter(([name, value]) => value > 0 && !name.startsWith("assign["));
    const isTime = (name: string): boolean => /^(makespan|max_load|task_end|task_load)\[/.test(name);
    const timeSum = entries.reduce((sum, [name, value]) => sum + (isTime(name) ? value : 0), 0);
    this.#rows = entries
      .filter(([name]) => atMs === null || !/^task_(end|load)\[/.test(name))
      .map(([name, value]) => {
        const multiplier = atMs === null && isTime(name) && timeSum > 1 ? value / timeSum : value;
        if (name === "goal[deferral]") {
          const rhs = settled.deferred + deferralSlack(instance, settled.deferred);
          return { multiplier, rhs, ofPair: () => 0, ofDeferral: (task) => this.deferralWeight(task) };
        }
        const row = parseRow(instance, settled, name);
        if (atMs === null || !isTime(name)) return { ...row, multiplier };
        const agent = instance.agentIds.indexOf(/\[(.*)\]/.exec(name)![1]!);
        const rhs = this.#penalty() > 0 ? atMs : Math.max(0, this.#roomMs(agent));
        return { ...row, multiplier, rhs, ofDeferral: () => this.#penalty() };
      });
  }

  lambda(task: number): number {
    return this.multipliers[`assign[${this.instance.taskIds[task]!}]`] ?? 0;
  }

  rhsTotal(): number {
    return this.#rows.reduce((sum, row) => sum + row.multiplier * row.rhs, 0);
  }

  pair(task: number, agent: number): number {
    const { pairTask, pairAgent } = this.instance;
    return pairTask.findIndex((other, pair) => other === task && pairAgent[pair] === agent);
  }

  pairPrice(pair: number): number {
    const own = this.atMs === null ? costOf(this.instance, this.strategy, pair) : 0;
    return this.#rows.reduce((sum, row) => sum + row.multiplier * row.ofPair(pair), own);
  }

  deferralPrice(task: number): number {
    const own = this.atMs === null ? this.#penalty() : 0;
    return this.#rows.reduce((sum, row) => sum + row.multiplier * row.ofDeferral(task), own);
  }

  deferralWeight(task: number): number {
    return this.#isPlaceable(task) ? this.instance.weight[task]! : 0;
  }

  deferralRoom(forced: readonly number[]): number {
    if (this.instance.deferral.kind !== "first") return Infinity;
    return this.settled.deferred - forced.reduce((sum, task) => sum + this.deferralWeight(task), 0);
  }

  mayDefer(task: number): boolean {
    const { deferral, weight } = this.instance;
    if (deferral.kind === "forbidden") return false;
    return deferral.kind === "priced" || !this.#isPlaceable(task) || weight[task]! <= this.settled.deferred + SLACK;
  }

  isTakeable(task: number): boolean {
    return this.instance.agentIds.some((_, agent) => {
      const pair = this.pair(task, agent);
      return pair >= 0 && this.fits(pair);
    });
  }

  fits(pair: number): boolean {
    return this.atMs === null || this.instance.busyMs[pair]! <= this.#roomMs(this.instance.pairAgent[pair]!) + SLACK;
  }

  capacity(agent: number): number {
    return this.#capacityOf(agent, this.instance.slots[agent]!);
  }

  slotCapacity(agent: number): number {
    return this.#capacityOf(agent, 1);
  }

  #capacityOf(agent: number, slots: number): number {
    const limit = slots * this.instance.loadLimitMs[agent]!;
    const load = limit + FEASIBILITY_TOLERANCE * Math.max(1, limit);
    return this.atMs === null ? load : Math.min(load, Math.max(0, slots * this.#roomMs(agent)));
  }

  #roomMs(agent: number): number {
    return this.atMs! - (this.strategy === "balance_load" ? 0 : this.instance.availableFromMs[agent]!);
  }

  #penalty(): number {
    return this.instance.deferral.kind === "priced" ? this.instance.deferral.penalty : 0;
  }

  #isPlaceable(task: number): boolean {
    const { pairStart } = this.instance;
    return pairStart[task]! < pairStart[task + 1]!;
  }
}
