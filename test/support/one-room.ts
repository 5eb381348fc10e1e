import type { InstanceArrays } from "../../models/index.js";

/** Two tasks of 10 ms that are cheapest on agent 0, which has room for one of them: 1 + 3 is the least cost. */
export const ONE_ROOM: InstanceArrays = {
  ...{ numTasks: 2, numAgents: 2, pairStart: [0, 2, 4], pairAgent: [0, 1, 0, 1], noDefer: true },
  ...{ busyMs: [10, 10, 10, 10], cost: [1, 4, 1, 3], capacityMs: [10, Infinity] },
};
