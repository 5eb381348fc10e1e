import { describe, expect, it } from "vitest";
import type { Random } from "../../../src/domain/random.js";
import { drawingRandom } from "../../support/drawing-random.js";
import type { SlotContent } from "../../../src/engine/bounds/cover-columns.js";
import { CoverProgram } from "../../../src/engine/bounds/cover-program.js";
import { WorkMeter } from "../../../src/engine/bounds/work-meter.js";

const NUM_TASKS = 20;
const COUNTS = [1, 1, 2] as const;
/** Right-hand sides are nudged by so much at most, in as many rows as there are. */
const ROUNDING = 1e-4;

function drawContent(random: Random, mostCost = 0): SlotContent {
  const tasks = Array.from({ length: NUM_TASKS }, (_, task) => task).filter(() => random.unit() < 0.12);
  const group = random.below(COUNTS.length);
  return mostCost === 0 ? { group, tasks } : { group, tasks, cost: mostCost * random.unit() };
}

describe("the program of slot contents", () => {
  it("ends at its optimum, with more contents than it looks at first, before and after a side row", () => {
    let numLacking = 0;
    for (let seed = 1; seed <= 4; seed++) {
      const random = drawingRandom(seed);
      const contents = Array.from({ length: 200 }, () => drawContent(random));
      const program = new CoverProgram(new Uint8Array(NUM_TASKS).fill(1), COUNTS, new WorkMeter(1e7));
      contents.forEach((content) => program.add(content));
      program.solve();
      expectOptimal(program, contents);
      const members = Uint8Array.from({ length: NUM_TASKS }, (_, task) => (task < 5 ? 1 : 0));
      const child = program.withSide({ group: 0, members, sign: 1, rhs: 3 });
      const later = Array.from({ length: 100 }, () => drawContent(random));
      later.forEach((content) => child.add(content));
      child.solve();
      expectOptimal(child, [...contents, ...later]);
      if (child.lack > 0.1) numLacking += 1;
    }
    expect(numLacking).toBeGreaterThan(2);
  });

  it("ends at its optimum where contents have costs", () => {
    let numDear = 0;
    for (let seed = 1; seed <= 4; seed++) {
      const random = drawingRandom(seed);
      const contents = Array.from({ length: 200 }, () => drawContent(random, 3));
      const program = new CoverProgram(new Uint8Array(NUM_TASKS).fill(1), COUNTS, new WorkMeter(1e7));
      contents.forEach((content) => program.add(content));
      program.solve();
      expectOptimal(program, contents);
      const paid = program.chosen().reduce((sum, { content, amount }) => sum + amount * content.cost!, 0);
      expect(Math.abs(program.cost - program.lack - paid)).toBeLessThan(1e-3);
      if (paid > 0.5) numDear += 1;
    }
    expect(numDear).toBeGreaterThan(2);
  });
});

/** Duals that no content gains by, and whose value is what the program's optimum costs, prove each other (strong duality). */
function expectOptimal(program: CoverProgram, contents: readonly SlotContent[]): void {
  const { duals, sides, cost: value } = program;
  const firstSide = NUM_TASKS + COUNTS.length;
  let most = -Infinity;
  for (const { group, tasks, cost = 0 } of contents) {
    let gain = -duals[NUM_TASKS + group]! - cost;
    for (const task of tasks) {
      gain += duals[task]!;
      sides.forEach((side, r) => {
        if (side.group === group) gain += side.sign * side.members[task]! * duals[firstSide + r]!;
      });
    }
    most = Math.max(most, gain);
  }
  expect(most).toBeLessThan(1e-6);
  let dual = 0;
  for (let task = 0; task < NUM_TASKS; task++) dual += duals[task]!;
  COUNTS.forEach((count, group) => (dual -= count * duals[NUM_TASKS + group]!));
  sides.forEach(({ rhs }, r) => (dual += rhs * duals[firstSide + r]!));
  expect(Math.abs(dual - value)).toBeLessThan(ROUNDING);
}
