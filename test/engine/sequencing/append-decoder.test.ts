import { describe, expect, it } from "vitest";
import { createRandom } from "../../../src/domain/index.js";
import { AppendDecoder } from "../../../src/engine/sequencing/append-decoder.js";
import { checkSequencedPlan } from "../../../src/engine/sequencing/check-sequenced-plan.js";
import { SerialDecoder } from "../../../src/engine/sequencing/serial-decoder.js";
import { TokenPool } from "../../../src/engine/sequencing/token-pool.js";
import { randomProblem } from "./random-problem.js";

describe("AppendDecoder", () => {
  it("keeps every rule that is not lateness, and gives up exactly where the value is too high", () => {
    for (let seed = 1; seed <= 40; seed++) {
      const shape = {
        numTasks: 14,
        numAgents: 3,
        density: 0.1,
        maxSlots: 2,
        hasProfiles: seed % 2 === 0,
        isReal: true,
      };
      const problem = randomProblem(seed, { ...shape, hasReleases: true });
      const random = createRandom(seed);
      const pairOf = Int32Array.from({ length: 14 }, (_, task) => {
        const [from, to] = [problem.pairStart[task]!, problem.pairStart[task + 1]!];
        return from + random.below(to - from);
      });
      const decoder = new AppendDecoder(problem);
      const order = problem.topologicalOrder;
      const value = decoder.decode(order, pairOf, Infinity);
      const { makespanMs } = decoder;
      if (makespanMs < Infinity) {
        const plan = { pairOf, slotOf: decoder.slotOf, startMs: decoder.startMs, makespanMs };
        expect({ seed, faults: checkSequencedPlan(problem, plan) }).toEqual({ seed, faults: [] });
        const serial = new SerialDecoder(problem);
        const byStart = order
          .slice()
          .sort((a, b) => decoder.startMs[a]! - decoder.startMs[b]! || order.indexOf(a) - order.indexOf(b));
        serial.decode(byStart, pairOf);
        expect(serial.length).toBeLessThanOrEqual(makespanMs * (1 + 1e-9));
      }
      expect(decoder.decode(order, pairOf, value * (1 + 1e-9))).toBe(value);
      expect(decoder.decode(order, pairOf, value * (1 - 1e-6))).toBe(Infinity);
    }
  });
});

describe("TokenPool", () => {
  it("has no more in use at any moment than its limit", () => {
    const random = createRandom(5);
    const pool = new TokenPool(5, 200);
    const uses: { from: number; to: number; amount: number }[] = [];
    for (let k = 0; k < 200; k++) {
      const amount = 1 + random.below(3);
      const from = Math.max(random.below(40), pool.freeFrom(amount));
      const to = from + 1 + random.below(9);
      pool.take(amount, to);
      uses.push({ from, to, amount });
    }
    for (const { from } of uses) {
      const running = uses.filter((use) => use.from <= from && from < use.to);
      expect(running.reduce((sum, { amount }) => sum + amount, 0)).toBeLessThanOrEqual(5);
    }
    pool.clear();
    expect([pool.freeFrom(5), pool.freeFrom(6)]).toEqual([0, Infinity]);
  });

  it("gives what is free first, and the rest of a part later", () => {
    const pool = new TokenPool(3, 4);
    pool.take(1, 10);
    pool.take(1, 5);
    expect([1, 2, 3].map((amount) => pool.freeFrom(amount))).toEqual([0, 5, 10]);
  });
});
