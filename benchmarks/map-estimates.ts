import type { Estimate, FullProblem, Task } from "../src/domain/problem.js";

/** The problem with some numbers of every estimate changed; a changed success is what goals use, whatever they leaned towards before. */
export function mapEstimates(
  problem: FullProblem,
  change: (estimate: Estimate, task: Task<Estimate>, agentId: string) => Partial<Estimate>,
): FullProblem {
  const tasks = problem.tasks.map((task) => {
    const entries = Object.entries(task.estimates).map(([agentId, estimate]): [string, Estimate] => {
      const { planning, ...believed } = estimate;
      const changed = change(estimate, task, agentId);
      const isLeaning = planning !== undefined && changed.successProbability === undefined;
      return [agentId, { ...believed, ...(isLeaning ? { planning } : {}), ...changed }];
    });
    return { ...task, estimates: Object.fromEntries(entries) };
  });
  return { ...problem, tasks };
}
