import { describe, expect, it } from "vitest";
import { occupancyShares, totalAgents, utilizationOf } from "../../../src/pipeline/measure/agent-stats.js";
import { measureWave } from "../../../src/pipeline/measure/measured-wave.js";
import { attempt, plan, ran, wave } from "../learn/records.js";
import { fullWave } from "./full-wave.js";

const near = (value: number): number => expect.closeTo(value, 9) as number;

const A = {
  ...{ agentId: "a", slots: 2, tasks: 1, successes: 0, plannedTasks: 2, plannedSuccesses: near(1.4) },
  ...{ plannedBusyMs: 200, plannedRetries: 1.25, retries: 1, busyMs: 60 + 25 + 45, makespanMs: 230 },
  types: new Map([["sql", { tasks: 1, successes: 0, risks: new Map([["MEDIUM", 1]]) }]]),
  occupancy: { tasks: 2, plannedMs: 100 + 60 + 60, plannedRoomMs: 600, heldMs: 90 + 110 + 170, roomMs: 520 },
};
const B = {
  ...{ agentId: "b", slots: 1, tasks: 2, successes: 2, plannedTasks: 1, plannedSuccesses: 0.8 },
  ...{ plannedBusyMs: 120, plannedRetries: 0, retries: 1, busyMs: 130, makespanMs: 230 },
  types: new Map([["sql", { tasks: 1, successes: 1, risks: new Map([["LOW", 1]]) }]]),
  occupancy: { tasks: 2, plannedMs: 120 + 40 + 40, plannedRoomMs: 300, heldMs: 140, roomMs: 260 },
};
const C = {
  ...{ agentId: "c", slots: 1, tasks: 0, successes: 0, plannedTasks: 0, plannedSuccesses: 0 },
  ...{ plannedBusyMs: 0, plannedRetries: 0, retries: 0, busyMs: 0, makespanMs: 230, types: new Map() },
  occupancy: { tasks: 0, plannedMs: 0, plannedRoomMs: 300, heldMs: 0, roomMs: 260 },
};

describe("what each agent did", () => {
  const { agents } = measureWave(fullWave()).stats;

  it("is counted by hand", () => expect(agents).toEqual([A, B, C]));

  it("adds up over waves, by id, slots apart", () => {
    const [total, other] = totalAgents([{ agents: [...agents].reverse() }, { agents: [{ ...agents[0]!, slots: 3 }] }]);
    expect(total).toEqual({
      ...{ agentId: "a", slots: 3, tasks: 2, successes: 0, plannedTasks: 4, plannedSuccesses: near(2.8) },
      ...{ plannedBusyMs: 400, plannedRetries: 2.5, retries: 2, busyMs: 260, makespanMs: 460 },
      types: new Map([["sql", { tasks: 2, successes: 0, risks: new Map([["MEDIUM", 2]]) }]]),
      occupancy: { tasks: 4, plannedMs: 440, plannedRoomMs: 1200, heldMs: 740, roomMs: 1040 },
    });
    expect(other).toEqual(B);
    const [, twice] = totalAgents([{ agents }, { agents }]);
    expect([twice!.successes, twice!.tasks, twice!.retries]).toEqual([4, 4, 2]);
  });

  it("adds up types that only one of the waves had", () => {
    const typed = (taskType: string | null) =>
      measureWave(wave([plan("t", { taskType })], [ran("t", [attempt("t")])])).stats;
    const [a] = totalAgents([typed("sql"), typed(null), typed("web"), typed("sql")]);
    const one = { successes: 1, tasks: 1, risks: new Map([["LOW", 1]]) };
    expect(a!.types).toEqual(
      new Map([
        ["sql", { successes: 2, tasks: 2, risks: new Map([["LOW", 2]]) }],
        ["web", one],
      ]),
    );
  });

  it("is a share of its slots' time, at most all of it", () => {
    expect(utilizationOf(agents[0]!)).toBeCloseTo(130 / 460, 9);
    expect(utilizationOf({ ...agents[0]!, busyMs: 500 })).toBe(1);
    expect(utilizationOf({ ...agents[0]!, makespanMs: 0 })).toBeNull();
    expect(occupancyShares(A.occupancy)).toEqual({ planned: near(220 / 600), actual: near(370 / 520) });
    const none = { ...A.occupancy, plannedRoomMs: 0, roomMs: 1 };
    expect(occupancyShares(none)).toEqual({ planned: null, actual: 1 });
  });
});
