import type { StrategyModel } from "../../../models/index.js";
import { FleetTime } from "../sequencing/agent-time.js";
import { searchPrices } from "../sequencing/fleet-bound.js";
import { boundWithoutOrder } from "./bound-without-order.js";
import type { OrderedWave } from "./ordered-wave.js";
import { sequenceContents } from "./sequence-contents.js";
import { sequenceBriefly, sequenceOn } from "./sequence-plans.js";
import { viewSequencing } from "./sequencing-view.js";

/** Waves of more tasks are not searched exhaustively, and their plans are rarely as short as loads alone allow. */
const MOST_TASKS = 40;
/** Loads may bind where prices of the agents' time prove at least this share of the best bound: whole tasks add the rest. */
const LEAST_SHARE = 0.97;
const PRICE_STEPS = 60;

export function isForLoadsFirst({ isTimedFirst, instance: { numTasks } }: OrderedWave): boolean {
  return isTimedFirst && numTasks <= MOST_TASKS;
}

/**
 * Few tasks: a short sequencing, which proves what is easy. Where loads bind more than order does, the wave without order comes next: its bound
 * is close, and its plan can often be sequenced without a wait, which proves it best.
 */
export async function settleByLoads(wave: OrderedWave, model: Pick<StrategyModel, "build">): Promise<void> {
  await sequenceBriefly(wave);
  if (wave.isSettled(false)) return;
  if (bindsByLoads(wave)) {
    await boundWithoutOrder(wave, model);
    if (!wave.isSettled(false)) await sequenceContents(wave);
  }
  if (!wave.isSettled(false)) await sequenceOn(wave);
}

function bindsByLoads(wave: OrderedWave): boolean {
  const { instance, makespanAt, placesAll } = wave;
  const known = wave.boundOf(makespanAt);
  if (known === null || !placesAll) return false;
  const { problem } = viewSequencing(instance, { pairOf: "any" });
  const tasks = Int32Array.from({ length: problem.numTasks }, (_, task) => task);
  const window = { tasks, headMs: 0, tailMs: 0, outsideMs: null };
  const { endMs } = searchPrices(new FleetTime(problem), window, { steps: PRICE_STEPS, deferral: null });
  return endMs >= LEAST_SHARE * known.bound;
}
