import { hasExcess, type Option, orderOnSlot, windowOf } from "./check-slot-rules.js";
import type { Pools, SequencingProblem } from "./sequencing-problem.js";

/** Amounts that exceed a pool's limit by no more than this share of it still fit. */
const TOLERANCE = 1e-9;

/** What a task takes of one pool, as if it ran on an agent of its own for its least busy time. */
interface Use extends Option {
  readonly amount: number;
}

/** Narrows the windows of tasks that use pools; false where they contradict one. */
export function keepPools(
  { pools, numAgents }: SequencingProblem,
  ofTask: readonly Option[][],
  tolerance: number,
): boolean {
  if (pools === null) return true;
  return Array.from(pools.limit).every((limit, pool) => {
    const most = limit * (1 + TOLERANCE);
    const uses = usesOf(pools, pool, numAgents, ofTask);
    const areas = uses.map((use) => ({ ...use, work: use.amount * use.busy }));
    if (hasExcess(areas, (from, to) => most * (to - from + tolerance))) return false;
    const exclusive = uses
      .sort((a, b) => b.amount - a.amount)
      .filter((use, k, all) => {
        const other = all[k === 0 ? 1 : k - 1];
        return other !== undefined && use.amount + other.amount > most;
      });
    if (!orderOnSlot(exclusive, () => true, tolerance)) return false;
    for (const { task, from, to } of exclusive) {
      for (const option of ofTask[task]!) {
        [option.from, option.to] = [Math.max(option.from, from), Math.min(option.to, to)];
      }
    }
    return true;
  });
}

/** A task of no length uses nothing. */
function usesOf(pools: Pools, pool: number, agent: number, ofTask: readonly Option[][]): Use[] {
  return ofTask
    .map((options, task): Use => {
      let amount = 0;
      for (let k = pools.useStart[task]!; k < pools.useStart[task + 1]!; k++) {
        if (pools.usePool[k] === pool) amount += pools.useAmount[k]!;
      }
      return { task, agent, amount, busy: Math.min(...options.map(({ busy }) => busy)), ...windowOf(options) };
    })
    .filter(({ amount, busy }) => amount > 0 && busy > 0);
}
