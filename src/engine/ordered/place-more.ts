import { type Assignment, DEFERRED, type Instance, isPlaceable } from "../../../models/index.js";
import type { OrderedWave } from "./ordered-wave.js";
import { sequence } from "./sequence-plans.js";

/** What the stages after it keep of what is left, and what one try may take of the rest. */
const KEPT = { moves: 0.7, time: 0.7 } as const;
const SHARE_OF_TRY = 0.1;

/**
 * Fewer tasks left out: some of them beside all that are placed, as many at once as a sequencing finds a schedule for, from all of them down to each by
 * itself, the dearest first. A sequencing repairs what is late, where recreation only fills what is free. At most two tries for each task left out, and as
 * many more as it takes to halve their number.
 */
export async function placeMore(wave: OrderedWave): Promise<void> {
  const { instance, session } = wave;
  const giveFree = session.budget.holdBack(KEPT);
  const isTried = Uint8Array.from(instance.weight, (_, task) => (isPlaceable(instance, task) ? 0 : 1));
  let most = Infinity;
  while (wave.struckLimit === null) {
    const { plan } = wave.best!;
    const more = dearestLeftOut(instance, plan, isTried, most);
    if (more.size === 0) break;
    const isSelected = (task: number): boolean => plan.agentOf[task] !== DEFERRED || more.has(task);
    const moves = SHARE_OF_TRY * wave.movesLeft;
    await sequence(wave, { pairOf: "any", isSelected }, "order: place more", moves, { isFirstEnough: true });
    if (wave.best!.plan !== plan) most = 2 * more.size;
    else if (more.size === 1) more.forEach((task) => (isTried[task] = 1));
    else most = Math.ceil(more.size / 2);
  }
  giveFree();
}

/** Tasks left out that may be tried, at most so many: by falling weight, each behind those it waits for; none that waits for one which was tried in vain. */
function dearestLeftOut(instance: Instance, plan: Assignment, isTried: Uint8Array, most: number): ReadonlySet<number> {
  const { weight, dependsStart, dependsOn, numTasks } = instance;
  const isIn = (task: number): boolean => plan.agentOf[task] !== DEFERRED || chosen.has(task);
  const chosen = new Set<number>();
  const open = Array.from({ length: numTasks }, (_, task) => task)
    .filter((task) => plan.agentOf[task] === DEFERRED && isTried[task] === 0)
    .sort((a, b) => weight[b]! - weight[a]! || a - b);
  for (let hasGrown = true; hasGrown && chosen.size < most;) {
    hasGrown = false;
    for (const task of open) {
      if (chosen.size >= most || chosen.has(task)) continue;
      if (!dependsOn.subarray(dependsStart[task], dependsStart[task + 1]).every(isIn)) continue;
      chosen.add(task);
      hasGrown = true;
    }
  }
  return chosen;
}
