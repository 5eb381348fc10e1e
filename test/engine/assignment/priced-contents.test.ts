import { describe, expect, it } from "vitest";
import { drawingRandom } from "../../support/drawing-random.js";
import { assignByContents } from "../../../src/engine/assignment/priced-contents.js";
import type { LikeTasks, SlotAmounts } from "../../../src/engine/assignment/slot-amounts.js";
import { WorkMeter } from "../../../src/engine/bounds/work-meter.js";

interface Size {
  readonly numKinds: number;
  readonly numGroups: number;
  readonly ofKind: number;
  readonly room: number;
}

/** Kinds of tasks on groups of one or two slots; a tenth of the pairs cannot be. */
function drawLike(seed: number, { numKinds, numGroups, ofKind, room }: Size): LikeTasks {
  const random = drawingRandom(seed);
  const numPairs = numKinds * numGroups;
  return {
    demand: Int32Array.from({ length: numKinds }, () => 1 + random.below(ofKind)),
    slots: Int32Array.from({ length: numGroups }, () => 1 + random.below(2)),
    room: Float64Array.from({ length: numGroups }, () => room * (0.8 + 0.4 * random.unit())),
    cost: Float64Array.from({ length: numPairs }, () => random.unit() - 0.3),
    use: Float64Array.from({ length: numPairs }, () => (random.unit() < 0.1 ? Infinity : 1 + 3 * random.unit())),
  };
}

function solve(like: LikeTasks, workLimit = 1e6, work = Infinity) {
  return assignByContents(like, { meter: new WorkMeter(work), seed: 1, workLimit });
}

/** Cost of whole amounts that place every task where it may be and fill no slot above its room. */
function checkedCost({ demand, slots, room, cost, use }: LikeTasks, { groupOf, amounts }: SlotAmounts): number {
  const placed = new Int32Array(demand.length);
  let sum = 0;
  groupOf.forEach((group, slot) => {
    let load = 0;
    demand.forEach((_, kind) => {
      const count = amounts[slot * demand.length + kind]!;
      expect(count).toBeGreaterThanOrEqual(0);
      if (count === 0) return;
      placed[kind]! += count;
      load += count * use[kind * slots.length + group]!;
      sum += count * cost[kind * slots.length + group]!;
    });
    expect(load).toBeLessThanOrEqual(room[group]! * (1 + 1e-9));
  });
  expect([...placed]).toEqual([...demand]);
  return sum;
}

/** Least cost over every choice of slots; Infinity where none has room. */
function bestCost({ demand, slots, room, cost, use }: LikeTasks): number {
  const left = [...room].flatMap((one, group) =>
    new Array<{ group: number; room: number }>(slots[group]!).fill({ group, room: one }),
  );
  const states = left.map((one) => ({ ...one }));
  const tasks = [...demand].flatMap((count, kind) => new Array<number>(count).fill(kind));
  let best = Infinity;
  const search = (k: number, sum: number, from: number): void => {
    if (k === tasks.length) best = Math.min(best, sum);
    for (let slot = from; slot < states.length && k < tasks.length; slot++) {
      const pair = tasks[k]! * slots.length + states[slot]!.group;
      if (use[pair]! > states[slot]!.room) continue;
      states[slot]!.room -= use[pair]!;
      // Like tasks stand on slots in their order.
      search(k + 1, sum + cost[pair]!, tasks[k + 1] === tasks[k] ? slot : 0);
      states[slot]!.room += use[pair]!;
    }
  };
  search(0, 0, 0);
  return best;
}

/** Σ λ less what every slot can gain at most. */
function boundOf({ demand, slots, room, cost, use }: LikeTasks, lambda: Float64Array): number {
  const gain = (group: number, kind: number, left: number): number => {
    if (kind === demand.length) return 0;
    const pair = kind * slots.length + group;
    let best = -Infinity;
    for (let count = 0; count <= demand[kind]! && (count === 0 || count * use[pair]! <= left); count++) {
      const own = count === 0 ? 0 : count * (lambda[kind]! - cost[pair]!);
      best = Math.max(best, own + gain(group, kind + 1, count === 0 ? left : left - count * use[pair]!));
    }
    return best;
  };
  const sum = demand.reduce((total, count, kind) => total + count * lambda[kind]!, 0);
  return slots.reduce((total, count, group) => total - count * gain(group, 0, room[group]!), sum);
}

describe("contents of slots for like tasks", () => {
  it("are a plan near the best one, which their prices bound", () => {
    const size = { numKinds: 3, numGroups: 2, ofKind: 4, room: 7 };
    let [numSolved, numBest, numMissed] = [0, 0, 0];
    for (let seed = 1; seed <= 120; seed++) {
      const like = drawLike(seed, size);
      const best = bestCost(like);
      const isPossible = like.demand.every((_, kind) =>
        [...like.slots.keys()].some((g) => like.use[kind * 2 + g]! <= like.room[g]!),
      );
      if (!isPossible) continue;
      const { plan, lambda } = solve(like);
      if (best === Infinity) {
        expect(plan).toBeNull();
        continue;
      }
      expect(boundOf(like, lambda)).toBeLessThanOrEqual(best + 1e-9);
      if (plan === null) numMissed += 1;
      else {
        const cost = checkedCost(like, plan);
        expect(cost).toBeGreaterThanOrEqual(best - 1e-9);
        expect(plan.cost()).toBeCloseTo(cost, 9);
        numSolved += 1;
        if (cost <= best + 1e-9) numBest += 1;
      }
    }
    expect(numSolved).toBeGreaterThan(50);
    expect(numBest / numSolved).toBeGreaterThan(0.7);
    expect(numMissed / numSolved).toBeLessThan(0.2);
  });

  it("are the same again for the same work, and no worse with more of it", () => {
    const like = drawLike(5, { numKinds: 8, numGroups: 12, ofKind: 120, room: 70 });
    const { plan, lambda } = solve(like, 3e7);
    const cost = checkedCost(like, plan!);
    const again = solve(like, 3e7);
    expect(again.plan!.amounts).toEqual(plan!.amounts);
    expect(again.lambda).toEqual(lambda);
    expect(solve(like, 0).plan!.cost()).toBeGreaterThanOrEqual(cost);
  });

  it("are none once the work is done", () => {
    const like = drawLike(5, { numKinds: 8, numGroups: 12, ofKind: 120, room: 70 });
    expect(solve(like, 1e6, 1).plan).toBeNull();
  });

  it("place all tasks on one slot without a limit", () => {
    const like = {
      ...drawLike(3, { numKinds: 3, numGroups: 2, ofKind: 4, room: 7 }),
      room: Float64Array.of(Infinity, Infinity),
    };
    const { plan } = solve(like);
    expect(checkedCost(like, plan!)).toBeCloseTo(bestCost(like), 9);
  });
});
