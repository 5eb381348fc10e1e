import { type Instance, label } from "../../../models/index.js";
import type { PricingMultipliers } from "../../domain/index.js";
import type { Pricing } from "../sequencing/bound-certificate.js";
import { timingOf } from "./plan-decoder.js";
import type { SequencingView } from "./sequencing-view.js";

/** Rows of the agents' time, then of the pools where the view has any. */
export function rowsOfPrices(instance: Instance, { problem }: SequencingView): string[] {
  const pools = problem.pools === null ? [] : timingOf(instance).poolNames;
  return [...instance.agentIds.map((id) => label("makespan", id)), ...pools.map((name) => label("pool", name))];
}

/** Rows of the dependencies, by entry of the problem's `successors`. */
function rowsOfOrder(instance: Instance, { problem, taskOf }: SequencingView): string[] {
  const { numTasks, successorStart, successors } = problem;
  const idOf = (task: number): string => instance.taskIds[taskOf[task]!]!;
  return Array.from({ length: numTasks }, (_, task) =>
    Array.from(successors.subarray(successorStart[task]!, successorStart[task + 1]!), (next) =>
      label("precedes", idOf(task), idOf(next)),
    ),
  ).flat();
}

/** A pricing as the result document has it; prices of 0 of dependencies are left out. */
export function namePricing(
  instance: Instance,
  view: SequencingView,
  { timePrices, orderPrices }: Pricing,
): PricingMultipliers {
  const rows = rowsOfPrices(instance, view);
  const count = timePrices.length / rows.length;
  const prices = rowsOfOrder(instance, view).map((row, k) => {
    const own = Array.from(orderPrices.subarray(k * count, (k + 1) * count), (price, interval) => ({
      interval,
      price,
    }));
    return [row, own.filter(({ price }) => price > 0)] as const;
  });
  return {
    interval_multipliers: Object.fromEntries(
      rows.map((row, k) => [row, [...timePrices.subarray(k * count, (k + 1) * count)]]),
    ),
    order_multipliers: Object.fromEntries(prices.filter(([, own]) => own.length > 0)),
  };
}

/** The same as arrays; null where it prices no interval, or one that is none of these, or rows differ in length. */
export function indexPricing(
  instance: Instance,
  view: SequencingView,
  { interval_multipliers, order_multipliers }: PricingMultipliers,
): Pricing | null {
  const rows = rowsOfPrices(instance, view);
  const count = Math.max(...rows.map((row) => interval_multipliers[row]?.length ?? 0));
  const all = rows.flatMap((row) => interval_multipliers[row] ?? new Array<number>(count).fill(0));
  if (count === 0 || all.length !== count * rows.length) return null;
  const order = rowsOfOrder(instance, view);
  const orderPrices = new Float64Array(order.length * count);
  for (const [k, row] of order.entries()) {
    for (const { interval, price } of order_multipliers[row] ?? []) {
      if (!(Number.isInteger(interval) && interval >= 0 && interval < count)) return null;
      orderPrices[k * count + interval] = price;
    }
  }
  return { timePrices: Float64Array.from(all), orderPrices };
}

/** Prices of tasks by id; those of 0 are left out. */
export function nameTaskPrices(
  { taskIds }: Instance,
  { taskOf }: SequencingView,
  taskPrices: Float64Array,
): Record<string, number> {
  const prices = Array.from(taskPrices, (price, task) => [taskIds[taskOf[task]!]!, price] as const);
  return Object.fromEntries(prices.filter(([, price]) => price > 0));
}

/** The same as an array. */
export function indexTaskPrices(
  { taskIds }: Instance,
  { taskOf }: SequencingView,
  multipliers: Readonly<Record<string, number>>,
): Float64Array {
  // An id may be the name of a member that every object has.
  return Float64Array.from(taskOf, (task) => {
    const id = taskIds[task]!;
    return Object.hasOwn(multipliers, id) ? multipliers[id]! : 0;
  });
}
