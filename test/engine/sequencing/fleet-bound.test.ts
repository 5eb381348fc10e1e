import { expect, it } from "vitest";
import { FleetTime } from "../../../src/engine/sequencing/agent-time.js";
import { certifiedBound } from "../../../src/engine/sequencing/check-bound-certificate.js";
import { fleetEnd } from "../../../src/engine/sequencing/fleet-bound.js";
import { buildSequencingProblem } from "../../../src/engine/sequencing/sequencing-problem.js";

it("asks for no end where every task may be left out, whatever rounding leaves of their work", () => {
  const problem = buildSequencingProblem({
    ...{ numTasks: 3, numAgents: 1, agentSlots: [1], availableFromMs: [5], dependencies: [], releaseMs: [0, 0, 0] },
    ...{ pairStart: [0, 1, 2, 3], pairAgent: [0, 0, 0], busyMs: [0.1, 0.2, 0.3] },
    deadlineMs: [Infinity, Infinity, Infinity],
  });
  // In another order these add up to less: 0.3 + 0.2 + 0.1.
  expect(0.1 + 0.2 + 0.3 - (0.3 + 0.2 + 0.1)).toBeGreaterThan(0);
  const window = { tasks: Int32Array.of(0, 1, 2), headMs: 5, tailMs: 0 };
  const prices = Float64Array.of(1);
  const ends = (most: number): number[] => {
    const deferral = { weight: Float64Array.of(1, 1, 1), most };
    const end = fleetEnd(new FleetTime(problem), { ...window, outsideMs: null }, prices, deferral);
    return [end, certifiedBound(problem, { kind: "fleet", ...window, prices }, deferral)];
  };
  expect(ends(3)).toEqual([0, 0]);
  const [found, certified] = ends(1);
  expect(found).toBeCloseTo(5.3, 9);
  expect(certified).toBeCloseTo(5.3, 9);
});

it("asks for no time at a price next to nothing for what rounding leaves of the work", () => {
  // The agent that can do them is there just as long as what must be done takes; the other one always is.
  const problem = buildSequencingProblem({
    ...{
      numTasks: 3,
      numAgents: 2,
      agentSlots: [1, 1],
      availableFromMs: [0, 0],
      dependencies: [],
      releaseMs: [0, 0, 0],
    },
    ...{ pairStart: [0, 1, 2, 3], pairAgent: [0, 0, 0], busyMs: [0.1, 0.2, 0.3] },
    deadlineMs: [Infinity, Infinity, Infinity],
    absences: {
      ...{ availableUntilMs: Float64Array.of(0.3, Infinity), intervalStart: Int32Array.of(0, 0, 0) },
      ...{ fromMs: new Float64Array(0), toMs: new Float64Array(0) },
    },
  });
  expect(0.1 + 0.2 + 0.3 - (0.2 + 0.1)).toBeGreaterThan(0.3);
  const window = { tasks: Int32Array.of(0, 1, 2), headMs: 0, tailMs: 0 };
  const deferral = { weight: Float64Array.of(1, 1, 5), most: 2 };
  for (const low of [0, 1e-17, 1e-16, 1e-12]) {
    for (const price of [1, 7]) {
      const prices = Float64Array.of(price, low * price);
      const end = fleetEnd(new FleetTime(problem), { ...window, outsideMs: null }, prices, deferral);
      const certified = certifiedBound(problem, { kind: "fleet", ...window, prices }, deferral);
      expect([low, end < 0.3 + 1e-9, certified < 0.3 + 1e-9]).toEqual([low, true, true]);
    }
  }
});
