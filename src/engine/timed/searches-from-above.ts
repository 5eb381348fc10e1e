import type { SearchProgress } from "../assignment/progress.js";
import { searchIdentical } from "../search/identical-search.js";
import { RepackSearch } from "./repack-search.js";
import type { TimedProblem } from "./timed-problem.js";
import { TimedSearch } from "./timed-search.js";

/** Looks at every pair below which packing is left out: of little work, proofs need all there is. */
const LEAST_LOOKS_PER_PAIR = 3000;

/** Ejection chains; where all agents are alike, a method of its own, each round with another stream: the last one's would repeat itself. */
export function startSearch(
  timed: TimedProblem,
  progress: SearchProgress,
  mu: Float64Array,
  seed: number,
): (workLimit: number, round: number) => void {
  progress.stage = "search";
  const uses = twinUses(timed);
  if (uses === null) {
    const search = new TimedSearch(timed, progress, mu, seed);
    return (workLimit) => {
      progress.stage = "search";
      search.run(workLimit);
    };
  }
  return (workLimit, round) => {
    progress.stage = "search";
    const { meter, bound } = progress;
    const onIncumbent = (agentOf: Int32Array): void => void progress.offer(agentOf);
    searchIdentical(uses, timed.numTimed, { seed: seed + round, meter, bound, workLimit, onIncumbent });
  };
}

/**
 * Search by exact packing where agents are unlike; nothing where it knows too little. After a round in which it found nothing it leaves one out,
 * for dives and trees: they find plans that packing does not.
 */
export function startPacking(
  timed: TimedProblem,
  progress: SearchProgress,
  mu: Float64Array,
  seed: number,
): (workLimit: number) => void {
  if (twinUses(timed) !== null || !RepackSearch.isFor(timed)) return () => undefined;
  const least = LEAST_LOOKS_PER_PAIR * timed.assignment.use.length;
  let search: RepackSearch | null = null;
  let isToRest = false;
  return (workLimit) => {
    if (workLimit - progress.meter.used < least) return;
    if (isToRest) {
      isToRest = false;
      return;
    }
    const { cost } = progress;
    progress.stage = "packing";
    search ??= new RepackSearch(timed, progress, mu, seed);
    search.run(workLimit);
    isToRest = progress.cost === cost;
  };
}

/** Use of each task where all agents are alike, free from 0 and able to take every task; else null. */
function twinUses({ assignment, numTimed, availableFrom, twinOf }: TimedProblem): Float64Array | null {
  const { numTasks, numAgents, pairAgent, use } = assignment;
  const isAlike = numTasks > 0 && numTimed > 0 && numTimed === numAgents && twinOf.every((twin) => twin === 0);
  if (!isAlike || availableFrom[0] !== 0 || pairAgent.length !== numTasks * numAgents) return null;
  return Float64Array.from({ length: numTasks }, (_, task) => use[task * numAgents]!);
}
