import type { Estimate, FullProblem, Task } from "../src/domain/problem.js";

/** The problem with some numbers of every estimate changed. */
export function mapEstimates(
  problem: FullProblem,
  change: (estimate: Estimate, task: Task<Estimate>, agentId: string) => Partial<Estimate>,
): FullProblem {
  const tasks = problem.tasks.map((task) => {
    const entries = Object.entries(task.estimates).map(([agentId, estimate]): [string, Estimate] => {
      return [agentId, { ...estimate, ...change(estimate, task, agentId) }];
    });
    return { ...task, estimates: Object.fromEntries(entries) };
  });
  return { ...problem, tasks };
}
