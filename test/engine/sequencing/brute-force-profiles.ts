import type { SequencingProblem } from "../../../src/engine/sequencing/sequencing-problem.js";

interface Placed {
  readonly task: number;
  readonly agent: number;
  readonly start: number;
  readonly end: number;
}

/**
 * The least makespan with absences and pools: every topological order and every choice of agents, each task at the earliest time at
 * which all rules hold at every moment of it. Exponential.
 */
export function bruteForceWithProfiles(problem: SequencingProblem): number {
  const { numTasks, pairStart, pairAgent, busyMs, slotStart } = problem;
  const absences = problem.absences!;
  const pools = problem.pools!;
  let best = Infinity;

  function place(placed: readonly Placed[], last: number): void {
    if (last >= best) return;
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
      for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
        const agent = pairAgent[pair]!;
        const away = [...absences.toMs.subarray(absences.intervalStart[agent]!, absences.intervalStart[agent + 1]!)];
        const ready = Math.max(
          problem.releaseMs[task]!,
          problem.availableFromMs[agent]!,
          ...done.map((one) => one!.end),
        );
        const times = [ready, ...away, ...placed.map((one) => one.end)].filter((time) => time >= ready);
        times.sort((a, b) => a - b);
        const fitting = times
          .map((start) => ({ task, agent, start, end: start + busyMs[pair]! }))
          .find((one) => fits(placed, one));
        if (fitting === undefined) continue;
        const due = Math.min(problem.deadlineMs[task]!, absences.availableUntilMs[agent]!);
        if (fitting.end <= due) place([...placed, fitting], Math.max(last, fitting.end));
      }
    }
  }

  function fits(placed: readonly Placed[], one: Placed): boolean {
    const { task, agent, start, end } = one;
    for (let k = absences.intervalStart[agent]!; k < absences.intervalStart[agent + 1]!; k++) {
      if (start < absences.toMs[k]! && absences.fromMs[k]! < end) return false;
    }
    const moments = [start, ...placed.map((other) => other.start).filter((time) => time > start && time < end)];
    return moments.every((moment) => {
      const running = placed.filter((other) => other.start <= moment && moment < other.end);
      const sharing = running.filter((other) => other.agent === agent).length;
      if (sharing + 1 > slotStart[agent + 1]! - slotStart[agent]!) return false;
      return [...pools.limit.keys()].every((pool) => {
        const use = [task, ...running.map((other) => other.task)].reduce((sum, user) => sum + useOf(user, pool), 0);
        return use <= pools.limit[pool]!;
      });
    });
  }

  function useOf(task: number, pool: number): number {
    let amount = 0;
    for (let k = pools.useStart[task]!; k < pools.useStart[task + 1]!; k++) {
      if (pools.usePool[k] === pool) amount += pools.useAmount[k]!;
    }
    return amount;
  }

  place([], 0);
  return best;
}
