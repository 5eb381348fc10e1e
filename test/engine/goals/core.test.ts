import { afterAll, describe, expect, it } from "vitest";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { createNamedRandom } from "../../../src/planner/bench/draw.js";
import { generateWave } from "../../../src/planner/bench/generate-wave.js";
import { solveVerified } from "../../support/documents.js";

afterAll(closeSolvers);

/** Notes of programs over some of the pairs only. */
const OF_SOME_PAIRS = /^\d+ of \d+ pairs, /;

/** Budget, numbers of tasks, deadlines and pins bind; the engine does not settle it at once. */
function limitedWave(numTasks: number, numAgents: number) {
  return generateWave({ numTasks, numAgents }, true, createNamedRandom("core", 5));
}

describe("a wave whose rows the engine only prices", () => {
  it.each([
    ["by the best plan of a core alone", 80, 8, 1],
    ["by all pairs that may be in a better plan", 90, 7, 2],
  ])("is proven %s, at the optimum of the whole program", { timeout: 60_000 }, async (_, numTasks, numAgents, num) => {
    const wave = limitedWave(numTasks, numAgents);
    const ours = await solveVerified(wave, { workLimit: 4_000_000, timeLimitMs: 60_000 });
    const whole = await solveVerified(wave, { solver: "highs", timeLimitMs: 60_000 });
    expect([ours.termination, whole.termination, ours.reproducible]).toEqual(["optimal", "optimal", true]);
    expect(ours.objective.value).toBeCloseTo(whole.objective.value!, 6);
    const short = await solveVerified(wave, { workLimit: 250_000, timeLimitMs: 60_000 });
    expect(short.objective.bound).toBeGreaterThanOrEqual(whole.objective.value! - 1e-6);
    const notes = ours.attempts.map(({ note }) => note ?? "").filter((note) => OF_SOME_PAIRS.test(note));
    expect(notes).toHaveLength(num);
  });
});
