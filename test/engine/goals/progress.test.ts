import { describe, expect, it } from "vitest";
import { WorkMeter } from "../../../src/engine/bounds/work-meter.js";
import { canBeBroken } from "../../../src/engine/prove/assignment-view.js";
import { Core } from "../../../src/engine/assignment/core.js";
import { proveLevel } from "../../../src/engine/assignment/levels.js";
import { plainRules, SearchProgress } from "../../../src/engine/assignment/progress.js";
import { SideRooms } from "../../../src/engine/tree/side-rows.js";
import { generateGap } from "../../support/combinatorial.js";

function start(seed = 1) {
  const problem = generateGap("d", { numTasks: 30, numAgents: 5 }, seed);
  return new SearchProgress(problem, new WorkMeter(1e9), { ...plainRules(problem), gap: 0 }, {});
}

describe("SearchProgress", () => {
  it("puts the bound one whole cost above what was ruled out, and rounds relaxations up", () => {
    const progress = start();
    progress.ruleOut(1000);
    expect(progress.bound).toBe(1001);
    progress.offerBound(1003.2);
    expect(progress.bound).toBe(1004);
    progress.offerBound(1002);
    expect(progress.bound).toBe(1004);
  });

  it("takes a bound that no assignment can reach for a proof that there is none", () => {
    const progress = start();
    progress.offerBound(1e9);
    expect([progress.bound, progress.isOptimal]).toEqual([Infinity, true]);
  });
});

describe("proveLevel", () => {
  it("raises no bound where the work did not suffice", () => {
    const progress = start();
    const core = new Core(progress);
    core.climb(new Float64Array(5), 0, 1e5);
    const before = progress.bound;
    expect(proveLevel(core, before + 400, progress.meter.used + 1)).toBe(false);
    expect(progress.bound).toBe(before);
  });
});

describe("rows beside the capacities", () => {
  it("can be broken by deferrals too", () => {
    const row = { name: "goal[cost]", rhs: 7, pairs: Int32Array.of(0), coefficients: Float64Array.of(7) };
    const plain = { ...row, perDeferral: null, time: null, slotsOf: null };
    expect(canBeBroken(plain)).toBe(false);
    expect(canBeBroken({ ...plain, perDeferral: Float64Array.of(8) })).toBe(true);
  });

  it("name the pairs that no longer fit, and a room that is overdrawn", () => {
    const room = Float64Array.of(5);
    const entries = { start: Int32Array.of(0, 1, 2, 3), row: new Int32Array(3), coefficient: Float64Array.of(3, 2, 4) };
    const rooms = new SideRooms({ room, ...entries });
    const misfits: number[] = [];
    const collect = (pair: number): boolean => misfits.push(pair) > 0;
    rooms.take(0);
    expect([rooms.forEachMisfit(collect), misfits]).toEqual([true, [0, 2]]);
    rooms.take(2);
    expect(rooms.forEachMisfit(collect)).toBe(false);
    rooms.giveBack(2);
    rooms.giveBack(0);
    misfits.length = 0;
    rooms.take(1);
    expect([rooms.forEachMisfit(collect), misfits]).toEqual([true, [2]]);
  });
});
