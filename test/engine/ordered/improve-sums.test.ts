import { describe, expect, it } from "vitest";
import { goalChain, type Instance, STRATEGY_MODELS, type StrategyModel } from "../../../models/index.js";
import { boundAgain } from "../../../src/engine/ordered/bound-without-order.js";
import { findOrderedPlan } from "../../../src/engine/ordered/find-plan.js";
import { improveSums, isForSums } from "../../../src/engine/ordered/improve-sums.js";
import { OrderedWave } from "../../../src/engine/ordered/ordered-wave.js";
import { Session } from "../../../src/engine/goals/session.js";
import { dagDocument } from "../../../src/planner/bench/dag-document.js";
import { createNamedRandom, drawReal } from "../../../src/planner/bench/draw.js";
import { generateDag } from "../../../src/planner/bench/generate-dag.js";
import { parseProblem } from "../../../src/planner/documents/problem-document.js";
import { buildInstance } from "../../../src/planner/instance/build-instance.js";
import { resolveOptions } from "../../../src/planner/solve/options.js";
import { fillFromPrior } from "../../../src/planner/solve/solve.js";

const SHAPE = { numTasks: 60, numAgents: 5 };

/** A wave of which a third of the tasks has a deadline that some plans meet. */
function drawn(seed: number) {
  const random = createNamedRandom("sums", seed);
  const dag = generateDag("random", SHAPE, 1, random);
  const deadlineMs = Float64Array.from({ length: SHAPE.numTasks }, () =>
    random.unit() < 1 / 3 ? drawReal(random, 8_000, 30_000) : Infinity,
  );
  const parsed = parseProblem(
    dagDocument(dag, { deadlineMs, options: { no_defer: false, load_limit: "none" } }),
    "dag",
  );
  const options = resolveOptions(parsed.options, { workLimit: 400_000, timeLimitMs: 120_000 });
  const instance = buildInstance(fillFromPrior(parsed, options), options);
  const success = instance.success.map(() => drawReal(random, 0.6, 0.98));
  const belowGate = Uint8Array.from(success, (one) => Number(one < 0.8));
  return { options, instance: { ...instance, success, belowGate, retries: success.map((one) => 1 - one) } };
}

function waveOf(instance: Instance, options: ReturnType<typeof drawn>["options"], model: StrategyModel) {
  const context = { now: () => 0, clock: () => performance.now(), startMs: performance.now(), fixedNow: true };
  const chain = goalChain(instance, model);
  const wave = new OrderedWave(new Session(options, context), instance, chain);
  wave.offer(findOrderedPlan(instance, chain.goals, { seed: 1, maxPlans: 100, start: null }).plan, "first");
  return wave;
}

describe("sums improved under deadlines", () => {
  it.each([1, 3, 4])("are better than what a search by plans finds in as many moves, seed %i", async (seed) => {
    const { instance, options } = drawn(seed);
    const wave = waveOf(instance, options, STRATEGY_MODELS.maximize_success);
    expect(isForSums(wave)).toBe(true);
    const { plan: start } = wave.best!;
    await improveSums(wave, { share: { moves: 1, time: 1 } });
    const { goals, chain } = wave;
    // Each plan decoded is two moves a task: as many moves as the search had.
    const maxPlans = 400_000 / (2 * SHAPE.numTasks);
    const { values } = findOrderedPlan(instance, goals, { seed: 2, maxPlans, start });
    expect(wave.best!.values[0]).toBeLessThanOrEqual(values[0]!);
    if (wave.best!.values[0] === values[0])
      expect(wave.best!.values[chain.firstIndex]).toBeGreaterThan(values[chain.firstIndex]!);
  });

  it("are left alone where leaving out has a price among them", async () => {
    const { instance, options } = drawn(1);
    const wave = waveOf(
      { ...instance, deferral: { kind: "priced", penalty: 1 } },
      options,
      STRATEGY_MODELS.maximize_success,
    );
    const { plan } = wave.best!;
    await improveSums(wave);
    expect(wave.best!.plan).toBe(plan);
  });
});

describe("a bound on the first goal", () => {
  it("is current until a goal before it gains, and then sought again", async () => {
    const { instance, options } = drawn(4);

    const wave = waveOf(instance, options, STRATEGY_MODELS.minimize_retries);
    const { chain } = wave;
    expect(wave.isBoundCurrent).toBe(false);
    await boundAgain(wave, STRATEGY_MODELS.minimize_retries);
    expect(wave.isBoundCurrent).toBe(true);
    const [before, gate] = [wave.boundOf(chain.firstIndex)!.bound, wave.best!.values[chain.firstIndex - 1]!];
    await improveSums(wave, { share: { moves: 0.5, time: 0.5 } });
    expect(wave.best!.values[chain.firstIndex - 1]).toBeLessThan(gate);
    expect(wave.isBoundCurrent).toBe(false);
    await boundAgain(wave, STRATEGY_MODELS.minimize_retries);
    expect(wave.isBoundCurrent).toBe(true);
    expect(wave.boundOf(chain.firstIndex)!.bound).toBeGreaterThan(before);
  });
});
