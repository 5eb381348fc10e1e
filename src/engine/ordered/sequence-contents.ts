import { LOOKS_PER_MOVE, type Share } from "../budget/budget.js";
import { WorkMeter } from "../bounds/work-meter.js";
import { runInSlices } from "../threads/slices.js";
import { ContentsInOrder, isForContents } from "./contents-in-order.js";
import type { OrderedWave } from "./ordered-wave.js";
import { toAssignment, viewSequencing } from "./sequencing-view.js";

/** Of the moves and of the time that are left: kept for the search that knows order best. */
const KEPT: Share = { moves: 0.4, time: 0.4 };

/** The makespan from below by contents of slots, from the best plan and the best bound on. */
export async function sequenceContents(wave: OrderedWave): Promise<void> {
  const { session, instance, makespanAt, best } = wave;
  const known = wave.boundOf(makespanAt);
  const view = viewSequencing(instance, { pairOf: "any" });
  if (best === null || known === null || !isForContents(view.problem)) return;
  const stage = "order: contents";
  const since = session.context.clock();
  session.report("stage", stage);
  const { budget } = session;
  const giveFree = budget.holdBack(KEPT);
  const meter = new WorkMeter(LOOKS_PER_MOVE * budget.movesLeft(), () => budget.struckLimit() !== null);
  let numLevels = 0;
  const contents = new ContentsInOrder(view.problem, {
    ...{ meter, boundMs: known.bound, makespanMs: best.values[makespanAt]! },
    onPlan: (plan) => void wave.offer(toAssignment(instance, view, plan), stage),
    onBound: (boundMs) => {
      numLevels += 1;
      wave.prove(makespanAt, boundMs, wave.best!.values, "search");
    },
  });
  await runInSlices(contents.run());
  giveFree();
  budget.spend(meter.used / LOOKS_PER_MOVE);
  wave.record(stage, `${numLevels} levels ruled out`, since);
}
