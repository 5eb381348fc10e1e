/** How large a run is. */
export interface Size {
  readonly tasks: number;
  readonly agents: number;
  readonly waves: number;
}

/** When a task may start, and what it takes of the pools while it runs. */
interface TaskTimes {
  readonly release_ms?: number;
  readonly uses?: Readonly<Record<string, number>>;
}

/** How many attempts an agent makes at once, and when it makes none. */
interface AgentTimes {
  readonly slots: number;
  readonly unavailable?: readonly (readonly [number, number])[];
}

/** What no run may pass, whatever befalls it. */
export interface Rules {
  readonly tasks: ReadonlyMap<string, TaskTimes>;
  readonly agents: ReadonlyMap<string, AgentTimes>;
  readonly pools: Readonly<Record<string, number>>;
}

/** The rules of a run of that size. */
export function rulesOf({ tasks, agents }: Size): Rules {
  return {
    tasks: new Map(Array.from({ length: tasks }, (_, k) => [`t${k}`, timesOfTask(k)])),
    agents: new Map(Array.from({ length: agents }, (_, k) => [`agent_${k}`, timesOfAgent(k)])),
    pools: POOLS,
  };
}

const POOLS = { gpu: 2, licence: 3 };

/** A third of the tasks takes of a pool, so that pools bind beside slots; some are released while the wave runs. */
function timesOfTask(k: number): TaskTimes {
  return {
    ...(k % 5 === 2 && { release_ms: 100 * (1 + (k % 4)) }),
    ...(k % 6 === 0 && { uses: { gpu: 1 + (k % 4 === 0 ? 1 : 0) } }),
    ...(k % 6 === 3 && { uses: { licence: 1, gpu: 1 } }),
  };
}

/** Half of the agents have two slots; some are away for a part of each wave. */
function timesOfAgent(k: number): AgentTimes {
  const away: readonly (readonly [number, number])[][] = [
    [],
    [[150, 400]],
    [],
    [
      [0, 120],
      [500, 700],
    ],
  ];
  const unavailable = away[k % away.length]!;
  return { slots: 1 + (k % 2), ...(unavailable.length > 0 && { unavailable }) };
}
