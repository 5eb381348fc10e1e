import type { SequencingProblem } from "../../../src/engine/sequencing/sequencing-problem.js";

interface Placed {
  readonly task: number;
  readonly pair: number;
  readonly slot: number;
  readonly start: number;
  readonly end: number;
}

/**
 * The least makespan with absences, pools and limits on assignments, Infinity where no schedule keeps all rules: every topological order and every choice of
 * slots, each task at the earliest time at which all rules hold at every moment of it. Exponential.
 */
export function bruteForceWithProfiles(problem: SequencingProblem): number {
  const { numTasks, pairStart, pairAgent, busyMs, slotStart } = problem;
  let best = Infinity;

  function place(placed: readonly Placed[], last: number): void {
    if (last >= best || !canKeepLimits(problem, placed)) return;
    if (placed.length === numTasks) {
      best = last;
      return;
    }
    for (let task = 0; task < numTasks; task++) {
      const before = problem.predecessors.subarray(
        problem.predecessorStart[task]!,
        problem.predecessorStart[task + 1]!,
      );
      const done = [...before].map((one) => placed.find((other) => other.task === one));
      if (placed.some((one) => one.task === task) || done.includes(undefined)) continue;
      const ready = Math.max(problem.releaseMs[task]!, ...done.map((one) => one!.end));
      for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
        const agent = pairAgent[pair]!;
        for (let slot = slotStart[agent]!; slot < slotStart[agent + 1]!; slot++) {
          const fitting = earliest(problem, placed, { task, pair, slot }, ready);
          const due = Math.min(problem.deadlineMs[task]!, problem.absences?.availableUntilMs[agent] ?? Infinity);
          if (fitting !== null && fitting.end <= due) place([...placed, fitting], Math.max(last, fitting.end));
          // Unused slots of an agent are alike.
          if (!placed.some((one) => one.slot === slot)) break;
        }
      }
    }
  }

  function earliest(
    { absences, availableFromMs }: SequencingProblem,
    placed: readonly Placed[],
    one: Pick<Placed, "task" | "pair" | "slot">,
    ready: number,
  ): Placed | null {
    const agent = pairAgent[one.pair]!;
    const away = absences?.toMs.subarray(absences.intervalStart[agent]!, absences.intervalStart[agent + 1]!) ?? [];
    const first = Math.max(ready, availableFromMs[agent]!);
    const times = [first, ...away, ...placed.map((other) => other.end)].filter((time) => time >= first);
    times.sort((a, b) => a - b);
    const tries = times.map((start) => ({ ...one, start, end: start + busyMs[one.pair]! }));
    return tries.find((tried) => fits(problem, placed, tried)) ?? null;
  }

  place([], 0);
  return best;
}

function fits(problem: SequencingProblem, placed: readonly Placed[], one: Placed): boolean {
  const { absences, pools } = problem;
  const { task, pair, start, end } = one;
  const agent = problem.pairAgent[pair]!;
  for (let k = absences?.intervalStart[agent] ?? 0; k < (absences?.intervalStart[agent + 1] ?? 0); k++) {
    if (start < absences!.toMs[k]! && absences!.fromMs[k]! < end) return false;
  }
  if (placed.some((other) => other.slot === one.slot && other.start < end && start < other.end)) return false;
  const moments = [start, ...placed.map((other) => other.start).filter((time) => time > start && time < end)];
  return moments.every((moment) => {
    const running = placed.filter((other) => other.start <= moment && moment < other.end);
    return [...(pools?.limit.keys() ?? [])].every((pool) => {
      const users = [task, ...running.map((other) => other.task)];
      const use = users.reduce((sum, user) => sum + useOf(problem, user, pool), 0);
      return use <= pools!.limit[pool]!;
    });
  });
}

function useOf({ pools }: SequencingProblem, task: number, pool: number): number {
  let amount = 0;
  for (let k = pools!.useStart[task]!; k < pools!.useStart[task + 1]!; k++) {
    if (pools!.usePool[k] === pool) amount += pools!.useAmount[k]!;
  }
  return amount;
}

/** Whether the tasks placed so far, with the least that each other task adds to each row, keep all limits. */
function canKeepLimits(problem: SequencingProblem, placed: readonly Placed[]): boolean {
  const { limits, busyMs, pairAgent, pairStart, numTasks } = problem;
  if (limits === null) return true;
  const isWithin = (used: number, limit: number): boolean => used <= limit + 1e-9 * Math.max(1, Math.abs(limit));
  for (const { pair, slot } of placed) {
    const agent = pairAgent[pair]!;
    let [load, count] = [0, 0];
    for (const other of placed) {
      if (other.slot === slot) load += busyMs[other.pair]!;
      if (pairAgent[other.pair] === agent) count++;
    }
    if (!isWithin(load, limits.slotLoadMs[agent]!) || count > limits.maxTasks[agent]!) return false;
  }
  return limits.rows.every(({ value, limit }) => {
    let sum = 0;
    for (let task = 0; task < numTasks; task++) {
      const pair = placed.find((one) => one.task === task)?.pair;
      sum += pair === undefined ? Math.min(...value.subarray(pairStart[task]!, pairStart[task + 1]!)) : value[pair]!;
    }
    return isWithin(sum, limit);
  });
}
