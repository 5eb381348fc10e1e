import { describe, expect, it } from "vitest";
import { isCheckable, mostPricings } from "../../../src/engine/sequencing/certificate-work.js";
import { presence } from "../../../src/engine/sequencing/check-presence.js";
import type { SequencingProblem } from "../../../src/engine/sequencing/sequencing-problem.js";

describe("the time of an agent", () => {
  /** Agent 0 is there from 5 on; agent 1 from 2 until 50, but for 10 to 20 and 30 to 35. */
  const problem = {
    availableFromMs: Float64Array.of(5, 2),
    absences: {
      availableUntilMs: Float64Array.of(Infinity, 50),
      ...{ intervalStart: Int32Array.of(0, 0, 2), fromMs: Float64Array.of(10, 30), toMs: Float64Array.of(20, 35) },
    },
  } as unknown as SequencingProblem;

  it.each([
    [0, 0, 9, 4],
    [0, 7, 9, 2],
    [0, 0, 5, 0],
    [0, 0, 3, 0],
    [1, 0, 100, 33],
    [1, 0, 10, 8],
    [1, 0, 15, 8],
    [1, 12, 18, 0],
    [1, 15, 32, 10],
    [1, 20, 30, 10],
    [1, 33, 100, 15],
    [1, 60, 100, 0],
  ])("of agent %d from %d to %d is %d", (agent, from, to, time) =>
    expect(presence(problem, agent, from, to)).toBe(time),
  );

  it("is all of it where nobody is ever away", () => {
    expect(presence({ ...problem, absences: null }, 1, 0, 100)).toBe(98);
  });
});

describe("what of a certificate is checked", () => {
  /** Work of a pass: tasks² · agents / 10 + 50 · pairs. */
  const sized = (numTasks: number, numAgents: number, pairs: number) =>
    ({ numTasks, numAgents, busyMs: new Float64Array(pairs) }) as unknown as SequencingProblem;

  it("is as much as four million pairs looked at", () => {
    const problem = sized(100, 10, 200);
    expect([isCheckable(problem, 199), isCheckable(problem, 200)]).toEqual([true, false]);
  });

  it("is at least one pricing and at most 24", () => {
    expect([sized(10, 2, 20), sized(300, 10, 1200), sized(2000, 10, 20_000)].map(mostPricings)).toEqual([24, 24, 1]);
    expect(mostPricings(sized(500, 10, 3000))).toBe(9);
  });
});
