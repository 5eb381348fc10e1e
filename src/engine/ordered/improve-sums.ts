import type { Share } from "../budget/budget.js";
import { runInSlices } from "../threads/slices.js";
import { readDeadlineWave } from "./deadline-wave.js";
import type { OrderedWave } from "./ordered-wave.js";
import { isAlwaysInTime } from "./plan-tree.js";
import { searchSums } from "./sum-search.js";
import { SumValues } from "./sum-values.js";

/** Looks that take as long as a move. Measured. */
const LOOKS_PER_MOVE = 20;
/** Looks for each pair of tasks at first and later, at most: small waves need few. */
const LOOKS_PER_SQUARE = { first: 1_000, later: 4_000 } as const;
/** Pairs of tasks, over the slots, beyond which no schedule is made: each task looks at all that are on a slot. */
const MOST_PAIRS_OF_TASKS = 5e7;
const FIRST_SHARE: Share = { moves: 0.25, time: 0.25 };

/** Whether times keep plans from the best sums, and pools do not. */
export function isForSums({ instance, best }: OrderedWave): boolean {
  const { numTasks, slots, timing } = instance;
  const numSlots = slots.reduce((sum, count) => sum + count, 0);
  if (isAlwaysInTime(instance) || timing!.usePool.length > 0) return false;
  return best !== null && numTasks ** 2 <= MOST_PAIRS_OF_TASKS * numSlots;
}

/** Better sums up to the first goal from the best plan on, where each of these goals is a sum. */
export async function improveSums(wave: OrderedWave, { share = FIRST_SHARE, round = 0 } = {}): Promise<void> {
  const { session, instance, chain, best } = wave;
  const values = SumValues.of(instance, chain);
  const deadlines = readDeadlineWave(instance);
  if (values === null || best === null || !deadlines.isHopeless.includes(0)) return;
  const stage = "order: sums";
  const since = session.context.clock();
  session.report("stage", stage);
  const { budget } = session;
  const giveFree = budget.holdBack({ moves: 1 - share.moves, time: 1 - share.time });
  const most = budget.effort * LOOKS_PER_SQUARE[round === 0 ? "first" : "later"] * instance.numTasks ** 2;
  const { numLooks, numRounds } = await runInSlices(
    searchSums(deadlines, values, {
      ...{ seed: session.options.seed + round, start: best.plan },
      maxLooks: Math.min(LOOKS_PER_MOVE * budget.movesLeft(), most),
      shouldStop: () => budget.struckLimit() !== null || wave.isSettled(false) || wave.reachesGap,
      onPlan: (plan) => void wave.offer(plan, stage),
    }),
  );
  budget.spend(numLooks / LOOKS_PER_MOVE);
  giveFree();
  wave.record(stage, `${numRounds} rounds`, since);
}
