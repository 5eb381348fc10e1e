import { expect, it } from "vitest";
import { WorkMeter } from "../../../src/engine/bounds/work-meter.js";
import { EjectionState } from "../../../src/engine/search/ejection-state.js";
import { moveAnywhere, overloadShare } from "../../../src/engine/search/move-anywhere.js";

/** Three tasks on agent 0, the only candidate of each, which has room for two; every agent may take each. */
function overloaded(capacity: readonly number[]): EjectionState {
  const [numTasks, numAgents] = [3, capacity.length];
  const pairs = Array.from({ length: numTasks * numAgents }, (_, pair) => pair);
  const problem = {
    ...{ numTasks, numAgents },
    pairStart: Int32Array.from({ length: numTasks + 1 }, (_, task) => task * numAgents),
    pairAgent: Int32Array.from(pairs, (pair) => pair % numAgents),
    cost: Float64Array.from(pairs, (pair) => pair % numAgents),
    use: Float64Array.from(pairs, () => 2),
    capacity: Float64Array.from(capacity),
  };
  const each = <T>(value: T): T[] => new Array<T>(numTasks).fill(value);
  const lists = {
    start: Int32Array.from([0, 1, 2, 3]),
    agent: Int32Array.from(each(0)),
    cost: Float64Array.from(each(0)),
    use: Float64Array.from(each(2)),
  };
  const state = new EjectionState(problem, lists as never, new Float64Array(numAgents));
  for (let task = 0; task < numTasks; task++) state.moveTo(task, task);
  return state;
}

const move = (state: EjectionState, prices: readonly number[]): boolean =>
  moveAnywhere(state, { prices: Float64Array.from(prices), meter: new WorkMeter(1e6) });

it("moves no more than it must, to the agent with room whose cost and price are least", () => {
  const state = overloaded([4, 1, 9, 9]);
  expect(overloadShare(state)).toBeCloseTo(2 / 6, 12);
  // A move is two changes, of where a task was and of where it is.
  const { changes } = state;
  // Agent 1 has no room; agent 2 costs 2 and 2 × 1, agent 3 costs 3.
  expect(move(state, [0, 0, 1, 0])).toBe(true);
  expect([...state.load]).toEqual([4, 0, 0, 2]);
  expect(state.changes).toBe(changes + 2);
  expect(overloadShare(state)).toBe(0);
});

it("says where an agent stays overloaded", () => {
  const state = overloaded([1, 2, 1]);
  expect(move(state, [0, 0, 0])).toBe(false);
  expect([...state.load]).toEqual([4, 2, 0]);
});
