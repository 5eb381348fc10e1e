import type { AttemptRecord, FullProblem } from "../../src/domain/index.js";

/** Attempts that break what a wave says of times and pools, in words; an attempt may end late, for nobody knows how long it takes. */
export function untimelyAttempts(
  { tasks, agents, pools }: Pick<FullProblem, "tasks" | "agents" | "pools">,
  attempts: readonly Pick<AttemptRecord, "taskId" | "agentId" | "startMs" | "endMs">[],
): string[] {
  const taskOf = new Map(tasks.map((task) => [task.taskId, task]));
  const agentOf = new Map(agents.map((agent) => [agent.agentId, agent]));
  return attempts.flatMap(({ taskId, agentId, startMs }) => {
    const { releaseMs, uses } = taskOf.get(taskId)!;
    const { unavailable, availableFromMs, availableUntilMs } = agentOf.get(agentId)!;
    const what = `${taskId} starts on ${agentId} at ${startMs}`;
    const beside = attempts.filter((other) => other.startMs <= startMs && startMs < other.endMs);
    const isWithin = ([from, until]: readonly [number, number]): boolean => from <= startMs && startMs < until;
    return [
      ...(startMs < releaseMs ? [`${what}, before its release at ${releaseMs}`] : []),
      ...(startMs < availableFromMs ? [`${what}, before it is there at ${availableFromMs}`] : []),
      ...(startMs >= (availableUntilMs ?? Infinity) ? [`${what}, after it left at ${availableUntilMs}`] : []),
      ...unavailable.filter(isWithin).map(([from, until]) => `${what}, when it is away from ${from} to ${until}`),
      ...Object.keys(uses).flatMap((pool) => {
        const used = beside.reduce((sum, other) => sum + (taskOf.get(other.taskId)!.uses[pool] ?? 0), 0);
        return used > pools[pool]! * (1 + 1e-9) ? [`${what}, when ${used} of ${pools[pool]} in ${pool} is used`] : [];
      }),
    ];
  });
}
