import type { SmallProblem } from "../test/support/check-against-brute-force.js";

/** What occurs in a random wave, by name: a campaign is worth no more than what its waves hold. */
const FEATURES: Readonly<Record<string, (small: SmallProblem) => boolean>> = {
  "a task of an unfinished earlier one": ({ full }) =>
    full.tasks.some((task) => task.dependsOn.some((id) => full.earlierTasks[id] === "unfinished")),
  "a task of a finished earlier one": ({ full }) =>
    full.tasks.some((task) => task.dependsOn.some((id) => full.earlierTasks[id] === "finished")),
  "a held task": ({ full }) => full.tasks.some((task) => task.held !== null),
  "several slots": ({ full }) => full.agents.some((agent) => agent.slots > 1),
  "several slots with a capacity": ({ full }) =>
    full.agents.some((agent) => agent.slots > 1 && agent.capacityMs !== null),
  "a capacity": ({ full }) => full.agents.some((agent) => agent.capacityMs !== null),
  "a count (max_tasks)": ({ full }) => full.agents.some((agent) => agent.maxTasks !== null),
  "a count of 0": ({ full }) => full.agents.some((agent) => agent.maxTasks === 0),
  "a budget": ({ options }) => options.budget !== null,
  "a pin": ({ full }) => full.tasks.some((task) => task.pinnedAgent !== null),
  "required skills": ({ full }) => full.tasks.some((task) => task.requiredSkills.length > 0),
  "a deadline": ({ full }) => full.tasks.some((task) => task.deadlineMs !== null),
  "a late agent (available_from)": ({ full }) => full.agents.some((agent) => agent.availableFromMs > 0),
  weights: ({ full }) => full.tasks.some((task) => task.weight !== 1),
  "priorities or waves waited": ({ full }) => full.tasks.some((task) => task.priority !== null || task.wavesWaited > 0),
  "deferral forbidden": ({ options }) => options.noDefer,
  "deferral with a price": ({ options }) => options.deferPenalty !== null,
  "no load limit": ({ options }) => options.loadLimit?.kind === "none",
  "a load limit as a factor": ({ options }) => options.loadLimit?.kind === "factor",
  "a default load limit in force": ({ options, instance, full }) =>
    options.loadLimit === null &&
    full.agents.some((agent, k) => instance.loadLimitMs[k]! < (agent.capacityMs ?? Infinity)),
  "a task without an eligible agent": ({ instance }) =>
    instance.taskIds.some((_, task) => instance.pairStart[task] === instance.pairStart[task + 1]),
  "no task": ({ instance }) => instance.numTasks === 0,
};

/** How many of the waves had each feature. */
export class FeatureCounts {
  readonly #counts = new Map(Object.keys(FEATURES).map((name) => [name, 0]));
  #numWaves = 0;

  add(small: SmallProblem): void {
    this.#numWaves += 1;
    for (const [name, has] of Object.entries(FEATURES))
      if (has(small)) this.#counts.set(name, this.#counts.get(name)! + 1);
  }

  /** Features that no wave had. */
  missing(): string[] {
    return [...this.#counts].flatMap(([name, count]) => (count === 0 ? [name] : []));
  }

  /** One line for each feature, with its share. */
  table(): string {
    const share = (count: number): string => `${((100 * count) / Math.max(1, this.#numWaves)).toFixed(1)} %`;
    return [...this.#counts]
      .map(([name, count]) => `${name.padEnd(38)} ${String(count).padStart(6)} ${share(count).padStart(7)}`)
      .join("\n");
  }
}
