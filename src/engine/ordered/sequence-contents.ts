import { isPlaceable } from "../../../models/index.js";
import { LOOKS_PER_MOVE, type Share } from "../budget/budget.js";
import { WorkMeter } from "../bounds/work-meter.js";
import { runInSlices } from "../threads/slices.js";
import { ContentsInOrder } from "./contents-in-order.js";
import type { OrderedWave } from "./ordered-wave.js";
import { toAssignment, viewSequencing } from "./sequencing-view.js";

/** Of the moves and of the time that are left: kept for the search that knows order best. */
const KEPT: Share = { moves: 0.4, time: 0.4 };

/** Tasks up to which the few of them in conflict are found soon. */
const MOST_TASKS = 40;

/** Whether nothing but times, slots and order decides the first goal of a wave of few tasks. */
export function isForContents({ isTimedFirst, instance }: OrderedWave): boolean {
  const { numTasks, deferral, deadlineMs } = instance;
  if (!isTimedFirst || numTasks > MOST_TASKS || deferral.kind === "priced") return false;
  if (deadlineMs.some((due, task) => due < Infinity && isPlaceable(instance, task))) return false;
  const { absences, pools, limits } = viewSequencing(instance, { pairOf: "any" }).problem;
  return absences === null && pools === null && limits === null;
}

/** The makespan from below by contents of slots, from the best plan and the best bound on, where that plan defers nothing. */
export async function sequenceContents(wave: OrderedWave): Promise<void> {
  const { session, instance, makespanAt, best } = wave;
  const known = wave.boundOf(makespanAt);
  if (best === null || known === null || !wave.placesAll) return;
  const view = viewSequencing(instance, { pairOf: "any" });
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
